"""Whether a candidate is kept: the conditions of keep and unless, and the evidence for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from secreview.engine.view import Candidate, View, compiled, first_in
from secreview.model import Place
from secreview.rulebook.rule import Keep, Rule, Unless
from secreview.text.numbers import CHECKED_DIGITS, VALIDATORS
from secreview.text.words import is_whole_word


class Hit(NamedTuple):
    """A kept candidate with all that a finding needs, so that its part can be forgotten.

    ``start``, ``end`` and ``line`` (where its line begins) are offsets into the whole text that
    the part is a piece of.
    """

    rule: Rule
    part: int
    start: int
    end: int
    line: int
    value: str  # folded
    left: str  # a few folded characters on each side
    right: str
    evidence: tuple[str, ...]
    text: str  # as the document has it; empty for a whole part
    before: str  # the rest of its line on each side, cut, as the document has it
    after: str
    place: Place


NEIGHBOURS = 4  # characters on each side that tell one occurrence of a value from another
LONGEST_SENTENCE = 90  # characters that a finding is extended by on each side
UNLIKE = "unlike"  # evidence that makes a finding a note
FULL_STOPS = "。；！？;!?\t|｜"
CONTEXT = 14  # characters shown on each side of a finding
Condition = Callable[[Keep, View, int, int], str | None]
Excuse = Callable[[Unless, View, Candidate], bool]


class Judge:
    """The conditions that one rule has, and no others."""

    def __init__(self, rule: Rule) -> None:
        """Choose the conditions and excuses that the rule gives something for."""
        keep, unless = rule.keep, rule.unless
        self.rule = rule
        self.is_free = rule.find.text or rule.find.names
        self.conditions: tuple[Condition, ...] = tuple(
            condition
            for condition, is_given in (
                (in_part, keep.parts),
                (in_zone, keep.zone),
                (is_valid, keep.validate),
                (under_header, keep.headers),
                (in_clause if rule.find.clause else by_near_word, keep.near.is_given),
                (in_clause_also if rule.find.clause else by_near_words, keep.also),
                (in_context, keep.context),
                (as_whole_word, keep.whole_word),
            )
            if is_given
        )
        self.excuses: tuple[Excuse, ...] = tuple(
            excuse
            for excuse, is_given in (
                (inside_mention, unless.inside),
                (inside_phrase, unless.words),
                (
                    in_excusing_clause if rule.find.clause else by_excusing_word,
                    unless.near.is_given,
                ),
                (under_excusing_header, unless.headers),
                (is_valid_excuse, unless.validate),
                (is_covered, unless.regex),
                (in_excusing_context, unless.context),
            )
            if is_given
        )

    def kept(self, view: View, candidate: Candidate, part: int) -> Hit | None:
        """Return a candidate as a hit with its evidence when all conditions hold, else None."""
        start, end = candidate.start, candidate.end
        if view.folded.breaks and not self.is_free and view.crosses_badly(start, end):
            return None
        evidence = [candidate.note] if candidate.note else []
        for condition in self.conditions:
            word = condition(self.rule.keep, view, start, end)
            if word is None:
                return None
            if word:
                evidence.append(word)
        if any(excuse(self.rule.unless, view, candidate) for excuse in self.excuses):
            return None
        wording, like, doubt = self.rule.wording, self.rule.keep.like, self.rule.doubt
        if wording is not None:
            sentence, around = view.worded(start, end)
            chance = wording.chance(sentence, around, like or doubt)
            if chance < like:
                return None
            if chance < doubt:
                evidence.append(UNLIKE)
            elif self.rule.find.wording:
                evidence.append(f"like:{'、'.join(wording.telling(sentence))}")
        return self.hit(view, candidate, part, evidence)

    def reported(self, view: View, start: int, end: int) -> tuple[int, int]:
        """Return the span that is reported: what was found, its clause, or its sentence."""
        find = self.rule.find
        if find.sentence:
            return view.clause(start, end, LONGEST_SENTENCE, FULL_STOPS)
        return view.clause(start, end) if find.clause else (start, end)

    def hit(self, view: View, candidate: Candidate, part: int, evidence: list[str]) -> Hit:
        """Return the hit of a candidate that is kept."""
        start, end = candidate.start, candidate.end
        start, end = self.reported(view, start, end)
        low, high = view.span(start, end)
        whole = view.part.text
        _, line, line_end = view.line_of(low)
        base = view.part.start
        if self.rule.find.text:
            evidence.append(f"characters:{len(whole.strip())}")
            return Hit(
                self.rule, part, low + base, high + base, line + base, view.text[start:end], "", "",
                tuple(evidence), "", "", "", view.place_with_line(low),
            )  # fmt: skip
        value, text = view.text[start:end], whole[low:high]
        if text != value and not self.is_free:
            evidence.append("joined" if high - low > end - start else "folded")
        stop = view.line_of(high)[2] if high > line_end else line_end
        return Hit(
            self.rule,
            part,
            low + base,
            high + base,
            line + base,
            value,
            view.text[max(0, start - NEIGHBOURS) : start],
            view.text[end : end + NEIGHBOURS],
            tuple(evidence),
            text,
            whole[max(line, low - CONTEXT) : low],
            whole[high : min(stop, high + CONTEXT)],
            view.place_with_line(low),
        )


def in_part(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the kind of part; the scan has checked that the rule wants it."""
    return f"part:{view.part.kind}"


