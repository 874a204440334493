"""Which text of a page may be hidden, judged by what the page paints and without rendering it."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from secreview.formats import pdf_calls as calls
from secreview.formats.pdf_clips import is_clipped
from secreview.formats.pdf_scene import (
    CLIPPING,
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
NAME = 100  # bytes of the name of a font
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
    """A text object that may be hidden, the likely cause, and what is painted over it.

    One that has a ``shape`` lies open on a light ground; only its font was not looked at so far.
    Letters of one shape all look alike: they have the font and the size in common.
    """

    item: Item
    cause: Cause
    covers: tuple[Cover, ...] = ()
    shape: int | None = None


class Cover(NamedTuple):
    """Something that may hide text below it, or give text above it a dark ground."""

    box: Box
    order: int
    color: Color | None = None
    handle: int = 0
    kind: int = PATH  # NOTE for annotations


Font = tuple[str, int]  # name, and size of its data
Look = tuple[float, ...]  # address of a font, size, and how the letters are stretched


@dataclass(slots=True)
class Sheet:
    """A page as a ground for text: its visible box, covers, and where lines are crowded."""

    box: Box
    covers: list[Cover]
    crowded: frozenset[tuple[int, int]] = frozenset()
    fonts: set[Font] = field(default_factory=set)  # fonts whose letters were seen before
    named: dict[int, Font] = field(default_factory=dict)  # those of this page by their address
    shapes: dict[Look, int] = field(default_factory=dict)

    def suspects(self, scene: Scene) -> Iterator[Suspect]:
        """Yield the text objects of a page that may be hidden."""
        texts = scene.of_kind(TEXT)
        is_heavy = len(texts) * len(self.covers) > COMPARED or not scene.is_whole
        is_cut = False  # by the letters of an earlier text
        for item in texts:
            near = self.covers if is_heavy else self.near(item.box)
            over = near if is_heavy else [cover for cover in near if cover.order > item.order]
            mode = calls.render_mode(item.handle)
            is_cut = is_cut or mode >= CLIPPING
            cause = self.alone(item, mode)
            if not cause:
                cause = Cause.COVERED if over else self.ground(scene, item, mode, near)
            if cause or is_cut:
                yield Suspect(item, cause or Cause.OTHER, tuple(over))
            elif self.font(font := calls.font_of(item.handle) or 0) not in self.fonts:
                shape = self.shapes.setdefault(look_of(item, font), len(self.shapes))
                yield Suspect(item, Cause.OTHER, (), shape)

    def near(self, box: Box) -> list[Cover]:
        """Return the covers that meet a box."""
        left, bottom, right, top = box
        return [
            cover for cover in self.covers
            if cover[0][0] < right and left < cover[0][2]
            and cover[0][1] < top and bottom < cover[0][3]
        ]  # fmt: skip

    def alone(self, item: Item, mode: int) -> Cause | None:
        """Return what makes a text suspicious whatever stands around it."""
        if mode == INVISIBLE:
            return Cause.MODE
        if item.is_layered:
            return Cause.LAYER
        if 0 < item.box.height < min(TINY, self.box.height / LINES) and font_size(item) < SMALL:
            return Cause.SMALL
        if not item.box.within(self.box, SLACK):
            return Cause.OUTSIDE
        return None

    def ground(self, scene: Scene, item: Item, mode: int, near: Sequence[Cover]) -> Cause | None:
        """Return what makes a text suspicious that nothing is painted over."""
        if is_clipped(scene, item):
            return Cause.CLIPPED
        color = color_of(item.handle, stroked=mode in STROKED)
        if color is None or color.alpha < FAINT or color.light > PALE:
            return Cause.COLOR
        if near and any(is_dark_below(cover, item, color) for cover in near):
            return Cause.COLOR
        if self.crowded and not self.crowded.isdisjoint(cells(item.box)):
            return Cause.COVERED
        return Cause.OTHER if is_special(scene, item) else None

    def know(self, items: Iterable[Item]) -> None:
        """Remember the fonts of text objects of which a letter was seen."""
        found = {self.font(calls.font_of(item.handle) or 0) for item in items}
        self.fonts.update(font for font in found if font)

    def font(self, handle: int) -> Font | None:
        """Return a font by its address, None for one without a name: it is never known before."""
        if handle not in self.named:
            self.named[handle] = font_of(handle)
        font = self.named[handle]
        return font if font[0] else None


def is_dark_below(cover: Cover, item: Item, color: Color) -> bool:
    """Return whether what lies below a text may have the colour of the text."""
    if cover.order > item.order or not cover.box.meets(item.box):
        return False
    return cover.color is None or abs(cover.color.light - color.light) < CONTRAST


def is_special(scene: Scene, item: Item) -> bool:
    """Return whether a text, or a form around it, is painted over the ground in an unusual way."""
    if not item.depth:
        return bool(calls.has_transparency(item.handle))
    return any(calls.has_transparency(each.handle) for each in scene.around(item))


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
    paths = scene.of_kind(PATH)
    if len(paths) <= CROWDED:
        return frozenset()
    counts: Counter[tuple[int, int]] = Counter()
    spent = 0
    for item in paths:
        squares = list(cells(item.box))
        counts.update(squares)
        spent += len(squares)
        if spent > CROSSED:
            break
    return frozenset(cell for cell, count in counts.items() if count > CROWDED)


def cells(box: Box) -> Iterator[tuple[int, int]]:
    """Return the squares that a box touches, at most those of a large sheet."""
    left, bottom, right, top = map(bounded, box)
    return itertools.product(range(left, right + 1), range(bottom, top + 1))


def bounded(position: float) -> int:
    """Return the number of the square that a position falls into."""
    return int(max(-50.0, min(position / CELL, 100.0)))


def font_of(handle: int) -> Font:
    """Return by which name and size of its data a font is known from page to page."""
    if not handle:
        return "", 0
    name = ctypes.create_string_buffer(NAME)
    size = ctypes.c_size_t()
    calls.font_name_into(handle, ctypes.addressof(name), NAME)
    calls.font_data_into(handle, None, 0, ctypes.addressof(size))
    return name.value.decode("latin-1"), size.value


def look_of(item: Item, font: int) -> Look:
    """Return how a text object paints its letters."""
    size = ctypes.c_float()
    calls.font_size_into(item.handle, ctypes.addressof(size))
    matrix = matrix_of(item.handle)
    matrix = product(matrix, item.matrix) if item.depth else matrix
    return (font, size.value, *matrix[:4])


def font_size(item: Item) -> float:
    """Return the size of the font of a text object on the page, in points."""
    size = ctypes.c_float()
    calls.font_size_into(item.handle, ctypes.addressof(size))
    _, _, c, d, _, _ = product(matrix_of(item.handle), item.matrix)
    return float(size.value * math.hypot(c, d))
