"""``secreview baseline``: remember findings that people have decided, each with the reason."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from secreview.bulk.files import files_of
from secreview.bulk.local import check_files
from secreview.cli import CLEAR
from secreview.cli.delivery import deliver
from secreview.cli.settings import BASELINE_SCHEMA, add_rule_flags, decided_of, settings_of
from secreview.cli.terms import say
from secreview.model import Severity
from secreview.outputs.messages import message


def run(argv: Sequence[str], lang: str) -> int:
    """Create a baseline from the present findings, or prune one of what is gone."""
    parser = argparse.ArgumentParser(
        prog="secreview baseline", description=message("help.command.baseline", lang)
    )
    parser.add_argument("action", choices=("create", "prune"))
    parser.add_argument("paths", nargs="+", metavar="PATH", help=message("help.paths", lang))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    parser.add_argument("--reason", default="", help=message("help.reason", lang))
    add_rule_flags(parser, lang)
    arguments = parser.parse_args(argv)
    if arguments.action == "create" and not arguments.reason:
        parser.error(message("cli.reason-missing", lang))
    settings = settings_of(arguments, lang, Path())
    present: dict[str, dict[str, Any]] = {}
    for report in check_files(files_of(arguments.paths), settings.options):
        for finding in report.findings:
            if finding.severity is not Severity.NOTE:
                present[finding.fingerprint] = {
                    "fingerprint": finding.fingerprint,
                    "rule": finding.rule,
                    "masked": finding.masked,
                    "reason": arguments.reason,
                    "date": date.today().isoformat(),
                }
    if arguments.action == "prune":
        decided_of(arguments.output)
        table = json.loads(arguments.output.read_text("utf-8"))
        rows = [row for row in table["findings"] if row["fingerprint"] in present]
    else:
        rows = list(present.values())
    text = json.dumps({"schema": BASELINE_SCHEMA, "findings": rows}, ensure_ascii=False, indent=1)
    deliver(text, str(arguments.output))
    say("cli.baseline-written", settings.lang, path=arguments.output, count=len(rows))
    return CLEAR
