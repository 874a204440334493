"""Excel workbooks: every sheet with its titles, and whatever is hidden in or beside it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from secreview.formats.lines import Lines
from secreview.formats.ooxml import RELATION_ID, Package, Refused, local, open_package
from secreview.formats.ooxml_rest import own_name, rest, styled, telling
from secreview.formats.protocol import Content, Limits, Source
from secreview.formats.xlsx_sheet import Sheet, is_hint
from secreview.formats.xlsx_styles import unseen
from secreview.model import Part, PartKind, Place, Step, Unit, Why

MEDIA_TYPES = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)
WORKBOOK = "xl/workbook.xml"
COMMENTS = {"comments": "comment", "threadedComment": "threadedComment"}


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a workbook."""
    with source.open() as stream:
        package = open_package(source, limits, stream)
        parts = tuple(Workbook(package).parts())
        return Content(parts, tuple(package.gaps), package.coverage("xlsx"))


class Workbook:
    """A workbook being read."""

    def __init__(self, package: Package) -> None:
        """Find the workbook part and the shared strings."""
        self.package = package
        self.member = next(iter(package.target("", "officeDocument")), WORKBOOK)
        self.root = package.main(self.member)
        self.hints = Lines("phonetic-hints", PartKind.DATA)
        self.strings = self.shared_strings()
        self.unseen = unseen(self.styles())

    def styles(self) -> etree._Element | None:
        """Return the root of the styles, None without."""
        members = self.package.target(self.member, "styles")
        return self.package.root(members[0]) if members else None

    def shared_strings(self) -> list[str]:
        """Return the shared strings in order; phonetic hints are told beside them."""
        found: list[str] = []
        for member in self.package.target(self.member, "sharedStrings"):
            root = self.package.root(member)
            for item in () if root is None else root:
                texts = [
                    node.text or ""
                    for node in item.iter()
                    if local(node) == "t" and not is_hint(node)
                ]
                found.append("".join(texts))
                hints = (n.text or "" for n in item.iter() if local(n) == "t" and is_hint(n))
                self.hints.add("".join(hints), Place((Step(Unit.ELEMENT, member),)))
        return found

    def parts(self) -> Iterator[Part]:
        """Yield the sheets in the order of their tabs, then everything beside them."""
        for name, state, member in self.sheets():
            kind = PartKind.SHEET if state in ("", "visible") else PartKind.HIDDEN_SHEET
            yield from self.sheet(name, kind, member)
        yield from self.names()
        yield from self.unused_strings()
        yield from self.hints.parts()
        for member in self.package.target(self.member, "styles"):
            yield from styled(self.package, member)
        yield from rest(self.package)

    def sheets(self) -> Iterator[tuple[str, str, str]]:
        """Yield (name, state, member) of each sheet."""
        targets = {r.id: r.target for r in self.package.relations(self.member)}
        for element in self.root.iter():
            if local(element) == "sheet":
                member = targets.get(element.get(RELATION_ID) or "", "")
                yield element.get("name") or "?", element.get("state") or "", member

    def sheet(self, name: str, kind: PartKind, member: str) -> Iterator[Part]:
        """Yield the parts of one sheet; what cannot be read of it is a gap."""
        data = self.package.read(member)
        if data is None:
            if member not in self.package.members:
                self.package.gap(member or name, Why.DAMAGED, "sheet is missing")
            return
        sheet = Sheet(name, self.strings, self.unseen)
        try:
            sheet.read(data)
        except Refused:
            self.package.gap(member, Why.DAMAGED, f"DTD refused: {member}")
        except etree.XMLSyntaxError:
            self.package.gap(member, Why.DAMAGED, "XML syntax")
        yield from sheet.parts(kind)
        yield from self.comments(name, member)
        yield from self.drawings(name, member)

    def comments(self, name: str, member: str) -> Iterator[Part]:
        """Yield the comments of a sheet, old and threaded ones, as one part."""
        lines = Lines(f"{name}/comments", PartKind.COMMENT)
        for kind, tag in COMMENTS.items():
            for target in self.package.target(member, kind):
                root = self.package.root(target)
                for element in () if root is None else root.iter():
                    if local(element) == tag:
                        where = (Step(Unit.SHEET, name), Step(Unit.CELL, element.get("ref") or ""))
                        texts = (n.text or "" for n in element.iter() if local(n) in ("t", "text"))
                        lines.add(" ".join("".join(texts).split()), Place(where))
                    elif local(element) == "author":
                        lines.add(element.text or "", Place((Step(Unit.SHEET, name),)))
        yield from lines.parts()

    def drawings(self, name: str, member: str) -> Iterator[Part]:
        """Yield the text of shapes and text boxes of a sheet."""
        lines = Lines(f"{name}/shapes", PartKind.TEXTBOX)
        number = 0
        for target in self.package.target(member, "drawing"):
            root = self.package.root(target)
            for shape in () if root is None else root.iter():
                if local(shape) == "txBody":
                    number += 1
                    place = Place((Step(Unit.SHEET, name), Step(Unit.TEXTBOX, number)))
                    for paragraph in shape:
                        texts = (n.text or "" for n in paragraph.iter() if local(n) == "t")
                        lines.add("".join(texts), place)
                elif local(shape) == "cNvPr":
                    place = Place((Step(Unit.SHEET, name),))
                    lines.add(shape.get("descr") or "", place)
                    lines.add(shape.get("title") or "", place)
                    lines.add(own_name(shape), place)
                elif local(shape):
                    for text in telling(shape):
                        lines.add(text, Place((Step(Unit.SHEET, name),)))
        yield from lines.parts()

    def names(self) -> Iterator[Part]:
        """Yield the defined names, and what else the workbook part says: paths, views, users."""
        lines = Lines("names", PartKind.FIELD)
        for element in self.root.iter():
            tag, text = local(element), (element.text or "").strip()
            place = Place((Step(Unit.ELEMENT, tag or "comment"),))
            if tag == "definedName":
                name = element.get("name") or ""
                place = Place((Step(Unit.ELEMENT, name),))
                text = f"{name} = {element.text or ''}"
            elif tag == "sheet":
                text = element.get("name") or ""
                place = Place((Step(Unit.SHEET, text),))
            lines.add(text, place)
            for said in telling(element) if tag else ():
                lines.add("" if said in text else said, place)
        yield from lines.parts()

    def unused_strings(self) -> Iterator[Part]:
        """Yield all shared strings: entries that no cell uses any more are still in the file."""
        lines = Lines("shared-strings", PartKind.DATA)
        used = self.package.target(self.member, "sharedStrings")
        place = Place((Step(Unit.ELEMENT, used[0] if used else "sharedStrings"),))
        for text in self.left_over():
            lines.add(text, place)
        yield from lines.parts()

    def left_over(self) -> Iterator[str]:
        """Yield the shared strings that no cell of a readable sheet refers to."""
        seen: set[int] = set()
        for _, _, member in self.sheets():
            data = self.package.read(member) if member in self.package.members else None
            for token in (data or b"").split(b't="s"')[1:]:
                value = token.split(b"<v>", 1)[-1][:12].split(b"<", 1)[0]
                if value.isdigit():
                    seen.add(int(value))
        yield from (text for index, text in enumerate(self.strings) if index not in seen)
