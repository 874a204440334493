"""Decisions kept in a file beside the documents, and how they fare when documents change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from secreview.api import DEFAULT, Options, rulebook_of
from secreview.errors import UsageError
from secreview.model import Finding, Report, Severity
from secreview.review.carry import Carried, Decided, Present, carry
from secreview.review.terms import Terms, terms_of

SCHEMA = "secreview.baseline/2"


def baseline_in(path: Path) -> list[Decided]:
    """Return the decisions of a baseline file; raise UsageError when it is none."""
    try:
        first, *rest = path.read_text("utf-8").splitlines()
        if json.loads(first)["schema"] != SCHEMA:
            raise ValueError(first)
        return [decided_of(json.loads(line)) for line in rest if line.strip()]
    except OSError as error:
        raise UsageError(f"{path}: the baseline cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        what = f"{path}: is not a baseline of secreview; make one with: secreview baseline create"
        raise UsageError(what) from error


def decided_of(row: Any) -> Decided:
    """Return one line of a baseline as a decision."""
    finds, means = row["terms"]
    return Decided(
        fingerprint=row["fingerprint"],
        rule=row["rule"],
        near=tuple(row["near"]),
        masked=row["masked"],
        reason=row["reason"],
        terms=Terms(finds, means),
        audience=row["audience"],
        until=row["until"],
    )


def baseline_text(rows: Iterable[Decided]) -> str:
    """Return decisions as a file: JSON lines, sorted, without times, so that versions merge."""
    lines = [
        json.dumps(
            {
                "rule": row.rule,
                "fingerprint": row.fingerprint,
                "near": list(row.near),
                "masked": row.masked,
                "reason": row.reason,
                "terms": list(row.terms),
                "audience": row.audience,
                "until": row.until,
            },
            ensure_ascii=False,
        )
        for row in sorted(rows, key=lambda row: (row.rule, row.fingerprint))
    ]
    return "\n".join((json.dumps({"schema": SCHEMA}), *lines, ""))


def present_of(options: Options = DEFAULT, audience: str = "default") -> Present:
    """Return the terms of the rules in force, for an audience (the profile of a column)."""
    day = options.day or date.today()
    rulebook = options.rulebook or rulebook_of()
    return Present(terms_of(rulebook, day), audience, day.isoformat())


def decisions_on(findings: Iterable[Finding], present: Present, reason: str) -> list[Decided]:
    """Return a decision with one reason on each finding but mere notes."""
    return [
        Decided(
            fingerprint=finding.fingerprint,
            rule=finding.rule,
            near=finding.near,
            masked=finding.masked,
            reason=reason,
            terms=present.terms[finding.rule],
            audience=present.audience,
        )
        for finding in findings
        if finding.severity is not Severity.NOTE
    ]


def compare(old: Sequence[Report], new: Sequence[Report], options: Options = DEFAULT) -> Carried:
    """Return which findings of later documents are new, which were there, and which are gone."""
    present = present_of(options)
    before = decisions_on(shown(old), present, "")
    return carry(before, list(shown(new)), present)


def shown(reports: Iterable[Report]) -> Iterable[Finding]:
    """Yield the findings of reports that ask for a decision."""
    for report in reports:
        yield from (f for f in report.findings if f.severity is not Severity.NOTE)
