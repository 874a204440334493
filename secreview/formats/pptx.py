"""Presentations (pptx, pptm, potx): slides, and the notes, comments and shapes nobody shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from secreview.formats.lines import Lines
from secreview.formats.ooxml import RELATION_ID, Package, attribute, local, open_package
from secreview.formats.ooxml_rest import own_name, rest, telling
from secreview.formats.protocol import Content, Limits, Source
from secreview.formats.titles import Row, titles
from secreview.model import Part, PartKind, Place, Step, Unit

MEDIA_TYPES = ("application/vnd.openxmlformats-officedocument.presentationml.presentation",)
PRESENTATION = "ppt/presentation.xml"
FLAT = str.maketrans("\t\n\r\v", "    ")
WIDTH, HEIGHT = 12_192_000, 6_858_000  # of a slide in English Metric Units, where none is given
PLACEHOLDERS = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})
AUTHOR_PARTS = re.compile(r"ppt/(?:commentAuthors|authors)\d*\.xml", re.IGNORECASE)
# What masters and layouts of office programs say and are called when nobody has changed them.
PROMPTS = re.compile(
    r"(?:单击|点击)[\u4e00-\u9fff]{1,14}|编辑母版文本样式|第?[一二三四五六七八九]级"
    r"|Click (?:icon )?to (?:edit|add) [\w ]{1,40}"
    r"|(?:Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth) level"
    r"|标题幻灯片|标题和内容|节标题|两栏内容|比较|仅标题|空白|(?:内容|图片)与标题|标题[和与]竖排文字"
    r"|(?:竖|垂直)排列?标题与文本|\d{1,3}|[‹<]#[›>]"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}/\d{1,2}/\d{2,4}"
)
PARENTS = 20  # groups inside groups
COMMENT_PARTS = re.compile(r"ppt/comments/[^/]+\.xml", re.IGNORECASE)


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a presentation."""
    with source.open() as stream:
        package = open_package(source, limits, stream)
        parts = tuple(Slides(package).parts())
        return Content(parts, tuple(package.gaps), package.coverage("pptx"))


