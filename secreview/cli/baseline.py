"""``secreview baseline``: remember findings that people have decided, each with the reason."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from secreview.api.baseline import (
    baseline_in,
    baseline_text,
    decisions_on,
    present_of,
    shown,
)
from secreview.bulk.files import files_of
from secreview.bulk.local import check_files
from secreview.cli import CLEAR
from secreview.cli.delivery import deliver
from secreview.cli.settings import Settings, add_rule_flags, columns_of, settings_of
from secreview.cli.terms import say
from secreview.errors import UsageError
from secreview.model import Finding, Severity
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.review.carry import Carried, Decided, Doubt, Present, carry


def run(argv: Sequence[str], lang: str) -> int:
    """Create a baseline from the present findings, or prune one of what no longer stands."""
    arguments = parser(lang).parse_args(argv)
    if arguments.action == "create" and not arguments.reason:
        parser(lang).error(message("cli.reason-missing", lang))
    settings = settings_of(arguments, lang, Path())
    is_new = arguments.action == "create" and not arguments.output.exists()
    old = [] if is_new else baseline_in(arguments.output)
    groups = list(columns_of(files_of(arguments.paths), settings, arguments))
    rows: list[Decided] = []
    for files, options, name in groups:
        found = list(shown(check_files(files, options)))
        present = present_of(options, name)
        own = [row for row in old if row.audience == name or len(groups) == 1]
        carried = carry(own, found, present)
        if arguments.action == "create":
            rows += created(arguments, found, carried, present)
        else:
            tell(carried, settings, confirmed=arguments.confirm)
            rows += pruned(carried, present, confirmed=arguments.confirm)
    deliver(baseline_text(rows), str(arguments.output))
    say("cli.baseline-written", settings.lang, path=arguments.output, count=len(rows))
    return CLEAR


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``baseline``."""
    made = argparse.ArgumentParser(
        prog="secreview baseline", description=message("help.command.baseline", lang)
    )
    add = made.add_argument
    add("action", choices=("create", "prune"))
    add("paths", nargs="+", metavar="PATH", help=message("help.paths", lang))
    add("-o", "--output", type=Path, required=True, metavar="FILE")
    add("--reason", default="", help=message("help.reason", lang))
    add("--until", default="", metavar="DATE", help=message("help.until-decided", lang))
    add("--confirm", action="store_true", help=message("help.confirm", lang))
    add_rule_flags(made, lang)
    return made


def created(
    arguments: argparse.Namespace, found: Sequence[Finding], carried: Carried, present: Present
) -> list[Decided]:
    """Return decisions on all present findings; those that stand already keep their reason."""
    stand = {item.fingerprint: item for _, item in carried.kept}
    until = day_of(arguments.until) if arguments.until else ""
    fresh = decisions_on(found, present, arguments.reason)
    made = {row.fingerprint: stand.get(row.fingerprint, replace(row, until=until)) for row in fresh}
    return list(made.values())


def day_of(text: str) -> str:
    """Return a day as it was written; raise UsageError unless it is YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{text!r} is no day as 2026-11-25") from error


def pruned(carried: Carried, present: Present, *, confirmed: bool) -> list[Decided]:
    """Return the decisions that go on: those that stand, and those that were confirmed just now.

    A decision on a blocking finding is never confirmed in a batch.
    """
    rows = {item.fingerprint: item for _, item in carried.kept}
    for proposed in carried.proposed:
        if confirmed and is_confirmable(proposed.finding, proposed.doubt):
            (row,) = decisions_on([proposed.finding], present, proposed.decided.reason)
            rows.setdefault(row.fingerprint, replace(row, until=proposed.decided.until))
        elif proposed.doubt is Doubt.EDITED:
            rows.setdefault(proposed.decided.fingerprint, proposed.decided)
    return list(rows.values())


def is_confirmable(finding: Finding, why: Doubt) -> bool:
    """Return whether a proposed decision may be confirmed together with others."""
    return why is Doubt.EDITED and finding.severity is not Severity.BLOCK


def tell(carried: Carried, settings: Settings, *, confirmed: bool) -> None:
    """Say which decisions do not simply stand, and why."""
    lang = settings.lang
    for proposed in carried.proposed:
        finding = proposed.finding
        done = confirmed and is_confirmable(finding, proposed.doubt)
        say(
            "baseline.confirmed" if done else f"baseline.{proposed.doubt.value}",
            lang,
            id=finding.id,
            rule=finding.rule,
            place=label(finding.place, finding.kind, lang),
            masked=finding.masked,
        )
    for item in carried.gone:
        say("baseline.gone", lang, rule=item.rule, masked=item.masked)
