"""``secreview flow``: flows listed, drawn and linted; where records stand and what is late."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from secreview.api.desk import Desk, flow_named, people_in, put, shipped_flows, working_days
from secreview.api.records import act, loaded
from secreview.cli import CLEAR, FINDINGS
from secreview.cli.desk import add_desk_flags, desk_for, desk_settings, now, show, who
from secreview.cli.settings import Settings
from secreview.cli.terms import say, write
from secreview.errors import UsageError
from secreview.outputs.messages import message
from secreview.outputs.record import waits
from secreview.review.calendar import Open, waiting
from secreview.review.commands import Escalate
from secreview.review.draw import mermaid, plain
from secreview.review.flow_lint import remarks
from secreview.review.fold import fold
from secreview.review.keys import new_key, public_key
from secreview.review.record import Phase, Record

ACTIONS = ("list", "draw", "lint", "status", "late", "key")


def run(argv: Sequence[str], lang: str) -> int:
    """Do one action: list, draw [FLOW], lint [FLOW], status [RECORD], late, key FILE."""
    parser = argparse.ArgumentParser(
        prog="secreview flow", description=message("help.command.flow", lang)
    )
    parser.add_argument("action", choices=ACTIONS, help=message("help.action", lang))
    parser.add_argument("name", nargs="?", default="", metavar="FLOW|RECORD")
    parser.add_argument("--mermaid", action="store_true", help=message("help.mermaid", lang))
    parser.add_argument("--escalate", action="store_true", help=message("help.escalate", lang))
    parser.add_argument("--by", default="", metavar="ID", help=message("help.by", lang))
    add_desk_flags(parser, lang)
    arguments = parser.parse_args(argv)
    if arguments.escalate and not arguments.by:
        parser.error("--escalate --by ID")
    settings = desk_settings(arguments, lang, Path())
    match arguments.action:
        case "list":
            return listed(settings)
        case "draw":
            return drawn(arguments, settings)
        case "lint":
            return linted(arguments, settings)
        case "key":
            return new_hand(arguments)
        case "status":
            return status(arguments, settings)
    return late(arguments, settings)


def listed(settings: Settings) -> int:
    """Write the flows that ship."""
    for name in shipped_flows():
        write(f"{name:<15}{flow_named(name).title.in_(settings.lang)}\n", sys.stdout)
    return CLEAR


def drawn(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write a drawing of a flow."""
    flow = flow_named(arguments.name or settings.config.records.flow)
    draw = mermaid if arguments.mermaid else plain
    write(draw(flow, settings.lang) + "\n", sys.stdout)
    return CLEAR


def linted(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write what is wrong with a flow, with the people there are where they are known."""
    flow = flow_named(arguments.name or settings.config.records.flow)
    people = people_in(settings.config.records.people) or None
    found = remarks(flow, people)
    for remark in found:
        stage = f"{remark.stage}: " if remark.stage else ""
        line = message(
            "flow.remark", settings.lang, stage=stage, what=remark.what.in_(settings.lang)
        )
        write(line + "\n", sys.stdout)
    if not found:
        say("flow.fine", settings.lang, flow=flow.id)
    return FINDINGS if found else CLEAR


def new_hand(arguments: argparse.Namespace) -> int:
    """Write a new key of a person to a file, and its line for the file of people to the output."""
    private, public = new_key()
    path = Path(arguments.name or "person.key")
    if path.exists():
        raise UsageError(f"{path}: is there already; a key is never written over")
    put(path, private, 0o600)
    write(f'keys = ["{public_key(public).raw.hex()}"]\n', sys.stdout)
    return CLEAR


def status(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write where one record, or every open one, stands."""
    with desk_for(settings, arguments) as desk:
        records = [loaded(arguments.name, desk)] if arguments.name else open_records(desk)
        for record in records:
            show(record, settings, arguments)
    return CLEAR


def open_records(desk: Desk) -> list[Record]:
    """Return the records that wait for somebody."""
    records = (fold(desk.log.events(name)) for name in desk.log.records())
    return [r for r in records if r.phase in (Phase.REVIEW, Phase.HELD, Phase.RETURNED)]


def late(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write what is late, and note it in the records when asked to; 1 when anything is."""
    calendar = working_days(settings.config)
    told = 0
    found: list[tuple[Record, Open]] = []
    with desk_for(settings, arguments) as desk:
        for record in open_records(desk):
            rows = [row for row in waiting(record, calendar, now()) if row.is_late]
            found += [(record, row) for row in rows]
            for row in rows if arguments.escalate else ():
                if row.stage not in record.escalated:
                    command = Escalate(row.stage, row.due.isoformat())
                    act(record, command, by=who(desk, arguments.by), desk=desk)
                    told += 1
    for record, row in found:
        write(f"{record.id}{waits(row, record, settings.lang)}\n", sys.stdout)
    if arguments.escalate:
        say("flow.escalated", settings.lang, count=told)
    elif not found:
        say("flow.nothing-late", settings.lang)
    return FINDINGS if found else CLEAR
