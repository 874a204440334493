"""Weigh the hits of a whole document: counts, combinations, overlaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from secreview.engine.keep import UNLIKE, Hit
from secreview.model import SEVERITY_ORDER, Bilingual, Severity
from secreview.rulebook.rule import Escalation, Scope


class Weighed(NamedTuple):
    """A hit with its severity and the notes that explain why it was raised."""

    hit: Hit
    severity: Severity
    notes: tuple[Bilingual, ...] = ()


def weigh(hits: Sequence[Hit], near: Mapping[int, frozenset[int]]) -> list[Weighed]:
    """Return the hits that stand, in reading order, with their severities.

    ``near`` says, by index of a hit, which of its rule's escalations have their context word.
    """
    standing = accompanied(counted(without_found(hits)))
    counts = Counter(hit.rule.name for hit in standing)
    index = Together(standing)
    index_of = {id(hit): number for number, hit in enumerate(hits)}
    weighed = [
        raised(hit, counts, index, near.get(index_of[id(hit)], frozenset())) for hit in standing
    ]
    weighed = without_contained(weighed)
    return sorted(weighed, key=lambda w: (w.hit.part, w.hit.start, w.hit.end, w.hit.rule.name))


def without_found(hits: Sequence[Hit]) -> list[Hit]:
    """Drop hits that overlap one of a rule, or of any rule of a category, they give way to.

    What is doubted itself, and so a mere note, nothing gives way to.
    """
    by_rule: dict[tuple[str, int], list[Hit]] = defaultdict(list)
    wanted = {name for hit in hits for name in hit.rule.unless.found}
    for hit in hits:
        if UNLIKE in hit.evidence:
            continue
        for name in (hit.rule.name, f"{hit.rule.category}/*"):
            if name in wanted:
                by_rule[name, hit.part].append(hit)
    return [
        hit
        for hit in hits
        if not any(
            overlaps(by_rule.get((name, hit.part), ()), hit) for name in hit.rule.unless.found
        )
    ]


def overlaps(others: Iterable[Hit], hit: Hit) -> bool:
    """Return whether any hit of another rule shares a character with a hit."""
    return any(
        other.start < hit.end and hit.start < other.end and other.rule is not hit.rule
        for other in others
    )


def counted(hits: Iterable[Hit]) -> list[Hit]:
    """Drop hits of rules that ask for more of them than the document has."""
    hits = list(hits)
    counts = Counter(hit.rule.name for hit in hits)
    return [hit for hit in hits if counts[hit.rule.name] >= hit.rule.keep.count]


def accompanied(hits: list[Hit]) -> list[Hit]:
    """Drop hits of rules that ask for a hit of another rule on their line where there is none.

    What is dropped is no company for others either.
    """
    if not any(hit.rule.keep.together for hit in hits):
        return hits
    index = Together(hits)
    kept = [
        hit
        for hit in hits
        if not hit.rule.keep.together or index.has(hit, hit.rule.keep.together, Scope.LINE)
    ]
    return kept if len(kept) == len(hits) else accompanied(kept)


class Together:
    """Which rules have hits on a line, in a part, in the document."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        """Index hits by the lines, parts and the document they stand in."""
        self.lines: dict[tuple[int, int], set[str]] = defaultdict(set)
        self.parts: dict[int, set[str]] = defaultdict(set)
        self.document: set[str] = set()
        for hit in hits:
            self.lines[hit.part, hit.line].add(hit.rule.name)
            self.parts[hit.part].add(hit.rule.name)
            self.document.add(hit.rule.name)

    def has(self, hit: Hit, names: Iterable[str], scope: Scope) -> bool:
        """Return whether any of some rules has a hit in the same scope as a hit."""
        match scope:
            case Scope.LINE:
                found = self.lines[hit.part, hit.line]
            case Scope.PART:
                found = self.parts[hit.part]
            case Scope.DOCUMENT:
                found = self.document
        return any(name in found for name in names if name != hit.rule.name)


def raised(hit: Hit, counts: Mapping[str, int], index: Together, near: frozenset[int]) -> Weighed:
    """Return a hit with the highest severity that its escalations give it."""
    if UNLIKE in hit.evidence:
        return Weighed(hit, Severity.NOTE)
    severity = hit.rule.severity
    notes: list[Bilingual] = []
    for number, step in enumerate(hit.rule.escalate):
        if not applies(step, number, hit, counts=counts, index=index, near=near):
            continue
        if SEVERITY_ORDER[step.to] > SEVERITY_ORDER[severity]:
            severity = step.to
        if step.note.zh:
            notes.append(step.note)
    return Weighed(hit, severity, tuple(notes))


def applies(
    step: Escalation,
    number: int,
    hit: Hit,
    *,
    counts: Mapping[str, int],
    index: Together,
    near: frozenset[int],
) -> bool:
    """Return whether all conditions of an escalation hold for a hit."""
    if step.count and counts[hit.rule.name] < step.count:
        return False
    if step.together and not index.has(hit, step.together, step.scope):
        return False
    return not step.near.is_given or number in near


def without_contained(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Drop hits inside a hit of the same category that is at least as severe."""
    groups: dict[tuple[int, str], list[Weighed]] = defaultdict(list)
    for item in weighed:
        groups[item.hit.part, item.hit.rule.category].append(item)
    standing: list[Weighed] = []
    for group in groups.values():
        group.sort(key=rank)
        open_spans: list[Weighed] = []
        for item in group:
            open_spans = [w for w in open_spans if w.hit.end > item.hit.start]
            if not any(holds(other, item) for other in open_spans):
                standing.append(item)
                open_spans.append(item)
    return standing


def rank(item: Weighed) -> tuple[int, int, int, float, str]:
    """Return a sort key: by start, longer first, more severe first, surer first."""
    hit = item.hit
    return (
        hit.start,
        -hit.end,
        -SEVERITY_ORDER[item.severity],
        -hit.rule.confidence,
        hit.rule.name,
    )


def holds(outer: Weighed, inner: Weighed) -> bool:
    """Return whether one hit makes another superfluous."""
    if outer.hit.rule.find.text or inner.hit.rule.find.text:
        return False
    return (
        outer.hit.start <= inner.hit.start
        and inner.hit.end <= outer.hit.end
        and SEVERITY_ORDER[outer.severity] >= SEVERITY_ORDER[inner.severity]
    )
