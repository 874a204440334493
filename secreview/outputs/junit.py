"""Reports as JUnit XML, for build servers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from secreview.model import Report, Severity
from secreview.outputs import Options
from secreview.outputs.details import detail
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.shape import shown_name

INVALID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(reports: Sequence[Report], options: Options) -> str:
    """Return a test suite for each document; findings are failures, gaps are errors."""
    suites = "\n".join(suite(report, options) for report in reports)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<testsuites name="secreview">\n{suites}\n</testsuites>'


def suite(report: Report, options: Options) -> str:
    """Return the suite of one document."""
    lang = options.lang
    rows: list[str] = []
    for finding in report.findings:
        if finding.severity is Severity.NOTE:
            continue
        where = label(finding.place, finding.kind, lang)
        shown = finding.text if options.reveal else finding.masked
        words = f"{where} {shown} {finding.reason.text.in_(lang)}{finding.reason.suggest.in_(lang)}"
        rows.append(
            f"  <testcase classname={attribute(finding.rule)} name={attribute(where)}>"
            f"<failure message={attribute(finding.title.in_(lang))}>{escape(valid(words))}"
            "</failure></testcase>"
        )
    failures = len(rows)
    for gap in report.gaps:
        words = f"{message(f'why.{gap.why}', lang)} {detail(gap.detail, lang)}"
        rows.append(
            f'  <testcase classname="unread" name={attribute(gap.part)}>'
            f"<error message={attribute(words)}/></testcase>"
        )
    if not rows:
        rows.append('  <testcase classname="secreview" name="clear"/>')
    name = attribute(shown_name(report, report.path, reveal=options.reveal))
    counts = f'tests="{len(rows)}" failures="{failures}" errors="{len(report.gaps)}"'
    return f"<testsuite name={name} {counts}>\n" + "\n".join(rows) + "\n</testsuite>"


def attribute(words: str) -> str:
    """Return an attribute value, quoted and escaped."""
    return quoteattr(valid(words))


def valid(words: str) -> str:
    """Return words without the characters that XML does not allow."""
    return INVALID.sub("·", words)
