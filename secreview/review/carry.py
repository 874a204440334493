"""Carry what people decided on findings over to a later version of the document.

What stands exactly as before keeps its decision. What is recognised only by its value and part of
its surroundings is proposed for confirmation. A decision made on other terms (another rule, another
edition of the law, another audience) is proposed again too; nothing is ever carried in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from secreview.engine.sketch import overlap
from secreview.model import Finding
from secreview.review.terms import Terms

ENOUGH = 0.5  # of the marks of one side
NO_TERMS = Terms("", "")


class Doubt(StrEnum):
    """Why a decision does not simply stand."""

    EDITED = "edited"  # 周围文字有改动
    RULE = "rule"  # 规则已修改
    BASIS = "basis"  # 依据或者级别已变化
    AUDIENCE = "audience"  # 公开对象不同
    TIME = "time"  # 已过有效期


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided on one finding, and on which terms.

    ``until`` is the last day on which it holds (ISO, empty for no end).
    """

    fingerprint: str
    rule: str
    near: tuple[str, ...] = ()
    masked: str = ""
    reason: str = ""
    terms: Terms = NO_TERMS
    audience: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """The terms of today: those of each rule, for which audience, on which day (ISO)."""

    terms: Mapping[str, Terms]
    audience: str
    day: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A decision that may hold for a finding, once a person has said so."""

    finding: Finding
    decided: Decided
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of findings and decisions."""

    kept: tuple[tuple[Finding, Decided], ...] = ()
    proposed: tuple[Proposed, ...] = ()
    fresh: tuple[Finding, ...] = ()
    gone: tuple[Decided, ...] = ()


def doubt(decided: Decided, present: Present) -> Doubt | None:
    """Return why a decision no longer stands by itself, None when it does."""
    now = present.terms.get(decided.rule)
    if now is None or now.finds != decided.terms.finds:
        return Doubt.RULE
    if now.means != decided.terms.means:
        return Doubt.BASIS
    if decided.audience != present.audience:
        return Doubt.AUDIENCE
    return Doubt.TIME if decided.until and decided.until < present.day else None


def carry(decided: Sequence[Decided], findings: Sequence[Finding], present: Present) -> Carried:
    """Return what becomes of decisions on an earlier version, given the findings of a later one.

    The order of the findings is kept; each decision without an exact match is proposed for at most
    one finding, the most similar one.
    """
    exact = {item.fingerprint: item for item in decided}
    kept, proposed, left = [], {}, []
    for finding in findings:
        match = exact.get(finding.fingerprint)
        if match is None:
            left.append(finding)
        elif why := doubt(match, present):
            proposed[id(finding)] = Proposed(finding, match, why)
        else:
            kept.append((finding, match))
    present_prints = {finding.fingerprint for finding in findings}
    orphans = [item for item in decided if item.fingerprint not in present_prints]
    for finding, item in pairs(orphans, left):
        proposed[id(finding)] = Proposed(finding, item, doubt(item, present) or Doubt.EDITED)
    used = {id(item.decided) for item in proposed.values()}
    return Carried(
        kept=tuple(kept),
        proposed=tuple(proposed[id(f)] for f in findings if id(f) in proposed),
        fresh=tuple(finding for finding in left if id(finding) not in proposed),
        gone=tuple(item for item in orphans if id(item) not in used),
    )


def pairs(
    decided: Iterable[Decided], findings: Sequence[Finding]
) -> Iterable[tuple[Finding, Decided]]:
    """Yield findings with the decision on the same value in the most similar place, one to one."""
    by_value: dict[str, list[int]] = {}
    for number, finding in enumerate(findings):
        if finding.near:
            by_value.setdefault(finding.near[0], []).append(number)
    scored = [
        (-score, order, number, item)
        for order, item in enumerate(decided)
        if item.near
        for number in by_value.get(item.near[0], ())
        if (score := likeness(item.near, findings[number].near)) >= ENOUGH
    ]
    taken: set[int] = set()
    given: set[int] = set()
    for _, order, number, item in sorted(scored, key=lambda row: row[:3]):
        if number not in taken and order not in given:
            taken.add(number)
            given.add(order)
            yield findings[number], item


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike the surroundings of two places are: the better of the two sides."""
    return max((overlap(a, b) for a, b in zip(one[1:], other[1:], strict=False)), default=0.0)
