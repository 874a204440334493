"""Waivers carried over from one version of a document to the next, or proposed for confirmation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from secreview.api import Options, rulebook_of
from secreview.model import Finding, Report
from secreview.review.carry import Decided, Present, carry
from secreview.review.may import waivers_by_finding
from secreview.review.record import Proposal, Record, Spotted, Submission, Waiver
from secreview.review.terms import Terms, finds, means

Seen = tuple[tuple[Finding, Spotted], ...]


def terms_in(reports: Sequence[Report], options: Options, day: str) -> Mapping[str, Terms]:
    """Return the terms of the rules that found something in reports."""
    from datetime import date

    rulebook = options.rulebook or rulebook_of()
    names = {finding.rule for report in reports for finding in report.findings}
    when = options.day or date.fromisoformat(day)
    return {
        rule.name: Terms(finds(rule), means(rule, rulebook, when))
        for rule in rulebook.rules
        if rule.name in names
    }


def carried(
    old: Record, seen: Seen, form: Submission, day: str
) -> tuple[tuple[Waiver, ...], tuple[Proposal, ...]]:
    """Return the waivers that stand for findings of new files, and those to be confirmed.

    A finding that stands exactly as before, under the same rule, law and column, keeps its waivers;
    one that is recognised in part gets them proposed, and stays open until a person confirms.
    """
    given = waivers_by_finding(old)
    decided = [
        Decided(was.fingerprint, was.rule, was.near, terms=terms_of(was),
                audience=old.submission.column)
        for was in (f for report in old.version.reports for f in report.findings)
        if was.id in given and was.masked
    ]  # fmt: skip
    before = {was.fingerprint: was.id for r in old.version.reports for was in r.findings}
    names = {id(finding): spotted.id for finding, spotted in seen}
    present = Present({s.rule: terms_of(s) for _, s in seen}, form.column, day)
    result = carry(decided, [finding for finding, _ in seen], present)
    kept = tuple(
        Waiver(names[id(finding)], w.fingerprint, w.actor, w.role, w.reason, w.at, w.digest)
        for finding, item in result.kept
        for w in given[before[item.fingerprint]]
    )
    proposed = tuple(
        Proposal(names[id(item.finding)], w.actor, w.reason, item.doubt.value)
        for item in result.proposed
        for w in given[before[item.decided.fingerprint]]
    )
    return kept, proposed


def terms_of(spotted: Spotted) -> Terms:
    """Return the terms that a finding was made under."""
    return Terms(*spotted.terms) if spotted.terms else Terms("", "")
