"""Text objects of OFD pages as runs of characters with their places on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from secreview.formats.ofd_book import BLACK, Book, Ink
from secreview.formats.ofd_geometry import Box, Matrix, around, box, matrix, number, rectangles
from secreview.formats.ofd_pieces import pieces_of
from secreview.formats.ooxml import local

TINY = 0.36  # millimetres, 1 pt: too small to read
FAINT = 5  # of 255: an opacity that nobody sees
ASCENT, DESCENT = 0.88, 0.12  # of the size, above and below the base line


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all objects inside a layer, block or composite object."""

    matrix: Matrix
    book: Book
    member: str
    origin: str = ""
    params: tuple[str, ...] = ()
    opacity: float = 1.0
    is_hidden: bool = False
    depth: int = 0


class Run(NamedTuple):
    """Characters on one base line: ``edges`` are their left edges and the right end, if level."""

    text: str
    edges: tuple[float, ...]
    base: float
    size: float
    box: Box
    order: int
    ink: Ink
    origin: str = ""
    is_hidden: bool = False
    is_level: bool = True

    def cut(self, low: int, high: int, *, is_hidden: bool) -> Run:
        """Return a stretch of a level run."""
        edges = self.edges[low : high + 1]
        area = self.box._replace(left=edges[0], right=edges[-1])
        return self._replace(text=self.text[low:high], edges=edges, box=area, is_hidden=is_hidden)


@dataclass(frozen=True, slots=True)
class TextObject:
    """A text object with its children sorted out."""

    element: etree._Element
    codes: list[etree._Element] = field(default_factory=list)
    clips: list[etree._Element] = field(default_factory=list)
    mappings: list[etree._Element] = field(default_factory=list)
    inks: dict[str, etree._Element] = field(default_factory=dict)

    @classmethod
    def of(cls, element: etree._Element) -> TextObject:
        """Return the text object of an element."""
        found = cls(element)
        lists = {"TextCode": found.codes, "Clips": found.clips, "CGTransform": found.mappings}
        for child in element:
            name = local(child)
            if name in lists:
                lists[name].append(child)
            elif name in ("FillColor", "StrokeColor"):
                found.inks.setdefault(name, child)
        return found

    def is_unseen(self, ink: Ink) -> bool:
        """Return whether the object shows nothing by its own attributes."""
        if is_off(self.element) or ink.alpha < FAINT:
            return True
        return not self.fills() and self.element.get("Stroke") not in ("true", "1")

    def fills(self) -> bool:
        """Return whether the characters are filled, as they are unless it says otherwise."""
        return self.element.get("Fill") not in ("false", "0")

    def ink(self, setting: Setting) -> Ink:
        """Return the ink that the characters show."""
        name = "FillColor" if self.fills() else "StrokeColor"
        params = (self.element.get("DrawParam") or "", *setting.params)
        book = setting.book
        own = self.inks.get(name)
        ink = book.mixed(own) if own is not None else book.param_ink(name, params) or BLACK
        alpha = self.element.get("Alpha")
        opacity = setting.opacity * (number(alpha, 255.0) / 255 if alpha else 1.0)
        return ink if opacity == 1 else ink._replace(alpha=ink.alpha * opacity)

    def window(self, area: Box, inner: Matrix, outer: Matrix) -> Box:
        """Return the part of the page that the object may paint on."""
        window = area.moved(outer)
        for clip in (clip for clips in self.clips for clip in clips):
            areas = [
                found.moved(matrix(region.get("CTM")).then(inner))
                for region in clip.iterfind("{*}Area")
                for path in region.iterfind("{*}Path")
                for data in path.iterfind("{*}AbbreviatedData")
                for found in shifted(path, data.text or "")
            ]
            if areas:
                clear = around([point for a in areas for point in (a[:2], a[2:])])
                window = window.within(clear.moved(Matrix(e=area.left, f=area.top)).moved(outer))
        return window


def text_runs(item: TextObject, setting: Setting, order: int) -> Iterator[Run]:
    """Yield the runs of a text object."""
    element = item.element
    area = box(element.get("Boundary")) or Box(0, 0, 0, 0)
    inner = matrix(element.get("CTM"))
    whole = inner.then(Matrix(e=area.left, f=area.top)).then(setting.matrix)
    size = number(element.get("Size"), 1.0)
    shown = size * (whole.c**2 + whole.d**2) ** 0.5
    ink = item.ink(setting)
    unseen = setting.is_hidden or item.is_unseen(ink) or shown <= TINY
    window = item.window(area, inner, setting.matrix).grown(shown)
    scale = number(element.get("HScale"), 1.0)
    is_back = element.get("ReadDirection") == "180"
    for piece in pieces_of(item.codes, size, scale, is_back=is_back):
        left, right = min(piece.edges), max(piece.edges)
        top, bottom = sorted((piece.y, piece.y + piece.fall))
        place = Box(left, top - size * ASCENT, right, bottom + size * DESCENT).moved(whole)
        hidden = unseen or piece.is_stacked or not place.meets(window)
        is_level = piece.is_level and whole.is_level()
        edges = tuple(whole.a * x + whole.e for x in piece.edges) if is_level else ()
        yield Run(
            piece.text, edges, whole.at(left, piece.y)[1], shown, place, order, ink,
            setting.origin, hidden, is_level,
        )  # fmt: skip


def is_off(element: etree._Element) -> bool:
    """Return whether an element says that it is not visible."""
    value = element.get("Visible")
    return value is not None and value.strip().lower() in ("false", "0")


def shifted(path: etree._Element, data: str) -> Iterator[Box]:
    """Yield the rectangles of a path object where its boundary puts them."""
    area = box(path.get("Boundary")) or Box(0, 0, 0, 0)
    place = matrix(path.get("CTM")).then(Matrix(e=area.left, f=area.top))
    for found in rectangles(data):
        yield found.moved(place)
