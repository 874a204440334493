"""A document as it was read: paragraphs and tables, cut where findings begin and end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, takewhile
from typing import NamedTuple

from secreview.formats.flat import FlatTables
from secreview.formats.lines import Within
from secreview.formats.tabular import Rows, cell_spans
from secreview.model import SEVERITY_ORDER, Finding, Part, PartKind, Place, Step, Unit

MOST = 4_000_000  # characters of one document that are laid out
LINES = 40  # of running text that are laid out together
ROWS = 100  # of one table; a longer one goes on in a further table under the same titles
CONTAINERS = frozenset(
    {Unit.FILE, Unit.PAGE, Unit.SLIDE, Unit.SHEET, Unit.HEADER, Unit.FOOTER, Unit.TEXTBOX}
)
TABLED = frozenset({Unit.ROW, Unit.COLUMN, Unit.CELL})


class Piece(NamedTuple):
    """A stretch of text; of a finding (its number, -1 for none) the nth stretch, 0 the first.

    ``anchors`` are findings that begin here and lie wholly under others.
    """

    text: str
    finding: int = -1
    nth: int = 0
    anchors: tuple[int, ...] = ()


Cell = tuple[Piece, ...]


class Line(NamedTuple):
    """One line of running text."""

    pieces: Cell


class Row(NamedTuple):
    """One row of a table with its number in the document, 0 where it has none."""

    number: int
    cells: tuple[Cell, ...]


class Table(NamedTuple):
    """Rows of one table."""

    rows: tuple[Row, ...]


Block = Line | Table


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the document; ``whole`` are findings about all of it.

    ``left_out`` counts characters that are past what is laid out.
    """

    id: str
    kind: PartKind
    place: Place
    blocks: tuple[Block, ...]
    whole: tuple[int, ...] = ()
    left_out: int = 0


class Cuts:
    """Where the text of a part is cut, and which finding each stretch belongs to.

    Where findings overlap, a stretch belongs to the gravest of them, of equal ones the longest.
    """

    def __init__(self, spans: Iterable[tuple[int, int, int]], rank: Mapping[int, int]) -> None:
        """Take spans as (start, end, number of the finding) and how grave each finding is."""
        spans = sorted(spans)
        edges = sorted({edge for start, end, _ in spans for edge in (start, end)})
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.owners: list[int] = []
        active: list[tuple[int, int, int]] = []
        at = 0
        for low, high in pairwise(edges):
            active = [span for span in active if span[1] > low]
            while at < len(spans) and spans[at][0] <= low:
                active.append(spans[at])
                at += 1
            if active:
                best = max(active, key=lambda s: (rank[s[2]], s[1] - s[0], -s[2]))
                self.starts.append(low)
                self.ends.append(high)
                self.owners.append(best[2])
        shown = set(self.owners)
        under = sorted((start, number) for start, _, number in spans if number not in shown)
        self.under = under
        self.seen: Counter[int] = Counter()

    def pieces(self, text: str, low: int, high: int) -> Cell:
        """Return a stretch of the part's text in pieces; to be asked from front to back."""
        found, at = [], low
        for index in range(bisect_right(self.ends, low), len(self.starts)):
            start, end = max(self.starts[index], low), min(self.ends[index], high)
            if start >= high:
                break
            if start > at:
                found.append(Piece(text[at:start]))
            owner = self.owners[index]
            nth = self.seen[owner]
            self.seen[owner] += 1
            found.append(Piece(text[start:end], owner, nth, self.anchored(start, end)))
            at = end
        if at < high:
            found.append(Piece(text[at:high]))
        return tuple(found)

    def anchored(self, low: int, high: int) -> tuple[int, ...]:
        """Return the findings without a stretch of their own that begin here."""
        first = bisect_left(self.under, (low, -1))
        last = bisect_left(self.under, (high, -1))
        return tuple(number for _, number in self.under[first:last])


def sections(parts: Iterable[Part], findings: Mapping[int, Finding]) -> Iterator[Section]:
    """Yield the parts of a document as sections; findings come with the numbers they go by."""
    rank = {number: SEVERITY_ORDER[finding.severity] for number, finding in findings.items()}
    by_part: dict[str, list[int]] = {}
    for number, finding in findings.items():
        by_part.setdefault(finding.part, []).append(number)
    left = MOST
    for part in parts:
        numbers = by_part.get(part.id, [])
        spans = [(findings[n].start - part.start, findings[n].end - part.start, n) for n in numbers]
        whole = tuple(n for start, end, n in spans if is_whole(part, start, end, len(spans)))
        low, high = part.core or (0, len(part.text))
        cuts = Cuts((span for span in spans if span[2] not in whole), rank)
        end = min(high, low + left)
        blocks = tuple(blocks_of(part, cuts, low, end))
        left -= end - low
        if blocks or whole or high > end:
            place = container(part.place_at(0))
            name = part.id.rpartition("#")[0] if part.core else part.id  # a piece of a long text
            yield Section(name, part.kind, place, blocks, whole, high - end)


def container(place: Place) -> Place:
    """Return the place of a whole part: the file, page, sheet or box that a place lies in."""
    steps = takewhile(lambda step: step.unit in CONTAINERS, place.steps)
    return Place(tuple(steps), place.page)


