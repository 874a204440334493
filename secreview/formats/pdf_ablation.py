"""Hidden text by ablation: letters whose removal changes no pixel of their box are not seen."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as raw
from PIL import Image, ImageChops

from secreview.errors import TooLarge
from secreview.formats import pdf_calls as calls
from secreview.formats.pdf_scene import INVISIBLE, Box, Item

SIDE = 2048  # pixels; larger pages are painted in pieces
GAP = 40  # pixels without a box to be compared, from which they are not painted
BANDS = 6  # pieces of an ordinary page
TILES = 24  # pieces of one page that are painted
SECONDS = 20.0  # for painting one page once
PRECISION = 1000
COMPARED = 500_000_000  # pixels of letters on one page
PICTURE_PIXELS = 100_000_000
LEVELS = 16  # of 256; a smaller change is hardly told from the ground by the eye
CHANGED = [0] * LEVELS + [1] * (256 - LEVELS)


class Ink(NamedTuple):
    """How a page is painted to compare it, and how much of a letter must change to be seen."""

    mode: str  # Pillow's
    size: int  # bytes of a pixel
    kind: int  # FPDFBitmap_*
    scale: float  # pixels for each point
    seen: float  # share of changed pixels in the box of a letter
    flags: int  # FPDF_ANNOT to paint notes and form fields as well


COLORS = Ink("RGBX", 4, raw.FPDFBitmap_BGRx, scale=1.5, seen=0.08, flags=raw.FPDF_ANNOT)
# Quicker and stricter: a pixel here is 2.25 pixels there, so no letter passes that would not there.
# For text that no note lies on.
GREY = Ink("L", 1, raw.FPDFBitmap_Gray, scale=1.0, seen=0.2, flags=0)


class Tile(NamedTuple):
    """A piece of the page in pixels, and which characters lie in it."""

    left: int
    top: int
    width: int
    height: int
    chars: list[int]


@dataclass(slots=True)
class Painter:
    """Paints an open page, forms and notes included."""

    page: Any
    forms: Any  # pdfium's form environment, None without a form
    width: int
    height: int
    ink: Ink

    @classmethod
    def of(cls, page: Any, forms: Any, ink: Ink) -> Painter:
        """Return a painter at the scale of its ink."""
        width = max(1, round(raw.FPDF_GetPageWidthF(page) * ink.scale))
        height = max(1, round(raw.FPDF_GetPageHeightF(page) * ink.scale))
        return cls(page, forms, width, height, ink)

    def pixels(self, boxes: Mapping[int, Box]) -> dict[int, Box]:
        """Return boxes on the page in pixels, top to bottom, by the same numbers."""
        a, b, c, d, e, f = self.matrix()
        found = {}
        for nth, box in boxes.items():
            across = (a * box.left + c * box.bottom + e, a * box.right + c * box.top + e)
            down = (b * box.left + d * box.bottom + f, b * box.right + d * box.top + f)
            found[nth] = Box(min(across), min(down), max(across), max(down))
        return found

    def matrix(self) -> tuple[float, float, float, float, float, float]:
        """Return the matrix from points on the page to pixels, whatever its rotation."""
        x0, y0 = self.device(0.0, 0.0)
        x1, y1 = self.device(1000.0, 0.0)
        x2, y2 = self.device(0.0, 1000.0)
        return (
            (x1 - x0) / 1000, (y1 - y0) / 1000, (x2 - x0) / 1000, (y2 - y0) / 1000, x0, y0,
        )  # fmt: skip

    def device(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page is painted, in pixels."""
        across, down = ctypes.c_int(), ctypes.c_int()
        size = (self.width * PRECISION, self.height * PRECISION)
        raw.FPDF_PageToDevice(self.page, 0, 0, *size, 0, x, y, across, down)
        return across.value / PRECISION, down.value / PRECISION

    def paint(self, tile: Tile) -> Image.Image:
        """Return what a tile looks like now; raise TooLarge when painting takes too long."""
        stride = tile.width * self.ink.size
        pixels = bytearray(b"\xff") * (stride * tile.height)  # white
        start = ctypes.addressof(ctypes.c_char.from_buffer(pixels))
        size = (tile.width, tile.height)
        bitmap = raw.FPDFBitmap_CreateEx(*size, self.ink.kind, start, stride)
        try:
            place = (-tile.left, -tile.top, self.width, self.height, 0, self.ink.flags)
            deadline = time.monotonic() + SECONDS
            pause = raw.IFSDK_PAUSE(version=1)
            asked = type(pause.NeedToPauseNow)
            pause.NeedToPauseNow = asked(lambda _: int(time.monotonic() > deadline))
            state = raw.FPDF_RenderPageBitmap_Start(bitmap, self.page, *place, pause)
            raw.FPDF_RenderPage_Close(self.page)
            if state == raw.FPDF_RENDER_TOBECONTINUED:
                raise TooLarge(f"painting takes more than {SECONDS:.0f} seconds")
            if self.forms and self.ink.flags & raw.FPDF_ANNOT:
                raw.FPDF_FFLDraw(self.forms, bitmap, self.page, *place)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)
        return Image.frombuffer(self.ink.mode, size, pixels, "raw", self.ink.mode, stride, 1)


