"""One worksheet, read as a stream: visible cells, hidden cells, formulas, headers."""

from __future__ import annotations

import io
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from lxml import etree

from secreview.formats.lines import Lines
from secreview.formats.ooxml import Refused, local
from secreview.formats.titles import LOOK, Row, titles
from secreview.model import Grid, Part, PartKind, Place, Step, Unit

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELL, VALUE, FORMULA, TEXT = MAIN + "c", MAIN + "v", MAIN + "f", MAIN + "t"
HEADERS = frozenset({"oddHeader", "evenHeader", "firstHeader"})
FOOTERS = frozenset({"oddFooter", "evenFooter", "firstFooter"})
TOLD = frozenset({"dataValidation", "hyperlink", "protectedRange"})
LOOKED_AT = [f"{{*}}{name}" for name in sorted({"row", "col"} | HEADERS | FOOTERS | TOLD)]
LETTERS, DIGITS = 3, 7  # of a cell reference at most
SPARSE = 16  # empty cells that a row may be filled up with
CODES = re.compile(r"&(?:[LCRPNDTZFAGSXYBIUEO&]|\"[^\"]*\"|[0-9]{1,3}|K[0-9A-F]{6})")


@dataclass
class Rows:
    """Cells gathered as text of rows and tabs, with what a Grid needs to find them again."""

    chunks: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("Q"))
    numbers: array[int] = field(default_factory=lambda: array("Q"))
    columns: dict[int, Sequence[int]] = field(default_factory=dict)
    length: int = 0

    def add(self, number: int, row: Row) -> None:
        """Add a row of (column, text) cells in rising order of column."""
        index = len(self.starts)
        if row[-1][0] - len(row) > SPARSE:
            self.columns[index] = tuple(column for column, _ in row)
            text = "\t".join(text for _, text in row)
        else:
            texts = [""] * row[-1][0]
            for column, value in row:
                texts[column - 1] = value
            text = "\t".join(texts)
        self.starts.append(self.length)
        self.numbers.append(number)
        self.chunks.append(text)
        self.length += len(text) + 1

    def parts(
        self, part_id: str, kind: PartKind, name: str, heading: Sequence[Row]
    ) -> Iterator[Part]:
        """Yield the cells as a part whose places know the titles of ``heading``."""
        if not self.chunks:
            return
        found = titles(heading)
        text = "\n".join(self.chunks)
        grid = Grid(
            text,
            self.starts,
            self.numbers,
            (Step(Unit.SHEET, name),),
            dict(found.columns),
            self.columns,
            row_titles=found.has_row_titles and not found.is_form,
            cells=True,
        )
        yield Part(part_id, kind, text, grid)


