"""Whether a candidate is kept: the conditions of keep and unless, and the evidence for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from secreview.engine.find import Candidate
from secreview.engine.view import View, first_in
from secreview.rulebook.rule import Keep, Rule
from secreview.text.numbers import CHECKED_DIGITS, VALIDATORS
from secreview.text.words import is_whole_word


@dataclass(frozen=True, slots=True)
class Hit:
    """A kept candidate: ``start`` and ``end`` are offsets into the part's text."""

    rule: Rule
    part: int
    start: int
    end: int
    value: str  # folded
    left: str  # a few folded characters on each side
    right: str
    line: tuple[int, int]
    evidence: tuple[str, ...]


CONTEXT = 4  # characters on each side that tell one occurrence of a value from another


def kept(rule: Rule, view: View, candidate: Candidate, part: int) -> Hit | None:
    """Return a candidate as a hit with its evidence when all conditions hold, else None."""
    start, end, _, _ = candidate
    if view.crosses_badly(start, end) and not (rule.find.text or rule.find.names):
        return None
    evidence = evidence_for(rule, view, start, end)
    if evidence is None or is_excused(rule, view, candidate):
        return None
    low, high = view.span(start, end)
    if start != end and high - low > end - start:
        evidence = (*evidence, "joined")
    if (
        start != end
        and view.part.text[low:high] != view.text[start:end]
        and high - low == end - start
    ):
        evidence = (*evidence, "folded")
    return Hit(
        rule=rule,
        part=part,
        start=low,
        end=high,
        value=view.text[start:end],
        left=view.text[max(0, start - CONTEXT) : start],
        right=view.text[end : end + CONTEXT],
        line=original_line(view, low, high),
        evidence=evidence,
    )


def original_line(view: View, low: int, high: int) -> tuple[int, int]:
    """Return the span of the original lines that hold a span of the part's text."""
    text = view.part.text
    end = text.find("\n", high)
    return text.rfind("\n", 0, low) + 1, len(text) if end < 0 else end


def evidence_for(rule: Rule, view: View, start: int, end: int) -> tuple[str, ...] | None:
    """Return why the keep conditions hold, or None when one does not."""
    evidence: list[str] = []
    for condition in CONDITIONS:
        word = condition(rule.keep, view, start, end)
        if word is None:
            return None
        if word:
            evidence.append(word)
    return tuple(evidence)


def in_part(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the kind of part when the rule asks for kinds; the scan has checked it."""
    return f"part:{view.part.kind}" if keep.parts else ""


def in_zone(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the zone a span stands in, an empty string when none is asked for."""
    if not keep.zone:
        return ""
    zone = next((z for z in sorted(keep.zone) if view.is_in_zone(start, end, z)), None)
    return f"zone:{zone}" if zone else None


def is_valid(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return ``checksum`` when a validator with check digits holds, empty for another one."""
    if not keep.validate:
        return ""
    value = view.text[start:end]
    name = next((name for name in keep.validate if VALIDATORS[name](value)), None)
    if name is None:
        return None
    return "checksum" if name in CHECKED_DIGITS else ""


def under_header(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the row or column title the rule asks for."""
    if not keep.headers:
        return ""
    found = (first_in(header, keep.headers) for header in view.headers(start))
    word = next(filter(None, found), None)
    return f"header:{word}" if word else None


def by_near_word(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the context word near a span."""
    if not keep.near.words:
        return ""
    return view.near_word(start, end, keep.near) or None


def as_whole_word(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return ``word`` when a span that must be a whole word is one."""
    if not keep.whole_word:
        return ""
    return "word" if is_whole_word(view.text, start, end) else None


CONDITIONS = (in_part, in_zone, is_valid, under_header, by_near_word, as_whole_word)


def is_excused(rule: Rule, view: View, candidate: Candidate) -> bool:
    """Return whether one of the unless conditions holds."""
    unless = rule.unless
    start, end, _, _ = candidate
    if any(view.is_inside(start, end, kind) for kind in sorted(unless.inside)):
        return True
    if unless.words and is_in_phrase(view, start, end, unless.words):
        return True
    if unless.near.words and view.excusing_word(start, end, unless.near):
        return True
    if unless.headers and any(first_in(h, unless.headers) for h in view.headers(start)):
        return True
    if any(VALIDATORS[name](view.text[start:end]) for name in unless.validate):
        return True
    return bool(unless.regex) and is_covered(view, candidate, unless.regex)


def is_in_phrase(view: View, start: int, end: int, phrases: tuple[str, ...]) -> bool:
    """Return whether a span lies inside an allowed phrase at that very place.

    A phrase that runs over a closed-up short line excuses nothing that stands on one line.
    """
    value = view.text[start:end]
    for phrase, offset in alignments(value, phrases):
        low = start - offset
        if low >= 0 and view.text.startswith(phrase, low):
            edge = view.folded.break_in(low, low + len(phrase))
            if edge is None or start < edge < end:
                return True
    return False


@lru_cache(maxsize=4096)
def alignments(value: str, phrases: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Return each longer phrase that holds a value, with every offset at which it does."""
    return tuple(
        (phrase, offset)
        for phrase in phrases
        for offset in offsets(phrase, value)
        if len(phrase) > len(value)
    )


def offsets(phrase: str, value: str) -> Iterator[int]:
    """Yield every offset at which a phrase holds a value."""
    at = phrase.find(value)
    while at >= 0:
        yield at
        at = phrase.find(value, at + 1)


REACH = 120  # characters before a hit that an excusing pattern may begin at


def is_covered(view: View, candidate: Candidate, regex: str) -> bool:
    """Return whether an excusing pattern on the same line covers the hit."""
    low, high = view.line(candidate.start, candidate.end)
    pattern = compiled(regex)
    at = max(low, candidate.start - REACH)
    match = pattern.search(view.text, at, high)
    while match and match.start() <= candidate.start:
        if match.end() >= candidate.end:
            return True
        match = pattern.search(view.text, match.start() + 1, high)
    return False


@lru_cache(maxsize=512)
def compiled(regex: str) -> re.Pattern[str]:
    """Return a compiled excusing pattern."""
    return re.compile(regex)
