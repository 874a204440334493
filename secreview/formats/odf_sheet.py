"""OpenDocument spreadsheets, read as a stream: rows are forgotten once they have been told."""

from __future__ import annotations

import io
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from secreview.formats.cells import Cells
from secreview.formats.docx_blocks import Story
from secreview.formats.docx_sides import State
from secreview.formats.docx_styles import Look
from secreview.formats.lines import Lines
from secreview.formats.odf_blocks import Blocks
from secreview.formats.odf_names import OFFICE, TABLE, TEXT, XLINK, count
from secreview.formats.odf_ranges import ranges
from secreview.formats.odf_runs import Scene
from secreview.formats.odf_tables import CELLS, COVERED, UNSEEN, Columns
from secreview.formats.odf_values import is_shortened, stored
from secreview.formats.ooxml import Refused
from secreview.model import Part, PartKind, Place, Step, Unit, column_letters

REPEATED = 8  # cells in a row that are told one by one when they are alike
SHORT = 100  # characters of a cell that may be told again
EMPTY = frozenset(
    TABLE + name
    for name in (
        "style-name",
        "number-columns-repeated",
        "number-columns-spanned",
        "number-rows-spanned",
        "content-validation-name",
    )
)  # attributes of cells that hold nothing
STYLES = frozenset(OFFICE + name for name in ("styles", "automatic-styles"))


@dataclass(slots=True)
class Sheet:
    """A sheet being read."""

    name: str
    kind: PartKind
    cells: Cells = field(default_factory=Cells)
    columns: Columns = field(default_factory=Columns)
    lasts: list[int] = field(default_factory=list)  # last columns of stretches of one style
    defaults: list[str] = field(default_factory=list)  # cell styles of the stretches
    number: int = 1

    def parts(self) -> Iterator[Part]:
        """Yield the cells that are shown and those that are not."""
        yield from self.cells.parts(self.name, self.kind)

    def add(self, shown: dict[int, str], hidden: dict[int, str], repeat: int) -> None:
        """Add a row that stands ``repeat`` times below itself; it is told once."""
        self.cells.add(self.number, shown, hidden)
        self.number += repeat


