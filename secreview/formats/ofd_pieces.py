"""Text codes of OFD pages as pieces of characters; their spacing decides about blanks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import median
from typing import NamedTuple

from lxml import etree

from secreview.formats.ofd_geometry import deltas, number

BLANK = 0.35  # of the size: a gap that reads as a blank
WIDE = 2.0  # of the size: a gap that parts two cells
STRETCHED = 1.5  # of the size: letters that stand apart evenly are one word
BACK = -0.1  # of the size: a step back
RISE = 0.3  # of the size: a step up or down
NARROW = frozenset("iljtfrI.,;:'!|()[]{}`-\"")
BROAD = frozenset("mwMW@%&")


class Piece(NamedTuple):
    """Characters of a text code without a jump between them, in the space of their object."""

    text: str
    edges: list[float]
    y: float
    is_stacked: bool = False
    fall: float = 0.0  # how far a text code that runs down the page goes
    is_level: bool = True


def pieces_of(
    codes: Iterable[etree._Element], size: float, scale: float, *, is_back: bool
) -> Iterator[Piece]:
    """Yield the pieces of the text codes of a text object."""
    x = y = 0.0
    for code in codes:
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        text = code_text(code)
        if not text:
            continue
        across = deltas(code.get("DeltaX"), len(text))
        down = deltas(code.get("DeltaY"), len(text))
        if is_back or (any(down) and not any(across)):
            ends = [x, x + (sum(across) or size)]
            yield Piece(text, ends, y, fall=sum(down), is_level=False)
        else:
            widths = [width(character) * size * scale for character in text]
            yield from level_pieces(text, (x, y), Advances(widths, across, down, size))


def code_text(code: etree._Element) -> str:
    """Return the characters of a text code without the line ends of pretty printing."""
    text = (code.text or "") if not len(code) else "".join(map(str, code.itertext()))
    return text.strip() if "\n" in text else text


def width(character: str) -> float:
    """Return about how wide a character is, as a share of the size.

    >>> width("中"), width("5"), width("i")
    (1.0, 0.55, 0.3)
    """
    if character > "\u2e7f":
        return 0.5 if "\uff61" <= character <= "\uffdc" else 1.0
    if character in NARROW:
        return 0.3
    if character in BROAD:
        return 0.85
    return 0.68 if character.isupper() else 0.55


class Advances(NamedTuple):
    """How far the characters of a text code move on: as they are wide, and as they are told to."""

    widths: list[float]
    across: list[float]
    down: list[float]
    size: float

    def step(self, index: int) -> float:
        """Return the advance after a character."""
        return self.across[index] if index < len(self.across) else self.widths[index]

    def rise(self, index: int) -> float:
        """Return the move up or down after a character."""
        return self.down[index] if index < len(self.down) else 0.0

    def slack(self) -> float:
        """Return by how much letters stand apart all along."""
        known = min(len(self.across), len(self.widths) - 1)
        if known < 1:
            return 0.0
        usual = median(self.across[i] - self.widths[i] for i in range(known))
        return max(-0.5 * self.size, min(STRETCHED * self.size, usual))

    def are_stacked(self) -> bool:
        """Return whether the characters stand on top of one another, where nobody reads them."""
        count = len(self.widths) - 1
        if count < 2 or len(self.across) < count:
            return False
        return all(abs(step) < 0.1 * self.size for step in (*self.across, *self.down))


def level_pieces(text: str, start: tuple[float, float], moves: Advances) -> Iterator[Piece]:
    """Yield the characters of a level text code, parted at jumps, with blanks at gaps."""
    x, y = start
    size, slack, is_stacked = moves.size, moves.slack(), moves.are_stacked()
    chunk: list[str] = []
    edges: list[float] = []
    for index, character in enumerate(text):
        chunk.append(character)
        edges.append(x)
        step, rise = moves.step(index), moves.rise(index)
        end = x + moves.widths[index]
        extra = step - moves.widths[index] - slack
        x, y_next = x + step, y + rise
        is_last = index + 1 == len(text)
        jumps = step < BACK * size or abs(rise) > RISE * size or extra > WIDE * size
        if is_last or (jumps and not is_stacked):
            yield Piece("".join(chunk), [*edges, end], y, is_stacked)
            chunk, edges = [], []
        elif extra > BLANK * size and not (character.isspace() or text[index + 1].isspace()):
            chunk.append(" ")
            edges.append(end)
        y = y_next
