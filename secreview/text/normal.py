"""Fold a text to the form rules are written in, with an exact map back to the original.

Ordinary text is returned as the same object after one search for characters that may be part of
a disguise. Only lines that hold such a character are taken apart (see ``repair``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from secreview.text.folds import (
    BLANK,
    CHINESE_DIGITS,
    DIGIT_LIKE,
    HANZI,
    INVISIBLE,
    LIGATURES,
    TOKEN,
    fold_table,
)
from secreview.text.repair import FULL_LINE, Stretch, repair

ASTRAL = "\U0001d400-\U0001d7ff\U0001f31f"  # as ranges: single astral characters slow a class down
SPLITS = "|".join(  # where a separator between digits may cut an identifier: sizes of its groups
    (
        r"(?<=1[3-9][0-9].)(?<![0-9]....)(?=[0-9]{4})",  # mobile 3-4-4, 3-8
        r"(?<=1[3-9][0-9]{5}.)(?<![0-9].{8})(?=[0-9]{4}(?![0-9]))",  # mobile 7-4
        r"(?<=1[3-9][0-9]{3}.)(?<![0-9].{6})(?=[0-9]{6}(?![0-9]))",  # mobile 5-6
        r"(?<=[0-9]{4}.)(?=[0-9]{4}[^0-9][0-9]{4}[^0-9][0-9]{1,4}(?![0-9]))",  # card in fours
        r"(?<=[0-9]{6}.)(?=[0-9]{4})",  # identity number 6-8-4, 6-4-4-4
        r"(?<=[0-9]{9}.)(?=[0-9])",
        r"(?=[0-9]{9})",
        r"(?<![0-9]..)(?=[0-9][^0-9][0-9][^0-9][0-9](?![0-9]))",  # spelled out
    )
)
SMALL = 1 << 14  # up to here a set test is cheaper than compiling the probe


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of the folded text from ``start`` on that come from ``origin`` on.

    ``stretch`` gives the source of each character where that is not one to one.
    """

    start: int
    origin: int
    stretch: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back; ``breaks`` are offsets where short lines were joined."""

    text: str
    original: str
    runs: Sequence[Run] = ()
    breaks: Sequence[int] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that folded[start:end] comes from."""
        if not self.runs:
            return start, end
        if start >= end:
            origin = self.origin(start) if start < len(self.text) else len(self.original)
            return origin, origin
        return self.origin(start), self.origin_end(end - 1)

    def origin(self, offset: int) -> int:
        """Return the original offset at which the character at a folded offset starts."""
        run = self.run_at(offset)
        if run is None:
            return offset
        if run.stretch is None:
            return run.origin + offset - run.start
        return run.stretch.starts[offset - run.start]

    def origin_end(self, offset: int) -> int:
        """Return the original offset at which the character at a folded offset ends."""
        run = self.run_at(offset)
        if run is None:
            return offset + 1
        if run.stretch is None:
            return run.origin + offset - run.start + 1
        return run.stretch.ends[offset - run.start]

    def run_at(self, offset: int) -> Run | None:
        """Return the run that holds a folded offset."""
        index = bisect_right(self.runs, offset, key=lambda run: run.start) - 1
        return self.runs[index] if index >= 0 else None

    def break_in(self, start: int, end: int) -> int | None:
        """Return the first joined line end strictly inside a span, or None."""
        index = bisect_right(self.breaks, start)
        if index < len(self.breaks) and self.breaks[index] < end:
            return self.breaks[index]
        return None


def fold(text: str) -> Folded:
    """Return the folded text; its ``text`` is the same object when there is nothing to fold."""
    if len(text) <= SMALL and suspects().isdisjoint(text):
        return Folded(text, text)
    joins: list[tuple[int, int]] = []
    dirty: list[tuple[int, int]] = []
    for match in probe().finditer(text):
        if match["join"] is not None:
            joins.append(match.span())
        else:
            mark_line(text, match.start(), dirty)
    if not joins and not dirty:
        return Folded(text, text)
    return assemble(text, joins, dirty)


def mark_line(text: str, offset: int, dirty: list[tuple[int, int]]) -> None:
    """Add the line that holds an offset (two lines for a line end) to the dirty regions."""
    if dirty and offset < dirty[-1][1]:
        return
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset + 1)
    end = len(text) if end < 0 else end
    if dirty and start <= dirty[-1][1] + 1 and text[offset] == "\n":
        start = dirty.pop()[0]
    dirty.append((start, end))


