"""A piece of a part as rules see it: folded text, lines, cells and places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from secreview.model import Grid, Part, PartKind, Place, PlaceIndex, Step, Unit
from secreview.rulebook.rule import Inside, Near, Side, Zone
from secreview.text.folds import fold_characters
from secreview.text.normal import Folded, fold
from secreview.text.wording import AROUND, HEAD, SAID, Strings, plain, strings, surroundings

LINES_PER_PAGE = 22  # GB/T 9704
DECORATION = " \t\u3000\xa0\r【】[]()（）〔〕《》〈〉「」『』“”\"'‘’:：*＊★-—–_=·•●#>|"
PAIRS = {
    Inside.BOOK_TITLE: ("《〈", "》〉"),
    Inside.QUOTES: ("“「『‘", "”」』’"),
    Inside.BRACKETS: ("（([【〔", "）)]】〕"),
}
URL = r"(?i:https?://|www\.)[\x21-\x7e]+"
CLAUSE_ENDS = "，。；：！？;!?\t|｜"
OPENING = " \u3000\xa0“\"‘'"
SENTENCE_ENDS = "。！？；"
LONGEST_UNIT = 400  # characters of a sentence on each side of a span
LONGEST_CLAUSE = 40  # characters that a finding is extended by on each side
HEADER_KINDS = frozenset({PartKind.HEADER, PartKind.FOOTER, PartKind.TEXTBOX})
NAME_KINDS = frozenset({PartKind.NAME, PartKind.PROPERTY})


class Candidate(NamedTuple):
    """A span of folded text that a find step means; ``whole`` includes its label.

    ``note`` is evidence that a finder written as code gives with it.
    """

    start: int
    end: int
    whole_start: int
    whole_end: int
    note: str = ""


class View:
    """A folded piece of a part; ``base`` is the offset of the piece in the part's text.

    ``line_ends`` are the offsets of the line ends before and in the part's text, found once.
    """

    def __init__(
        self,
        part: Part,
        folded: Folded,
        base: int = 0,
        titles_seen: tuple[str, ...] = (),
        line_ends: list[int] | None = None,
    ) -> None:
        """Keep what a piece is made of; views of one part share its line ends."""
        self.part = part
        self.folded = folded
        self.text = folded.text
        self.base = base
        self.titles_seen = titles_seen
        self.line_ends = [] if line_ends is None else line_ends
        self.contexts: dict[tuple[str, ...], str] = {}
        self.wordings: dict[tuple[int, int], tuple[Strings, Callable[[], Strings]]] = {}
        self.said: dict[str, Strings] = {}  # lines of lists and forms say the same again and again
        self.present: set[str] | None = None  # words asked for anywhere in the text, once known

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the part's text that a folded span comes from."""
        low, high = self.folded.span(start, end)
        return low + self.base, high + self.base

    def place(self, start: int) -> Place:
        """Return the place of a folded offset."""
        return self.part.places.at(self.folded.span(start, start + 1)[0] + self.base)

    def line_of(self, offset: int) -> tuple[int, int, int]:
        """Return the index, start and end of the line that holds an offset into the part's text."""
        ends = self.line_ends
        if not ends:
            sizes = map(len, self.part.text.split("\n"))
            ends.extend(accumulate(map((1).__add__, sizes), initial=-1))
        index = min(bisect_left(ends, offset), len(ends) - 1) - 1
        return max(0, index), ends[max(0, index)] + 1, ends[max(0, index) + 1]

    def place_with_line(self, offset: int) -> Place:
        """Return the place of an offset into the part's text, with its line where lines count."""
        part = self.part
        place = part.places.at(offset)
        if not part.first_line:
            return place
        index, start, _ = self.line_of(offset)
        line = part.first_line + index
        steps = place.steps or (Step(Unit.LINE, line),)
        return Place(steps, place.page, place.headers, line, offset - start + 1)

    def headers(self, start: int) -> tuple[str, ...]:
        """Return the folded row and column titles of the cell at a folded offset."""
        if not self.titles_seen:
            return ()
        return tuple(map(fold_characters, self.place(start).headers))

    def line(self, start: int, end: int) -> tuple[int, int]:
        """Return the folded line that holds a span; a short line that was closed up ends it."""
        low = self.text.rfind("\n", 0, start) + 1
        high = self.text.find("\n", end)
        high = len(self.text) if high < 0 else high
        breaks, ends_line = self.folded.breaks, self.folded.ends_line
        if not breaks:
            return low, high
        at = bisect_right(breaks, start) - 1
        while at >= 0 and breaks[at] > low and not ends_line(breaks[at]):
            at -= 1
        low = max(low, breaks[at]) if at >= 0 else low
        at = bisect_left(breaks, end)
        while at < len(breaks) and breaks[at] < high and not ends_line(breaks[at]):
            at += 1
        return low, min(high, breaks[at]) if at < len(breaks) else high

    def clause(
        self, start: int, end: int, longest: int = LONGEST_CLAUSE, ends: str = CLAUSE_ENDS
    ) -> tuple[int, int]:
        """Return the clause that holds a span: up to the nearest of some marks on both sides.

        It reaches at most ``longest`` characters to each side, cut at a lesser mark there.
        """
        first, last = self.line(start, end)
        low, high = max(first, start - longest), min(last, end + longest)
        before, after = self.text[low:start], self.text[end:high]
        cut = max(before.rfind(mark) + 1 for mark in ends)
        if not cut and low > first:
            cut = min((at + 1 for mark in CLAUSE_ENDS if (at := before.find(mark)) >= 0), default=0)
        shut = min((at for mark in ends if (at := after.find(mark)) >= 0), default=len(after))
        if shut == len(after) and high < last:
            lesser = max(after.rfind(mark) for mark in CLAUSE_ENDS)
            shut = lesser if lesser >= 0 else shut
        low, high = low + cut, end + shut
        while low < start and self.text[low] in OPENING:
            low += 1
        return low, high

    def near_word(self, start: int, end: int, near: Near, *, with_hit: bool = False) -> str:
        """Return the first context word near a span, crossing lines, or in its cell's titles.

        ``with_hit`` looks into the span too.
        """
        for title in self.headers(start):
            word = first_in(title, near.words)
            if word:
                return f"header:{word}"
        low, high = 0, len(self.text)
        if near.sentence:
            low, high = self.sentence(start, end, near.within)
        word = found_in(self.around(start, end, near, low, high, with_hit=with_hit), near)
        return f"near:{word}" if word else ""

    def excusing_word(self, start: int, end: int, near: Near, *, with_hit: bool = False) -> str:
        """Return the first excusing word near a span on its own line, or an empty string."""
        low, high = self.line(start, end)
        if near.sentence:
            low, high = self.sentence(start, end, near.within)
        return found_in(self.around(start, end, near, low, high, with_hit=with_hit), near)

    def sentence(self, start: int, end: int, reach: int) -> tuple[int, int]:
        """Return the sentence that holds a span, as far as it is within reach, on its line."""
        low, high = self.line(start, end)
        low, high = max(low, start - reach), min(high, end + reach)
        before, after = self.text[low:start], self.text[end:high]
        low += max(before.rfind(mark) + 1 for mark in SENTENCE_ENDS)
        ends = (end + at for mark in SENTENCE_ENDS if (at := after.find(mark)) >= 0)
        return low, min(ends, default=high)

    def unit(self, start: int, end: int) -> tuple[int, int]:
        """Return the sentence that holds a span, as tables of wording were learned from them."""
        return self.sentence(start, end, LONGEST_UNIT)

    def worded(self, start: int, end: int) -> tuple[Strings, Callable[[], Strings]]:
        """Return the strings of the sentence of a span, and what gives those around it."""
        low, high = self.unit(start, end)
        if (low, high) not in self.wordings:

            @cache
            def around() -> Strings:
                return strings(surroundings(self.text, low, high, self.head), AROUND)

            sentence = self.text[low:high]
            if sentence not in self.said:
                self.said[sentence] = strings([plain(sentence)], SAID)
            self.wordings[low, high] = self.said[sentence], around
        return self.wordings[low, high]

    @cached_property
    def head(self) -> str:
        """Return the folded beginning of the part."""
        return fold(self.part.text[: 4 * HEAD]).text

    def context_word(self, words: tuple[str, ...]) -> str:
        """Return the first of some words that stands anywhere in the text, or an empty string."""
        if words not in self.contexts:
            self.contexts[words] = first_said(self.text, words, self.present)
        return self.contexts[words]

    def may_have_title(self, words: tuple[str, ...]) -> bool:
        """Return whether a row or column title may have one of some words."""
        return " " in self.titles_seen or any(first_in(title, words) for title in self.titles_seen)

    def around(
        self, start: int, end: int, near: Near, low: int, high: int, *, with_hit: bool = False
    ) -> str:
        """Return the text around a span that a near condition looks at.

        The span is a NUL in it unless ``with_hit``.
        """
        before = self.text[max(low, start - near.within) : start]
        after = self.text[end : min(high, end + near.within)]
        hit = self.text[start:end] if with_hit else "\0"
        match near.side:
            case Side.BEFORE:
                return before
            case Side.AFTER:
                return after
            case Side.BOTH:
                return f"{before}{hit}{after}"

    def is_in_zone(self, start: int, end: int, zone: Zone) -> bool:
        """Return whether a folded span stands where a marking in use stands."""
        match zone:
            case Zone.HEADER:
                return self.part.kind in HEADER_KINDS
            case Zone.NAME:
                return self.part.kind in NAME_KINDS
            case Zone.FIRST_PAGE:
                return self.is_on_first_page(start)
            case Zone.ALONE:
                return self.is_alone(start, end)
            case Zone.LINE_START:
                return not self.rest_of_line(start, end)[0].strip(DECORATION)

    def is_alone(self, start: int, end: int) -> bool:
        """Return whether a span stands alone on its line or in its cell, but for decoration."""
        low, high = self.span(start, end)
        text = self.part.text
        if text[max(0, low - 1) : low].isalnum() or text[high : high + 1].isalnum():
            return False
        before, after = self.rest_of_line(start, end)
        return not before.strip(DECORATION) and not after.strip(DECORATION)

    def is_on_first_page(self, start: int) -> bool:
        """Return whether a folded offset is on page 1, or in the first lines of a text."""
        if self.part.kind is not PartKind.BODY:
            return False
        page = self.place(start).page
        if page is not None:
            return page == 1
        at = self.span(start, start + 1)[0]
        return self.part.start == 0 and self.line_of(at)[0] < LINES_PER_PAGE

    def rest_of_line(self, start: int, end: int) -> tuple[str, str]:
        """Return what stands before and after a span on its original line or in its cell."""
        low, high = self.span(start, end)
        text = self.part.text
        _, first, _ = self.line_of(low)
        _, _, last = self.line_of(high)
        cell = getattr(self.part.places, "cell", None)  # where only blanks or bars part the cells
        bounds = cell(low) if cell else None
        if bounds and high <= bounds[1]:
            return text[bounds[0] : low], text[high : bounds[1]]
        tab = text.find("\t", high, last)
        return text[text.rfind("\t", first, low) + 1 or first : low], text[
            high : tab if tab >= 0 else last
        ]

    def is_inside(self, start: int, end: int, kind: Inside) -> bool:
        """Return whether a span is wrapped on its line the way a mere mention is."""
        low, high = self.line(start, end)
        if kind is Inside.URL:
            line = self.text[low:high]
            found = re.finditer(URL, line)
            return any(m.start() + low <= start and end <= m.end() + low for m in found)
        opening, closing = PAIRS[kind]
        before, after = self.text[low:start], self.text[end:high]
        opened = max(before.rfind(c) for c in opening)
        if opened >= 0 and opened > max(before.rfind(c) for c in closing):
            shut = min((at for c in closing if (at := after.find(c)) >= 0), default=-1)
            reopened = min((at for c in opening if (at := after.find(c)) >= 0), default=high)
            return 0 <= shut <= reopened
        return kind is Inside.QUOTES and before.count('"') % 2 == 1 and '"' in after

    def crosses_badly(self, start: int, end: int) -> bool:
        """Return whether a span spans a closed-up gap between two words it takes only parts of.

        ``目标 底数`` does not hold 标底, ``内部 资料`` does hold 内部资料.
        """
        if self.folded.break_in(start, end) is None:
            return False
        return not (self.is_edge(start) or self.is_edge(end))

    def is_edge(self, offset: int) -> bool:
        """Return whether a word ends or begins at a folded offset as the original has it."""
        if offset in (0, len(self.text)):
            return True
        if not (self.text[offset - 1].isalnum() and self.text[offset].isalnum()):
            return True
        index = bisect_left(self.folded.breaks, offset)
        return index < len(self.folded.breaks) and self.folded.breaks[index] == offset


