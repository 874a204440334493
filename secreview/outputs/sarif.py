"""Reports as SARIF 2.1.0, with masked text and a fingerprint under our own key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from secreview.model import Finding, Gap, Report, Severity
from secreview.outputs import Options
from secreview.outputs.details import detail
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.shape import shown_name
from secreview.outputs.words import cited, harmless

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "secreview/v1"
LEVELS = {Severity.BLOCK: "error", Severity.REVIEW: "warning", Severity.NOTE: "note"}


def render(reports: Sequence[Report], options: Options) -> str:
    """Return one SARIF run for all reports."""
    findings = [(report, finding) for report in reports for finding in report.findings]
    rules = {finding.rule: finding for _, finding in findings}
    run = {
        "tool": {
            "driver": {
                "name": "secreview",
                "version": reports[0].version if reports else "",
                "rules": [rule(finding, options.lang) for finding in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not any(report.gaps for report in reports),
                "toolExecutionNotifications": [
                    notification(report, gap, options) for report in reports for gap in report.gaps
                ],
            }
        ],
        "results": [result(report, finding, options) for report, finding in findings],
    }
    table = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(table, ensure_ascii=False, indent=1)


def rule(finding: Finding, lang: str) -> dict[str, Any]:
    """Return the description of the rule of a finding."""
    basis = "; ".join(cited(provision, lang) for provision in finding.reason.basis)
    return {
        "id": finding.rule,
        "shortDescription": {"text": finding.title.in_(lang)},
        "fullDescription": {"text": f"{finding.reason.text.in_(lang)} {basis}".strip()},
        "help": {"text": finding.reason.suggest.in_(lang)},
        "properties": {"category": finding.category},
    }


def result(report: Report, finding: Finding, options: Options) -> dict[str, Any]:
    """Return one result."""
    lang = options.lang
    where = label(finding.place, finding.kind, lang)
    shown = finding.text if options.reveal else finding.masked
    title, suggest = finding.title.in_(lang), finding.reason.suggest.in_(lang)
    words = f"{title}: {where} {harmless(shown)} {suggest}"
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri(report, options)}}
    if finding.place.line:
        physical["region"] = {
            "startLine": finding.place.line,
            "startColumn": finding.place.column or 1,
        }
    return {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity],
        "rank": round(finding.confidence * 100, 1),
        "message": {"text": words},
        "locations": [
            {
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": harmless(where), "kind": finding.kind}],
            }
        ],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
    }


def notification(report: Report, gap: Gap, options: Options) -> dict[str, Any]:
    """Return the notification of something that was not read."""
    lang = options.lang
    words = f"{gap.part}: {message(f'why.{gap.why}', lang)} {detail(gap.detail, lang)}".strip()
    return {
        "level": "error",
        "message": {"text": harmless(words)},
        "descriptor": {"id": f"unread/{gap.why}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(report, options)}}}],
    }


def uri(report: Report, options: Options) -> str:
    """Return the path of a document as a relative or absolute URI reference."""
    path = PurePath(shown_name(report, report.path, reveal=options.reveal)).as_posix()
    return quote(path.encode("utf-8", "surrogateescape"), safe="/:")
