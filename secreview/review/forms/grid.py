"""Numbers of a form out of the rows of tables, wherever people typed them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from secreview.model import Document, PartKind
from secreview.review.forms.form import Block, Form, Layout, Line, plain

MANUAL = "人工填报"  # what stands in a cell that records know nothing of
SHOWN = frozenset({PartKind.BODY, PartKind.SHEET, PartKind.TEXTBOX})
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,8})?")
WRAPPED = 5  # lines over which a label may be broken
NEAR = 5  # rows between the titles of a strip and its numbers
LONGEST_LABEL = 120
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with the numbers that were typed into it.

    ``values`` has None for a cell left empty; ``missing`` names the cells whose line is not there,
    ``bad`` those of lines whose numbers cannot be told apart or are none; ``text`` is what stands
    around the tables, ``unread`` counts what could not be read of the file.
    """

    form: Form
    values: dict[str, Decimal | None]
    missing: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    text: str = ""
    unread: int = 0


@dataclass
class Reading:
    """Values found so far, and the cells of lines that could not be told apart."""

    values: dict[str, Decimal | None] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)


def rows_of(document: Document) -> tuple[list[Row], str]:
    """Return the rows of all tables of a document in order, and the prose around them."""
    rows: list[Row] = []
    prose: list[str] = []
    for part in document.parts:
        if part.kind not in SHOWN:
            continue
        lines = part.text.split("\n")
        if document.name.lower().endswith((".csv", ".tsv")):
            table = list(separated(lines, document.name.lower().endswith(".tsv")))
        else:
            table = [cells_of(line) for line in lines]
        if part.kind is PartKind.SHEET:  # empty cells at the end of a row are not stored
            width = max(map(len, table), default=0)
            table = [[*cells, *[""] * (width - len(cells))] for cells in table]
        rows += table
        prose += [cells[0] for cells in table if sum(map(bool, cells)) == 1 and cells[0]]
    return rows, "\n".join(prose)


def separated(lines: Sequence[str], by_tabs: bool) -> Iterator[list[str]]:
    """Yield the rows of a file with separated values; what cannot be parsed gives none."""
    try:
        dialect: type[csv.Dialect] = csv.excel_tab if by_tabs else csv.excel
        for row in csv.reader([line + "\n" for line in lines], dialect):
            yield [cell.strip() for cell in row]
    except csv.Error:
        return


def cells_of(line: str) -> list[str]:
    """Return the cells of a line: between tabs, or between upright strokes.

    >>> cells_of("收到申请数 | 件 | 3 |")
    ['收到申请数', '件', '3']
    """
    if "\t" not in line and "|" in line:
        line = line.strip().strip("|").replace("|", "\t")
    return [cell.strip() for cell in line.split("\t")]


def filled(form: Form, rows: Sequence[Row], text: str = "") -> Filled:
    """Return a form with the numbers that the rows hold for its lines."""
    reading = Reading()
    for block in form.blocks:
        if block.layout is Layout.STRIP:
            read_strip(block, rows, reading)
    lines = [
        (block, line) for block in form.blocks if block.layout is Layout.LINES
        for line in block.lines
    ]  # fmt: skip
    met = matched(lines, rows)
    for block in form.blocks:
        if block.layout is Layout.LINES:
            read_lines(block, [(line, rest) for b, line, rest in met if b is block], reading)
    names = [name for name, *_ in form.cells()]
    missing = tuple(name for name in names if name not in reading.values)
    bad = tuple(dict.fromkeys(reading.bad))
    return Filled(form, reading.values, tuple(n for n in missing if n not in bad), bad, text)


def matched(
    lines: Sequence[tuple[Block, Line]], rows: Sequence[Row]
) -> list[tuple[Block, Line, Row]]:
    """Return the lines that rows stand for, with the cells after the label.

    The same label may belong to several lines: rows come in the order of the form.
    """
    labels: dict[str, list[int]] = {}
    for index, (_, line) in enumerate(lines):
        labels.setdefault(plain(line.zh), []).append(index)
    found: dict[int, Row] = {}
    at = -1
    for number, row in enumerate(rows):
        named = labelled(rows, number, labels) if len(row) > 1 else None
        if named is None:
            continue
        label, position = named
        free = [index for index in labels[label] if index not in found]
        index = next((index for index in free if index > at), free[0] if free else -1)
        if index >= 0:
            at = index
            found[index] = row[position + 1 :]
    return [(*lines[index], found[index]) for index in sorted(found)]


