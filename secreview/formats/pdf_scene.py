"""What a page paints, in order: text, paths, pictures, with where and in which colour."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from secreview.formats import pdf_calls as calls
from secreview.formats.pdf_calls import FOUR_FLOATS, FOUR_NUMBERS, SIX_FLOATS, STEP

DEPTH = 15  # forms inside forms
ITEMS = 200_000  # painted objects of one page that are looked at
LONGEST = 1 << 20  # bytes of one string of marked content
TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5  # FPDF_PAGEOBJ_*
# Text render modes (ISO 32000-1 table 106); from the second on, letters clip what follows.
INVISIBLE, CLIPPING = 3, 4
STROKED = (1, 5)


class Box(NamedTuple):
    """A rectangle in points: left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Return how wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return how high it is."""
        return self.top - self.bottom

    @property
    def center(self) -> tuple[float, float]:
        """Return the point in the middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def meets(self, other: Box) -> bool:
        """Return whether the two overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def holds(self, point: tuple[float, float]) -> bool:
        """Return whether a point lies inside."""
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top

    def within(self, other: Box, slack: float = 0.0) -> bool:
        """Return whether all of it lies in another box."""
        return (
            other.left - slack <= self.left
            and self.right <= other.right + slack
            and other.bottom - slack <= self.bottom
            and self.top <= other.top + slack
        )


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Color(NamedTuple):
    """A colour: red, green, blue (0 to 255), and how opaque it is (0 to 1)."""

    red: int
    green: int
    blue: int
    alpha: float = 1.0

    @property
    def light(self) -> float:
        """Return how light it looks, 0 to 1 (ITU-R BT.601)."""
        return (0.299 * self.red + 0.587 * self.green + 0.114 * self.blue) / 255


class Item(NamedTuple):
    """One painted object: its kind, pdfium handle, box on the page, and place in the order."""

    kind: int
    handle: int
    box: Box
    order: int
    matrix: Matrix  # of the forms around it
    depth: int = 0
    is_layered: bool = False  # stands in optional content
    parent: int = -1  # place in the order of the form around it


@dataclass(slots=True)
class Scene:
    """The painted objects of a page, forms taken apart; ``is_whole`` is false past a limit."""

    items: list[Item] = field(default_factory=list)
    kinds: dict[int, list[Item]] = field(default_factory=dict)
    is_whole: bool = True
    has_layers: bool = False

    @classmethod
    def of(cls, page: Any, *, has_layers: bool = False) -> Scene:
        """Return the scene of an open pdfium page; marks of layers are looked for if asked."""
        scene = cls(has_layers=has_layers)
        count = raw.FPDFPage_CountObjects(page)
        top = (calls.object_at(page, nth) for nth in range(count))
        scene.add(top, IDENTITY)
        return scene

    def add(self, handles: Iterator[int], matrix: Matrix, form: Item | None = None) -> None:
        """Add objects, and what forms among them hold."""
        depth, parent = (form.depth + 1, form.order) if form else (0, -1)
        is_layered = form is not None and form.is_layered
        items, looks_for_layers = self.items, self.has_layers and not is_layered
        kind_of = calls.kind_of
        for handle in handles:
            if len(items) >= ITEMS or depth > DEPTH:
                self.is_whole = False
                return
            kind = kind_of(handle)
            inside = is_layered or (looks_for_layers and in_layer(handle))
            box = transformed(bounds(handle), matrix)
            item = Item(kind, handle, box, len(items), matrix, depth, inside, parent)
            items.append(item)
            self.kinds.setdefault(kind, []).append(item)
            if kind == FORM:
                children = (calls.object_in(handle, n) for n in range(calls.objects_in(handle)))
                self.add(children, product(matrix_of(handle), matrix), item)

    def around(self, item: Item) -> Iterator[Item]:
        """Yield an object and the forms around it, outwards."""
        yield item
        while item.parent >= 0:
            item = self.items[item.parent]
            yield item

    def of_kind(self, kind: int) -> list[Item]:
        """Return the objects of one kind."""
        return self.kinds.get(kind, [])


def bounds(handle: int) -> Box:
    """Return the box of a page object in the space it stands in."""
    sides = FOUR_FLOATS()
    at = ctypes.addressof(sides)
    if not calls.bounds_of(handle, at, at + STEP, at + 2 * STEP, at + 3 * STEP):
        return Box(0.0, 0.0, 0.0, 0.0)
    return Box(*sides)


def matrix_of(handle: int) -> Matrix:
    """Return the matrix of a page object."""
    found = SIX_FLOATS()
    if not calls.matrix_into(handle, ctypes.addressof(found)):
        return IDENTITY
    a, b, c, d, e, f = found
    return a, b, c, d, e, f


def product(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that does one after the other.

    >>> product((1, 0, 0, 1, 5, 0), (2, 0, 0, 2, 0, 0))
    (2, 0, 0, 2, 10, 0)
    """
    a, b, c, d, e, f = first
    k, m, n, p, q, r = second
    return (
        a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p,
        e * k + f * n + q, e * m + f * p + r,
    )  # fmt: skip


def moved(point: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    """Return where a matrix moves a point."""
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def transformed(box: Box, matrix: Matrix) -> Box:
    """Return the box around what a matrix makes of a box."""
    if matrix == IDENTITY:
        return box
    corners = [moved((x, y), matrix) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(across), min(up), max(across), max(up))


def in_layer(handle: int) -> bool:
    """Return whether an object is marked as optional content."""
    return any(string(calls.mark_name_into, mark) == "OC" for mark in marks(handle))


def marks(handle: int) -> list[int]:
    """Return the marked content that an object stands in, outermost first."""
    return [calls.mark_at(handle, nth) for nth in range(calls.count_marks(handle))]


def string(call: Callable[..., Any], *about: Any) -> str:
    """Return the string that a pdfium function writes into a buffer with its length."""
    length = ctypes.c_ulong()
    at = ctypes.addressof(length)
    call(*about, None, 0, at)
    if not 2 < length.value < LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(length.value)
    call(*about, ctypes.addressof(buffer), length.value, at)
    return buffer.raw[: length.value].decode("utf-16-le", "replace").rstrip("\0")


def color_of(handle: int, *, stroked: bool = False) -> Color | None:
    """Return the colour that an object is filled (or drawn) with, None for a pattern."""
    parts = FOUR_NUMBERS()
    at = ctypes.addressof(parts)
    if not calls.color_into[stroked](handle, at, at + STEP, at + 2 * STEP, at + 3 * STEP):
        return None
    red, green, blue, alpha = parts
    return Color(red, green, blue, alpha / 255)


def draw_mode(handle: int) -> tuple[int, int]:
    """Return how a path is filled and whether its line is drawn, 0 for each that is not."""
    found = FOUR_NUMBERS()
    at = ctypes.addressof(found)
    return (found[0], found[1]) if calls.draw_mode_into(handle, at, at + STEP) else (0, 0)


def is_filled(handle: int) -> bool:
    """Return whether a path is filled, not only drawn along."""
    return draw_mode(handle)[0] != 0


def stroke_width(handle: int) -> float:
    """Return how wide the line of a path is, 0 when it has none."""
    if not draw_mode(handle)[1]:
        return 0.0
    width = ctypes.c_float()
    return width.value if calls.stroke_width_into(handle, ctypes.addressof(width)) else 1.0
