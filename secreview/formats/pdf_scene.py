"""What a page paints, in order: text, paths, pictures, with where and in which colour."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

DEPTH = 15  # forms inside forms
ITEMS = 200_000  # painted objects of one page that are looked at
LONGEST = 1 << 20  # bytes of one string of marked content
TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5  # FPDF_PAGEOBJ_*
INVISIBLE, CLIP = 3, 7  # text render modes, ISO 32000-1 table 106
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
    handle: Any
    box: Box
    order: int
    matrix: Matrix  # of the forms around it
    depth: int = 0
    is_layered: bool = False  # stands in optional content


@dataclass(slots=True)
class Scene:
    """The painted objects of a page, forms taken apart; ``is_whole`` is false past a limit."""

    items: list[Item] = field(default_factory=list)
    is_whole: bool = True
    has_layers: bool = False

    @classmethod
    def of(cls, page: Any, *, has_layers: bool = False) -> Scene:
        """Return the scene of an open pdfium page; marks of layers are looked for if asked."""
        import pypdfium2.raw as raw

        scene = cls(has_layers=has_layers)
        top = (raw.FPDFPage_GetObject(page, n) for n in range(raw.FPDFPage_CountObjects(page)))
        scene.add(top, IDENTITY, 0, is_layered=False)
        return scene

    def add(self, handles: Iterator[Any], matrix: Matrix, depth: int, *, is_layered: bool) -> None:
        """Add objects, and what forms among them hold."""
        import pypdfium2.raw as raw

        for handle in handles:
            if len(self.items) >= ITEMS or depth > DEPTH:
                self.is_whole = False
                return
            kind = raw.FPDFPageObj_GetType(handle)
            inside = is_layered or (self.has_layers and in_layer(handle))
            box = transformed(bounds(handle), matrix)
            self.items.append(Item(kind, handle, box, len(self.items), matrix, depth, inside))
            if kind == FORM:
                count = raw.FPDFFormObj_CountObjects(handle)
                children = (raw.FPDFFormObj_GetObject(handle, n) for n in range(count))
                self.add(children, product(matrix_of(handle), matrix), depth + 1, is_layered=inside)

    def of_kind(self, kind: int) -> list[Item]:
        """Return the objects of one kind."""
        return [item for item in self.items if item.kind == kind]


def bounds(handle: Any) -> Box:
    """Return the box of a page object in the space it stands in."""
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
        return Box(0.0, 0.0, 0.0, 0.0)
    return Box(left.value, bottom.value, right.value, top.value)


def matrix_of(handle: Any) -> Matrix:
    """Return the matrix of a page object."""
    import pypdfium2.raw as raw

    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, found):
        return IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


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


def in_layer(handle: Any) -> bool:
    """Return whether an object is marked as optional content."""
    return any(string(mark_name, mark) == "OC" for mark in marks(handle))


def marks(handle: Any) -> list[Any]:
    """Return the marked content that an object stands in, outermost first."""
    import pypdfium2.raw as raw

    count = max(0, raw.FPDFPageObj_CountMarks(handle))
    return [raw.FPDFPageObj_GetMark(handle, nth) for nth in range(count)]


def mark_name(mark: Any, *buffer: Any) -> Any:
    """Write the name of marked content into a buffer."""
    import pypdfium2.raw as raw

    return raw.FPDFPageObjMark_GetName(mark, *buffer)


def mark_text(mark: Any, key: bytes, *buffer: Any) -> Any:
    """Write a text of marked content into a buffer."""
    import pypdfium2.raw as raw

    return raw.FPDFPageObjMark_GetParamStringValue(mark, key, *buffer)


def string(call: Callable[..., Any], *about: Any) -> str:
    """Return the string that a pdfium function writes into a buffer with its length."""
    import pypdfium2.raw as raw

    length = ctypes.c_ulong()
    call(*about, None, 0, length)
    if not 2 < length.value < LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(length.value)
    call(*about, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length.value, length)
    return buffer.raw[: length.value].decode("utf-16-le", "replace").rstrip("\0")


def render_mode(handle: Any) -> int:
    """Return the render mode of a text object."""
    import pypdfium2.raw as raw

    return int(raw.FPDFTextObj_GetTextRenderMode(handle))


def color_of(handle: Any, *, stroked: bool = False) -> Color | None:
    """Return the colour that an object is filled (or drawn) with, None for a pattern."""
    import pypdfium2.raw as raw

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    ask = raw.FPDFPageObj_GetStrokeColor if stroked else raw.FPDFPageObj_GetFillColor
    if not ask(handle, red, green, blue, alpha):
        return None
    return Color(red.value, green.value, blue.value, alpha.value / 255)


def is_filled(handle: Any) -> bool:
    """Return whether a path is filled, not only drawn along."""
    import pypdfium2.raw as raw

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(handle, mode, stroke)) and mode.value != 0


def stroke_width(handle: Any) -> float:
    """Return how wide the line of a path is, 0 when it has none."""
    import pypdfium2.raw as raw

    mode, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    if not raw.FPDFPath_GetDrawMode(handle, mode, stroke) or not stroke.value:
        return 0.0
    return width.value if raw.FPDFPageObj_GetStrokeWidth(handle, width) else 1.0


def address(handle: Any) -> int:
    """Return the address of a pdfium object, by which two handles of it are told the same."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0