def labelled(rows: Sequence[Row], number: int, labels: Container[str]) -> tuple[str, int] | None:
    """Return the label in a row that stands last, with its position; None for a row without.

    A label that was broken over several lines ends in the first cell of the row with its numbers.
    """
    row = rows[number]
    texts = [plain(cell) if is_label(cell) else "" for cell in row]
    own = [(text, position) for position, text in enumerate(texts) if text and text in labels]
    if own:
        return own[-1]
    text = texts[0]
    for above in reversed(rows[max(0, number - WRAPPED) : number]):
        cells = [cell for cell in above if cell]
        if not text or not cells or any(map(is_value, cells)):
            return None
        text = plain(cells[-1]) + text
        if text in labels:
            return text, 0
    return None


def is_label(cell: str) -> bool:
    """Return whether a cell may be the label of a line."""
    return 0 < len(cell) <= LONGEST_LABEL and not NUMBER.fullmatch(cell)


def read_lines(block: Block, met: Sequence[tuple[Line, Row]], reading: Reading) -> None:
    """Read the numbers of lines of one block.

    Where a row has as many numbers as columns they are taken in order. A row with fewer is read
    by the columns in which the full rows have theirs, counted from the end; where there is no full
    row, it has to have exactly one cell for each column.
    """
    width = len(block.columns)
    places = {places_of(rest) for _, rest in met if len(places_of(rest)) == width}
    for line, rest in met:
        if line.heading:
            continue
        names = [block.cell(line.id, column.id) for column in block.columns]
        own = places_of(rest)
        words = [cell for cell in rest if cell and not is_value(cell) and cell != line.unit]
        if len(own) == width:
            take(names, [rest[-place] for place in own], reading)
        elif not own and not (words and width == 1):
            take(names, [""] * width, reading)
        elif len(rest) >= width and len(places) == 1 and set(own) <= set(next(iter(places))):
            take(names, [cell_at(rest, place) for place in next(iter(places))], reading)
        elif not places and not words and len(rest) == width:
            take(names, rest, reading)
        else:
            reading.bad += names


def places_of(rest: Row) -> tuple[int, ...]:
    """Return where the values of a row stand, counted from its end."""
    return tuple(len(rest) - index for index, cell in enumerate(rest) if is_value(cell))


def cell_at(rest: Row, place: int) -> str:
    """Return a cell counted from the end, empty where the row does not reach so far."""
    return rest[-place] if place <= len(rest) else ""


def read_strip(block: Block, rows: Sequence[Row], reading: Reading) -> None:
    """Read a block whose lines stand side by side below their titles."""
    names = [name for name, *_ in block.cells()]
    anchor = plain(block.anchor)
    start = next((i for i, row in enumerate(rows) if any(plain(c) == anchor for c in row)), None)
    if start is None:
        return
    for row in rows[start + 1 : start + 1 + NEAR]:
        if any(cell and not is_value(cell) for cell in row):
            continue
        given = [cell for cell in row if is_value(cell)]
        if len(given) == len(names):
            take(names, given, reading)
        elif len(row) == len(names):
            take(names, row, reading)
        elif given:
            reading.bad += names
        else:
            continue
        return


def take(names: Sequence[str], cells: Sequence[str], reading: Reading) -> None:
    """Keep the values of cells under their names; a cell that holds no number is bad."""
    for name, cell in zip(names, cells, strict=True):
        if cell and not is_value(cell):
            reading.bad.append(name)
        else:
            reading.values[name] = value_of(cell)


def is_value(cell: str) -> bool:
    """Return whether a cell holds a number, or the remark that people fill it in."""
    return cell == MANUAL or NUMBER.fullmatch(narrow(cell)) is not None


def value_of(cell: str) -> Decimal | None:
    """Return the number of a cell, None for one that is empty or left to people.

    >>> value_of("１,530"), value_of(MANUAL)
    (Decimal('1530'), None)
    """
    if not cell or cell == MANUAL:
        return None
    return Decimal(narrow(cell).replace(",", ""))


def narrow(cell: str) -> str:
    """Return a number in plain digits and signs."""
    return unicodedata.normalize("NFKC", cell).replace("−", "-")
