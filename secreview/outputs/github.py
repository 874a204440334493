"""Annotations for GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secreview.model import Finding, Report, Severity
from secreview.outputs import Options
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.shape import shown_name
from secreview.outputs.words import harmless

LEVELS = {Severity.BLOCK: "error", Severity.REVIEW: "warning", Severity.NOTE: "notice"}


def render(reports: Sequence[Report], options: Options) -> str:
    """Return one workflow command for each finding and each gap."""
    return "\n".join(line for report in reports for line in commands(report, options))


def commands(report: Report, options: Options) -> Iterator[str]:
    """Yield the commands of one report."""
    path = shown_name(report, report.path, reveal=options.reveal)
    for finding in report.findings:
        yield command(LEVELS[finding.severity], path, finding, options)
    for gap in report.gaps:
        words = f"{gap.part}: {message(f'why.{gap.why}', options.lang)}"
        yield f"::error file={value(path)}::{text(words)}"


def command(level: str, path: str, finding: Finding, options: Options) -> str:
    """Return the command of one finding."""
    place = finding.place
    where = f",line={place.line},col={place.column}" if place.line else ""
    lang = options.lang
    shown = finding.text if options.reveal else finding.masked
    words = (
        f"{label(place, finding.kind, lang)} {shown} {finding.reason.text.in_(lang)} "
        f"{finding.reason.suggest.in_(lang)}"
    )
    title = value(finding.title.in_(lang))
    return f"::{level} file={value(path)}{where},title={title}::{text(words)}"


def text(words: str) -> str:
    """Return the message of a command, escaped."""
    escaped = words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return harmless(escaped)


def value(words: str) -> str:
    """Return a property of a command, escaped."""
    return text(words).replace(":", "%3A").replace(",", "%2C")
