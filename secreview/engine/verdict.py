"""The machine's advice on a document: block over review over incomplete over clear."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from secreview.model import VERDICT_ORDER, Finding, Gap, Severity, Verdict


def verdict(findings: Collection[Finding], gaps: Collection[Gap]) -> Verdict:
    """Return the machine's advice; an unread part is never clear, a note changes nothing."""
    if any(f.severity is Severity.BLOCK for f in findings):
        return Verdict.BLOCK
    if any(f.severity is Severity.REVIEW for f in findings):
        return Verdict.REVIEW
    return Verdict.INCOMPLETE if gaps else Verdict.CLEAR


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the most serious of some verdicts; clear when there are none."""
    return max(verdicts, key=VERDICT_ORDER.__getitem__, default=Verdict.CLEAR)
