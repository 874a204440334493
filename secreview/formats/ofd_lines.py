"""The runs of an OFD page as lines in reading order; columns of cells know their titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from secreview.formats.lines import Lines
from secreview.formats.ofd_pieces import BLANK, WIDE
from secreview.formats.ofd_runs import Run
from secreview.formats.titles import LOOK, Row, Titles, tidy, titles
from secreview.formats.whole_words import whole_words
from secreview.model import Place, Step, Unit

SAME_LINE = 0.35  # of the size: base lines that belong together
TWICE = 0.4  # of the size: the same text again, to make it look bold
LABEL = 20  # characters before a hidden text that may name it
NEAR_EDGE = 3  # lines from the edge of a page where a table may go on
TOP = 10  # rows that may hold the titles
MANY = 100  # columns of no table that people read


class Cell(NamedTuple):
    """A stretch of a line without a wide gap."""

    text: str
    left: float
    right: float


class Hidden(NamedTuple):
    """A hidden stretch of a line, whole words, and what stands before it."""

    text: str
    label: str


def rows_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Return the runs of a page by base line, from top to bottom and left to right."""
    runs = list(runs)
    lines: list[list[Run]] = []
    base = size = 0.0
    for run in sorted((run for run in runs if run.is_level), key=lambda run: run.base):
        if lines and run.base - base <= SAME_LINE * min(run.size, size):
            lines[-1].append(run)
            continue
        lines.append([run])
        base, size = run.base, run.size
    for line in lines:
        line.sort(key=lambda run: (run.box.left, run.order))
    lines += [[run] for run in runs if not run.is_level]
    lines.sort(key=lambda line: line[0].base)
    return lines


def glue(before: Run, run: Run) -> str:
    """Return what stands between two runs of a line: nothing, a blank, or a tab."""
    size = max(before.size, run.size)
    gap = run.box.left - before.box.right
    if gap > WIDE * size:
        return "\t"
    if before.text[-1:].isspace() or run.text[:1].isspace():
        return ""
    return " " if gap > BLANK * size or gap < -0.5 * size else ""


def single(line: Sequence[Run]) -> Iterator[Run]:
    """Yield the runs of a line without those that are drawn twice."""
    last: Run | None = None
    for run in line:
        again = last is not None and last.text == run.text and last.is_hidden == run.is_hidden
        if again and last and abs(run.box.left - last.box.left) < TWICE * run.size:
            continue
        last = run
        yield run


def cells_of(line: Sequence[Run]) -> list[Cell]:
    """Return the visible cells of a line."""
    groups: list[list[Run]] = []
    chunks: list[list[str]] = []
    before: Run | None = None
    for run in single([run for run in line if not run.is_hidden]):
        between = glue(before, run) if before else "\t"
        if between == "\t":
            groups.append([])
            chunks.append([])
            between = ""
        groups[-1].append(run)
        chunks[-1].append(between + run.text.replace("\t", " ").replace("\n", " "))
        before = run
    cells = (
        Cell("".join(texts).strip(), runs[0].box.left, max(run.box.right for run in runs))
        for texts, runs in zip(chunks, groups, strict=True)
    )
    return [cell for cell in cells if cell.text]


def hidden_of(line: Sequence[Run]) -> Iterator[Hidden]:
    """Yield the hidden stretches of a line, extended over the words that they cut apart."""
    chunks: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    before: Run | None = None
    for run in single(line):
        between = glue(before, run) if before else ""
        start = at + len(between)
        at = start + len(run.text)
        if run.is_hidden and before is not None and before.is_hidden:
            spans[-1] = (spans[-1][0], at)
        elif run.is_hidden:
            spans.append((start, at))
        chunks += (between, run.text)
        before = run
    text = "".join(chunks)
    for low, high in whole_words(text, spans):
        label = tidy(text[max(0, low - LABEL) : low].rpartition("\t")[2])
        yield Hidden(text[low:high], label)


class Table(NamedTuple):
    """Neighbouring lines of cells: the columns of its fullest line and the titles found."""

    columns: Sequence[Cell]
    titles: Titles
    start: int
    end: int


@dataclass(slots=True)
class Told:
    """Pages told so far: the table at the end of the last one may go on."""

    table: Table | None = None
    index: dict[int, Table] = field(default_factory=dict)

    def page(self, lines: Sequence[list[Cell]], body: Lines, place: Place) -> None:
        """Append the lines of a page to a part."""
        tables = list(self.tables(lines))
        self.table = tables[-1] if tables and tables[-1].end > len(lines) - NEAR_EDGE else None
        at = {n: table for table in tables for n in range(table.start, table.end)}
        for number, cells in enumerate(lines):
            steps = (*place.steps, Step(Unit.LINE, number + 1))
            here = Place(steps, place.page)
            table = at.get(number)
            if table is None or not cells or len(cells) > MANY:
                body.add("\t".join(cell.text for cell in cells), here)
                continue
            row = placed(cells, table.columns)
            for nth, (_, text) in enumerate(row):
                headers = table.titles.of(number - table.start, row, nth)
                body.mark(Place(steps, place.page, headers))
                body.raw(text + ("\n" if nth + 1 == len(row) else "\t"))

    def tables(self, lines: Sequence[list[Cell]]) -> Iterator[Table]:
        """Yield the tables of a page; one at its top may go on from the page before."""
        for start, end in blocks(lines):
            rows = [cells[:MANY] for cells in lines[start:end]]
            columns: Sequence[Cell] = max(rows[:TOP], key=len)
            found = titles([placed(cells, columns) for cells in rows[:LOOK]])
            last = self.table
            is_bare = not (found.is_form or found.columns)
            if last and last.titles.columns and is_bare and start < NEAR_EDGE:
                columns = last.columns
                found = Titles(last.titles.columns, -1, last.titles.has_row_titles)
            yield Table(columns, found, start, end)


def blocks(lines: Sequence[list[Cell]]) -> Iterator[tuple[int, int]]:
    """Yield start and end of the stretches of lines with cells; one line may wrap in between."""
    start, last = -1, -1
    for number, cells in enumerate((*lines, [], [])):
        if len(cells) > 1:
            start = number if start < 0 else start
            last = number
        elif start >= 0 and number > last + 1:
            if last > start:
                yield start, last + 1
            start = -1


def placed(cells: Sequence[Cell], columns: Sequence[Cell]) -> Row:
    """Return the cells of a line with the 1-based columns under which they stand."""
    row: list[tuple[int, str]] = []
    at = 0
    for cell in cells:
        best = max(range(len(columns)), key=lambda n: overlap(cell, columns[n]), default=0)
        at = max(at + 1, best + 1)
        row.append((at, cell.text))
    return row


def overlap(cell: Cell, column: Cell) -> float:
    """Return how far two stretches of a line overlap; below zero it is their distance."""
    return min(cell.right, column.right) - max(cell.left, column.left)
