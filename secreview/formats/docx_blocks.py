"""The stories of a Word document (body, header, note …): paragraphs and tables as lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from secreview.formats.docx_runs import Runs, Scene
from secreview.formats.docx_sides import Segment, Sides, State
from secreview.formats.docx_styles import (
    SHADE,
    Styles,
    W,
    child,
    children,
    has_fill,
    is_on,
    value,
    value_of,
)
from secreview.formats.lines import Lines
from secreview.formats.ooxml import local
from secreview.formats.titles import Row, Titles, titles
from secreview.model import Place, Step, Unit

FLAT = str.maketrans("\t\n\r", "   ")
NO_HEIGHT = 20  # twentieths of a point: a row of exactly this height shows nothing


@dataclass(slots=True)
class Cell:
    """A table cell: its grid column, how many it spans, its segments, its inner tables."""

    column: int
    span: int
    segments: list[Segment] = field(default_factory=list)
    tables: list[etree._Element] = field(default_factory=list)
    is_continued: bool = False

    def shown(self) -> str:
        """Return the visible text on one line."""
        texts = [t for t, state in self.segments if state in (State.SHOWN, State.INSERTED)]
        return "".join(texts).strip().translate(FLAT)


@dataclass(slots=True)
class Story:
    """One story under construction, and how its places begin."""

    lines: Lines
    base: tuple[Step, ...] = ()
    counts_paragraphs: bool = False
    paragraphs: int = 0
    tables: int = 0

    def place(self, page: int | None) -> Place:
        """Return the place of the next paragraph."""
        if not self.counts_paragraphs:
            return Place(self.base, page)
        return Place((*self.base, Step(Unit.PARAGRAPH, self.paragraphs + 1)), page)


class Blocks:
    """Walks block content into stories; text boxes become stories of their own."""

    def __init__(self, sides: Sides, styles: Styles, *, has_breaks: bool = False) -> None:
        """Keep the sides, which gather what does not belong to the visible text."""
        self.sides = sides
        self.styles = styles
        self.runs = Runs(sides, styles, self.box, has_breaks)

    def walk(self, container: etree._Element, story: Story, scene: Scene) -> None:
        """Add the visible text of block content to a story."""
        for element in container:
            name = local(element)
            if name == "p":
                self.paragraph(element, story, scene)
            elif name == "tbl":
                self.table(element, story, scene)
            elif name == "AlternateContent":
                self.walk(next(iter(element), element), story, scene)
                self.runs.others(element, scene)
            elif name in ("ins", "moveTo", "del", "moveFrom"):
                self.walk(element, story, scene._replace(state=changed(name, scene.state)))
            elif name == "sdtPr":
                self.runs.control(element, scene)
            elif name and name not in ("sectPr", "tblPr", "sdtEndPr"):
                self.walk(element, story, scene)

    def paragraph(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Add a paragraph as a line."""
        place = story.place(self.sides.page)
        segments = self.runs.segments(element, scene._replace(place=place))
        visible = self.sides.settle(segments, place)
        if not visible.text or visible.text.isspace():
            return
        story.paragraphs += 1
        self.put(story, visible.text, place, visible.pages)
        story.lines.raw("\n")

    def put(
        self, story: Story, text: str, place: Place, pages: tuple[tuple[int, int], ...]
    ) -> None:
        """Append text with its place, and again at each page start inside it."""
        story.lines.mark(place)
        start = story.lines.length
        story.lines.raw(text)
        for offset, page in pages:
            story.lines.index.append((start + min(offset, len(text)), replace(place, page=page)))

    def table(self, table: etree._Element, story: Story, scene: Scene) -> None:
        """Add a table: rows as lines, cells joined by tabs."""
        story.tables += 1
        number = story.tables
        base = (*story.base, Step(Unit.TABLE, number))
        scene = scene._replace(on_fill=scene.on_fill or self.is_filled(table))
        self.caption(table, base)
        rows = [
            self.cells(row, scene._replace(place=Place((*base, Step(Unit.ROW, n)))))
            for n, row in enumerate(inside(table, "tr"), start=1)
        ]
        shown = [plain(row) for row in rows]
        names = with_spans(titles(shown), rows)
        above: dict[int, str] = {}
        for index, row in enumerate(rows):
            named: list[tuple[int, str]] = []
            for cell, (column, said) in zip(row, shown[index], strict=True):
                above[column] = above.get(column, "") if cell.is_continued else said
                named.append((column, above[column]))
            for nth, cell in enumerate(row):
                steps = (*base, Step(Unit.ROW, index + 1), Step(Unit.COLUMN, cell.column))
                headers = names.of(index, named, nth)
                self.cell(cell, story, Place(steps, self.sides.page, headers))
                story.lines.raw("\n" if cell is row[-1] else "\t")
            for inner in (inner for cell in row for inner in cell.tables):
                self.table(inner, story, scene)

    def cell(self, cell: Cell, story: Story, place: Place) -> None:
        """Append the visible text of a cell on one line."""
        visible = self.sides.settle(cell.segments, place)
        text = visible.text.translate(FLAT)
        lead = len(text) - len(text.lstrip())
        pages = tuple((max(0, offset - lead), page) for offset, page in visible.pages)
        self.put(story, text.strip(), place, pages)

    def cells(self, row: etree._Element, scene: Scene) -> list[Cell]:
        """Return the cells of a row."""
        properties = child(row, W + "trPr")
        column = 1
        if properties is not None:
            scene = scene._replace(state=row_state(properties, scene.state))
            column += number(child(properties, W + "gridBefore"))
        cells: list[Cell] = []
        for element in inside(row, "tc"):
            cell = self.one_cell(element, column, scene)
            column += cell.span
            cells.append(cell)
        return cells

    def one_cell(self, element: etree._Element, column: int, scene: Scene) -> Cell:
        """Return a cell with the segments of its paragraphs."""
        properties = child(element, W + "tcPr")
        cell = Cell(column, 1)
        on_fill, state = scene.on_fill, scene.state
        if properties is not None:
            found = children(properties)
            merge, shade = found.get(W + "vMerge"), found.get(SHADE)
            cell.span = max(1, number(found.get(W + "gridSpan")))
            cell.is_continued = merge is not None and value_of(merge) != "restart"
            on_fill = on_fill or (shade is not None and has_fill(shade))
            state = State.DELETED if W + "cellDel" in found else state
        place = Place((*scene.place.steps, Step(Unit.COLUMN, column)), self.sides.page)
        self.gather(element, cell, Scene(place, scene.style, on_fill, state))
        return cell

    def gather(self, container: etree._Element, cell: Cell, scene: Scene) -> None:
        """Collect the paragraphs and tables of a cell, through any wrapping."""
        for element in container:
            name = local(element)
            if name == "p":
                if cell.segments:
                    cell.segments.append(Segment(" ", State.SHOWN))
                cell.segments += self.runs.segments(element, scene)
            elif name == "tbl":
                cell.tables.append(element)
            elif name == "AlternateContent":
                self.gather(next(iter(element), element), cell, scene)
                self.runs.others(element, scene)
            elif name in ("ins", "moveTo", "del", "moveFrom"):
                self.gather(element, cell, scene._replace(state=changed(name, scene.state)))
            elif name == "sdtPr":
                self.runs.control(element, scene)
            elif name and name not in ("tcPr", "sdtEndPr"):
                self.gather(element, cell, scene)

    def caption(self, table: etree._Element, base: tuple[Step, ...]) -> None:
        """Note the title and description of a table."""
        properties = child(table, W + "tblPr")
        if properties is None:
            return
        for name in ("tblCaption", "tblDescription"):
            self.sides.alt.add(value(properties, name), Place(base))

    def is_filled(self, table: etree._Element) -> bool:
        """Return whether the style of a table paints cells."""
        properties = child(table, W + "tblPr")
        return properties is not None and value(properties, "tblStyle") in self.styles.filled

    def box(self, content: etree._Element, scene: Scene) -> None:
        """Add a text box to the text boxes; its fill is not known, so white may be visible."""
        self.sides.boxes += 1
        steps = (Step(Unit.TEXTBOX, self.sides.boxes),)
        place = Place(steps, self.sides.page)
        story = Story(self.sides.textboxes, steps)
        self.walk(content, story, Scene(place, on_fill=True, state=scene.state))


def inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows or cells of a table, through content controls and other wrapping."""
    for element in parent:
        tag = local(element)
        if tag == name:
            yield element
        elif tag in ("sdt", "sdtContent", "customXml", "ins", "del", "moveTo", "moveFrom",
                     "AlternateContent", "Choice"):  # fmt: skip
            yield from inside(element, name)


def changed(name: str, state: State) -> State:
    """Return the state of content inside a tracked change."""
    if name in ("del", "moveFrom"):
        return State.DELETED
    return State.INSERTED if state is State.SHOWN else state


def row_state(properties: etree._Element, state: State) -> State:
    """Return the state of a table row by its properties."""
    found = children(properties)
    if W + "del" in found:
        return State.DELETED
    height = found.get(W + "trHeight")
    is_flat = height is not None and height.get(W + "hRule") == "exact" and (
        (height.get(W + "val") or "").isdecimal() and int(height.get(W + "val") or 0) <= NO_HEIGHT
    )  # fmt: skip
    if is_on(found.get(W + "hidden")) or is_flat:
        return State.HIDDEN
    return State.INSERTED if W + "ins" in found else state


def number(element: etree._Element | None) -> int:
    """Return the small whole number that a property gives, 0 without one."""
    text = value_of(element)
    return min(int(text), 1000) if text.isascii() and text.isdecimal() else 0


def plain(row: list[Cell]) -> Row:
    """Return the cells of a row as columns and visible texts."""
    return [(cell.column, cell.shown()) for cell in row]


def with_spans(names: Titles, rows: list[list[Cell]]) -> Titles:
    """Return titles that also cover the further columns of title cells that span several."""
    columns = dict(names.columns)
    for row in rows[: names.last + 1]:
        for cell in row:
            for column in range(cell.column + 1, cell.column + cell.span):
                if cell.column in columns:
                    columns.setdefault(column, columns[cell.column])
    return replace(names, columns=columns)
