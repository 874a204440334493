"""The annotations of OFD pages: watermarks, stamps, links, highlights, with all they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from secreview.formats.ofd_book import text_of
from secreview.formats.ofd_runs import is_off
from secreview.formats.ofd_shelf import Shelf
from secreview.model import Place, Step, Unit


class Note(NamedTuple):
    """One annotation and the member that holds it."""

    element: etree._Element
    member: str

    def kind(self) -> str:
        """Return what sort of annotation it is, as the file names it (Watermark, Stamp, Link)."""
        return self.element.get("Type") or "Annot"

    def is_hidden(self) -> bool:
        """Return whether the annotation says that it is not visible."""
        return is_off(self.element)

    def words(self) -> Iterator[str]:
        """Yield its remark, its parameters with their names, and who made it."""
        yield text_of(self.element, "Remark")
        for parameter in self.element.iterfind("{*}Parameters/{*}Parameter"):
            name, value = parameter.get("Name") or "", (parameter.text or "").strip()
            yield f"{name}: {value}" if value else ""
        for name in ("Creator", "Subtype"):
            yield self.element.get(name) or ""

    def place(self, page: Place) -> Place:
        """Return the place of the annotation on a page."""
        return Place((*page.steps, Step(Unit.ELEMENT, self.kind())), page.page)


@dataclass(slots=True)
class Notes:
    """The annotations of a document by the id of their page."""

    by_page: dict[str, list[Note]] = field(default_factory=dict)

    @classmethod
    def of(cls, shelf: Shelf, document: etree._Element, member: str) -> Notes:
        """Return the annotations that a document root refers to."""
        notes = cls()
        for element in document.iterfind("{*}Annotations"):
            listed = shelf.find(element.text or "", member)
            root = shelf.root(listed) if listed else None
            for page in () if root is None else root.iterfind("{*}Page"):
                found = notes.by_page.setdefault(page.get("PageID") or "", [])
                for path in page.iterfind("{*}FileLoc"):
                    file = shelf.find(path.text or "", listed)
                    tree = shelf.root(file)
                    if tree is not None:
                        found += [Note(annot, file) for annot in tree.iter("{*}Annot")]
        return notes

    def of_page(self, number: str) -> list[Note]:
        """Return the annotations of a page, once."""
        return self.by_page.pop(number, [])

    def left_over(self) -> Iterator[Note]:
        """Yield the annotations of pages that the document does not have."""
        for found in self.by_page.values():
            yield from found
