"""``secreview review``: go through one file in the browser, and give an opinion on it."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from secreview.api.at_hand import papers_of
from secreview.api.baseline import baseline_in
from secreview.api.desk import Desk, shown_place, store_place
from secreview.api.seat import (
    ALONE,
    Seat,
    Standing,
    lone_actor,
    record_alone,
    record_of,
    user,
)
from secreview.cli import CLEAR, FINDINGS, UNREAD
from secreview.cli.desk import add_desk_flags, desk_for, desk_settings, folder_of, who
from secreview.cli.serve import server
from secreview.cli.settings import Settings, passwords_of
from secreview.cli.terms import say, write
from secreview.config import STORE_VARIABLE
from secreview.outputs.messages import message
from secreview.review.record import Spotted
from secreview.review.step import released
from secreview.review.titles import PHASES


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``review``."""
    made = argparse.ArgumentParser(
        prog="secreview review", description=message("help.command.review", lang)
    )
    add = made.add_argument
    add("file", metavar="FILE", help=message("help.review.file", lang))
    add("--attachment", action="append", default=[], metavar="FILE",
        help=message("help.attachment", lang))  # fmt: skip
    add("--by", default="", metavar="ID", help=message("help.by", lang))
    add("--baseline", type=Path, metavar="FILE", help=message("help.review.baseline", lang))
    add("--password-file", type=Path, metavar="FILE", help=message("help.password-file", lang))
    add("--port", type=int, default=0, metavar="N", help=message("help.review.port", lang))
    add("--no-browser", action="store_true", help=message("help.review.no-browser", lang))
    add_desk_flags(made, lang)
    return made


def run(argv: Sequence[str], lang: str) -> int:
    """Serve the page until interrupted.

    0 when the file may be released or nothing is left, 1 when findings are left, 3 when something
    was not read.
    """
    arguments = parser(lang).parse_args(argv)
    serving = server("page.run")
    settings = desk_settings(arguments, lang, folder_of(arguments.file))
    is_alone = not is_set_up(settings)
    if is_alone:
        settings = for_one(settings)
        say("review.alone", settings.lang)
    options = replace(settings.options, passwords=passwords_of(arguments.password_file))
    settings = replace(settings, options=options)
    known = baseline_in(arguments.baseline) if arguments.baseline else []
    with desk_for(settings, arguments) as desk:
        seat = seated(desk, arguments, is_alone=is_alone, known={row.fingerprint for row in known})
        place = shown_place(store_place(settings.config))
        say("review.place", settings.lang, place=place, record=seat.record.id)
        serving.run(
            seat,
            place,
            lang=arguments.lang or settings.config.lang,
            port=arguments.port,
            begun=lambda url: tell(url, settings.lang, opens=not arguments.no_browser),
        )
        return ended(seat, settings.lang)


def is_set_up(settings: Settings) -> bool:
    """Return whether somebody has configured people or a store of records."""
    records = settings.config.records
    return bool(records.people or records.store or os.environ.get(STORE_VARIABLE))


def for_one(settings: Settings) -> Settings:
    """Return settings under which one person reviews alone."""
    records = replace(settings.config.records, flow=ALONE)
    return replace(settings, config=replace(settings.config, records=records))


def seated(desk: Desk, arguments: argparse.Namespace, *, is_alone: bool, known: set[str]) -> Seat:
    """Return the seat of the person who reviews, with the record of the file."""
    papers = papers_of(map(Path, (arguments.file, *arguments.attachment)), desk.options)
    if is_alone:
        record, actor = record_alone(papers, desk), lone_actor(arguments.by)
    else:
        record, actor = record_of(papers, desk), who(desk, arguments.by or user())
    return Seat(desk, actor, record, papers, frozenset(known))


def tell(url: str, lang: str, *, opens: bool) -> None:
    """Write the link to the page, and open it in the browser."""
    say("review.begin", lang)
    write(url + "\n", sys.stdout)
    sys.stdout.flush()
    if opens:
        webbrowser.open(url)


def ended(seat: Seat, lang: str) -> int:
    """Return the exit code that the record means, after saying how it stands."""
    seat.refresh()
    standings = seat.standings()
    rows = [pair for pair in zip(seat.items, standings, strict=True) if pair[0].asks]
    done = sum(standing is not Standing.OPEN for _, standing in rows)
    phase = PHASES[seat.record.phase].in_(lang)
    say("review.end", lang, done=done, total=len(rows), phase=phase)
    left = [item for item, standing in rows if standing is not Standing.WAIVED]
    if released(seat.record) or not left:
        return CLEAR
    return FINDINGS if any(isinstance(item.kept, Spotted) for item in left) else UNREAD