class Sheet:
    """A worksheet being read."""

    def __init__(self, name: str, strings: Sequence[str]) -> None:
        """Start with the name people see on the tab and the shared strings."""
        self.name = name
        self.strings = strings
        self.shown = Rows()
        self.hidden = Rows()
        self.first: list[Row] = []  # the first rows, hidden cells included: titles are among them
        self.formulas = Lines(f"{name}/formulas", PartKind.FIELD)
        self.extra = Lines(f"{name}/rules", PartKind.FIELD)
        self.header = Lines(f"{name}/header", PartKind.HEADER)
        self.footer = Lines(f"{name}/footer", PartKind.FOOTER)
        self.hidden_columns: list[tuple[int, int]] = []
        self.number = 0

    def read(self, data: bytes) -> None:
        """Read the XML of the sheet; raise Refused for a DTD, XMLSyntaxError for broken XML."""
        if b"<!DOCTYPE" in data[:4096]:
            raise Refused("DTD refused")
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), tag=LOOKED_AT, resolve_entities=False,
            no_network=True,
        )  # fmt: skip
        for _, element in events:
            tag = local(element)
            if tag == "row":
                self.row(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            elif tag == "col":
                self.column(element)
            elif tag in HEADERS:
                self.edge(self.header, element, Unit.HEADER)
            elif tag in FOOTERS:
                self.edge(self.footer, element, Unit.FOOTER)
            else:
                self.told(element)

    def column(self, element: Any) -> None:
        """Remember hidden columns."""
        is_hidden = element.get("hidden") in ("1", "true") or element.get("width") in ("0", "0.0")
        if is_hidden:
            self.hidden_columns.append((int(element.get("min", 0)), int(element.get("max", 0))))

    def edge(self, lines: Lines, element: Any, unit: Unit) -> None:
        """Add a page header or footer without its layout codes."""
        place = Place((Step(Unit.SHEET, self.name), Step(unit, "")))
        lines.add(CODES.sub(" ", "".join(element.itertext())).strip(), place)

    def told(self, element: Any) -> None:
        """Add prompts, messages, lists and tooltips of a cell range."""
        cells = element.get("sqref") or element.get("ref") or ""
        place = Place((Step(Unit.SHEET, self.name), Step(Unit.CELL, cells)))
        for key in ("promptTitle", "prompt", "errorTitle", "error", "display", "tooltip", "name"):
            self.extra.add(element.get(key) or "", place)
        for text in element.itertext():
            self.extra.add(text.strip(), place)

    def row(self, element: Any) -> None:
        """Add the cells of a row, hidden ones to the hidden cells."""
        self.number = whole(element.get("r")) or self.number + 1
        is_hidden = element.get("hidden") in ("1", "true") or element.get("ht") in ("0", "0.0")
        shown: dict[int, str] = {}
        hidden: dict[int, str] = {}
        column = 0
        for cell in element.iterchildren(CELL):
            column = column_of(cell.get("r")) or column + 1
            text = self.value(cell)
            if text:
                away = is_hidden or (self.hidden_columns and self.in_hidden_column(column))
                (hidden if away else shown)[column] = text
        if len(self.first) < LOOK and (shown or hidden):
            self.first.append(sorted((shown | hidden).items()))
        if shown:
            self.shown.add(self.number, sorted(shown.items()))
        if hidden:
            self.hidden.add(self.number, sorted(hidden.items()))

    def in_hidden_column(self, column: int) -> bool:
        """Return whether a column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)

    def value(self, cell: Any) -> str:
        """Return what a cell shows, in one line; its formula is told beside it."""
        text = formula = ""
        for child in cell:
            if child.tag == VALUE:
                text = text or child.text or ""
            elif child.tag == FORMULA:
                formula = formula or child.text or ""
        if formula:
            reference = cell.get("r") or ""
            place = Place((Step(Unit.SHEET, self.name), Step(Unit.CELL, reference)))
            self.formulas.add(f"={formula}", place)
        kind = cell.get("t", "n")
        if kind == "s":
            index = whole(text)
            text = self.strings[index] if text and index < len(self.strings) else ""
        elif kind == "inlineStr":
            text = "".join(t.text or "" for t in cell.iter(TEXT))
        elif kind == "n":
            text = plain_number(text)
        return " ".join(text.split())

    def parts(self, kind: PartKind) -> Iterator[Part]:
        """Yield the parts of the sheet."""
        hidden_kind = PartKind.HIDDEN_CELLS if kind is PartKind.SHEET else kind
        yield from self.shown.parts(self.name, kind, self.name, self.first)
        yield from self.hidden.parts(f"{self.name}/hidden", hidden_kind, self.name, self.first)
        for lines in (self.header, self.footer, self.formulas, self.extra):
            yield from lines.parts()


def whole(text: str | None) -> int:
    """Return a decimal number, 0 when it is none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def column_of(reference: str | None) -> int:
    """Return the 1-based column of a cell reference, 0 when it is none.

    >>> column_of("AB7"), column_of(None)
    (28, 0)
    """
    if not reference:
        return 0
    letters = reference.rstrip("0123456789")
    return column_number(letters) if 0 < len(reference) - len(letters) <= DIGITS else 0


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """Return the number of a column by its letters, 0 when they are none."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= LETTERS):
        return 0
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def plain_number(text: str) -> str:
    """Return a stored number as people read it.

    >>> plain_number("1.3812345678E10"), plain_number("3.0"), plain_number("0.25")
    ('13812345678', '3', '0.25')
    """
    if not ("E" in text or "e" in text or text.endswith(".0")):
        return text
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if value == value.to_integral_value() and abs(value) < Decimal(10) ** 24:
        return str(int(value))
    return text
