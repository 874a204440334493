"""A page as rows of cells, before it becomes a Word document, a web page or lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from secreview.outputs.words import harmless

TICKED, EMPTY = "☑", "□"


class Look(StrEnum):
    """What a cell is to the eye."""

    TEXT = "text"
    LABEL = "label"  # names the cell beside it
    HEAD = "head"  # names a column
    TITLE = "title"  # names the rows below
    NUMBER = "number"
    OPINION = "opinion"  # its last line is the signature


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``span`` counts columns, ``down`` rows; line ends in ``text`` are kept."""

    text: str = ""
    look: Look = Look.TEXT
    span: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells; ``height`` is the least height in millimetres."""

    cells: tuple[Cell, ...]
    height: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that share columns; ``widths`` are their shares of the page."""

    widths: tuple[int, ...]
    lines: tuple[Line, ...]

    def placed(self) -> Iterator[list[tuple[int, Cell]]]:
        """Yield the cells of each row with the column they start in, past those from above."""
        taken = [0] * len(self.widths)  # rows for which a cell from above still fills a column
        for line in self.lines:
            row: list[tuple[int, Cell]] = []
            at = 0
            for cell in line.cells:
                while taken[at]:
                    at += 1
                row.append((at, cell))
                at += cell.span
            taken = [max(0, rows - 1) for rows in taken]
            for start, cell in row:
                taken[start : start + cell.span] = [cell.down - 1] * cell.span
            yield row


@dataclass(frozen=True, slots=True)
class Page:
    """A titled page: a line above the tables, the tables, small remarks below them.

    ``points`` is the size of the text in the tables.
    """

    title: str
    lead: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    points: float = 10


def labelled(*pairs: tuple[str, str, int], height: int = 0) -> Line:
    """Return a row of labels, each with a cell beside it that spans some columns."""
    cells: list[Cell] = []
    for label, text, span in pairs:
        cells += [Cell(label, Look.LABEL), Cell(clean(text), Look.TEXT, span)]
    return Line(tuple(cells), height)


def ticks(choices: Sequence[str], chosen: Sequence[str]) -> str:
    """Return boxes to tick, those chosen ticked.

    >>> ticks(("是", "否"), ("否",))
    '□是　☑否'
    """
    return "　".join(f"{TICKED if choice in chosen else EMPTY}{choice}" for choice in choices)


def clean(text: str) -> str:
    """Return text that no writer chokes on: harmless, line ends kept."""
    return "\n".join(harmless(line) for line in text.replace("\r", "\n").split("\n"))


def short(text: str, most: int) -> str:
    """Return text in one line, cut to so many characters.

    >>> short("一二三四五", 4)
    '一二三…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