def first_said(text: str, words: tuple[str, ...], said: set[str] | None) -> str:
    """Return the first of some words that a text holds; ``said`` are those it does, if known."""
    if said is None:
        return first_in(text, words)
    return next((word for word in words if word in said), "")


def first_in(text: str, words: Iterable[str]) -> str:
    """Return the first of some words that a text holds, or an empty string."""
    return next((word for word in words if word in text), "")


def found_in(text: str, near: Near) -> str:
    """Return what a group of context words, or its pattern, finds in a text."""
    word = first_in(text, near.words)
    if word or not near.regex:
        return word
    match = compiled(near.regex).search(text)
    return match[0] if match else ""


@lru_cache(maxsize=512)
def compiled(regex: str) -> re.Pattern[str]:
    """Return a compiled pattern of a condition."""
    return re.compile(regex)


def titles_of(part: Part) -> tuple[str, ...]:
    """Return the distinct row and column titles that places of a part carry, folded."""
    places = part.places
    if isinstance(places, PlaceIndex):
        titles = {title for place in places.places for title in place.headers}
        return tuple(map(fold_characters, titles))
    titles_by_column = getattr(places, "titles", None)
    if isinstance(places, Grid) or isinstance(titles_by_column, dict):
        rows = (" ",) if getattr(places, "row_titles", False) else ()
        values = titles_by_column.values() if titles_by_column else ()
        return (*rows, *map(fold_characters, values))
    return (" ",) if titles_by_column is None else tuple(map(fold_characters, titles_by_column))
