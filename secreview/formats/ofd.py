"""OFD documents (GB/T 33190): pages as people read them, and whatever else the container holds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree

from secreview.errors import Encrypted
from secreview.formats.lines import Lines
from secreview.formats.ofd_book import text_of
from secreview.formats.ofd_page import Sides, Teller
from secreview.formats.ofd_pages import Pages
from secreview.formats.ofd_rest import Rest
from secreview.formats.ofd_shelf import Shelf
from secreview.formats.ofd_sides import attachments, information, outline, permissions, tagged
from secreview.formats.ofd_signs import Signs
from secreview.formats.ofd_used import Used
from secreview.formats.ooxml import open_package
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Part, PartKind, Place, Step, Unit, Why

MEDIA_TYPES = ("application/ofd",)
ENTRY = "OFD.xml"
SEAL = "Encryptions.xml"


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of an OFD document."""
    with source.open() as stream:
        package = open_package(source, limits, stream)
        container = Container(Shelf(package))
        parts = tuple(container.parts())
        return Content(parts, tuple(package.gaps), tuple(container.coverage()))


class Container:
    """An OFD container being read: its documents, their versions, signatures and attachments."""

    def __init__(self, shelf: Shelf) -> None:
        """Find the entry of the container; raise Encrypted when it is sealed as a whole."""
        self.shelf = shelf
        self.entry = shelf.find(ENTRY)
        if shelf.is_sealed and self.entry not in shelf.package.members:
            raise Encrypted("the whole OFD container is encrypted")
        root = shelf.root(self.entry)
        self.bodies = [] if root is None else root.findall("{*}DocBody")
        self.used = Used(shelf)
        self.signs = Signs(shelf)
        self.properties = Lines("properties", PartKind.PROPERTY)
        self.outline = Lines("outline", PartKind.FIELD)
        self.seen: set[str] = set()  # members of pages told so far

    def parts(self) -> Iterator[Part]:
        """Yield all parts: pages first, then what stands beside them, then what is left."""
        for body in self.bodies:
            yield from self.body(body)
        if self.shelf.is_sealed:
            if not self.seen & self.shelf.raw.keys():
                raise Encrypted("the pages of the OFD container are encrypted")
            self.shelf.package.gap(self.shelf.find(SEAL), Why.ENCRYPTED, "some members")
        yield from self.properties.parts()
        yield from self.outline.parts()
        yield from self.signs.parts()
        yield from Rest(self.shelf, self.used).parts()

    def body(self, body: etree._Element) -> Iterator[Part]:
        """Yield the parts of one document of the container, its older versions included."""
        member = self.shelf.find(text_of(body, "DocRoot"), self.entry)
        folder = posixpath.dirname(member) if len(self.bodies) > 1 else ""
        base = (Step(Unit.FILE, folder),) if folder else ()
        information(body, self.properties, base)
        sides = Sides.start(folder)
        late = list(self.document(member, sides, base, is_old=False))
        for name, old in self.versions(body):
            if old != member:
                steps = (*base, Step(Unit.ELEMENT, name or old))
                late += self.document(old, sides, steps, is_old=True)
        yield from sides.parts()
        yield from late
        for element in body.iterfind("{*}Signatures"):
            yield from self.signs.read(self.shelf.find(element.text or "", self.entry))

    def document(
        self, member: str, sides: Sides, base: tuple[Step, ...], *, is_old: bool
    ) -> Iterator[Part]:
        """Read the document of a root member into the sides; yield what is attached to it."""
        root = self.shelf.root(member, Place((*base, Step(Unit.ELEMENT, member))))
        if root is None:
            return
        teller = Teller(self.shelf, self.used, sides, is_old)
        Pages(self.shelf, teller, member, root, base).read(self.seen)
        outline(root, self.outline, base)
        permissions(root, self.properties, base)
        tagged(self.shelf, root, member)
        yield from attachments(self.shelf, root, member)

    def versions(self, body: etree._Element) -> Iterator[tuple[str, str]]:
        """Yield name and document root of each version that the container keeps."""
        for element in body.iterfind("{*}Versions/{*}Version"):
            listed = self.shelf.find(element.get("BaseLoc") or "", self.entry)
            root = self.shelf.root(listed)
            if root is not None:
                name = root.get("Name") or root.get("Version") or element.get("ID") or ""
                yield name, self.shelf.find(text_of(root, "DocRoot"), listed)

    def coverage(self) -> Iterator[Covered]:
        """Yield a row for each member; those of signatures say that the document is signed."""
        signed = frozenset(self.signs.members)
        for row in self.shelf.package.coverage("ofd"):
            if row.locator in signed:
                row = row._replace(kind="signature", reason=row.reason or "signed")
            yield row
