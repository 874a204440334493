"""The stories of an OpenDocument file: paragraphs, lists, sections, tables, frames as lines."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace

from lxml import etree

from secreview.formats.docx_blocks import Story
from secreview.formats.docx_sides import Segment, State
from secreview.formats.odf_names import DC, DRAW, FORM, OFFICE, SHOW, SVG, TABLE, TEXT, XLINK
from secreview.formats.odf_runs import Runs, Scene, listeners
from secreview.formats.odf_sides import OdfSides
from secreview.formats.odf_styles import Styles
from secreview.formats.odf_tables import Tables
from secreview.formats.ooxml_rest import PLAIN_NAME, TELLING
from secreview.model import Place, Step, Unit

SKIPPED = frozenset(
    TEXT + name for name in ("sequence-decls", "linenumbering-configuration", "notes-configuration")
)
SOURCES = "-source"  # templates of tables of contents and other indexes


class Blocks:
    """Walks block content into stories; boxes, notes and comments go to the sides."""

    def __init__(self, sides: OdfSides, styles: Styles) -> None:
        """Keep the sides, which gather what does not belong to the visible text."""
        self.sides = sides
        self.styles = styles
        self.runs = Runs(sides, styles, self)
        self.tables = Tables(self)
        self.slide: Story | None = None  # where shapes are told; None: among the text boxes

    def walk(self, container: etree._Element, story: Story, scene: Scene) -> None:
        """Add the visible text of block content to a story."""
        self.stray(container.text, story, scene)
        for element in container:
            self.block(element, story, scene)
            self.stray(element.tail, story, scene)

    def stray(self, text: str | None, story: Story, scene: Scene) -> None:
        """Add text that stands outside any paragraph; programs show none of it."""
        if text and not text.isspace():
            self.sides.hidden.add(" ".join(text.split()), scene.place)

    def block(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Add one block."""
        tag = element.tag
        if not isinstance(tag, str):
            self.sides.data.add((element.text or "").strip(), scene.place)
            return
        if tag in KINDS:
            KINDS[tag](self, element, story, scene)
        elif tag.startswith(FORM):
            self.forms(element, story, scene)
        elif tag.startswith(DRAW):
            self.shape(element, scene)
        elif tag.endswith(SOURCES):
            self.declared(element, story, scene)
        elif tag not in SKIPPED:
            self.walk(element, story, scene)

    def table(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Add a table."""
        self.tables.table(element, story, scene)

    def changes(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Remember the tracked changes."""
        self.sides.changes.read(element, self.sides)

    def paragraph(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Add a paragraph as a line."""
        style = element.get(TEXT + "style-name") or ""
        if self.sides.page is not None and self.styles.of("paragraph", style).breaks:
            self.sides.page += 1
        place = replace(story.place(self.sides.page), headers=scene.place.headers)
        segments = self.runs.segments(element, replace(scene, place=place, paragraph=style))
        visible = self.sides.settle(segments, place)
        if visible.text and not visible.text.isspace():
            story.paragraphs += 1
            put(story, visible.text.strip(), place, visible.pages)
            story.lines.raw("\n")

    def section(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Add a section; one that is not displayed is hidden."""
        display = element.get(TEXT + "display") or "true"
        name = element.get(TEXT + "name") or ""
        self.sides.data.add(name if TELLING.search(name) else "", scene.place)
        is_hidden = display == "none" or (
            display == "condition" and element.get(TEXT + "is-hidden") == "true"
        )
        self.sides.fields.add(element.get(TEXT + "condition") or "", scene.place)
        for source in element.iterchildren(TEXT + "section-source", OFFICE + "dde-source"):
            for key in (XLINK + "href", OFFICE + "dde-topic", OFFICE + "dde-item"):
                self.sides.links.add(source.get(key) or "", scene.place)
        if is_hidden and scene.state is not State.DELETED:
            scene = replace(scene, state=State.HIDDEN)
        self.walk(element, story, scene)

    def between(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Tell what stands between paragraphs: a change, a page, a note, a comment, an event."""
        out: list[Segment] = []
        self.runs.child(element, scene, out)
        self.sides.settle(out, scene.place)

    def note(self, element: etree._Element, scene: Scene) -> None:
        """Tell a footnote or endnote in the part of its kind."""
        is_end = element.get(TEXT + "note-class") == "endnote"
        self.sides.notes += 1
        unit = Unit.ENDNOTE if is_end else Unit.FOOTNOTE
        steps = (Step(unit, self.sides.notes),)
        lines = self.sides.endnotes if is_end else self.sides.footnotes
        inner = Scene(Place(steps, self.sides.page), on_fill=scene.on_fill, state=scene.state)
        for body in element.iterchildren(TEXT + "note-body"):
            self.walk(body, Story(lines, steps), inner)

    def comment(self, element: etree._Element, scene: Scene) -> None:
        """Tell a comment; who made it is an author."""
        self.sides.remarks += 1
        steps = (Step(Unit.COMMENT, self.sides.remarks), *scene.place.steps)
        author = element.findtext(DC + "creator") or element.get(OFFICE + "author") or ""
        if author:
            self.sides.authors.setdefault(author)
        inner = Scene(Place(steps, scene.place.page), on_fill=True)
        story = Story(self.sides.comments, steps)
        for child in element:
            if not str(child.tag).startswith((DC, "{urn:oasis:names:tc:opendocument:xmlns:meta")):
                self.block(child, story, inner)

    def deleted(self, element: etree._Element, scene: Scene) -> str:
        """Return the text of a deletion, its paragraphs on lines of their own."""
        inner = replace(scene, state=State.DELETED)
        texts: list[str] = []
        for paragraph in element.iter(TEXT + "p", TEXT + "h"):
            parent = paragraph.getparent()
            if parent is None or parent.tag in (OFFICE + "change-info", OFFICE + "annotation",
                                                TEXT + "note-body"):  # fmt: skip
                continue
            segments = self.runs.segments(paragraph, inner)
            texts.append("".join(text for text, _ in segments))
        return "\n".join(texts)

    def left_over(self) -> None:
        """Tell deletions whose place the text does not mark."""
        changes = self.sides.changes
        for key in list(changes.deletions):
            element = changes.take(key)
            if element is not None:
                number = len(self.sides.deleted.index) + 1
                place = Place((Step(Unit.DELETED, number),))
                self.sides.deleted.add(self.deleted(element, Scene(place)), place)

    def declared(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Note the values of variables, links and titles that are declared, not shown."""
        for item in element.iter():
            values = [str(v) for k, v in item.attrib.items()
                      if str(k).rpartition("}")[2] in TELLING_NAMES]  # fmt: skip
            self.sides.fields.add(": ".join(filter(None, values)), scene.place)
            text = " ".join((item.text or "").split())
            self.sides.data.add(text if any(map(str.isalnum, text)) else "", scene.place)

    def forms(self, element: etree._Element, story: Story, scene: Scene) -> None:
        """Note labels, values and choices of form controls, and the data they are bound to."""
        for item in element.iter():
            name = item.get(FORM + "name") or item.get(FORM + "id") or ""
            place = Place((*scene.place.steps, Step(Unit.ELEMENT, name)), scene.place.page)
            for key, value in item.attrib.items():
                if str(key).rpartition("}")[2] in FORM_NAMES:
                    self.sides.forms.add(str(value), place)
            text = " ".join((item.text or "").split())
            self.sides.forms.add(text, place)

    def shape(self, element: etree._Element, scene: Scene) -> None:
        """Tell what a frame or shape shows and is called."""
        self.named(element, scene)
        if element.get(DRAW + "display") in ("none", "printer") and scene.state is State.SHOWN:
            scene = replace(scene, state=State.HIDDEN)
        if any(child.tag in BOXED for child in element):
            self.boxed(element, scene)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in BOXED | NAMED:
                self.inside(child, scene)

    def named(self, element: etree._Element, scene: Scene) -> None:
        """Note title, description and name of a shape."""
        for child in element.iterchildren(*NAMED):
            self.sides.alt.add("".join(map(str, child.itertext())), scene.place)
        for name in (element.get(DRAW + "name") or "", element.get(TABLE + "name") or ""):
            if TELLING.search(name) and not PLAIN_NAME.fullmatch(name):
                self.sides.alt.add(name, scene.place)
        for target in (element.get(XLINK + "href") or "",):
            if target.partition(":")[0] in ("http", "https", "file", "ftp", "mailto") or (
                "\\" in target or "../" in target
            ):
                self.sides.links.add(target, scene.place)

    def boxed(self, element: etree._Element, scene: Scene) -> None:
        """Tell the paragraphs of a shape: on its slide, or as a text box."""
        story = self.slide
        if story is None:
            self.sides.boxes += 1
            story = Story(self.sides.textboxes, (Step(Unit.TEXTBOX, self.sides.boxes),))
            scene = Scene(story.place(self.sides.page), on_fill=True, state=scene.state)
        elif self.styles.of("graphic", element.get(DRAW + "style-name")).fills:
            scene = replace(scene, on_fill=True)
        for child in element:
            if child.tag in BOXED:
                self.block(child, story, scene)

    def inside(self, element: etree._Element, scene: Scene) -> None:
        """Tell what else stands in a frame: text boxes, tables, pictures, objects, groups."""
        tag = element.tag
        if tag == OFFICE + "binary-data":
            self.binary(element, scene)
        elif tag in (OFFICE + "event-listeners", SHOW + "event-listeners"):
            listeners(element, self.sides, scene.place)
        elif tag == OFFICE + "annotation":
            self.comment(element, scene)
        elif tag == DRAW + "param":
            self.sides.data.add(element.get(DRAW + "value") or "", scene.place)
        elif tag.startswith(DRAW):
            self.shape(element, scene)
        else:
            story = self.slide or Story(self.sides.textboxes, scene.place.steps)
            self.walk(element, story, replace(scene, on_fill=True))

    def binary(self, element: etree._Element, scene: Scene) -> None:
        """Keep a picture or object that a flat file holds in base64."""
        try:
            data = base64.b64decode("".join((element.text or "").split()), validate=False)
        except (binascii.Error, ValueError):
            data = (element.text or "").encode()
        if data:
            self.sides.pictures.append((data, scene.place))


BOXED = frozenset({TEXT + "p", TEXT + "h", TEXT + "list", TABLE + "table"})
NAMED = frozenset({SVG + "title", SVG + "desc", TABLE + "title", TABLE + "desc"})
TELLING_NAMES = frozenset("name string-value value formula dde-application dde-topic dde-item href "
                          "source".split())  # fmt: skip
FORM_NAMES = frozenset(
    "label value current-value title list-source command datasource href string-value "
    "current-label help-text database-name action target-location".split()
)


def put(story: Story, text: str, place: Place, pages: tuple[tuple[int, int], ...]) -> None:
    """Append text with its place, and again at each page start inside it."""
    story.lines.mark(place)
    start = story.lines.length
    story.lines.raw(text)
    for offset, page in pages:
        story.lines.index.append((start + min(offset, len(text)), replace(place, page=page)))


BETWEEN = ("change", "change-start", "change-end", "soft-page-break", "note")
DECLARED = (TEXT + "variable-decls", TEXT + "user-field-decls", TEXT + "dde-connection-decls",
            TEXT + "alphabetical-index-auto-mark-file", SHOW + "header-decl", SHOW + "footer-decl",
            SHOW + "date-time-decl")  # fmt: skip
Kind = Callable[[Blocks, etree._Element, Story, Scene], None]
KINDS: Mapping[str, Kind] = {
    TEXT + "p": Blocks.paragraph,
    TEXT + "h": Blocks.paragraph,
    TABLE + "table": Blocks.table,
    TEXT + "section": Blocks.section,
    TEXT + "tracked-changes": Blocks.changes,
    **{TEXT + name: Blocks.between for name in BETWEEN},
    OFFICE + "annotation": Blocks.between,
    OFFICE + "event-listeners": Blocks.between,
    SHOW + "event-listeners": Blocks.between,
    OFFICE + "forms": Blocks.forms,
    **dict.fromkeys(DECLARED, Blocks.declared),
}
