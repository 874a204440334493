"""The pages of one OFD document with their resources, templates and annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from secreview.formats.ofd_book import Book, text_of
from secreview.formats.ofd_canvas import Canvas
from secreview.formats.ofd_geometry import Box, Matrix, box
from secreview.formats.ofd_lines import rows_of
from secreview.formats.ofd_notes import Note, Notes
from secreview.formats.ofd_page import TEMPLATE, Teller, Template
from secreview.formats.ofd_runs import Setting
from secreview.formats.ofd_shelf import Shelf
from secreview.model import Gap, Place, Step, Unit, Why

ENDLESS = Box(-1e9, -1e9, 1e9, 1e9)


@dataclass(slots=True)
class Pages:
    """The pages of the document with a root member; all places start with ``base``."""

    shelf: Shelf
    teller: Teller
    member: str
    root: etree._Element
    base: tuple[Step, ...] = ()
    book: Book = field(default_factory=Book)
    templates: dict[str, tuple[Template, bool]] = field(default_factory=dict)

    def read(self, seen: set[str]) -> None:
        """Tell all pages, then what no page shows; members in ``seen`` were told before."""
        common = self.root.find("{*}CommonData")
        common = self.root if common is None else common
        for name in ("PublicRes", "DocumentRes"):
            for element in common.iterfind("{*}" + name):
                self.book = self.book.with_member(self.shelf, self.find(element.text))
        for element in common.iterfind("{*}TemplatePage"):
            self.template(element)
        notes = Notes.of(self.shelf, self.root, self.member)
        area = page_area(common.find("{*}PageArea")) or ENDLESS
        for number, element in enumerate(self.pages(), start=1):
            member = self.find(element.get("BaseLoc"))
            around = notes.of_page(element.get("ID") or "")
            if member not in seen or not self.teller.is_old:
                seen.add(member)
                self.page(number, member, area, around)
        self.left_over(notes)

    def find(self, path: str | None) -> str:
        """Return the member that a path in the document root means."""
        return self.shelf.find(path or "", self.member)

    def pages(self) -> Iterator[etree._Element]:
        """Yield the page elements, as many as the limit allows."""
        found = self.root.findall("{*}Pages/{*}Page")
        limit = self.shelf.package.limits.pages
        if len(found) > limit:
            detail = f"pages {limit + 1} to {len(found)}"
            self.shelf.package.gaps.append(Gap("pages", Why.LIMIT, detail))
        yield from found[:limit]

    def template(self, element: etree._Element) -> None:
        """Read a template page."""
        member = self.find(element.get("BaseLoc"))
        root = self.shelf.root(member)
        if root is None:
            return
        canvas = Canvas(self.shelf, self.teller.used)
        setting = Setting(Matrix(), self.resources(root, member), member, TEMPLATE)
        for content in root.iterfind("{*}Content"):
            canvas.layers(content, setting)
        template = Template(canvas.runs, canvas.covers, canvas.order)
        self.templates[element.get("ID") or ""] = (
            template, element.get("ZOrder") == "Foreground",
        )  # fmt: skip

    def resources(self, root: etree._Element, member: str) -> Book:
        """Return the resources of the document together with those of one page."""
        book = self.book
        for element in root.iterfind("{*}PageRes"):
            book = book.with_member(self.shelf, self.shelf.find(element.text or "", member))
        return book

    def page(self, number: int, member: str, area: Box, notes: Sequence[Note]) -> None:
        """Tell one page."""
        place = Place((*self.base, Step(Unit.PAGE, number)), number)
        root = self.shelf.root(member, place)
        if root is None:
            for note in notes:
                self.teller.told_note(note, (), place)
            return
        setting = Setting(Matrix(), self.resources(root, member), member)
        self.teller.page(
            root,
            setting,
            place=place,
            area=page_area(root.find("{*}Area")) or area,
            around=(list(self.used_templates(root)), notes),
        )

    def used_templates(self, root: etree._Element) -> Iterator[tuple[Template, bool]]:
        """Yield the templates of a page, and whether they lie above it."""
        for element in root.iterfind("{*}Template"):
            known = self.templates.get(element.get("TemplateID") or "")
            if known is not None:
                order = element.get("ZOrder")
                yield known[0], order == "Foreground" if order else known[1]

    def left_over(self, notes: Notes) -> None:
        """Tell templates that no page shows, and annotations of pages that are not there."""
        for key, (template, _) in self.templates.items():
            place = Place((*self.base, Step(Unit.ELEMENT, f"TemplatePage {key}")))
            if not template.is_shown:
                for line in rows_of(template.runs):
                    self.teller.sides.hide(" ".join(run.text for run in line), place)
        for note in notes.left_over():
            canvas = Canvas(self.shelf, self.teller.used)
            setting = Setting(Matrix(), self.book, note.member, is_hidden=True)
            self.teller.note(note, canvas, setting)
            self.teller.told_note(note, canvas.runs, Place(self.base))
        if self.teller.sight.gave_up:
            self.shelf.package.gap(self.member, Why.LIMIT, "too many shapes to find covered text")


def page_area(element: etree._Element | None) -> Box | None:
    """Return the sheet of paper that a page area describes, measured from its own corner."""
    found = None if element is None else box(text_of(element, "PhysicalBox"))
    if found is None or found.right <= found.left or found.bottom <= found.top:
        return None
    width, height = found.right - found.left, found.bottom - found.top
    left, top = min(0.0, found.left), min(0.0, found.top)
    return Box(left, top, max(width, found.right), max(height, found.bottom))