def in_zone(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the zone a span stands in."""
    zone = next((z for z in sorted(keep.zone) if view.is_in_zone(start, end, z)), None)
    return f"zone:{zone}" if zone else None


def is_valid(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return ``checksum`` when a validator with check digits holds, empty for another one."""
    value = view.text[start:end]
    name = next((name for name in keep.validate if VALIDATORS[name](value)), None)
    if name is None:
        return None
    return "checksum" if name in CHECKED_DIGITS else ""


def under_header(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the row or column title the rule asks for."""
    found = (first_in(header, keep.headers) for header in view.headers(start))
    word = next(filter(None, found), None)
    return f"header:{word}" if word else None


def by_near_word(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the context word near a span."""
    return view.near_word(start, end, keep.near) or None


def in_clause(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the context word near what was found, or in it."""
    return view.near_word(start, end, keep.near, with_hit=True) or None


def in_context(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return the word of the part, wherever it stands, that the rule asks for."""
    word = view.context_word(keep.context)
    return f"context:{word}" if word else None


def by_near_words(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return an empty string when every further group has a context word near a span."""
    return "" if all(view.near_word(start, end, near) for near in keep.also) else None


def in_clause_also(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return an empty string when every further group has a word near what was found, or in it."""
    found = (view.near_word(start, end, near, with_hit=True) for near in keep.also)
    return "" if all(found) else None


def as_whole_word(keep: Keep, view: View, start: int, end: int) -> str | None:
    """Return ``word`` when a span that must be a whole word is one."""
    return "word" if is_whole_word(view.text, start, end) else None


def inside_mention(unless: Unless, view: View, candidate: Candidate) -> bool:
    """Return whether a hit is wrapped the way a mere mention is."""
    start, end = candidate.start, candidate.end
    return any(view.is_inside(start, end, kind) for kind in sorted(unless.inside))


def inside_phrase(unless: Unless, view: View, candidate: Candidate) -> bool:
    """Return whether a hit lies inside an allowed phrase."""
    return is_in_phrase(view, candidate.start, candidate.end, unless.words)


def by_excusing_word(unless: Unless, view: View, candidate: Candidate) -> bool:
    """Return whether an excusing word stands near a hit on its line."""
    return bool(view.excusing_word(candidate.start, candidate.end, unless.near))


def in_excusing_clause(unless: Unless, view: View, candidate: Candidate) -> bool:
    """Return whether an excusing word stands near what was found on its line, or in it."""
    start, end = candidate.start, candidate.end
    return bool(view.excusing_word(start, end, unless.near, with_hit=True))


def under_excusing_header(unless: Unless, view: View, candidate: Candidate) -> bool:
    """Return whether the title of a hit's row or column excuses it."""
    return any(first_in(header, unless.headers) for header in view.headers(candidate.start))


def is_valid_excuse(unless: Unless, view: View, candidate: Candidate) -> bool:
    """Return whether a hit is a valid identifier of a kind that excuses it."""
    value = view.text[candidate.start : candidate.end]
    return any(VALIDATORS[name](value) for name in unless.validate)


def in_excusing_context(unless: Unless, view: View, candidate: Candidate) -> bool:
    """Return whether the part says somewhere what excuses a hit anywhere in it."""
    return bool(view.context_word(unless.context))


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


def is_covered(unless: Unless, view: View, candidate: Candidate) -> bool:
    """Return whether an excusing pattern on the same line covers the hit."""
    low, high = view.line(candidate.start, candidate.end)
    pattern = compiled(unless.regex)
    at = max(low, candidate.start - REACH)
    match = pattern.search(view.text, at, high)
    while match and match.start() <= candidate.start:
        if match.end() >= candidate.end:
            return True
        match = pattern.search(view.text, match.start() + 1, high)
    return False
