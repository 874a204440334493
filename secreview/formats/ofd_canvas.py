"""What an OFD page paints, in order: runs of characters, and what may cover them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree

from secreview.formats.ofd_book import BLACK, OPAQUE, Color
from secreview.formats.ofd_geometry import Box, Matrix, box, matrix, number
from secreview.formats.ofd_pieces import code_text
from secreview.formats.ofd_runs import Run, Setting, TextObject, is_off, shifted, text_runs
from secreview.formats.ofd_shelf import Shelf
from secreview.formats.ofd_used import Used
from secreview.formats.ooxml import local
from secreview.model import Why

DEEP = 8  # composite units inside one another
LAYERS = {"Background": 0, "Body": 1, "Foreground": 2}
THIN = 0.353  # millimetres, the width of lines unless they say otherwise (GB/T 33190 8.2)
SOLID = 0.97  # an opacity through which nobody reads
LIGHT = 110  # of 255: a highlighter is lighter than this and lets text through
FLAT = frozenset({"Actions", "Clips", "FillColor", "StrokeColor", "CGTransform", "TextCode",
                  "AbbreviatedData", "Area", "Template", "PageRes"})  # fmt: skip


class Cover(NamedTuple):
    """Something painted that hides what is below it, or is the ground of what is above."""

    box: Box
    order: int
    color: Color | None
    is_solid: bool


@dataclass(slots=True)
class Canvas:
    """Runs and covers gathered from one page."""

    shelf: Shelf
    used: Used
    runs: list[Run] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    order: int = 0

    def layers(self, content: etree._Element, setting: Setting) -> None:
        """Paint the layers of a page or template, those in the background first."""
        found = [child for child in content if local(child)]
        found.sort(key=lambda layer: LAYERS.get(layer.get("Type") or "Body", 1))
        for layer in found:
            params = (layer.get("DrawParam") or "",)
            is_hidden = setting.is_hidden or is_off(layer)
            self.one(layer, replace(setting, params=params, is_hidden=is_hidden))

    def paint(self, objects: Iterable[etree._Element], setting: Setting) -> None:
        """Paint objects in the order of the file."""
        for element in objects:
            self.one(element, setting)

    def one(self, element: etree._Element, setting: Setting) -> None:
        """Paint one object with everything inside it."""
        self.order += 1
        if setting.depth and not self.used.may_repeat(setting.member):
            return
        match local(element):
            case "TextObject":
                self.text(element, setting)
            case "PathObject":
                self.path(element, setting)
            case "ImageObject":
                self.image(element, setting)
            case "CompositeObject":
                self.composite(element, setting)
            case name if name and name not in FLAT:
                self.paint(
                    element, replace(setting, is_hidden=setting.is_hidden or is_off(element))
                )

    def text(self, element: etree._Element, setting: Setting) -> None:
        """Add the runs of a text object."""
        item = TextObject.of(element)
        for code in item.codes:
            text = code_text(code)
            self.shelf.tell(setting.member, text)
            if not text.isprintable() or "\\" in text:
                self.used.odd(text)
        if item.mappings:
            self.used.glyphs.note(item, setting.book)
        self.runs += text_runs(item, setting, self.order)

    def path(self, element: etree._Element, setting: Setting) -> None:
        """Add what a path object paints: rectangles and thick lines, other shapes as a ground."""
        if setting.is_hidden or is_off(element):
            return
        params = (element.get("DrawParam") or "", *setting.params)
        opacity = number(element.get("Alpha"), 255.0) / 255 * setting.opacity
        areas = [
            area
            for data in element.iterfind("{*}AbbreviatedData")
            for area in shifted(element, data.text or "")
        ]
        if element.get("Fill") in ("true", "1"):
            ink = setting.book.ink(element, "FillColor", params)
            if ink is not None and areas and ink.color is not None:
                for area in areas:
                    self.cover(area.moved(setting.matrix), ink.color, ink.alpha * opacity)
            elif ink is not None:
                whole = box(element.get("Boundary")) or Box(0, 0, 0, 0)
                self.cover(whole.moved(setting.matrix), None, min(1.0, ink.alpha * opacity))
        elif element.get("Stroke", "true") not in ("false", "0"):
            thick = number(element.get("LineWidth"), THIN)
            ink = setting.book.ink(element, "StrokeColor", params) or BLACK
            for area in areas if thick > 1 else ():
                if min(area.right - area.left, area.bottom - area.top) < thick:
                    wide = area.grown(thick / 2).moved(setting.matrix)
                    self.cover(wide, ink.color, ink.alpha * opacity)

    def cover(self, area: Box, color: Color | None, alpha: float) -> None:
        """Add a painted area; one that lets everything through is left out."""
        if alpha >= 1:
            self.covers.append(Cover(area, self.order, color, alpha >= SOLID * OPAQUE))

    def image(self, element: etree._Element, setting: Setting) -> None:
        """Note the picture of an image object; one without transparency hides what is below."""
        member = setting.book.media.get(element.get("ResourceID") or "", "")
        self.used.picture(member)
        area = box(element.get("Boundary"))
        if area is None or setting.is_hidden or is_off(element):
            return
        opacity = number(element.get("Alpha"), 255.0) / 255 * setting.opacity
        is_solid = not element.get("ImageMask") and member in self.used.solid
        alpha = OPAQUE * opacity if is_solid else min(1.0, opacity)
        self.cover(area.moved(setting.matrix), None, alpha)

    def composite(self, element: etree._Element, setting: Setting) -> None:
        """Paint a composite object: the unit it refers to, where its boundary puts it."""
        unit = setting.book.units.get(element.get("ResourceID") or "")
        inside = replace(placed(element, setting), depth=setting.depth + 1)
        if unit is not None and inside.depth <= DEEP:
            self.paint(unit.element, replace(inside, member=unit.member))
        elif unit is not None:
            self.shelf.package.gap(setting.member, Why.LIMIT, "composite units nested too deep")
        self.paint(element, inside)


def placed(element: etree._Element, setting: Setting) -> Setting:
    """Return the setting inside an object with a boundary of its own."""
    area = box(element.get("Boundary")) or Box(0, 0, 0, 0)
    inner = matrix(element.get("CTM")).then(Matrix(e=area.left, f=area.top))
    opacity = number(element.get("Alpha"), 255.0) / 255
    return replace(
        setting,
        matrix=inner.then(setting.matrix),
        opacity=setting.opacity * opacity,
        is_hidden=setting.is_hidden or is_off(element) or opacity * 255 < 1,
    )


def lets_through(cover: Cover) -> bool:
    """Return whether a highlighter painted an area: text shows through its light colour."""
    return cover.color is not None and sum(cover.color) / 3 > LIGHT