@dataclass(slots=True)
class Sheets:
    """Reads the sheets of a spreadsheet; what stands beside cells goes through the blocks."""

    blocks: Blocks
    base: tuple[Step, ...] = ()
    parts: list[Part] = field(default_factory=list)
    sheet: Sheet | None = None
    depth: int = 0  # rows inside rows: tables inside cells
    groups: list[bool] = field(default_factory=list)  # whether groups around a row are closed
    hiding: dict[str, bool] = field(default_factory=dict)
    formulas: Lines = field(default_factory=lambda: Lines("formulas", PartKind.FIELD))

    def read(self, data: bytes) -> tuple[etree._Element | None, bool]:
        """Read the XML of a spreadsheet; return what is left of its tree, and whether it is whole.

        Raises Refused for a DTD, XMLSyntaxError when there is no XML at all.
        """
        events = etree.iterparse(
            io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, recover=True, tag=tuple(STARTS | ENDS),
        )  # fmt: skip
        is_checked = False
        for event, element in events:
            if not is_checked:
                refuse_dtd(element)
                is_checked = True
            handler = (STARTS if event == "start" else ENDS).get(element.tag)
            if handler is not None:
                handler(self, element)
        if not is_checked and events.root is not None:
            refuse_dtd(events.root)
        return events.root, not len(events.error_log)

    def finish(self) -> list[Part]:
        """Return the parts of all sheets, the last one as far as it could be read."""
        if self.sheet is not None:
            self.parts += self.sheet.parts()
        return [*self.parts, *self.formulas.parts()]

    def styles(self, element: Any) -> None:
        """Add the styles of a group."""
        self.blocks.styles.add([element])
        self.hiding.clear()

    def start(self, element: Any) -> None:
        """Start a sheet."""
        if self.depth:
            return
        style = self.blocks.styles.of("table", element.get(TABLE + "style-name"))
        kind = PartKind.HIDDEN_SHEET if style.is_off else PartKind.SHEET
        self.sheet = Sheet(element.get(TABLE + "name") or "?", kind)

    def end(self, element: Any) -> None:
        """Finish a sheet: what else it holds is told, its cells become parts."""
        if self.depth or self.sheet is None:
            return
        place = self.place()
        ranges(element, self.blocks.sides)
        for source in element.iterchildren(TABLE + "table-source"):
            self.blocks.sides.links.add(source.get(XLINK + "href") or "", place)
        for scenario in element.iterchildren(TABLE + "scenario"):
            self.blocks.sides.data.add(scenario.get(TABLE + "comment") or "", place)
        self.parts += self.sheet.parts()
        self.sheet = None

    def place(self, column: int = 0) -> Place:
        """Return the place of the sheet, or of a cell in its present row."""
        sheet = self.sheet
        if sheet is None:
            return Place(self.base)
        steps = (*self.base, Step(Unit.SHEET, sheet.name))
        if column:
            steps = (*steps, Step(Unit.CELL, f"{column_letters(column)}{sheet.number}"))
        return Place(steps)

    def open_group(self, element: Any) -> None:
        """Note that rows or columns of a group follow; a closed group hides them."""
        self.groups.append(element.get(TABLE + "display") == "false")

    def close_group(self, element: Any) -> None:
        """Note the end of a group."""
        if self.groups:
            self.groups.pop()

    def column(self, element: Any) -> None:
        """Note a column: whether it is hidden, and the style of its cells."""
        if self.sheet is None or self.depth:
            return
        self.sheet.columns.add(element, is_hidden=any(self.groups))
        style = element.get(TABLE + "default-cell-style-name") or ""
        self.sheet.lasts.append(self.sheet.columns.next - 1)
        self.sheet.defaults.append(style)

    def open_row(self, element: Any) -> None:
        """Note that a row starts."""
        self.depth += 1

    def row(self, element: Any) -> None:
        """Tell a row and forget it."""
        self.depth -= 1
        sheet = self.sheet
        if self.depth or sheet is None:
            return
        is_hidden = element.get(TABLE + "visibility") in UNSEEN or any(self.groups)
        style = element.get(TABLE + "default-cell-style-name") or ""
        shown: dict[int, str] = {}
        hidden: dict[int, str] = {}
        column = 1
        for cell in element:
            if cell.tail:
                self.stray(cell.tail)
            if cell.tag not in CELLS:
                self.blocks.block(cell, Story(self.blocks.sides.data), Scene(self.place()))
                continue
            repeat = count(cell.get(TABLE + "number-columns-repeated"))
            if cell.text:
                self.stray(cell.text)
            if len(cell) or not EMPTY.issuperset(cell.attrib.keys()):
                visible, unseen = self.cell(cell, column, style)
                away = is_hidden or cell.tag == COVERED or sheet.columns.hold(column)
                if away:
                    visible, unseen = "", f"{visible} {unseen}".strip()
                again = repeat if repeat <= REPEATED and len(visible + unseen) <= SHORT else 1
                for at in range(column, column + again):
                    if visible:
                        shown[at] = visible
                    if unseen:
                        hidden[at] = unseen
            column += repeat
        sheet.add(shown, hidden, count(element.get(TABLE + "number-rows-repeated")))
        element.clear(keep_tail=True)
        before = element.getprevious()
        if before is not None and before.tag == TABLE + "table-row":
            self.stray(before.tail)
            element.getparent().remove(before)

    def stray(self, text: str | None) -> None:
        """Tell text that stands between rows, where no program shows it."""
        if text and not text.isspace():
            self.blocks.sides.hidden.add(" ".join(text.split()), self.place())

    def cell(self, cell: Any, column: int, row_style: str) -> tuple[str, str]:
        """Return what a cell shows and what it holds unseen, each on one line."""
        formula = cell.get(TABLE + "formula")
        if formula:
            self.formulas.add(f"={formula.partition(':=')[2] or formula}", self.place(column))
        style = cell.get(TABLE + "style-name") or row_style or self.default_style(column)
        shown, unseen = self.content(cell, column, style)
        value = stored(cell)
        if value and not shown:
            unseen = f"{unseen} {value}".strip() if value not in unseen else unseen
        elif value and is_shortened(value, shown):
            shown = f"{shown} {value}"
        if style and shown and self.is_unseen(style):
            return "", f"{shown} {unseen}".strip()
        return shown, unseen

    def default_style(self, column: int) -> str:
        """Return the style of cells in a column that have none of their own."""
        if self.sheet is None:
            return ""
        index = bisect_left(self.sheet.lasts, column)
        return self.sheet.defaults[index] if index < len(self.sheet.defaults) else ""

    def is_unseen(self, style: str) -> bool:
        """Return whether cells of a style show nothing: white on white, or tiny."""
        if style not in self.hiding:
            found = self.blocks.styles.of("table-cell", style)
            on_fill = bool(found.fills) or self.blocks.styles.has_background
            self.hiding[style] = found.look.is_hidden(on_fill=on_fill)
        return self.hiding[style]

    def content(self, cell: Any, column: int, style: str) -> tuple[str, str]:
        """Return the visible and the hidden text of the paragraphs of a cell."""
        if len(cell) == 1 and cell[0].tag == TEXT + "p" and not len(cell[0]):
            return " ".join((cell[0].text or "").split()), ""
        fills = bool(self.blocks.styles.of("table-cell", style).fills)
        scene = Scene(self.place(column), Look(), on_fill=fills)
        shown: list[str] = []
        unseen: list[str] = []
        for child in cell:
            if child.tag not in (TEXT + "p", TEXT + "h"):
                self.blocks.block(child, Story(self.blocks.sides.data, scene.place.steps), scene)
                continue
            for text, state in self.blocks.runs.segments(child, scene):
                is_shown = state in (State.SHOWN, State.INSERTED)
                (shown if is_shown else unseen).append(text)
            shown.append(" ")
        return " ".join("".join(shown).split()), " ".join("".join(unseen).split())


def refuse_dtd(element: Any) -> None:
    """Raise Refused when the document of an element has a document type."""
    info = element.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise Refused("DTD")


Handler = Callable[[Sheets, Any], None]
STARTS: dict[str, Handler] = {
    TABLE + "table": Sheets.start,
    TABLE + "table-row": Sheets.open_row,
    TABLE + "table-row-group": Sheets.open_group,
    TABLE + "table-column-group": Sheets.open_group,
}
ENDS: dict[str, Handler] = {
    **dict.fromkeys(STYLES, Sheets.styles),
    TABLE + "table": Sheets.end,
    TABLE + "table-row": Sheets.row,
    TABLE + "table-row-group": Sheets.close_group,
    TABLE + "table-column-group": Sheets.close_group,
    TABLE + "table-column": Sheets.column,
}
