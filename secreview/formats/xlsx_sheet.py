"""One worksheet, read as a stream: visible cells, hidden cells, formulas, headers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from lxml import etree

from secreview.formats.cells import Cells
from secreview.formats.lines import Lines
from secreview.formats.ooxml import Refused, local
from secreview.formats.ooxml_rest import telling
from secreview.model import Part, PartKind, Place, Step, Unit

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELL, VALUE, FORMULA = MAIN + "c", MAIN + "v", MAIN + "f"
INLINE, TEXT = MAIN + "is", MAIN + "t"
CONTENT = frozenset({VALUE, FORMULA})
IN_ROWS = frozenset(MAIN + name for name in "c v f is t r rPr rPh phoneticPr mergeCell".split())
RANGES = re.compile(r"(?:\$?[A-Z]{0,3}\$?\d{0,7}:?\$?[A-Z]{0,3}\$?\d{0,7}\s?)++")
EDGES = {"Header": Unit.HEADER, "Footer": Unit.FOOTER}
WORDED = ("promptTitle", "prompt", "errorTitle", "error", "display", "tooltip", "name", "location",
          "comment", "val")  # fmt: skip
LETTERS, DIGITS = 3, 7  # of a cell reference at most
# Newer elements whose text is no words; rows and columns are read on their own.
DULL = frozenset({"sqref", "id", "header", "footer", "row", "col"})
CODES = re.compile(r"&(?:[LCRPNDTZFAGSXYBIUEO&]|\"[^\"]*\"|[0-9]{1,3}|K[0-9A-F]{6})")


class Sheet:
    """A worksheet being read."""

    def __init__(
        self, name: str, strings: Sequence[str], unseen: frozenset[str] = frozenset()
    ) -> None:
        """Start with the name on the tab, the shared strings and the looks that hide a cell."""
        self.name = name
        self.strings = strings
        self.unseen = unseen
        self.cells = Cells()
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
            io.BytesIO(data), events=("end", "comment", "pi"), tag=("{*}row", "{*}col"),
            resolve_entities=False, no_network=True,
        )  # fmt: skip
        root = None
        try:
            for _, element in events:
                self.ended(element)
                root = element.getroottree().getroot() if root is None else root
        finally:  # what stands around the rows, of a broken file before the break
            if root is not None:
                for _, element in etree.iterwalk(root, events=("end",)):
                    self.beside(element)

    def ended(self, element: Any) -> None:
        """Read a row, a column, a comment or an instruction; let go of the rows before it."""
        match local(element):
            case "row":
                self.row(element)
                element.clear()
                before = element.getprevious()
                while before is not None and local(before) in ("row", ""):
                    element.getparent().remove(before)
                    before = element.getprevious()
            case "col":
                self.column(element)
            case _:
                self.told(element)

    def beside(self, element: Any) -> None:
        """Add what an element says that is no row, no column and no plain cell."""
        if element.tag in IN_ROWS:
            return
        tag = local(element)
        if tag.endswith(("Header", "Footer")) and tag[:3] in ("odd", "eve", "fir"):
            lines = self.header if tag.endswith("Header") else self.footer
            self.edge(lines, element, EDGES[tag[-6:]])
        elif tag not in DULL:
            self.told(element)

    def strange(self, element: Any) -> None:
        """Add what an element in a row says, and all inside it, that is no plain cell."""
        for _, inner in etree.iterwalk(element, events=("end",)):
            self.beside(inner)

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
        """Add what an element outside the cells says: prompts, lists, rules, filters, tooltips."""
        texts = [element.get(key) or "" for key in WORDED]
        texts += [text for text in telling(element) if not is_range(text)]
        texts.append((element.text or "").strip())
        if not any(texts):
            return
        cells = range_of(element)
        steps = (Step(Unit.CELL, cells),) if cells else ()
        for text in dict.fromkeys(texts):
            self.extra.add(text, Place((Step(Unit.SHEET, self.name), *steps)))

    def row(self, element: Any) -> None:
        """Add the cells of a row, hidden ones to the hidden cells."""
        self.number = whole(element.get("r")) or self.number + 1
        is_hidden = element.get("hidden") in ("1", "true") or element.get("ht") in ("0", "0.0")
        shown: dict[int, str] = {}
        hidden: dict[int, str] = {}
        column = 0
        for cell in element.iterchildren("*"):
            if cell.tag != CELL:
                self.strange(cell)
                continue
            column = column_of(cell.get("r")) or column + 1
            text = self.value(cell)
            if text:
                away = (
                    is_hidden
                    or (self.unseen and cell.get("s") in self.unseen)
                    or (self.hidden_columns and self.in_hidden_column(column))
                )
                (hidden if away else shown)[column] = text
        self.cells.add(self.number, shown, hidden)

    def in_hidden_column(self, column: int) -> bool:
        """Return whether a column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)

    def value(self, cell: Any) -> str:
        """Return what a cell shows, in one line; its formula is told beside it."""
        text = formula = written = ""
        is_plain = True
        for child in cell.iterchildren("*"):
            tag = child.tag
            if tag == INLINE and is_one_text(child):
                written += child[0].text or ""
                continue
            if tag == VALUE:
                text = text or child.text or ""
            elif tag == FORMULA:
                formula = formula or child.text or ""
            if len(child) or tag not in CONTENT:
                is_plain = False
                self.strange(child)
        if formula:
            self.formulas.add(f"={formula}", self.place_of(cell))
        kind = cell.get("t", "n")
        if kind == "s":
            index = whole(text)
            text = self.strings[index] if text and index < len(self.strings) else ""
        elif kind == "inlineStr":
            text = written if is_plain else self.inline(cell)
        elif kind == "n":
            text = plain_number(text)
        return " ".join(text.split())

    def inline(self, cell: Any) -> str:
        """Return the text that stands in a cell itself; how to pronounce it is told beside it."""
        texts = list(cell.iter(TEXT))
        hint = "".join(each.text or "" for each in texts if is_hint(each))
        self.extra.add(hint, self.place_of(cell))
        return "".join(each.text or "" for each in texts if not is_hint(each))

    def place_of(self, cell: Any) -> Place:
        """Return the place of a cell."""
        return Place((Step(Unit.SHEET, self.name), Step(Unit.CELL, cell.get("r") or "")))

    def parts(self, kind: PartKind) -> Iterator[Part]:
        """Yield the parts of the sheet."""
        yield from self.cells.parts(self.name, kind)
        for lines in (self.header, self.footer, self.formulas, self.extra):
            yield from lines.parts()


def is_one_text(item: Any) -> bool:
    """Return whether a string in a cell is one text and nothing else."""
    return len(item) == 1 and item[0].tag == TEXT and not len(item[0])


def is_hint(node: Any) -> bool:
    """Return whether a text is a hint how to pronounce a cell, not part of it."""
    parent = node.getparent()
    return parent is not None and str(parent.tag).endswith("}rPh")


def is_range(text: str) -> bool:
    """Return whether a text is a list of cell ranges.

    >>> is_range("A1:B2 C$7"), is_range("见 附件")
    (True, False)
    """
    return bool(RANGES.fullmatch(text))


def range_of(element: Any) -> str:
    """Return the cells that an element outside the cells is about, empty when it does not say."""
    for _ in range(4):
        cells = element.get("sqref") or element.get("ref") or element.get("r")
        if cells:
            return str(cells)
        element = element.getparent()
        if element is None:
            break
    return ""


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
