"""What the commands about records share: flags, the desk, and how a record is shown."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from secreview.api.desk import Desk, bytes_of, desk_of, now_utc, working_days
from secreview.cli.settings import Settings, add_rule_flags, settings_of
from secreview.cli.terms import say, write
from secreview.errors import UsageError
from secreview.outputs.messages import message
from secreview.outputs.record import as_json, as_text
from secreview.review.calendar import Open, waiting
from secreview.review.commands import Actor
from secreview.review.keys import private_key
from secreview.review.record import Record


def add_desk_flags(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the flags that say where records are kept and who the people are."""
    parser.add_argument("--store", default="", metavar="URL", help=message("help.store", lang))
    parser.add_argument("--people", type=Path, metavar="FILE", help=message("help.people", lang))
    parser.add_argument("--flow", default="", metavar="FLOW", help=message("help.flow", lang))
    parser.add_argument("--key", type=Path, metavar="FILE", help=message("help.key", lang))
    parser.add_argument("--json", action="store_true", help=message("help.json", lang))
    add_rule_flags(parser, lang)


def desk_settings(arguments: argparse.Namespace, lang: str, start: Path) -> Settings:
    """Return the settings of a command with what its flags say about records."""
    settings = settings_of(arguments, lang, start)
    records = settings.config.records
    records = replace(
        records,
        store=arguments.store or records.store,
        people=arguments.people or records.people,
        flow=arguments.flow or records.flow,
    )
    return replace(settings, config=replace(settings.config, records=records))


@contextmanager
def desk_for(settings: Settings, arguments: argparse.Namespace) -> Iterator[Desk]:
    """Give the desk that settings describe, with the key of the person at it."""
    hand = private_key(bytes_of(arguments.key)) if arguments.key else None
    with desk_of(settings.config, settings.options, hand=hand) as desk:
        yield desk


def who(desk: Desk, by: str) -> Actor:
    """Return a person named on the command line, and how far the system vouches for that."""
    try:
        is_own = getpass.getuser() == by
    except (OSError, KeyError):
        is_own = False
    return desk.actor(by, "os-user" if is_own else "self-asserted")


def show(record: Record, settings: Settings, arguments: argparse.Namespace) -> None:
    """Write a record to standard output."""
    if arguments.json:
        write(as_json(record) + "\n", sys.stdout)
        return
    write(as_text(record, settings.lang, open_stages(record, settings)), sys.stdout)


def open_stages(record: Record, settings: Settings) -> tuple[Open, ...]:
    """Return what a record waits for; without due days when the calendar lacks a year."""
    try:
        return waiting(record, working_days(settings.config), now())
    except UsageError as error:
        say("cli.no-calendar", settings.lang, text=error)
        return ()


def now() -> datetime:
    """Return the present moment in UTC."""
    return now_utc().astimezone(UTC)


def pairs(items: Sequence[str], form: str, lang: str) -> list[tuple[str, str]]:
    """Return what was written as KEY=VALUE; raise UsageError for anything else."""
    found = []
    for item in items:
        key, mark, value = item.partition("=")
        if not (key and mark and value):
            raise UsageError(message("cli.pair", lang, text=item, form=form))
        found.append((key, value))
    return found


def folder_of(name: str) -> Path:
    """Return the folder in which the search for a configuration starts."""
    return Path(name).parent if Path(name).exists() else Path()
