"""Hidden text by ablation: letters whose removal changes no pixel of their box are not seen."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from secreview.errors import TooLarge
from secreview.formats.pdf_scene import INVISIBLE, Box, Item

SCALE = 1.5  # pixels for each point
SIDE = 2048  # pixels; larger pages are painted in pieces
TILES = 24  # pieces of one page that are painted
SECONDS = 20.0  # for painting one page once
SEEN = 0.08  # share of changed pixels from which a letter is seen
PIXEL = 4  # bytes: blue, green, red, nothing
PRECISION = 1000
COMPARED = 500_000_000  # pixels of letters on one page
PICTURE_PIXELS = 100_000_000
WHITE = 0xFFFFFFFF
# Two scales of sixteen steps, half a step apart: a change counts when both scales show it,
# that is from 8 to 16 of 256 levels on, which the eye hardly tells from the ground.
COARSE = bytes(level >> 4 for level in range(256))
SHIFTED = bytes((level + 8) >> 4 for level in range(256))
CHANGED = bytes([0] + [1] * 255)


class Tile(NamedTuple):
    """A piece of the page in pixels, and which characters lie in it."""

    left: int
    top: int
    width: int
    height: int
    chars: list[int]


class Picture(NamedTuple):
    """What a tile looks like: rows of pixels."""

    data: bytes
    stride: int


@dataclass(slots=True)
class Painter:
    """Paints an open page, forms and notes included."""

    page: Any
    forms: Any  # pdfium's form environment, None without a form
    width: int
    height: int

    @classmethod
    def of(cls, page: Any, forms: Any) -> Painter:
        """Return a painter at the usual scale."""
        import pypdfium2.raw as raw

        width = max(1, round(raw.FPDF_GetPageWidthF(page) * SCALE))
        height = max(1, round(raw.FPDF_GetPageHeightF(page) * SCALE))
        return cls(page, forms, width, height)

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
        import pypdfium2.raw as raw

        across, down = ctypes.c_int(), ctypes.c_int()
        size = (self.width * PRECISION, self.height * PRECISION)
        raw.FPDF_PageToDevice(self.page, 0, 0, *size, 0, x, y, across, down)
        return across.value / PRECISION, down.value / PRECISION

    def paint(self, tile: Tile) -> Picture:
        """Return what a tile looks like now; raise TooLarge when painting takes too long."""
        import pypdfium2.raw as raw

        bitmap = raw.FPDFBitmap_CreateEx(tile.width, tile.height, raw.FPDFBitmap_BGRx, None, 0)
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, tile.width, tile.height, WHITE)
            place = (-tile.left, -tile.top, self.width, self.height, 0, raw.FPDF_ANNOT)
            deadline = time.monotonic() + SECONDS
            pause = raw.IFSDK_PAUSE(version=1)
            asked = type(pause.NeedToPauseNow)
            pause.NeedToPauseNow = asked(lambda _: int(time.monotonic() > deadline))
            state = raw.FPDF_RenderPageBitmap_Start(bitmap, self.page, *place, pause)
            raw.FPDF_RenderPage_Close(self.page)
            if state == raw.FPDF_RENDER_TOBECONTINUED:
                raise TooLarge(f"painting takes more than {SECONDS:.0f} seconds")
            if self.forms:
                raw.FPDF_FFLDraw(self.forms, bitmap, self.page, *place)
            stride = raw.FPDFBitmap_GetStride(bitmap)
            start = raw.FPDFBitmap_GetBuffer(bitmap)
            return Picture(ctypes.string_at(start, stride * tile.height), stride)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)


def tiles(painter: Painter, pixels: Mapping[int, Box]) -> list[Tile]:
    """Return the pieces of a page that hold the boxes; raise TooLarge when they are too many."""
    if painter.width <= SIDE and painter.height <= SIDE:
        return [whole(painter, pixels)]
    found: dict[tuple[int, int], list[int]] = {}
    for nth, box in pixels.items():
        across, down = box.center
        found.setdefault((int(across // SIDE), int(down // SIDE)), []).append(nth)
    if len(found) > TILES:
        raise TooLarge(f"text on more than {TILES} pieces of a very large page")
    return [
        Tile(column * SIDE, row * SIDE, SIDE, SIDE, chars) for (column, row), chars in found.items()
    ]


def whole(painter: Painter, pixels: Mapping[int, Box]) -> Tile:
    """Return the one piece of an ordinary page around all boxes."""
    left = max(0, int(min(box.left for box in pixels.values())) - 1)
    top = max(0, int(min(box.bottom for box in pixels.values())) - 1)
    right = min(painter.width, int(max(box.right for box in pixels.values())) + 2)
    bottom = min(painter.height, int(max(box.top for box in pixels.values())) + 2)
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
            vanish(item)
        after = [self.painter.paint(tile) for tile in self.tiles]
        gone = []
        for tile, old, new in zip(self.tiles, self.pictures, after, strict=True):
            for nth in tile.chars:
                if nth not in chars:
                    continue
                box = self.pixels[nth]
                self.left -= box.width * box.height
                if self.left < 0:
                    raise TooLarge("letters too large to look for hidden text")
                if changed(old, new, tile, box) < SEEN:
                    gone.append(nth)
        self.pictures = after
        return gone


def vanish(item: Item) -> None:
    """Make a text object invisible."""
    import pypdfium2.raw as raw

    raw.FPDFTextObj_SetTextRenderMode(item.handle, INVISIBLE)


def changed(old: Picture, new: Picture, tile: Tile, box: Box) -> float:
    """Return the share of pixels of a box that differ between two pictures of a tile."""
    first, second = cut(old, tile, box), cut(new, tile, box)
    if first == second:
        return 0.0
    return differing(first, second) * PIXEL / len(first)


def cut(picture: Picture, tile: Tile, box: Box) -> bytes:
    """Return the pixels of a box, row after row."""
    left = max(0, int(box.left) - tile.left)
    size = max(0, min(tile.width, int(box.right) + 1 - tile.left) - left) * PIXEL
    top, bottom = max(0, int(box.bottom) - tile.top), min(tile.height, int(box.top) + 1 - tile.top)
    starts = [row * picture.stride + left * PIXEL for row in range(top, bottom)]
    return b"".join([picture.data[start : start + size] for start in starts])


def differing(first: bytes, second: bytes) -> int:
    """Return how many pixels differ visibly between two stretches of pixels.

    >>> differing(bytes([0, 0, 0, 0]), bytes([99, 0, 0, 0])), differing(bytes(4), bytes([3] * 4))
    (1, 0)
    """
    both = steps(first, COARSE, second) & steps(first, SHIFTED, second)
    channels = both.to_bytes(len(first), "little")
    any_of = 0
    for channel in range(3):
        any_of |= int.from_bytes(channels[channel::PIXEL], "little")
    return any_of.bit_count()


def steps(first: bytes, scale: bytes, second: bytes) -> int:
    """Return a number whose bytes are 1 where two stretches differ on a scale."""
    size = len(first)
    one = int.from_bytes(first.translate(scale), "little")
    other = int.from_bytes(second.translate(scale), "little")
    return int.from_bytes((one ^ other).to_bytes(size, "little").translate(CHANGED), "little")
