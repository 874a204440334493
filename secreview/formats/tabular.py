"""Tables as text (CSV, TSV): the decoded file is the body, places name its rows and columns."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from secreview.formats.decode import decode
from secreview.formats.plain import CUT, STREAM_FROM, Chain, Lazy, Pieces, streams, whole
from secreview.formats.protocol import Content, Limits, Source
from secreview.formats.sniff import extension
from secreview.formats.titles import LOOK, Row, Titles, titles
from secreview.model import Part, Place, Step, Unit

MEDIA_TYPES = ("text/csv", "text/tab-separated-values")

DELIMITERS = ",;\t|"
HEAD = 1 << 16  # characters that decide about delimiter and titles


def read(source: Source, limits: Limits) -> Content:
    """Return the body, with a place for every cell."""
    named_tab = extension(source.name) in ("tsv", "tab")
    if source.size() <= STREAM_FROM:
        content = whole(decode(source.read(limits)))
        return Content(tuple(placed(part, named_tab) for part in content.parts), content.gaps)
    readings, gaps = streams(source, CUT)
    tables = tuple(TablePieces(pieces, named_tab) for pieces in readings)
    return Content(tables[0] if len(tables) == 1 else Chain(tables), gaps)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the top of a table tells: the delimiter and the titles."""

    delimiter: str
    titles: Titles

    @classmethod
    def of(cls, text: str, named_tab: bool) -> Layout:
        """Return the layout of a table by its first characters."""
        head = text[:HEAD]
        delimiter = "\t" if named_tab and "\t" in head else delimiter_of(head)
        starts, _ = row_starts(head, (0, len(head)), delimiter, "")
        rows: list[Row] = []
        for start in starts[:LOOK]:
            cells = (head[low:high] for low, high in cell_spans(head, start, delimiter))
            rows.append([(n, unquoted(cell)) for n, cell in enumerate(cells, start=1)])
        return cls(delimiter, titles(rows))


@dataclass(frozen=True, slots=True)
class Rows:
    """Places in a raw table: the row and column of an offset, found by parsing that one row."""

    text: str
    starts: Sequence[int]
    first_row: int
    layout: Layout

    def at(self, offset: int) -> Place:
        """Return row, column and titles of the cell that holds an offset."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return Place((Step(Unit.ROW, max(1, self.first_row - 1)),))
        number = self.first_row + index
        row: list[tuple[int, str]] = []
        for column, (low, high) in enumerate(
            cell_spans(self.text, self.starts[index], self.layout.delimiter), start=1
        ):
            row.append((column, unquoted(self.text[low : min(high, low + 200)])))
            if offset <= high:
                break
        headers = self.layout.titles.of(number - 1, row, len(row) - 1)
        return Place((Step(Unit.ROW, number), Step(Unit.COLUMN, len(row))), headers=headers)


@dataclass(frozen=True, slots=True)
class TablePieces(Lazy):
    """The pieces of a large table; each knows its row numbers and the titles at the top."""

    pieces: Pieces
    named_tab: bool = False

    def __iter__(self) -> Iterator[Part]:
        """Yield the pieces with places."""
        layout: Layout | None = None
        row, quote = 1, ""
        for part in self.pieces:
            layout = layout or Layout.of(part.text, self.named_tab)
            core = part.core or (0, len(part.text))
            starts, quote = row_starts(part.text, core, layout.delimiter, quote)
            yield replace(part, places=Rows(part.text, starts, row, layout))
            row += len(starts)


def placed(part: Part, named_tab: bool) -> Part:
    """Return a part with the places of a table."""
    layout = Layout.of(part.text, named_tab)
    starts, _ = row_starts(part.text, (0, len(part.text)), layout.delimiter, "")
    return replace(part, places=Rows(part.text, starts, 1, layout))


def delimiter_of(head: str) -> str:
    r"""Return the delimiter that splits most of the first lines alike.

    >>> delimiter_of("姓名;电话\n张三;1\n")
    ';'
    """
    lines = [line for line in head.splitlines()[:LOOK] if line.strip()]
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        common = max(set(counts), key=counts.count, default=0)
        points = counts.count(common) * min(common, 50) + sum(map(bool, counts)) / 100
        if points > most:
            best, most = delimiter, points
    return best


@cache
def cell_pattern(delimiter: str) -> re.Pattern[str]:
    """Return the pattern of one cell: quoted (newlines allowed), or up to delimiter or line end."""
    rest = f"[^{re.escape(delimiter)}\n]*+"
    return re.compile(f'"[^"]*+(?:""[^"]*+)*+(?:"|\\Z){rest}|{rest}')


def cell_spans(text: str, start: int, delimiter: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each cell of the row that starts at ``start``."""
    pattern = cell_pattern(delimiter)
    while True:
        found = pattern.match(text, start)
        end = found.end() if found else len(text)
        yield start, end
        if text[end : end + 1] != delimiter:
            return
        start = end + 1


def row_starts(
    text: str, core: tuple[int, int], delimiter: str, quote: str
) -> tuple[array[int], str]:
    """Return where rows start inside the core, and a quote that is still open after it."""
    low, high = core
    starts: array[int] = array("q")
    if quote:
        closed = text.find('"', low, high)
        if closed < 0:
            return starts, quote
        low = next_line(text, closed, high)
    while low < high:
        starts.append(low)
        end = text.find("\n", low, high)
        end = high if end < 0 else end
        if text.find('"', low, end) >= 0:
            for _, stop in cell_spans(text, low, delimiter):
                end = stop
            if end >= high and text.count('"', low, high) % 2:
                return starts, '"'
        low = end + 1
    return starts, ""


def next_line(text: str, position: int, high: int) -> int:
    """Return the start of the line after a position."""
    end = text.find("\n", position, high)
    return high if end < 0 else end + 1


def unquoted(cell: str) -> str:
    """Return the value of a raw cell.

    >>> unquoted('"a ""b"" c"')
    'a "b" c'
    """
    cell = cell.strip("\r \ufeff")
    if len(cell) >= 2 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell
