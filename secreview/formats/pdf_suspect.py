"""Which text of a page may be hidden, judged by what the page paints and without rendering it."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from secreview.formats.pdf_scene import (
    CLIP,
    IMAGE,
    INVISIBLE,
    PATH,
    SHADING,
    STROKED,
    TEXT,
    Box,
    Color,
    Item,
    Scene,
    color_of,
    is_filled,
    matrix_of,
    product,
    render_mode,
    stroke_width,
)

PALE = 0.75  # lighter text is looked at against its background
CONTRAST = 0.35  # a difference in lightness that is easily read
FAINT = 0.5  # less opaque text is looked at
THIN = 2.5  # points; rules and underlines cover no letters
TINY = 1.2  # points; nobody reads letters that small
SMALL = 3.0  # points of the font; a comma of an ordinary font is as low as a tiny letter
LINES = 200  # lines on a page, more than any page has
SLACK = 2.0  # points
NOTE = 0
COMPARED = 30_000  # pairs of text and cover beyond which all text is looked at
CLIP_POINTS = 6  # a clip path with more is no rectangle
CELL = 20.0  # points; side of the squares in which crossing lines are counted
CROWDED = 12  # lines across one square that may hatch letters over
CROSSED = 100_000


class Cause(StrEnum):
    """Why text may not be seen."""

    COVERED = "covered"  # 被遮盖
    COLOR = "same-colour"  # 与背景同色
    MODE = "invisible-mode"  # 不可见模式
    LAYER = "hidden-layer"  # 隐藏图层
    CLIPPED = "clipped"  # 被裁切
    OUTSIDE = "off-page"  # 页面之外
    SMALL = "tiny"  # 极小字
    OTHER = "invisible"  # 其他
    OCR = "ocr-layer"  # 图片上的识别文字


class Suspect(NamedTuple):
    """A text object that may be hidden, the likely cause, and what is painted over it."""

    item: Item
    cause: Cause
    covers: tuple[Cover, ...] = ()


class Cover(NamedTuple):
    """Something that may hide text below it, or give text above it a dark ground."""

    box: Box
    order: int
    color: Color | None = None
    handle: Any = None
    kind: int = PATH  # NOTE for annotations


@dataclass(slots=True)
class Sheet:
    """A page as a ground for text: its visible box, covers, and where lines are crowded."""

    box: Box
    covers: list[Cover]
    crowded: frozenset[tuple[int, int]] = frozenset()
    fonts: set[str] = field(default_factory=set)  # fonts whose letters were seen before

    def suspects(self, scene: Scene) -> Iterator[Suspect]:
        """Yield the text objects of a page that may be hidden."""
        texts = scene.of_kind(TEXT)
        is_heavy = len(texts) * len(self.covers) > COMPARED or not scene.is_whole
        for item in texts:
            covers = tuple(self.covers) if is_heavy else tuple(self.over(item))
            cause = self.alone(item) or (Cause.COVERED if covers else self.ground(item))
            if cause:
                yield Suspect(item, cause, covers)

    def over(self, item: Item) -> Iterator[Cover]:
        """Yield the covers that are painted after a text and across it."""
        for cover in self.covers:
            if cover.order > item.order and cover.box.meets(item.box):
                yield cover

    def alone(self, item: Item) -> Cause | None:
        """Return what makes a text suspicious whatever stands around it."""
        if render_mode(item.handle) == INVISIBLE:
            return Cause.MODE
        if item.is_layered:
            return Cause.LAYER
        if 0 < item.box.height < min(TINY, self.box.height / LINES) and font_size(item) < SMALL:
            return Cause.SMALL
        if not item.box.within(self.box, SLACK):
            return Cause.OUTSIDE
        return None

    def ground(self, item: Item) -> Cause | None:
        """Return what makes a text suspicious that nothing is painted over."""
        if is_clipped(item):
            return Cause.CLIPPED
        color = ink(item)
        if color is None or color.alpha < FAINT or color.light > PALE:
            return Cause.COLOR
        if any(self.is_dark_below(cover, item, color) for cover in self.covers):
            return Cause.COLOR
        if self.crowded and not self.crowded.isdisjoint(cells(item.box)):
            return Cause.COVERED
        return Cause.OTHER if item.depth or is_special(item) or self.is_new(item) else None

    def is_dark_below(self, cover: Cover, item: Item, color: Color) -> bool:
        """Return whether what lies below a text may have the colour of the text."""
        if cover.order > item.order or not cover.box.meets(item.box):
            return False
        return cover.color is None or abs(cover.color.light - color.light) < CONTRAST

    def is_new(self, item: Item) -> bool:
        """Return whether no letter of the font was looked at so far; a font may be blank."""
        name = font_name(item.handle)
        return name not in self.fonts


def ink(item: Item) -> Color | None:
    """Return the colour that letters are painted with, None for patterns."""
    return color_of(item.handle, stroked=render_mode(item.handle) in STROKED)


def is_special(item: Item) -> bool:
    """Return whether a text is painted in an unusual way: blended, masked, or used as a clip."""
    import pypdfium2.raw as raw

    return render_mode(item.handle) >= CLIP or bool(raw.FPDFPageObj_HasTransparency(item.handle))


def is_clipped(item: Item) -> bool:
    """Return whether a clip path may cut off a text."""
    boxes = clip_boxes(item)
    return any(box is None or not item.box.within(box, SLACK) for box in boxes)


def clip_boxes(item: Item) -> Iterator[Box | None]:
    """Yield the boxes of the paths that clip an object, None for one that is no rectangle."""
    import pypdfium2.raw as raw

    clip = raw.FPDFPageObj_GetClipPath(item.handle)
    for nth in range(raw.FPDFClipPath_CountPaths(clip)):
        count = raw.FPDFClipPath_CountPathSegments(clip, nth)
        segments = (raw.FPDFClipPath_GetPathSegment(clip, nth, n) for n in range(max(0, count)))
        is_plain = count <= CLIP_POINTS and not item.depth
        yield around(points(segments)) if is_plain else None


def points(segments: Iterable[Any]) -> list[tuple[float, float]]:
    """Return the end points of path segments."""
    import pypdfium2.raw as raw

    across, up = ctypes.c_float(), ctypes.c_float()
    found = []
    for segment in segments:
        if raw.FPDFPathSegment_GetPoint(segment, across, up):
            found.append((across.value, up.value))
    return found


def around(corners: Sequence[tuple[float, float]]) -> Box:
    """Return the box around some points."""
    if not corners:
        return Box(0.0, 0.0, 0.0, 0.0)
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(across), min(up), max(across), max(up))


def covers(scene: Scene) -> Iterator[Cover]:
    """Yield what can hide text: filled areas, wide lines, pictures, shadings."""
    for item in scene.items:
        box = item.box
        match item.kind:
            case kind if kind in (IMAGE, SHADING):
                yield Cover(box, item.order, None, item.handle, item.kind)
            case kind if kind == PATH and min(box.width, box.height) >= THIN:
                if is_filled(item.handle):
                    yield Cover(box, item.order, color_of(item.handle), item.handle)
                elif stroke_width(item.handle) >= THIN:
                    color = color_of(item.handle, stroked=True)
                    yield Cover(box, item.order, color, item.handle)


def crowded(scene: Scene) -> frozenset[tuple[int, int]]:
    """Return the squares of a page that many lines cross: they may hatch letters over."""
    counts: dict[tuple[int, int], int] = {}
    spent = 0
    for item in scene.of_kind(PATH):
        for cell in cells(item.box):
            counts[cell] = counts.get(cell, 0) + 1
            spent += 1
        if spent > CROSSED:
            break
    return frozenset(cell for cell, count in counts.items() if count > CROWDED)


def cells(box: Box) -> Iterator[tuple[int, int]]:
    """Yield the squares that a box touches, at most those of a large sheet."""
    left, right = bounded(box.left), bounded(box.right)
    for column in range(left, right + 1):
        for row in range(bounded(box.bottom), bounded(box.top) + 1):
            yield column, row


def bounded(position: float) -> int:
    """Return the number of the square that a position falls into."""
    return int(max(-50.0, min(position / CELL, 100.0)))


def font_name(handle: Any) -> str:
    """Return the name of the font of a text object."""
    import pypdfium2.raw as raw

    font = raw.FPDFTextObj_GetFont(handle)
    buffer = ctypes.create_string_buffer(100)
    raw.FPDFFont_GetBaseFontName(font, buffer, 100)
    return buffer.value.decode("latin-1")


def font_size(item: Item) -> float:
    """Return the size of the font of a text object on the page, in points."""
    import pypdfium2.raw as raw

    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(item.handle, size)
    _, _, c, d, _, _ = product(matrix_of(item.handle), item.matrix)
    return float(size.value * math.hypot(c, d))
