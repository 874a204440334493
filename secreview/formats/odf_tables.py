"""Tables in OpenDocument text and slides: rows as lines, cells with their row and column titles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import etree

from secreview.formats.docx_blocks import FLAT, Cell, Story, with_spans
from secreview.formats.docx_sides import Segment, State
from secreview.formats.odf_names import DRAW, OFFICE, TABLE, TEXT, count
from secreview.formats.odf_runs import Scene
from secreview.formats.titles import titles
from secreview.model import Place, Step, Unit

if TYPE_CHECKING:
    from secreview.formats.odf_blocks import Blocks

WRAPPERS = frozenset(TABLE + name for name in
                     ("table-header-rows", "table-rows", "table-row-group", "table-columns",
                      "table-column-group", "table-header-columns"))  # fmt: skip
UNSEEN = frozenset({"collapse", "filter"})
MOST_SPANNED = 1000  # columns of a table that people read


@dataclass(slots=True)
class GridCell(Cell):
    """A cell that may be covered by its neighbours."""

    is_covered: bool = False

    def told(self) -> tuple[int, str]:
        """Return column and text of the cell, hidden or not: titles are where they are."""
        texts = [text for text, state in self.segments if state is not State.DELETED]
        return self.column, "".join(texts).strip().translate(FLAT)


@dataclass(slots=True)
class Row:
    """A row of a table: its number and its cells."""

    number: int
    cells: list[GridCell] = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    """Walks tables for the blocks that they stand in."""

    blocks: Blocks

    def table(self, table: etree._Element, story: Story, scene: Scene) -> None:
        """Add a table to a story."""
        story.tables += 1
        base = (*story.base, Step(Unit.TABLE, story.tables))
        blocks = self.blocks
        blocks.named(table, replace(scene, place=Place(base)))
        fills = blocks.styles.of("table", table.get(TABLE + "style-name")).fills
        scene = replace(scene, place=Place(base), on_fill=scene.on_fill or bool(fills))
        rows = list(self.rows(table, scene))
        texts = [[cell.told() for cell in row.cells] for row in rows]
        names = with_spans(titles(texts), [list[Cell](row.cells) for row in rows])
        above: dict[int, str] = {}
        for index, row in enumerate(rows):
            named: list[tuple[int, str]] = []
            for cell, (column, text) in zip(row.cells, texts[index], strict=True):
                text = above.get(column, "") if cell.is_continued else text
                above[column] = text
                named.append((column, text))
            told: list[tuple[Place, str]] = []
            for nth, cell in enumerate(row.cells):
                steps = (*base, Step(Unit.ROW, row.number), Step(Unit.COLUMN, cell.column))
                headers = names.of(index, named, nth) if len(named) <= MOST_SPANNED else ()
                place = Place(steps, blocks.sides.page, headers)
                visible = blocks.sides.settle(cell.segments, place)
                told.append((place, visible.text.translate(FLAT).strip()))
            for nth, (place, text) in enumerate(told) if any(text for _, text in told) else ():
                story.lines.mark(place)
                story.lines.raw(text + ("\n" if nth + 1 == len(told) else "\t"))
            for inner in (inner for cell in row.cells for inner in cell.tables):
                self.table(inner, story, scene)

    def rows(self, table: etree._Element, scene: Scene) -> Iterator[Row]:
        """Yield the rows; a repeated one once, with the number of its first."""
        unseen = Columns.of(table)
        below: dict[int, int] = {}  # column → rows that a cell above still reaches into
        number = 1
        for element in inside(table, TABLE + "table-row"):
            is_hidden = element.get(TABLE + "visibility") in UNSEEN
            place = Place((*scene.place.steps, Step(Unit.ROW, number)))
            around = replace(scene, place=place)
            row = Row(number)
            for cell, child in cells_of(element):
                away = is_hidden or cell.is_covered or unseen.hold(cell.column)
                state = hidden(scene.state) if away else scene.state
                cell.is_continued = below.get(cell.column, 0) > 0
                reach = count(child.get(TABLE + "number-rows-spanned")) - 1
                below[cell.column] = max(below.get(cell.column, 0) - 1, reach)
                self.fill(child, cell, replace(around, state=state))
                if not cell.is_covered or cell.segments or cell.is_continued:
                    row.cells.append(cell)
            number += count(element.get(TABLE + "number-rows-repeated"))
            yield row
        for child in table:
            if child.tag not in WRAPPERS and child.tag not in OWN:
                self.blocks.block(child, Story(self.blocks.sides.data), scene)

    def fill(self, element: etree._Element, cell: Cell, scene: Scene) -> None:
        """Collect the paragraphs and tables of a cell, through lists and sections."""
        blocks = self.blocks
        style = blocks.styles.of("table-cell", element.get(TABLE + "style-name"))
        steps = (*scene.place.steps, Step(Unit.COLUMN, cell.column))
        place = Place(steps, blocks.sides.page)
        scene = replace(scene, place=place, on_fill=scene.on_fill or bool(style.fills))
        formula = element.get(TABLE + "formula")
        if formula:
            blocks.sides.fields.add(formula, scene.place)
        self.gather(element, cell, scene)
        if not cell.segments:
            told = element.get(OFFICE + "string-value") or element.get(OFFICE + "value") or ""
            if told:
                cell.segments.append(Segment(told, hidden(scene.state)))

    def gather(self, element: etree._Element, cell: Cell, scene: Scene) -> None:
        """Add the content of a cell or of something that wraps content."""
        blocks = self.blocks
        for child in element:
            tag = child.tag
            if tag in (TEXT + "p", TEXT + "h"):
                if cell.segments:
                    cell.segments.append(Segment(" ", State.SHOWN))
                paragraph = child.get(TEXT + "style-name") or ""
                cell.segments += blocks.runs.segments(child, replace(scene, paragraph=paragraph))
            elif tag == TABLE + "table":
                cell.tables.append(child)
            elif isinstance(tag, str) and (tag.startswith(DRAW) or tag in ASIDE):
                blocks.block(child, Story(blocks.sides.data, scene.place.steps), scene)
            elif tag == TEXT + "section" and child.get(TEXT + "display") == "none":
                self.gather(child, cell, replace(scene, state=hidden(scene.state)))
            elif isinstance(tag, str):
                self.gather(child, cell, scene)
            else:
                blocks.sides.data.add((child.text or "").strip(), scene.place)
            if child.tail and not child.tail.isspace():
                cell.segments.append(Segment(child.tail, hidden(scene.state)))


COVERED = TABLE + "covered-table-cell"
CELLS = frozenset({TABLE + "table-cell", COVERED})
OWN = frozenset(TABLE + name for name in ("table-row", "table-column", "title", "desc"))
ASIDE = frozenset({OFFICE + "annotation", OFFICE + "forms", OFFICE + "event-listeners",
                   TEXT + "soft-page-break", TEXT + "change", TEXT + "change-start",
                   TEXT + "change-end"})  # fmt: skip


def inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows or columns of a table, through groups."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in WRAPPERS:
            yield from inside(element, tag)


def cells_of(row: etree._Element) -> Iterator[tuple[GridCell, etree._Element]]:
    """Yield the cells of a row with their elements; a repeated one once."""
    column = 1
    for child in row:
        if child.tag in CELLS:
            span = min(count(child.get(TABLE + "number-columns-spanned")), MOST_SPANNED)
            yield GridCell(column, span, is_covered=child.tag == COVERED), child
            column += count(child.get(TABLE + "number-columns-repeated"))


@dataclass(slots=True)
class Columns:
    """The stretches of columns that are not shown, in rising order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    next: int = 1

    @classmethod
    def of(cls, table: etree._Element) -> Columns:
        """Return the hidden columns of a table."""
        found = cls()
        for element in inside(table, TABLE + "table-column"):
            found.add(element)
        return found

    def add(self, element: etree._Element, *, is_hidden: bool = False) -> None:
        """Add a column element, hidden by itself or by the group around it."""
        repeat = count(element.get(TABLE + "number-columns-repeated"))
        if is_hidden or element.get(TABLE + "visibility") in UNSEEN:
            self.starts.append(self.next)
            self.ends.append(self.next + repeat - 1)
        self.next += repeat

    def hold(self, column: int) -> bool:
        """Return whether a column is not shown."""
        index = bisect_right(self.starts, column) - 1
        return index >= 0 and column <= self.ends[index]


def hidden(state: State) -> State:
    """Return the state of what is not shown: deleted text stays deleted."""
    return State.DELETED if state is State.DELETED else State.HIDDEN
