"""Tables that were flattened into plain text: cells between tabs, bars or wide gaps."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from secreview.formats.titles import LOOK, Row, Titles, titles
from secreview.model import Place

GAPS = (  # what parts the cells of a line, the strongest mark that it has
    re.compile(r"[ \u3000]*\t[ \u3000]*"),
    re.compile(r"[ \u3000]*[|｜][ \u3000]*"),
    re.compile(r"[ \u3000]*(?:[ \u3000]{2}|\u3000)[ \u3000]*"),
    re.compile(r"(?<=\S) (?=\S)"),
)
TABULAR = re.compile(r"\t|[|｜]| {2,}\S|\S[ \u3000]+\S")
MARKED = re.compile(r"[\t|｜]| {2,}")
USUAL = (
    re.compile(  # what stands over the columns of a list of people, for rows cut by single blanks
        r"姓\s*名|序号|电话|手机|身份证|证件号|账号|卡号|住址|地址|性别|年龄|金额|单位|备注|使用人"
        r"|户主|监护人|联系人|业主|学籍|患者|申请人|亲属|关系|病种|诊断|出生"
    )
)
FEWEST = 2  # rows of a table
LONGEST_ROW = 400  # characters
NOWHERE = Place()


class Table(NamedTuple):
    """One table: the offsets of its rows and its titles."""

    start: int
    end: int
    rows: tuple[int, ...]
    titles: Titles


class FlatTables:
    """Places of a plain text: those in its tables know the titles above and beside them."""

    def __init__(self, text: str, tables: tuple[Table, ...]) -> None:
        """Keep the tables of a text in order."""
        self.text = text
        self.tables = tables
        self.starts = [table.start for table in tables]
        self.titles = frozenset(
            title for table in tables for title in table.titles.columns.values()
        ) | frozenset(" " for table in tables if table.titles.has_row_titles)

    def at(self, offset: int) -> Place:
        """Return the place of an offset: nothing but the titles of its cell."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0 or offset >= self.tables[index].end:
            return NOWHERE
        table = self.tables[index]
        number, cells, nth = self.row(table, offset)
        row = [(column, cell) for column, (_, cell) in enumerate(cells, 1)]
        return Place(headers=table.titles.of(number, row, nth))

    def row(self, table: Table, offset: int) -> tuple[int, list[tuple[int, str]], int]:
        """Return the number of the row at an offset, its cells, and which of them it is in."""
        number = bisect_right(table.rows, offset) - 1
        start = table.rows[number]
        end = self.text.find("\n", start)
        line = self.text[start : end if end >= 0 else len(self.text)]
        cells = [(start + at, cell) for at, cell in split(line)]
        return number, cells, max(0, bisect_right([at for at, _ in cells], offset) - 1)

    def cell(self, offset: int) -> tuple[int, int] | None:
        """Return where the cell at an offset begins and ends; None outside of tables."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0 or offset >= self.tables[index].end:
            return None
        _, cells, nth = self.row(self.tables[index], offset)
        at, text = cells[nth]
        return at, at + len(text)


def flat_tables(text: str) -> FlatTables | None:
    """Return the tables of a plain text, or None when it has none with titles."""
    found = tuple(tables_of(text))
    return FlatTables(text, found) if found else None


def tables_of(text: str) -> Iterator[Table]:
    """Yield the tables: neighbouring lines that have equally many cells, with a row of titles."""
    block: list[tuple[int, list[tuple[int, str]]]] = []
    at, is_marked = 0, True
    for line in (*text.split("\n"), ""):
        cells = list(split(line)) if len(line) <= LONGEST_ROW and TABULAR.search(line) else []
        if len(cells) < 2 or (block and abs(len(cells) - len(block[0][1])) > 1):
            yield from table_of(block, is_marked)
            block, is_marked = [], True
        if len(cells) >= 2:
            block.append((at, cells))
            is_marked = is_marked and bool(MARKED.search(line))
        at += len(line) + 1


def table_of(block: list[tuple[int, list[tuple[int, str]]]], is_marked: bool) -> Iterator[Table]:
    """Yield the table that a block of rows is, when its first rows hold titles.

    Rows that nothing but single blanks cut need titles as lists of people have them.
    """
    if len(block) < FEWEST:
        return
    rows: list[Row] = [
        [(column, cell) for column, (_, cell) in enumerate(cells, 1)] for _, cells in block[:LOOK]
    ]
    found = titles(rows)
    if not is_marked and not USUAL.search("".join(found.columns.values())):
        return
    if found.columns or found.is_form:
        last, cells = block[-1]
        end = last + cells[-1][0] + len(cells[-1][1]) + 1
        yield Table(block[0][0], end, tuple(start for start, _ in block), found)


def split(line: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, text) of the cells of a line, parted by the strongest mark in it."""
    marks = next((gaps for gaps in GAPS if gaps.search(line.strip())), GAPS[-1])
    at = 0
    for gap in marks.finditer(line):
        if gap.start() > at:
            yield at, line[at : gap.start()]
        at = gap.end()
    if at < len(line):
        yield at, line[at:]
