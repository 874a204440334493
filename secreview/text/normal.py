"""Fold a text to the form rules are written in, with an exact map back to the original.

Ordinary text is returned as the same object after one search for characters that may be part of
a disguise. Only lines that hold such a character are taken apart (see ``repair``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from secreview.text.chains import INDENT, PAGE, page_lines
from secreview.text.folds import (
    BLANK,
    CHINESE_DIGITS,
    CIRCLED,
    DIGIT_LIKE,
    HANZI,
    INVISIBLE,
    LIGATURES,
    MARKS,
    SPELLED,
    fold_table,
)
from secreview.text.repair import FULL_LINE, Stretch, is_cell_gap, repair

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
Region = tuple[int, int, bool]  # a gap to close up, or (True) a line to repair
RARE = (  # each begins with one letter, which is found at memory speed
    re.compile(r"\t[0-9](?:\t[0-9]){8}"),  # a digit to a cell
    re.compile(r"\.[0-9]{4}\.[0-9]{4}(?![0-9])"),  # mobile 3-4-4
    re.compile(r"·[0-9]{4}·[0-9]{4}(?![0-9])"),  # the same
    re.compile(r"\.[0-9]{4}\.[0-9]{4}\.[0-9]"),  # card in fours
    re.compile(r"\.[0-9]{8}\.?[0-9]{3}"),  # identity number 6-8-4
    re.compile(rf"\.[ ]?{HANZI}[ ]?\.[ ]?{HANZI}"),  # a word with dots in it
    re.compile(r"@(?:(?<=[ ].)|(?=[ ]))[ ]?[A-Za-z0-9]"),  # an address spaced out
    re.compile(r"艾特[ ]?[A-Za-z0-9]"),  # or spelled
    # a mobile number on two lines, 4-4-3
    re.compile(r"\n(?<=1[3-9][0-9]{2}\n)[0-9]{4}[ -]?[0-9]{3}(?![0-9])"),
    re.compile(r"\(at\)"),
    re.compile(r"\.[A-Za-z0-9][._][A-Za-z0-9][._][A-Za-z0-9][._]"),  # an account with dots in it
    re.compile(r"\[at\]"),
)
AS_ZERO = bytes.maketrans(b"123456789", b"000000000")
HYPHENS = "-–—"
SMALL = 1 << 14  # up to here a set test is cheaper than compiling the probe


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back to its original.

    Characters from ``starts[i]`` on come from ``origins[i]`` on, one by one, unless
    ``stretches[i]`` gives the source of each. ``breaks`` are the offsets where short lines or words
    were closed up.
    """

    text: str
    original: str
    starts: Sequence[int] = ()
    origins: Sequence[int] = ()
    stretches: Mapping[int, Stretch] = field(default_factory=dict)
    breaks: Sequence[int] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that folded[start:end] comes from."""
        if not self.starts:
            return start, end
        if start >= end:
            origin = self.source(start)[0] if start < len(self.text) else len(self.original)
            return origin, origin
        index = bisect_right(self.starts, start) - 1
        is_last = index + 1 == len(self.starts)
        if index not in self.stretches and (is_last or end <= self.starts[index + 1]):
            shift = self.origins[index] - self.starts[index] if index >= 0 else 0
            return start + shift, end + shift
        return self.source(start)[0], self.source(end - 1)[1]

    def source(self, offset: int) -> tuple[int, int]:
        """Return the span of the original that one folded character comes from."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return offset, offset + 1
        within = offset - self.starts[index]
        stretch = self.stretches.get(index)
        if stretch is None:
            origin = self.origins[index] + within
            return origin, origin + 1
        return stretch.starts[within], stretch.ends[within]

    def ends_line(self, offset: int) -> bool:
        """Return whether what was closed up at a break held a line end, not blanks alone."""
        gap = self.original[self.source(offset - 1)[1] : self.source(offset)[0]]
        return "\n" in gap or "\r" in gap

    def break_in(self, start: int, end: int) -> int | None:
        """Return the first closed-up gap strictly inside a span, or None."""
        index = bisect_right(self.breaks, start)
        if index < len(self.breaks) and self.breaks[index] < end:
            return self.breaks[index]
        return None


def fold(text: str) -> Folded:
    """Return the folded text; its ``text`` is the same object when there is nothing to fold."""
    has_special = True
    if len(text) <= SMALL:
        has_special = not specials().isdisjoint(text)
        if not has_special and "\t" not in text and suspects().isdisjoint(text):
            return Folded(text, text)
    regions: list[Region] = []
    clean_from = 0
    for match in stops(text, has_special):
        start = match.start()
        if start < clean_from:
            continue
        if match.lastgroup:
            if not is_cell_gap(text, start, match.end()):
                regions.append((start, match.end(), False))
        else:
            clean_from = add_line(text, start, regions)
    return assemble(text, regions) if regions else Folded(text, text)


def stops(text: str, has_special: bool) -> Iterator[re.Match[str]]:
    """Return what may be part of a disguise, in order."""
    is_ascii = text.isascii()
    found = probe(has_special and not is_ascii).finditer(text)
    rares = RARE[1:] if is_ascii and not has_digit_cells(text) else RARE
    others = [rare.finditer(text) for rare in rares if rare.search(text)]
    if others:
        return iter(sorted(chain(found, *others), key=re.Match.start))
    return found


def has_digit_cells(text: str) -> bool:
    """Return whether an ASCII text may have a digit to a cell: a look at memory speed."""
    return b"\t0" * 9 in text.encode("ascii").translate(AS_ZERO)


def add_line(text: str, offset: int, regions: list[Region]) -> int:
    """Add the line that holds an offset (two lines for a line end); return where it ends.

    The line takes the place of the gaps in it and is joined to a line to repair just before it.
    """
    if text[offset] in HYPHENS and text.startswith(("\n", "\r\n"), offset + 1):
        offset += 1
    offset += text.startswith("\r\n", offset)
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset + 1)
    if end >= 0 and runs_on(text, offset, end):
        end = text.find("\n", end + 1)
    end = len(text) if end < 0 else end
    while regions and not regions[-1][2] and regions[-1][1] > start:
        regions.pop()
    if regions and regions[-1][2] and regions[-1][1] >= start - (text[offset] == "\n"):
        start = regions.pop()[0]
    regions.append((start, end, True))
    return end


def assemble(text: str, regions: list[Region]) -> Folded:
    """Return the folded text made of clean stretches, closed-up gaps and repaired lines."""
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    stretches: dict[int, Stretch] = {}
    breaks: list[int] = []
    at = size = 0
    for start, end, is_line in (*regions, (len(text), len(text), False)):
        if start > at:
            pieces.append(text[at:start])
            starts.append(size)
            origins.append(at)
            size += start - at
        if is_line:
            stretch = repair(text[start:end], start)
            if stretch.text:
                pieces.append(stretch.text)
                stretches[len(starts)] = stretch
                starts.append(size)
                origins.append(start)
            breaks.extend(size + offset for offset in stretch.breaks)
            size += len(stretch.text)
        elif start < end and is_short_line(text, start, end):
            breaks.append(size)
        at = end
    return Folded("".join(pieces), text, starts, origins, stretches, breaks)


def is_short_line(text: str, start: int, end: int) -> bool:
    """Return whether the line or word before a closed-up gap was ended on purpose."""
    line = text.rfind("\n", 0, start) + 1
    if start - line >= FULL_LINE and (text[start] == "\n" or "\n" in text[start:end]):
        return False  # wrapped
    if start - line <= 1 or end + 1 >= len(text):
        return False
    return not (text[end + 1].isspace() or text[start - 2].isspace())


def runs_on(text: str, offset: int, end: int) -> bool:
    """Return whether a number may go on over a line end: behind a page number, or behind digits."""
    is_line_end = text[offset] == "\n"
    if is_line_end and page_lines().match(text, offset):
        return True
    line = text[max(0, end - 3) : end].rstrip("\r")
    is_hyphened = line[-1:] in HYPHENS
    if is_line_end and not is_hyphened:  # one line more is looked at already
        return False
    goes_on = text[end + 1 : end + 1 + INDENT].lstrip()[:1].isdigit()
    return goes_on and line.rstrip(HYPHENS)[-1:].isdigit()


@lru_cache(maxsize=1)
def specials() -> frozenset[str]:
    """Return the characters that fold wherever they stand."""
    invisible = {chr(c) for a, b in ranges(INVISIBLE) for c in range(a, b + 1)}
    return frozenset({*fold_table(), *invisible, *LIGATURES})


@lru_cache(maxsize=1)
def suspects() -> frozenset[str]:
    """Return the other characters that may be part of a disguise."""
    blank = {chr(c) for a, b in ranges(BLANK) for c in range(a, b + 1)}
    return frozenset({*blank, *CHINESE_DIGITS, *"\n\r-–—·.OoIl|([艾", *MARKS})


def ranges(spec: str) -> list[tuple[int, int]]:
    """Return the code-point ranges of a character-class body."""
    found = re.findall(r"(.)-(.)|(.)", spec, re.DOTALL)
    return [(ord(a or c), ord(b or c)) for a, b, c in found]


@lru_cache(maxsize=2)
def probe(has_special: bool) -> re.Pattern[str]:
    """Return the one pattern that stops at whatever may be part of a disguise.

    It begins with a single character class, which is what makes the search loop tight. The class
    of ``specials`` takes long to compile; for a text that has none it is left out.
    """
    special = "\ufeff"
    if has_special:
        table = "".join(c for c in fold_table() if c < "\U00010000")
        special = f"{table}{ASTRAL}{INVISIBLE}{''.join(LIGATURES)}"
    chinese = "".join(CHINESE_DIGITS)
    blank = f"{BLANK}\r\n"
    gap = (
        rf"(?P<join>(?:(?<=\n)[{BLANK}]{{0,40}}"
        rf"|(?<!\n)[{BLANK}]{{0,40}}(?:\r?\n[{BLANK}]{{0,40}})?)(?={HANZI}))"
    )
    page = rf"(?:{PAGE}\r?\n[{BLANK}]{{0,{INDENT}}})?"
    wrapped_number = (
        rf"(?:(?<=\n)|(?<=\r)(?=\n))"
        rf"(?:(?<=[0-9]{{6}}.)|(?=\n?[{BLANK}]{{0,{INDENT}}}{page}[0-9]{{6}}))"
        rf"(?=\n?[{BLANK}]{{0,{INDENT}}}{page}[0-9]{{1,17}}[Xx]?(?![0-9\t,.]))"
    )
    hyphened = rf"(?<=[0-9]{{4}}[-–—])(?=\r?\n[{BLANK}]{{0,{INDENT}}}[0-9]{{3}})"
    spelled_out = rf"(?<![\r\n])(?<!{SPELLED}..)(?=[{BLANK}]?{SPELLED}(?!{SPELLED}))"
    split_number = rf"(?<=[{BLANK}\-–—])(?:{SPLITS})"
    other_digits = (
        rf"(?<=[{chinese}])(?:(?=[{DIGIT_LIKE}]{{6}})|(?<=[{DIGIT_LIKE}]{{7}})"
        rf"|(?<=[{DIGIT_LIKE}]{{4}})(?=[{DIGIT_LIKE}]{{3}})|(?<=[{CIRCLED}])(?=[{CIRCLED}]{{2}}))"
    )
    letter_digits = (
        r"(?<=[OoIl|])(?:(?<=[0-9].)(?=[0-9OoIl|]{2}|[-·. ][0-9OoIl|]{2}|[0-9][-·. ])"
        r"|(?<=[0-9]{4}.))"
    )
    one_mark = rf"(?<!{SPELLED}..){HANZI}(?!{SPELLED})"
    marked = rf"(?<=[{MARKS}])(?<={HANZI}.)(?={HANZI}[{MARKS}]{HANZI}|{one_mark})"
    return re.compile(
        rf"[{special}{chinese}{blank}\-–—OoIl{MARKS}](?:"
        rf"(?<=[{blank}])(?<=\w.|★.)"  # most blanks follow punctuation or another blank
        rf"(?:(?<={HANZI}.){gap}|(?<=[0-9].)(?:{split_number}|{wrapped_number})|{spelled_out})"
        rf"|(?<![{blank}])"
        rf"(?:{other_digits}|{marked}|{letter_digits}"
        rf"|(?<=[0-9].){split_number}|{hyphened}|(?<=[{special}])))",
        re.DOTALL,
    )
