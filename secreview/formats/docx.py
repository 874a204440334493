"""Word documents (docx, docm, dotx): everything they say, seen or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from secreview.formats.docx_blocks import Blocks, Story
from secreview.formats.docx_runs import Scene
from secreview.formats.docx_sides import Sides, State
from secreview.formats.docx_styles import Styles, W, styles_of
from secreview.formats.lines import Lines
from secreview.formats.ooxml import Package, local, open_package
from secreview.formats.ooxml_rest import rest, styled, telling
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Part, PartKind, Place, Step, Unit

MEDIA_TYPES = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)

MAIN = "word/document.xml"
STORY = re.compile(  # members with text, those of a name that occurs twice too
    r"word/(header|footer|footnotes|endnotes|comments)\d*\.xml(?:#\d+)?", re.IGNORECASE
)
AUTHORS = etree.XPath("descendant-or-self::*/@w:author[. != '']", namespaces={"w": W.strip("{}")})
EDGES = {
    "header": (PartKind.HEADER, Unit.HEADER),
    "footer": (PartKind.FOOTER, Unit.FOOTER),
}
NOTES = {
    "footnotes": (PartKind.FOOTNOTE, Unit.FOOTNOTE, "footnote"),
    "endnotes": (PartKind.ENDNOTE, Unit.ENDNOTE, "endnote"),
    "comments": (PartKind.COMMENT, Unit.COMMENT, "comment"),
}


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a Word document."""
    with source.open() as stream:
        package = open_package(source, limits, stream)
        parts = tuple(Word(package).parts())
        return Content(parts, tuple(package.gaps), package.coverage("docx"))


class Word:
    """A Word document being read: its package, styles and sides."""

    def __init__(self, package: Package) -> None:
        """Find the main document and its styles."""
        self.package = package
        self.member = next(iter(package.target("", "officeDocument")), MAIN)
        self.root = package.main(self.member)
        self.sides = Sides()
        has_breaks = next(self.root.iter(W + "lastRenderedPageBreak"), None) is not None
        if has_breaks or any(b.get(W + "type") == "page" for b in self.root.iter(W + "br")):
            self.sides.page = 1
        self.blocks = Blocks(self.sides, self.styles(), has_breaks=has_breaks)

    def styles(self) -> Styles:
        """Return the styles of the document."""
        background = self.root.find(W + "background")
        color = "" if background is None else (background.get(W + "color") or "")
        has_background = color.lower() not in ("", "auto", "ffffff")
        for member in self.package.target(self.member, "styles"):
            return styles_of(self.package.root(member), has_background=has_background)
        return Styles(has_background=has_background)

    def parts(self) -> Iterator[Part]:
        """Yield all parts: body first, then what stands around and beside it."""
        body = Lines("body", PartKind.BODY)
        story = Story(body, counts_paragraphs=True)
        self.tell(self.root, story)
        yield Part("body", PartKind.BODY, "") if not body.text() else body.parts()[0]
        self.sides.page = None
        for kind in EDGES:
            yield from self.edges(kind)
        for kind in NOTES:
            yield from self.notes(kind)
        yield from self.settings()
        for member in self.package.target(self.member, "styles"):
            yield from styled(self.package, member)
        yield from self.sides.parts()
        yield from rest(self.package)

    def tell(self, root: etree._Element, story: Story, state: State = State.SHOWN) -> None:
        """Walk block content into a story, then what its comments and authors say."""
        self.blocks.walk(root, story, Scene(Place(story.base), state=state))
        self.blocks.runs.flush(Place(story.base))
        for author in (*AUTHORS(root), root.get(W + "initials") or ""):
            self.sides.authors.setdefault(str(author))
        for element in root.iter(etree.Comment, etree.PI):
            self.sides.data.add((element.text or "").strip(), Place(story.base))

    def members(self, kind: str) -> list[str]:
        """Return the members of one kind: those the document points to, then stray ones."""
        found = map(STORY.fullmatch, self.package.members)
        named = [match[0] for match in found if match and match[1].lower() == kind]
        targets = [t for t in self.package.target(self.member, kind) if t in self.package.members]
        return list(dict.fromkeys((*targets, *named)))

    def edges(self, kind: str) -> Iterator[Part]:
        """Yield each header or footer as a part."""
        part_kind, unit = EDGES[kind]
        for number, member in enumerate(self.members(kind), start=1):
            root = self.package.root(member)
            if root is None:
                continue
            lines = Lines(f"{kind}{number}", part_kind)
            self.tell(root, Story(lines, (Step(unit, number),)))
            yield from lines.parts()

    def notes(self, kind: str) -> Iterator[Part]:
        """Yield the footnotes, endnotes or comments as one part."""
        part_kind, unit, name = NOTES[kind]
        lines = Lines(kind, part_kind)
        number = 0
        for member in self.members(kind):
            root = self.package.root(member)
            for note in () if root is None else root.iter(W + name):
                is_plain = note.get(W + "type") in (None, "normal")  # else it draws a separator
                number += is_plain
                self.tell(note, Story(lines, (Step(unit, number if is_plain else ""),)))
        yield from lines.parts()

    def settings(self) -> Iterator[Part]:
        """Yield document variables and mail-merge sources."""
        lines = Lines("settings", PartKind.DATA)
        for member in self.package.target(self.member, "settings"):
            root = self.package.root(member)
            if root is None:
                continue
            place = Place((Step(Unit.ELEMENT, member),))
            for element in root.iter(W + "docVar"):
                name, text = element.get(W + "name") or "", element.get(W + "val") or ""
                lines.add(f"{name}: {text}", place)
            for merge in root.iter(W + "mailMerge"):
                for element in merge.iter():
                    text = element.get(W + "val") or ""
                    lines.add(text if len(text) > 15 else "", place)
            for element in root.iterfind("*"):
                if local(element) not in ("docVars", "mailMerge", "rsids", "compat"):
                    for inner in element.iter(etree.Element):
                        for text in telling(inner, strict=True):
                            lines.add(text, place)
        yield from lines.parts()
