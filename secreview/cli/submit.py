"""``secreview submit``: hand in a document; it is checked, and a record of its review begins."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from secreview.api.bundle import Papers
from secreview.api.records import revise, submit
from secreview.cli import CLEAR, FINDINGS
from secreview.cli.desk import add_desk_flags, desk_for, desk_settings, folder_of, pairs, show, who
from secreview.outputs.messages import message
from secreview.review.record import Attribute, Phase

LINES = ("unit", "title", "attribute", "column", "channel", "reason", "drafter")


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``submit``."""
    made = argparse.ArgumentParser(
        prog="secreview submit", description=message("help.command.submit", lang)
    )
    add = made.add_argument
    add("page", metavar="FILE", help=message("help.paths", lang))
    add("--attachment", action="append", default=[], metavar="FILE",
        help=message("help.attachment", lang))  # fmt: skip
    add("--copy", action="append", default=[], metavar="[ORIGINAL=]COPY",
        help=message("help.copy", lang))  # fmt: skip
    add("--by", required=True, metavar="ID", help=message("help.by", lang))
    add("--record", default="", metavar="ID", help=message("help.revise", lang))
    for line in LINES:
        key = f"form-{line}" if line in ("reason", "title") else line
        choices = tuple(Attribute) if line == "attribute" else None
        add(f"--{line}", default="", choices=choices, help=message(f"help.{key}", lang))
    add("--more", action="append", default=[], metavar="LINE=TEXT",
        help=message("help.form-more", lang))  # fmt: skip
    add_desk_flags(made, lang)
    return made


def run(argv: Sequence[str], lang: str) -> int:
    """Hand in a document; 0 when it is under review, 1 when it came back as incomplete."""
    arguments = parser(lang).parse_args(argv)
    settings = desk_settings(arguments, lang, folder_of(arguments.page))
    form = {line: getattr(arguments, line) for line in LINES if getattr(arguments, line)}
    form |= dict(pairs(arguments.more, "LINE=TEXT", settings.lang))
    papers = Papers(arguments.page, arguments.attachment, copies(arguments))
    with desk_for(settings, arguments) as desk:
        actor = who(desk, arguments.by)
        if arguments.record:
            record = revise(arguments.record, papers, by=actor, desk=desk, **form)
        else:
            record = submit(papers, by=actor, desk=desk, **form)
    show(record, settings, arguments)
    return FINDINGS if record.phase is Phase.RETURNED else CLEAR


def copies(arguments: argparse.Namespace) -> dict[str, str]:
    """Return redacted copies by the path of their original, by default the page."""
    found: dict[str, str] = {}
    for item in arguments.copy:
        original, mark, copy = item.partition("=")
        if mark and not Path(item).exists():
            found[original] = copy
        else:
            found[arguments.page] = item
    return found
