"""Turn weighed hits into findings: place, mask, reason, fingerprint."""

from __future__ import annotations

import hmac
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import ahocorasick

from secreview.engine.keep import Hit
from secreview.engine.sketch import sketch
from secreview.engine.weigh import Weighed
from secreview.model import Bilingual, Finding, PartSummary, Place, Reason, Step, Unit
from secreview.rulebook.rule import Rule, Rulebook
from secreview.text.mask import STAR, mask

SHORTEST_VALUE = 2
PLAIN_BLANKS = str.maketrans(dict.fromkeys("\t\r\u3000\xa0", " "))


class Telling(NamedTuple):
    """What findings are made with: the rulebook, the review date, the key, and reveal."""

    rulebook: Rulebook
    day: date
    key: bytes
    reveal: bool = False


def findings(
    weighed: Sequence[Weighed], parts: Sequence[PartSummary], telling: Telling
) -> list[Finding]:
    """Return the findings of a document in the order of the hits."""
    scrub = Scrubber(item.hit.text for item in weighed)
    reasons: dict[tuple[str, tuple[Bilingual, ...]], Reason] = {}
    spans = spans_by_part(weighed)
    used: Counter[str] = Counter()
    made = []
    for item in weighed:
        hit, part = item.hit, parts[item.hit.part]
        rule = hit.rule
        notes = item.notes if not rule.find.finder else (*item.notes, *remaining(hit.evidence))
        key = (rule.name, notes)
        if key not in reasons:
            reasons[key] = reason(rule, telling, notes)
        print_ = fingerprint(hit, telling.key)
        before, after = starred(hit, spans[hit.part])
        made.append(
            Finding(
                id=short_id(print_, used),
                fingerprint=print_,
                rule=rule.name,
                category=rule.category,
                severity=item.severity,
                confidence=rule.confidence,
                title=rule.title,
                part=part.id,
                kind=part.kind,
                place=scrubbed(hit.place, scrub),
                start=hit.start,
                end=hit.end,
                masked=mask(hit.text),
                reason=reasons[key],
                before=scrub(before),
                after=scrub(after),
                evidence=hit.evidence,
                text=hit.text if telling.reveal else "",
                near=sketch(hit, telling.key),
            )
        )
    return made


def remaining(evidence: Iterable[str]) -> Iterator[Bilingual]:
    """Yield what it means for the reader that a masked value has few originals."""
    for item in evidence:
        name, _, count = item.partition(":")
        if name == "originals" and count == "1":
            yield Bilingual("遮盖后仍可推算出原值。", "The original can be computed.")
        elif name == "originals":
            yield Bilingual(
                f"遮盖后只剩{count}种可能，容易推算。", f"Only {count} originals remain possible."
            )


class Spans(NamedTuple):
    """The sorted spans of the hits of a part and the length of the longest."""

    sorted: Sequence[tuple[int, int]] = ()
    longest: int = 0


def spans_by_part(weighed: Iterable[Weighed]) -> dict[int, Spans]:
    """Return the spans of the hits of each part, whole parts left out."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for item in weighed:
        group = spans.setdefault(item.hit.part, [])
        if item.hit.text:
            group.append((item.hit.start, item.hit.end))
    return {
        number: Spans(sorted(group), max((b - a for a, b in group), default=0))
        for number, group in spans.items()
    }


class Scrubber:
    """Masks every found value wherever it occurs in a text, the longest one first."""

    def __init__(self, values: Iterable[str]) -> None:
        """Gather the distinct values, as they stand and with their blanks made plain."""
        distinct = {value for value in values if len(value) >= SHORTEST_VALUE}
        distinct |= {" ".join(value.split()) for value in distinct}
        self.automaton = ahocorasick.Automaton()
        for value in distinct:
            self.automaton.add_word(value, value)
        if distinct:
            self.automaton.make_automaton()
        self.is_empty = not distinct

    def __call__(self, text: str) -> str:
        """Return the text with the values in it masked."""
        if self.is_empty or not text:
            return text
        found = [(last + 1 - len(value), last + 1) for last, value in self.automaton.iter(text)]
        if not found:
            return text
        at, pieces = 0, []
        for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
            if start >= at:
                pieces += [text[at:start], mask(text[start:end])]
            elif end > at:
                pieces.append(STAR * (end - at))
            at = max(at, end)
        return "".join((*pieces, text[at:]))


def scrubbed(place: Place, scrub: Scrubber) -> Place:
    """Return a place whose names and titles hold no found value."""
    if not place.headers and not any(type(value) is str for _, value in place.steps):
        return place
    steps = tuple(
        Step(unit, scrub(value) if isinstance(value, str) and unit is not Unit.CELL else value)
        for unit, value in place.steps
    )
    return replace(place, steps=steps, headers=tuple(map(scrub, place.headers)))


def starred(hit: Hit, spans: Spans) -> tuple[str, str]:
    """Return what stands before and after a hit on its line, other hits starred."""
    before, after = hit.before, hit.after
    if len(spans.sorted) > 1:
        before = without_hits(before, hit.start - len(before), spans)
        after = without_hits(after, hit.end, spans)
    return before.translate(PLAIN_BLANKS), after.translate(PLAIN_BLANKS)


def without_hits(text: str, low: int, spans: Spans) -> str:
    """Return a text that begins at offset ``low`` with every character of a hit starred."""
    high = low + len(text)
    for index in range(bisect_left(spans.sorted, (low - spans.longest, 0)), len(spans.sorted)):
        start, end = spans.sorted[index]
        if start >= high:
            break
        if end > low:
            first, last = max(start - low, 0), min(end - low, len(text))
            text = text[:first] + "*" * (last - first) + text[last:]
    return text


def reason(rule: Rule, telling: Telling, notes: tuple[Bilingual, ...]) -> Reason:
    """Return why a rule's hits are findings on the review date."""
    book, day = telling.rulebook, telling.day
    basis = tuple(p for name in rule.basis if (p := book.provision(name, day)) is not None)
    zh = "".join((rule.why.zh, *(f"{note.zh}" for note in notes)))
    en = " ".join((rule.why.en, *(note.en for note in notes)))
    return Reason(basis, rule.ground, Bilingual(zh, en), rule.suggest)


def fingerprint(hit: Hit, key: bytes) -> str:
    """Return the keyed digest of rule family, folded value and its nearest characters.

    It holds no position, and without the key it cannot be computed for a guessed value.
    """
    fields = f"{hit.rule.family}\0{hit.left}\0{hit.value}\0{hit.right}"
    return hmac.digest(key, fields.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def short_id(fingerprint_: str, used: Counter[str]) -> str:
    """Return six letters and digits that name a finding in one report."""
    name = fingerprint_[:6]
    used[name] += 1
    return name if used[name] == 1 else f"{name}-{used[name]}"