def is_whole(part: Part, start: int, end: int, count: int) -> bool:
    """Return whether a finding is about a whole part rather than about a stretch of its text.

    One that covers all of a short part is shown as a stretch, unless others lie in it.
    """
    covers_all = start <= 0 and end >= len(part.text.rstrip())
    return end <= start or (covers_all and (count > 1 or "\n" in part.text))


def blocks_of(part: Part, cuts: Cuts, low: int, high: int) -> Iterator[Block]:
    """Yield the lines and tables of a part's text between two offsets."""
    inner = part
    while isinstance(inner.places, Within):  # a file inside the file has the same text
        inner = inner.places.inner
    match inner.places:
        case Rows() as table:
            lines = rows_of(table, low, high)
        case FlatTables() as tables:
            lines = flat_rows(tables, low, high)
        case _:
            lines = placed_rows(part, low, high)
    for key, group in groupby(lines, key=lambda line: line.table):
        rows = list(group)
        if key is None or all(len(row.cells) == 1 for row in rows):
            for start, end in (row.cells[0] for row in rows):
                if not part.text[start:end].isspace():
                    yield Line(cuts.pieces(part.text, start, end))
            continue
        found = [
            Row(row.number, tuple(cuts.pieces(part.text, a, b) for a, b in row.cells))
            for row in rows
        ]
        for first in range(0, len(found), ROWS):
            yield Table(tuple(found[first : first + ROWS]))


class Stretch(NamedTuple):
    """Offsets of the cells of one line, the table it is in (None outside) and its row number."""

    cells: tuple[tuple[int, int], ...]
    table: tuple[Step | int, ...] | None = None
    number: int = 0


def line_ends(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line between two offsets."""
    while low < high:
        end = text.find("\n", low, high)
        end = high if end < 0 else end
        if end > low:
            yield low, end
        low = end + 1


def placed_rows(part: Part, low: int, high: int) -> Iterator[Stretch]:
    """Yield the lines of a text whose places say which of them are rows, cells between tabs."""
    text = part.text
    for start, end in line_ends(text, low, high):
        place = part.places.at(start)
        if not place.steps or place.steps[-1].unit not in TABLED:
            yield Stretch(((start, end),))
            continue
        cells, at = [], start
        while (tab := text.find("\t", at, end)) >= 0:
            cells.append((at, tab))
            at = tab + 1
        yield Stretch((*cells, (at, end)), table_at(place), row_number(place))


def table_at(place: Place) -> tuple[Step | int, ...]:
    """Return what is the same for all rows of a table: the page and the steps that lead to it."""
    return place.page or 0, *(step for step in place.steps if step.unit not in TABLED)


def row_number(place: Place) -> int:
    """Return the number of the row of a place.

    >>> row_number(Place((Step(Unit.CELL, "AB12"),)))
    12
    """
    for unit, value in place.steps:
        if unit is Unit.ROW and isinstance(value, int):
            return value
        if unit is Unit.CELL:
            digits = str(value).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            return int(digits) if digits.isdecimal() else 0
    return 0


def rows_of(places: Rows, low: int, high: int) -> Iterator[Stretch]:
    """Yield the rows of a table that lies in the text with its delimiters and quotes."""
    text, delimiter = places.text, places.layout.delimiter
    first = places.starts[0] if places.starts else high
    for start, end in line_ends(text, low, min(first, high)):
        yield Stretch(((start, end),))
    for index, start in enumerate(places.starts):
        if start >= high:
            return
        spans = [(a, min(b, high)) for a, b in cell_spans(text, start, delimiter) if a < high]
        if any(b > a for a, b in spans):
            yield Stretch(tuple(spans), (0,), places.first_row + index)


def flat_rows(places: FlatTables, low: int, high: int) -> Iterator[Stretch]:
    """Yield the lines of a plain text; those in its tables in cells."""
    for start, end in line_ends(places.text, low, high):
        index = bisect_right(places.starts, start) - 1
        if index < 0 or start >= places.tables[index].end:
            yield Stretch(((start, end),))
            continue
        number, cells, _ = places.row(places.tables[index], start)
        yield Stretch(tuple((at, at + len(cell)) for at, cell in cells), (index,), number + 1)


def chunks(blocks: Iterable[Block]) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Yield blocks that can be laid out apart from others: ``lines``, ``rows``, or few of either.

    The kind is empty where there are too few for that to be worth it.
    """
    for is_long, group in groupby(
        blocks, key=lambda b: isinstance(b, Table) and len(b.rows) == ROWS
    ):
        run = tuple(group)
        if is_long:
            yield from (("rows", (block,)) for block in run)
            continue
        for first in range(0, len(run), LINES):
            few = run[first : first + LINES]
            yield "lines" if len(few) == LINES else "", few


def merged(found: Iterable[Section]) -> Iterator[Section]:
    """Yield sections with the pieces of one long text put together again."""
    for _, group in groupby(found, key=lambda section: section.id):
        first, *rest = group
        if rest:
            blocks = [block for section in (first, *rest) for block in section.blocks]
            first = replace(
                first,
                blocks=tuple(blocks),
                whole=tuple(n for section in (first, *rest) for n in section.whole),
                left_out=sum(section.left_out for section in (first, *rest)),
            )
        yield first
