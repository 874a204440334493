"""Turn weighed hits into findings: place, mask, reason, fingerprint."""

from __future__ import annotations

import hmac
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from secreview.engine.keep import Hit
from secreview.engine.weigh import Weighed
from secreview.model import Bilingual, Finding, Part, Place, Reason, Step, Unit
from secreview.rulebook.rule import Rule, Rulebook
from secreview.text.mask import mask

CONTEXT = 14  # characters shown on each side of a finding
MOST_VALUES = 2_000  # past this many different values no context is shown
SHORTEST_VALUE = 2
PLAIN_BLANKS = str.maketrans(dict.fromkeys("\t\r\u3000\xa0", " "))


@dataclass(frozen=True, slots=True)
class Telling:
    """What findings are made with: the rulebook, the review date, the key, and reveal."""

    rulebook: Rulebook
    day: date
    key: bytes
    reveal: bool = False


def findings(
    weighed: Sequence[Weighed], parts: Mapping[int, Part], telling: Telling
) -> list[Finding]:
    """Return the findings of a document in the order of the hits."""
    scrub = scrubber([text_of(w, parts) for w in weighed])
    reasons: dict[tuple[str, tuple[Bilingual, ...]], Reason] = {}
    lines: dict[int, list[int]] = {}
    spans = spans_by_part(weighed)
    used: Counter[str] = Counter()
    made = []
    for item in weighed:
        hit, part = item.hit, parts[item.hit.part]
        rule = hit.rule
        key = (rule.name, item.notes)
        if key not in reasons:
            reasons[key] = reason(rule, telling, item.notes)
        print_ = fingerprint(item, telling.key)
        text = part.text[hit.start : hit.end]
        before, after = ("", "") if rule.find.text else context(part, hit, spans[hit.part])
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
                place=scrubbed(place_of(part, hit.start, lines.setdefault(hit.part, [])), scrub),
                start=hit.start + part.start,
                end=hit.end + part.start,
                masked="" if rule.find.text else mask(text),
                reason=reasons[key],
                before=scrub(before) if before else "",
                after=scrub(after) if after else "",
                evidence=evidence(item, text),
                text=text if telling.reveal else "",
            )
        )
    return made


def evidence(item: Weighed, text: str) -> tuple[str, ...]:
    """Return the evidence of a hit; for a whole part its size instead of its words."""
    if item.hit.rule.find.text:
        return (*item.hit.evidence, f"characters:{len(text.strip())}")
    return item.hit.evidence


def text_of(item: Weighed, parts: Mapping[int, Part]) -> str:
    """Return the original text of a hit, or nothing for a whole part."""
    if item.hit.rule.find.text:
        return ""
    return parts[item.hit.part].text[item.hit.start : item.hit.end]


@dataclass(frozen=True, slots=True)
class Spans:
    """The sorted spans of the hits of a part and the length of the longest."""

    sorted: Sequence[tuple[int, int]] = ()
    longest: int = 0


def spans_by_part(weighed: Sequence[Weighed]) -> dict[int, Spans]:
    """Return the spans of the hits of each part, whole parts left out."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for item in weighed:
        group = spans.setdefault(item.hit.part, [])
        if not item.hit.rule.find.text:
            group.append((item.hit.start, item.hit.end))
    return {
        number: Spans(sorted(group), max((b - a for a, b in group), default=0))
        for number, group in spans.items()
    }


def scrubber(values: Sequence[str]) -> Callable[[str], str]:
    """Return a function that masks every found value wherever it occurs in a text."""
    distinct = {v for v in values if len(v) >= SHORTEST_VALUE}
    distinct |= {" ".join(v.split()) for v in distinct}
    if not distinct:
        return lambda text: text
    if len(distinct) > MOST_VALUES:
        return lambda text: ""
    longest_first = sorted(distinct, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return lambda text: pattern.sub(lambda found: mask(found[0]), text)


def scrubbed(place: Place, scrub: Callable[[str], str]) -> Place:
    """Return a place whose names and titles hold no found value."""
    if not place.headers and not any(type(value) is str for _, value in place.steps):
        return place
    steps = tuple(
        Step(unit, scrub(value) if isinstance(value, str) and unit is not Unit.CELL else value)
        for unit, value in place.steps
    )
    return replace(place, steps=steps, headers=tuple(map(scrub, place.headers)))


def place_of(part: Part, offset: int, lines: list[int]) -> Place:
    """Return the place of an offset; ``lines`` caches the line ends of the part's text."""
    if not part.first_line:
        return part.places.at(offset)
    if not lines:
        lines.append(-1)
        lines.extend(m.start() for m in re.finditer("\n", part.text))
    index = bisect_right(lines, offset - 1) - 1
    place = part.places.at(offset)
    line = part.first_line + index
    steps = place.steps or (Step(Unit.LINE, line),)
    return Place(steps, place.page, place.headers, line, offset - lines[index])


def context(part: Part, hit: Hit, spans: Spans) -> tuple[str, str]:
    """Return what stands before and after a hit on its line, other hits masked."""
    text, start, end = part.text, hit.start, hit.end
    low = max(text.rfind("\n", 0, start) + 1, start - CONTEXT)
    stop = text.find("\n", end)
    high = min(len(text) if stop < 0 else stop, end + CONTEXT)
    return shown(text, low, start, spans), shown(text, end, high, spans)


def shown(text: str, low: int, high: int, spans: Spans) -> str:
    """Return text[low:high] with every character of a hit starred and blanks made plain."""
    letters: list[str] = []
    for index in range(bisect_left(spans.sorted, (low - spans.longest, 0)), len(spans.sorted)):
        start, end = spans.sorted[index]
        if start >= high:
            break
        if end > low:
            letters = letters or list(text[low:high])
            letters[max(start, low) - low : min(end, high) - low] = "*" * (
                min(end, high) - max(start, low)
            )
    return ("".join(letters) or text[low:high]).translate(PLAIN_BLANKS)


def reason(rule: Rule, telling: Telling, notes: tuple[Bilingual, ...]) -> Reason:
    """Return why a rule's hits are findings on the review date."""
    book, day = telling.rulebook, telling.day
    basis = tuple(p for name in rule.basis if (p := book.provision(name, day)) is not None)
    zh = "".join((rule.why.zh, *(f"{note.zh}" for note in notes)))
    en = " ".join((rule.why.en, *(note.en for note in notes)))
    return Reason(basis, rule.ground, Bilingual(zh, en), rule.suggest)


def fingerprint(item: Weighed, key: bytes) -> str:
    """Return the keyed digest of rule family, folded value and its nearest characters.

    It holds no position, and without the key it cannot be computed for a guessed value.
    """
    hit = item.hit
    fields = f"{hit.rule.family}\0{hit.left}\0{hit.value}\0{hit.right}"
    return hmac.digest(key, fields.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def short_id(fingerprint_: str, used: Counter[str]) -> str:
    """Return six letters and digits that name a finding in one report."""
    name = fingerprint_[:6]
    used[name] += 1
    return name if used[name] == 1 else f"{name}-{used[name]}"