def tiles(painter: Painter, pixels: Mapping[int, Box]) -> list[Tile]:
    """Return the pieces of a page that hold the boxes; raise TooLarge when they are too many."""
    if painter.width <= SIDE and painter.height <= SIDE:
        return [around(painter, {nth: pixels[nth] for nth in band}) for band in bands(pixels)]
    found: dict[tuple[int, int], list[int]] = {}
    for nth, box in pixels.items():
        across, down = box.center
        found.setdefault((int(across // SIDE), int(down // SIDE)), []).append(nth)
    if len(found) > TILES:
        raise TooLarge(f"text on more than {TILES} pieces of a very large page")
    return [
        Tile(column * SIDE, row * SIDE, SIDE, SIDE, chars) for (column, row), chars in found.items()
    ]


def bands(pixels: Mapping[int, Box]) -> list[list[int]]:
    """Return the boxes of an ordinary page in bands that a wide gap lies between.

    >>> bands({1: Box(0, 900, 9, 910), 2: Box(0, 10, 9, 20), 3: Box(0, 30, 9, 40)})
    [[2, 3], [1]]
    """
    found: list[list[int]] = []
    end = 0.0
    for nth in sorted(pixels, key=lambda nth: pixels[nth].bottom):  # the upper edge: down grows
        box = pixels[nth]
        if not found or (box.bottom > end + GAP and len(found) < BANDS):
            found.append([])
        found[-1].append(nth)
        end = max(end, box.top)
    return found


def around(painter: Painter, pixels: Mapping[int, Box]) -> Tile:
    """Return the piece of an ordinary page around some boxes."""
    boxes = pixels.values()
    left = max(0, int(min(box.left for box in boxes)) - 1)
    top = max(0, int(min(box.bottom for box in boxes)) - 1)
    right = min(painter.width, int(max(box.right for box in boxes)) + 2)
    bottom = min(painter.height, int(max(box.top for box in boxes)) + 2)
    return Tile(left, top, max(1, right - left), max(1, bottom - top), list(pixels))


class Ablation:
    """A painted page from which text is taken away, step by step."""

    def __init__(self, painter: Painter, boxes: Mapping[int, Box]) -> None:
        """Paint the page as it is, where the numbered boxes lie."""
        self.painter = painter
        self.left = float(COMPARED)
        self.pixels = painter.pixels(boxes)
        self.tiles = tiles(painter, self.pixels)
        self.pictures = [painter.paint(tile) for tile in self.tiles]

    def without(self, items: Iterable[Item], chars: Container[int]) -> list[int]:
        """Take text objects away and return which of the characters leave no trace."""
        for item in items:
            calls.set_render_mode(item.handle, INVISIBLE)
        after = [self.painter.paint(tile) for tile in self.tiles]
        gone = []
        for tile, old, new in zip(self.tiles, self.pictures, after, strict=True):
            change = changes(old, new)
            for nth in tile.chars:
                if nth not in chars:
                    continue
                box = self.pixels[nth]
                self.left -= box.width * box.height
                if self.left < 0:
                    raise TooLarge("letters too large to look for hidden text")
                if not is_seen(change, tile, box, self.painter.ink.seen):
                    gone.append(nth)
        self.pictures = after
        return gone


def changes(old: Image.Image, new: Image.Image) -> bytes:
    r"""Return for each pixel, row after row, 1 where two pictures differ visibly, else 0.

    >>> changes(Image.new("L", (2, 1), 90), Image.new("L", (2, 1), 99))
    b'\x00\x00'
    """
    between = ImageChops.difference(old, new)
    if len(between.getbands()) > 1:
        first, second, third = between.split()[:3]
        between = ImageChops.lighter(ImageChops.lighter(first, second), third)
    return between.point(CHANGED).tobytes()


def is_seen(change: bytes, tile: Tile, box: Box, share: float) -> bool:
    """Return whether such a share of the pixels of a box has changed."""
    left, right = max(0, int(box.left) - tile.left), min(tile.width, int(box.right) + 1 - tile.left)
    top, bottom = max(0, int(box.bottom) - tile.top), min(tile.height, int(box.top) + 1 - tile.top)
    if left >= right or top >= bottom:
        return False
    missing = share * (right - left) * (bottom - top)
    for start in range(top * tile.width + left, bottom * tile.width + left, tile.width):
        missing -= change.count(1, start, start + right - left)
        if missing <= 0:
            return True
    return False
