"""One OpenDocument document: the main one of a file, or an object inside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from secreview.formats.docx_blocks import Story
from secreview.formats.docx_styles import Look
from secreview.formats.lines import Lines
from secreview.formats.odf_blocks import Blocks
from secreview.formats.odf_names import DC, META, OFFICE, STYLE, TEXT
from secreview.formats.odf_ranges import ranges
from secreview.formats.odf_runs import Scene
from secreview.formats.odf_sheet import Sheets
from secreview.formats.odf_sides import OdfSides
from secreview.formats.odf_slides import Masters, slides
from secreview.formats.odf_styles import Styles
from secreview.formats.ooxml import Refused, local, parse
from secreview.formats.ooxml_rest import all_text
from secreview.model import Part, PartKind, Place, Step, Unit, Why

SPREADSHEET = re.compile(rb"<(?:[\w.-]{1,40}:)?spreadsheet[\s/>]")
EDGES = {"header": (PartKind.HEADER, Unit.HEADER), "footer": (PartKind.FOOTER, Unit.FOOTER)}
# Text that the parts tell once or not at all: authors, dates, data of pictures, note numbers.
UNTOLD = frozenset(
    {
        DC + "creator", DC + "date", META + "creator-initials", META + "date-string",
        OFFICE + "binary-data", TEXT + "note-citation", TEXT + "sequence-decls",
    }
)  # fmt: skip

RDFA = "{http://www.w3.org/1999/xhtml}content"
Note = Callable[[Why, str], None]


@dataclass(slots=True)
class OdfDocument:
    """A document being read; ``note`` takes what cannot be read of it."""

    note: Note
    sides: OdfSides = field(default_factory=OdfSides)
    styles: Styles = field(default_factory=Styles)
    blocks: Blocks = field(init=False)
    body: Lines = field(default_factory=lambda: Lines("body", PartKind.BODY))
    told: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the blocks that fill the sides."""
        self.blocks = Blocks(self.sides, self.styles)

    def parts(self, data: bytes, styles: etree._Element | None) -> Iterator[Part]:
        """Yield the parts of a document given its content and the root of its styles, if any."""
        if styles is not None:
            self.styles.add(styles.iterchildren(OFFICE + "styles"))
            self.layouts(styles)
        is_sheet = bool(SPREADSHEET.search(data))
        root = self.stream(data) if is_sheet else self.tree(data)
        if root is None:
            return
        styles = root if styles is None else styles
        body = root.find(OFFICE + "body")
        for container in () if body is None else body:
            self.container(container, styles)
        if body is None:
            self.plain(root)
        self.blocks.left_over()
        self.told = [*(self.body.parts() or self.empty()), *self.told]
        self.edges(styles)
        self.told += self.sides.parts()
        self.comments(root)
        self.marked(root)
        yield from self.told
        yield from self.missing(root if body is None else body)

    def empty(self) -> tuple[Part, ...]:
        """Return an empty body, unless sheets stand in its place."""
        return () if self.told else (Part(self.body.id, self.body.kind, ""),)

    def layouts(self, root: etree._Element) -> None:
        """Note the grounds of page layouts, which stand among the automatic styles."""
        only = Styles()
        only.add(root.iterchildren(OFFICE + "automatic-styles"))
        self.styles.has_background = self.styles.has_background or only.has_background

    def tree(self, data: bytes) -> etree._Element | None:
        """Return the root of the content with its styles added, or None after noting why not."""
        try:
            root = parse(data)
        except Refused:
            self.note(Why.DAMAGED, "DTD refused")
            return None
        except etree.XMLSyntaxError:
            if data and not data.isspace():
                self.note(Why.DAMAGED, "XML syntax")
            try:
                root = parse(data, recover=True)
            except (etree.XMLSyntaxError, Refused):
                return None
        self.styles.add(root.iterchildren(OFFICE + "styles", OFFICE + "automatic-styles"))
        return root

    def stream(self, data: bytes) -> etree._Element | None:
        """Read the sheets of a spreadsheet and return what is left of its tree."""
        sheets = Sheets(self.blocks)
        root: etree._Element | None = None
        try:
            root, is_whole = sheets.read(data)
            if not is_whole:
                self.note(Why.DAMAGED, "XML syntax")
        except Refused:
            self.note(Why.DAMAGED, "DTD refused")
        except etree.XMLSyntaxError:
            self.note(Why.DAMAGED, "XML syntax")
        self.told += sheets.finish()
        return root

    def container(self, container: etree._Element, styles: etree._Element) -> None:
        """Tell the content of a document of any kind."""
        name = local(container)
        if name == "spreadsheet":
            ranges(container, self.sides)
            other = Lines("beside-sheets", PartKind.DATA)
            self.blocks.walk(container, Story(other), Scene(Place(), on_fill=True))
            self.told += other.parts()
        elif name in ("presentation", "drawing"):
            slides(container, self.blocks, Masters.of(styles, self.blocks), self.body)
        elif name == "database":
            for text in all_text(container):
                self.sides.data.add(text, Place((Step(Unit.ELEMENT, name),)))
        else:
            if next(container.iter(TEXT + "soft-page-break"), None) is not None:
                self.sides.page = 1
            story = Story(self.body, counts_paragraphs=True)
            self.blocks.walk(container, story, Scene(Place()))
            self.sides.page = None

    def plain(self, root: etree._Element) -> None:
        """Tell all text of something that is no office document, such as a formula."""
        for text in all_text(root):
            self.body.add(text)

    def edges(self, root: etree._Element) -> None:
        """Tell the headers, footers and shapes of the master pages."""
        own = self.styles.copy()
        own.add(root.iterchildren(OFFICE + "automatic-styles"))
        blocks = Blocks(self.sides, own)
        numbers = dict.fromkeys(EDGES, 0)
        masters = Lines("masters", PartKind.DATA)
        for master in root.iter(STYLE + "master-page"):
            for child in master:
                kind = local(child).partition("-")[0]
                if str(child.tag).startswith(STYLE) and kind in EDGES:
                    numbers[kind] += 1
                    self.edge(child, blocks, kind, numbers[kind])
                elif local(child):
                    place = Place((Step(Unit.ELEMENT, master.get(STYLE + "name") or ""),))
                    blocks.slide = Story(masters, place.steps)
                    blocks.block(child, blocks.slide, Scene(place, Look(), on_fill=True))
                    blocks.slide = None
        self.told += masters.parts()

    def edge(self, element: etree._Element, blocks: Blocks, kind: str, number: int) -> None:
        """Tell one header or footer; one that is switched off is hidden."""
        part_kind, unit = EDGES[kind]
        if element.get(STYLE + "display") == "false":
            part_kind = PartKind.HIDDEN_TEXT
        lines = Lines(f"{kind}{number}", part_kind)
        steps = (Step(unit, number),)
        blocks.walk(element, Story(lines, steps), Scene(Place(steps)))
        self.told += lines.parts()

    def comments(self, root: etree._Element) -> None:
        """Tell XML comments outside the body."""
        lines = Lines("xml-comments", PartKind.DATA)
        around = [*root.itersiblings(preceding=True), *root.itersiblings()]
        for child in root:
            if child.tag != OFFICE + "body":
                around += child.iter(etree.Comment, etree.ProcessingInstruction)
        for note in around:
            lines.add((note.text or "").strip(), Place((Step(Unit.ELEMENT, "comment"),)))
        self.told += lines.parts()

    def marked(self, root: etree._Element) -> None:
        """Tell what attributes say about the text for machines (RDFa)."""
        lines = Lines("rdfa", PartKind.DATA)
        for element in root.iter():
            lines.add(element.get(RDFA) or "" if local(element) else "")
        self.told += lines.parts()

    def missing(self, root: etree._Element) -> Iterator[Part]:
        """Yield all text of a tree once more when the parts lack any letter of it."""
        lacking = Counter(letters(texts_of(root)))
        lacking.subtract(letters(part.text for part in self.told))
        number = sum(more for more in lacking.values() if more > 0)
        if not number:
            return
        self.note(Why.DISAGREE, f"{number} characters were not where they should be")
        lines = Lines("all-text", PartKind.DATA)
        for text in all_text(root, with_attributes=False):
            lines.add(text)
        yield from lines.parts()


def texts_of(root: etree._Element) -> Iterator[str]:
    """Yield the texts of a tree, without those that no part tells."""
    for event, element in etree.iterwalk(root, events=("start",)):
        del event
        if element.tag not in UNTOLD and isinstance(element.tag, str):
            yield element.text or ""
        if element is not root:
            yield element.tail or ""


def letters(texts: Iterable[str]) -> Iterator[str]:
    """Yield the letters and digits of texts."""
    for text in texts:
        yield from filter(str.isalnum, text)