@dataclass(slots=True)
class Slides:
    """A presentation being read."""

    package: Package
    body: Lines = field(default_factory=lambda: Lines("body", PartKind.BODY))
    hidden: Lines = field(default_factory=lambda: Lines("hidden", PartKind.HIDDEN_TEXT))
    notes: Lines = field(default_factory=lambda: Lines("notes", PartKind.NOTES))
    edges: Lines = field(default_factory=lambda: Lines("edges", PartKind.FOOTER))
    masters: Lines = field(default_factory=lambda: Lines("masters", PartKind.DATA))
    alt: Lines = field(default_factory=lambda: Lines("alt", PartKind.ALT_TEXT))
    comments: Lines = field(default_factory=lambda: Lines("comments", PartKind.COMMENT))
    data: Lines = field(default_factory=lambda: Lines("slide-data", PartKind.DATA))
    people: Lines = field(default_factory=lambda: Lines("people", PartKind.PROPERTY))
    size: tuple[int, int] = (WIDTH, HEIGHT)

    def parts(self) -> Iterator[Part]:
        """Yield all parts: slides first, then what stands beside them."""
        member = next(iter(self.package.target("", "officeDocument")), PRESENTATION)
        root = self.package.main(member)
        for element in root.iter("{*}sldSz"):
            self.size = (measure(element, "cx", WIDTH), measure(element, "cy", HEIGHT))
        self.loose(root, Place((Step(Unit.ELEMENT, member),)))
        for number, name in enumerate(self.ordered(member, root), 1):
            self.slide(name, number)
        self.beside()
        yield Part("body", PartKind.BODY, "") if not self.body.text() else self.body.parts()[0]
        for lines in (self.hidden, self.notes, self.edges, self.comments, self.alt, self.people,
                      self.masters, self.data):  # fmt: skip
            yield from lines.parts()
        yield from rest(self.package)

    def ordered(self, member: str, root: etree._Element) -> list[str]:
        """Return the slides in the order in which they are shown, then stray ones."""
        targets = {r.id: r.target for r in self.package.relations(member) if r.type == "slide"}
        shown = [targets.get(e.get(RELATION_ID) or "", "") for e in root.iter("{*}sldId")]
        stray = [
            name
            for name in self.package.members
            if re.fullmatch(r"ppt/slides/slide\d+\.xml(?:#\d+)?", name, re.IGNORECASE)
        ]
        return [n for n in dict.fromkeys((*shown, *stray)) if n in self.package.members]

    def slide(self, member: str, number: int) -> None:
        """Read one slide and its notes."""
        root = self.package.root(member)
        if root is None:
            return
        place = Place((Step(Unit.SLIDE, number),), page=number)
        is_shown = root.get("show") not in ("0", "false")
        self.shapes(root, place, self.body if is_shown else self.hidden)
        for name in self.package.target(member, "notesSlide"):
            notes = self.package.root(name)
            if notes is not None:
                self.shapes(notes, place, self.notes)
        for kind in ("comments", "comment"):
            for name in self.package.target(member, kind):
                self.comment(name, place)

    def shapes(self, root: etree._Element, place: Place, target: Lines) -> None:
        """Add the text of every shape; of one that is not seen to the hidden text."""
        for element in root.iter("{*}sp", "{*}graphicFrame", "{*}pic", "{*}cxnSp"):
            self.told(element, place)
            lines = target
            if target is self.body and self.is_unseen(element):
                lines = self.hidden
            kind = placeholder(element)
            if kind in PLACEHOLDERS:
                lines = self.edges
            if local(element) == "graphicFrame":
                for table in element.iter("{*}tbl"):
                    self.table(table, place, lines)
            for body in element.iter("{*}txBody"):
                if local(body.getparent()) != "tc":
                    for paragraph in body.iter("{*}p"):
                        text = text_of(paragraph)
                        is_dull = kind in PLACEHOLDERS and PROMPTS.fullmatch(text)
                        lines.add("" if is_dull else text, place)
        self.loose(root, place)

    def loose(self, root: etree._Element, place: Place) -> None:
        """Keep what stands in comments and attributes: tooltips, values of animations, names."""
        for element in root.iter():
            if not local(element):
                self.data.add((element.text or "").strip(), place)
            elif local(element) != "cNvPr":
                for text in telling(element):
                    self.data.add("" if PROMPTS.fullmatch(text) else text, place)

    def told(self, element: etree._Element, place: Place) -> None:
        """Keep the title and description of a shape."""
        for properties in element.iter("{*}cNvPr"):
            for name in ("descr", "title"):
                self.alt.add(properties.get(name) or "", place)
            self.alt.add(own_name(properties), place)

    def is_unseen(self, element: etree._Element) -> bool:
        """Return whether a shape, or a group around it, is switched off or beside the slide."""
        groups = [element, *islice(element.iterancestors("{*}grpSp"), PARENTS)]
        return self.is_beside(groups[-1]) or any(map(is_off, groups))

    def is_beside(self, element: etree._Element) -> bool:
        """Return whether a shape lies beside the slide."""
        offset = next(element.iter("{*}off"), None)
        extent = next(element.iter("{*}ext"), None)
        if offset is None or extent is None or extent.get("cx") is None:
            return False
        left, top = measure(offset, "x", 0), measure(offset, "y", 0)
        right, bottom = left + measure(extent, "cx", 0), top + measure(extent, "cy", 0)
        return right <= 0 or bottom <= 0 or left >= self.size[0] or top >= self.size[1]

    def table(self, table: etree._Element, place: Place, lines: Lines) -> None:
        """Add a table: rows as lines, cells joined by tabs, each with its titles."""
        rows: list[Row] = [
            [
                (column, " ".join(map(text_of, cell.iter("{*}p"))).strip().translate(FLAT))
                for column, cell in enumerate(row.iterchildren("{*}tc"), 1)
            ]
            for row in table.iter("{*}tr")
        ]
        names = titles(rows)
        for index, row in enumerate(rows):
            for nth, (column, text) in enumerate(row):
                steps = (*place.steps, Step(Unit.ROW, index + 1), Step(Unit.COLUMN, column))
                lines.mark(Place(steps, place.page, names.of(index, row, nth)))
                lines.raw(text + ("\n" if nth == len(row) - 1 else "\t"))

    def comment(self, member: str, place: Place) -> None:
        """Add the comments of a slide, in either form."""
        root = self.package.root(member)
        if root is None:
            return
        for element in root.iter("{*}text"):
            self.comments.add((element.text or "").strip(), place)
        for paragraph in root.iter("{*}p"):
            self.comments.add(text_of(paragraph), place)

    def beside(self) -> None:
        """Add stray comments, the names of authors, and the text of masters and layouts."""
        for member in self.package.unseen():
            if COMMENT_PARTS.fullmatch(member):
                self.comment(member, Place((Step(Unit.ELEMENT, member),)))
            elif AUTHOR_PARTS.fullmatch(member):
                root = self.package.root(member)
                for element in () if root is None else root.iter("{*}*"):
                    place = Place((Step(Unit.PROPERTY, "author"),))
                    for key in ("name", "initials", "userId"):
                        self.people.add(attribute(element, key), place)
            elif re.match(r"ppt/(?:slideMasters|slideLayouts|notesMasters|handoutMasters)/[^/]+$",
                          member, re.IGNORECASE):  # fmt: skip
                self.master(member)

    def master(self, member: str) -> None:
        """Add the text that a master puts on slides; prompts of placeholders are no text."""
        root = self.package.root(member)
        if root is None:
            return
        place = Place((Step(Unit.ELEMENT, member),))
        for shape in root.iter("{*}sp"):
            self.told(shape, place)
            for paragraph in shape.iter("{*}p"):
                text = text_of(paragraph)
                self.masters.add("" if PROMPTS.fullmatch(text.strip()) else text, place)
        self.loose(root, place)


def is_off(element: etree._Element) -> bool:
    """Return whether a shape or group is switched off in the selection pane."""
    properties = next(element.iter("{*}cNvPr"), None)
    return properties is not None and properties.get("hidden") in ("1", "true")


def placeholder(element: etree._Element) -> str:
    """Return the kind of placeholder a shape fills, an empty string for a shape of its own."""
    for properties in element.iter("{*}nvPr"):
        for mark in properties.iterchildren("{*}ph"):
            return mark.get("type") or "body"
    return ""


def text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph."""
    pieces = []
    for element in paragraph.iter("{*}t", "{*}br", "{*}tab"):
        pieces.append({"br": " ", "tab": " "}.get(local(element)) or element.text or "")
    return "".join(pieces)


def measure(element: etree._Element, name: str, otherwise: int) -> int:
    """Return a whole number among attributes, or another one when it is none."""
    text = element.get(name) or ""
    return int(text) if re.fullmatch(r"-?\d{1,12}", text) else otherwise
