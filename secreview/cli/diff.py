"""``secreview diff``: what a new version of a document brings, keeps and no longer has."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from secreview.api.baseline import compare
from secreview.bulk.files import files_of
from secreview.bulk.local import check_files
from secreview.cli import CLEAR, FINDINGS, UNREAD
from secreview.cli.delivery import deliver
from secreview.cli.settings import add_rule_flags, settings_of
from secreview.model import Finding, Report, Severity
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.shape import finding_dict
from secreview.review.carry import Carried

SCHEMA = "secreview.diff/1"


def run(argv: Sequence[str], lang: str) -> int:
    """Compare two versions; return 1 when the new one brings findings, 3 when it is not read."""
    parser = argparse.ArgumentParser(
        prog="secreview diff", description=message("help.command.diff", lang)
    )
    parser.add_argument("old", metavar="OLD", help=message("help.old", lang))
    parser.add_argument("new", metavar="NEW", help=message("help.new", lang))
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("-o", "--output", default="", metavar="PATH")
    parser.add_argument(
        "--fail-on", choices=("block", "review"), help=message("help.fail-on", lang)
    )
    add_rule_flags(parser, lang)
    arguments = parser.parse_args(argv)
    settings = settings_of(arguments, lang, Path(arguments.new).parent)
    old, new = (
        list(check_files(files_of([path]), settings.options))
        for path in (arguments.old, arguments.new)
    )
    carried = compare(old, new, settings.options)
    if arguments.format == "json":
        text = json.dumps(shape(carried, new, settings.lang), ensure_ascii=False, indent=1)
    else:
        text = "\n".join(lines(carried, new, settings.lang))
    deliver(text, arguments.output)
    only_block = (arguments.fail_on or settings.config.fail_on) == "block"
    if any(f.severity is Severity.BLOCK or not only_block for f in carried.fresh):
        return FINDINGS
    return UNREAD if any(report.gaps for report in new) else CLEAR


def lines(carried: Carried, new: Sequence[Report], lang: str) -> Iterator[str]:
    """Yield what changed, the new findings first, the counts last."""
    yield from listed("diff.new", carried.fresh, lang)
    yield from listed("diff.edited", (item.finding for item in carried.proposed), lang)
    for item in carried.gone:
        yield message("diff.gone", lang, rule=item.rule, masked=item.masked)
    for report in new:
        for gap in report.gaps:
            yield message("diff.unread", lang, part=gap.part, why=message(f"why.{gap.why}", lang))
    yield message(
        "diff.counts",
        lang,
        new=len(carried.fresh),
        edited=len(carried.proposed),
        same=len(carried.kept),
        gone=len(carried.gone),
    )


def listed(key: str, findings: Iterable[Finding], lang: str) -> Iterator[str]:
    """Yield a line for each finding."""
    for finding in findings:
        yield message(
            key,
            lang,
            id=finding.id,
            severity=message(f"severity.{finding.severity}", lang),
            title=finding.title.in_(lang),
            place=label(finding.place, finding.kind, lang),
            masked=finding.masked,
        )


def shape(carried: Carried, new: Sequence[Report], lang: str) -> dict[str, Any]:
    """Return what changed as JSON-ready values."""
    return {
        "schema": SCHEMA,
        "new": [finding_dict(f, lang, False) for f in carried.fresh],
        "edited": [finding_dict(item.finding, lang, False) for item in carried.proposed],
        "same": [finding_dict(finding, lang, False) for finding, _ in carried.kept],
        "gone": [
            {"rule": item.rule, "fingerprint": item.fingerprint, "masked": item.masked}
            for item in carried.gone
        ],
        "gaps": sum(len(report.gaps) for report in new),
    }