def assemble(text: str, joins: list[tuple[int, int]], dirty: list[tuple[int, int]]) -> Folded:
    """Return the folded text made of clean stretches, closed-up line ends and repaired lines."""
    pieces: list[str] = []
    runs: list[Run] = []
    breaks: list[int] = []
    at = size = 0
    for start, end, is_dirty in merged(joins, dirty):
        if start > at:
            pieces.append(text[at:start])
            runs.append(Run(size, at))
            size += start - at
        if is_dirty:
            stretch = repair(text[start:end], start)
            pieces.append(stretch.text)
            if stretch.text:
                runs.append(Run(size, start, stretch))
            breaks.extend(size + offset for offset in stretch.breaks)
            size += len(stretch.text)
        elif text.count("\n", start, end) > 1:
            pieces.append(text[start:end])
            runs.append(Run(size, start))
            size += end - start
        elif is_short_line(text, start, end):
            breaks.append(size)
        at = end
    if at < len(text):
        pieces.append(text[at:])
        runs.append(Run(size, at))
    return Folded("".join(pieces), text, runs, breaks)


def merged(
    joins: list[tuple[int, int]], dirty: list[tuple[int, int]]
) -> list[tuple[int, int, bool]]:
    """Return dirty regions and the joins outside them, in order, without overlap."""
    regions: list[tuple[int, int, bool]] = []
    for start, end in dirty:
        if regions and start <= regions[-1][1]:
            regions[-1] = (regions[-1][0], max(end, regions[-1][1]), True)
        else:
            regions.append((start, end, True))
    edges = [start for start, _, _ in regions]
    for start, end in joins:
        index = bisect_right(edges, start) - 1
        is_inside = index >= 0 and start < regions[index][1]
        reaches_next = index + 1 < len(edges) and end > edges[index + 1]
        if not is_inside and not reaches_next:
            regions.append((start, end, False))
    regions.sort()
    return regions


def is_short_line(text: str, start: int, end: int) -> bool:
    """Return whether the line or word before a closed-up gap was ended on purpose."""
    before = max(text.rfind(c, max(0, start - 80), start) for c in " \n\u3000") + 1
    if start - before <= 1 or end + 1 >= len(text) or text[end + 1].isspace():
        return False
    if "\n" not in text[start:end]:
        return True
    return start - (text.rfind("\n", 0, start) + 1) < FULL_LINE


@lru_cache(maxsize=1)
def suspects() -> frozenset[str]:
    """Return the characters without which a short text cannot be disguised."""
    invisible = {chr(c) for a, b in ranges(INVISIBLE) for c in range(a, b + 1)}
    blank = {chr(c) for a, b in ranges(BLANK) for c in range(a, b + 1)}
    marks = set("\n\r-–—·.OoIl|")
    return frozenset({*fold_table(), *invisible, *blank, *marks, *CHINESE_DIGITS, *LIGATURES})


def ranges(spec: str) -> list[tuple[int, int]]:
    """Return the code-point ranges of a character-class body."""
    found = re.findall(r"(.)-(.)|(.)", spec, re.DOTALL)
    return [(ord(a or c), ord(b or c)) for a, b, c in found]


@lru_cache(maxsize=1)
def probe() -> re.Pattern[str]:
    """Return the one pattern that stops at whatever may be part of a disguise.

    It begins with a single character class, which is what makes the search loop tight.
    """
    table = "".join(c for c in fold_table() if c < "\U00010000")
    special = f"{table}{ASTRAL}{INVISIBLE}{''.join(LIGATURES)}"
    chinese = "".join(CHINESE_DIGITS)
    blank = f"{BLANK}\r\n"
    return re.compile(
        rf"[{special}{chinese}{blank}\-–—OoIl|](?:"
        rf"(?<=[{blank}])(?:"
        rf"(?<=[{HANZI}].)(?P<join>[{blank}]{{0,40}}(?=[{HANZI}]))"
        rf"|(?<=[{TOKEN}].)(?<![{TOKEN}]..)(?=[{BLANK}]?[{TOKEN}](?![{TOKEN}])))"
        rf"|(?<=\n)(?:(?<=[0-9]{{6}}\n)|(?<=[0-9]\n)(?=[{BLANK}]{{0,8}}[0-9]{{6}}))"
        rf"(?=[{BLANK}]{{0,8}}[0-9]{{1,17}}[Xx]?(?![0-9\t,.]))"
        rf"|(?<=[{special}])"
        rf"|(?<=[{chinese}])(?:(?=[{DIGIT_LIKE}]{{6}})|(?<=[{DIGIT_LIKE}]{{7}})"
        rf"|(?<=[{DIGIT_LIKE}]{{4}})(?=[{DIGIT_LIKE}]{{3}}))"
        rf"|(?<=[OoIl|])(?:(?<=[0-9].)(?=[0-9OoIl|]{{2}})|(?<=[0-9]{{4}}.))"
        rf"|(?<=[{BLANK}\-–—])(?<=[0-9].)(?:{SPLITS})"
        r")",
        re.DOTALL,
    )
