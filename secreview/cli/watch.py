"""``secreview watch``: a folder whose files are checked and moved by what was found."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from secreview.api import check
from secreview.api.policy import openings_of, settled, unknown
from secreview.bulk.local import failed
from secreview.bulk.watch import Desk, Moved, Untold
from secreview.cli import CLEAR, UNREAD
from secreview.cli.delivery import exit_code
from secreview.cli.settings import Settings, add_rule_flags, settings_of
from secreview.cli.terms import say, write
from secreview.errors import UsageError
from secreview.model import Report, Severity, Verdict
from secreview.outputs import Options as Look
from secreview.outputs import render
from secreview.outputs.messages import message
from secreview.outputs.shape import shown_name
from secreview.review.gate import shown

EVERY, SETTLE = 2.0, 2.0  # seconds


def run(argv: Sequence[str], lang: str) -> int:
    """Watch a folder until interrupted; with ``--once`` sort what is there and return."""
    arguments = parser(lang).parse_args(argv)
    folder: Path = arguments.folder
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    settings = settings_of(arguments, lang, folder)
    desk = desk_of(arguments, settings)
    for file in desk.prepare():
        say("watch.back", settings.lang, name=file.name)
    say("watch.begin", settings.lang, path=folder)
    reports: list[Report] = []
    try:
        while True:
            for moved in desk.round(time.time()):
                tell(moved, settings.lang)
                reports.append(moved.report)
            if arguments.once and (desk.held | desk.stuck).issuperset(desk.seen):
                return ended(desk, reports, settings.lang)
            time.sleep(arguments.every)
            if not arguments.once:
                reports.clear()
    except KeyboardInterrupt:
        return CLEAR


def ended(desk: Desk, reports: Sequence[Report], lang: str) -> int:
    """Return the exit code when all is sorted but what other programs hold, which is named."""
    for file in sorted(desk.held):
        say("watch.held", lang, name=file.name)
    for file in sorted(desk.stuck):
        say("watch.stuck", lang, name=shown(file.name))
    code = exit_code(reports, Severity.REVIEW)
    return UNREAD if desk.held | desk.stuck and code == CLEAR else code


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``watch``."""
    made = argparse.ArgumentParser(
        prog="secreview watch", description=message("help.command.watch", lang)
    )
    add = made.add_argument
    add("folder", type=Path, metavar="DIR", help=message("help.watch.folder", lang))
    add("--to", type=Path, metavar="DIR", help=message("help.watch.to", lang))
    add("--every", type=float, default=EVERY, metavar="S", help=message("help.watch.every", lang))
    add("--settle", type=float, default=SETTLE, metavar="S",
        help=message("help.watch.settle", lang))  # fmt: skip
    add("--once", action="store_true", help=message("help.watch.once", lang))
    add_rule_flags(made, lang)
    return made


def desk_of(arguments: argparse.Namespace, settings: Settings) -> Desk:
    """Return the watched folder with its three neighbours, named in the language of the user."""
    lang = settings.lang
    base = arguments.to or arguments.folder.resolve().parent
    named = {
        verdict: base / message(f"watch.folder.{name}", lang)
        for verdict, name in (
            (Verdict.CLEAR, "passed"),
            (Verdict.BLOCK, "blocked"),
            (Verdict.REVIEW, "held"),
            (Verdict.INCOMPLETE, "held"),
        )
    }
    if any(path.resolve().is_relative_to(arguments.folder.resolve()) for path in named.values()):
        raise UsageError("--to must not lie inside the watched folder")
    return Desk(
        arguments.folder,
        named,
        partial(check, options=settings.options),
        lambda report: render("html", (report,), Look(lang=lang)),
        message("watch.suffix", lang),
        arguments.settle,
        partial(untold, settings=settings),
    )


def untold(file: Path, aside: Path, error: Exception, *, settings: Settings) -> Untold:
    """Return the report on a file whose check failed; by its column it is held, or goes out."""
    config = settings.config
    report = failed(aside, error, settings.options)
    column = config.column_for(file)
    answer = settled(
        unknown(error), column.on_error, name=file.name, digests=(report.sha256,),
        column=column.name, openings=openings_of(config),
    )  # fmt: skip
    return Untold(report, answer.goes_out)


def tell(moved: Moved, lang: str) -> None:
    """Write one line on a file that was moved."""
    verdict = message(f"verdict.{moved.report.verdict}", lang)
    name = shown_name(moved.report, moved.report.name, reveal=False)
    write(f"{name}  {verdict}  → {moved.file.parent.name}\n", sys.stdout)
    sys.stdout.flush()
