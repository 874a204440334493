"""The rest of an OFD container: loose words, pictures, and members that nothing refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from secreview.formats.lines import Lines
from secreview.formats.ofd_book import Book
from secreview.formats.ofd_geometry import Matrix
from secreview.formats.ofd_page import Sides, Teller
from secreview.formats.ofd_pages import ENDLESS
from secreview.formats.ofd_runs import Setting
from secreview.formats.ofd_shelf import BLANKS, Shelf
from secreview.formats.ofd_used import Used
from secreview.formats.ooxml_rest import FONT, XML, comment, embedded
from secreview.formats.peek import FONT_STARTS, peek
from secreview.model import Gap, Part, PartKind, Place, Step, Unit, Why


@dataclass(slots=True)
class Rest:
    """Reads what is left once the documents of a container have been read."""

    shelf: Shelf
    used: Used

    def parts(self) -> Iterator[Part]:
        """Yield the parts of members that nothing has read, then what was gathered."""
        sides = Sides.start("stray")
        late: list[Part] = []
        for member in self.shelf.package.unseen():
            late += self.one(member, sides)
        yield from sides.hidden.parts()
        yield from self.disagreeing()
        yield from self.used.parts()
        yield from self.shelf.links.parts()
        yield from self.shelf.data.parts()
        yield from late
        yield from comment(self.shelf.package)

    def one(self, member: str, sides: Sides) -> Iterator[Part]:
        """Yield the parts of one member; a page that no document lists is told as hidden text."""
        package = self.shelf.package
        start = peek(package, member)
        if member in self.used.pictures:
            return
        if start.startswith(FONT_STARTS) and (FONT.fullmatch(member) or not start[:1].isalpha()):
            package.skip(member)
        elif XML.fullmatch(member) or start.lstrip(BLANKS).startswith(b"<"):
            root = self.shelf.root(member)
            if root is not None and root.find("{*}Content") is not None:
                self.page(member, root, sides)
        elif self.shelf.is_sealed and member.lower().endswith(".dat"):
            package.seen.add(member)
            package.gap(member, Why.ENCRYPTED)
        else:
            yield from embedded(package, member)

    def page(self, member: str, root: etree._Element, sides: Sides) -> None:
        """Tell a page that no document lists."""
        place = Place((Step(Unit.FILE, member),))
        teller = Teller(self.shelf, self.used, sides, is_old=True)
        before = sides.count
        setting = Setting(Matrix(), Book(), member)
        teller.page(root, setting, place=place, area=ENDLESS, around=((), ()))
        if sides.count > before:
            detail = "a page that no document lists"
            self.shelf.package.gaps.append(Gap(member, Why.DISAGREE, detail, place))

    def disagreeing(self) -> Iterator[Part]:
        """Yield the text codes that the pages do not show, as one part."""
        lines = Lines("unshown-text", PartKind.HIDDEN_TEXT)
        number = 0
        for member, texts in self.shelf.compare():
            for text in texts:
                number += 1
                lines.add(text, Place((Step(Unit.HIDDEN, number), Step(Unit.FILE, member))))
        yield from lines.parts()
