"""OpenDocument presentations and drawings: slides in order, their notes, and what is not shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from secreview.formats.docx_blocks import Story
from secreview.formats.docx_sides import State
from secreview.formats.docx_styles import Look
from secreview.formats.lines import Lines
from secreview.formats.odf_blocks import Blocks
from secreview.formats.odf_names import DRAW, FO, SHOW, STYLE, SVG, XLINK
from secreview.formats.odf_runs import Scene
from secreview.formats.odf_styles import points
from secreview.model import Place, Step, Unit

CORNERS = ("x", "y", "width", "height")


@dataclass(slots=True)
class Masters:
    """The master pages: how large a page is, and which of them paint a ground."""

    sizes: dict[str, tuple[float, float]]
    painted: set[str]
    unseen: set[str]  # layers that are switched off

    @classmethod
    def of(cls, root: etree._Element | None, blocks: Blocks) -> Masters:
        """Return the master pages of a styles root."""
        found = cls({}, set(), set())
        layouts: dict[str, tuple[float, float]] = {}
        for layout in () if root is None else root.iter(STYLE + "page-layout"):
            for properties in layout.iterchildren(STYLE + "page-layout-properties"):
                width = points(properties.get(FO + "page-width"))
                height = points(properties.get(FO + "page-height"))
                if width and height:
                    layouts[layout.get(STYLE + "name") or ""] = (width, height)
        for master in () if root is None else root.iter(STYLE + "master-page"):
            name = master.get(STYLE + "name") or ""
            layout = master.get(STYLE + "page-layout-name") or ""
            if layout in layouts:
                found.sizes[name] = layouts[layout]
            if is_painted(master, blocks):
                found.painted.add(name)
        for layer in () if root is None else root.iter(DRAW + "layer"):
            if layer.get(DRAW + "display") in ("none", "printer"):
                found.unseen.add(layer.get(DRAW + "name") or "")
        return found


def is_painted(page: etree._Element, blocks: Blocks) -> bool:
    """Return whether a page has a ground, a picture or a filled shape: white may be seen there."""
    style = blocks.styles.of("drawing-page", page.get(DRAW + "style-name"))
    if style.fills:
        return True
    for shape in page.iter():
        if shape.tag == DRAW + "image" and shape.get(XLINK + "href"):
            return True
        for family, key in (("graphic", DRAW), ("presentation", SHOW)):
            name = shape.get(key + "style-name")
            if name and blocks.styles.of(family, name).fills:
                return True
    return False


def slides(body: etree._Element, blocks: Blocks, masters: Masters, lines: Lines) -> None:
    """Tell the slides (or pages of a drawing) into a part, hidden ones into the hidden text."""
    is_show = body.tag.endswith("presentation")
    unit = Unit.SLIDE if is_show else Unit.PAGE
    number = 0
    for element in body:
        if element.tag != DRAW + "page":
            blocks.block(element, Story(lines), Scene(Place()))
            continue
        number += 1
        place = Place((Step(unit, number),), number)
        slide(element, blocks, masters, Story(lines, place.steps), place)
    blocks.slide = None


def slide(
    page: etree._Element, blocks: Blocks, masters: Masters, story: Story, place: Place
) -> None:
    """Tell one slide with its notes."""
    blocks.sides.page = place.page
    blocks.slide = story
    style = blocks.styles.of("drawing-page", page.get(DRAW + "style-name"))
    master = page.get(DRAW + "master-page-name") or ""
    on_fill = master in masters.painted or is_painted(page, blocks)
    state = State.HIDDEN if style.is_off else State.SHOWN
    scene = Scene(place, Look(), on_fill=on_fill, state=state)
    name = page.get(DRAW + "name") or ""
    blocks.sides.alt.add("" if name.isascii() else name, place)
    for child in page:
        if child.tag == SHOW + "notes":
            blocks.slide = Story(blocks.sides.speaker, place.steps)
            blocks.walk(child, blocks.slide, Scene(place, Look(), on_fill=True))
            blocks.slide = story
        elif is_away(child, masters.sizes.get(master)) or (
            child.get(DRAW + "layer") in masters.unseen and child.get(DRAW + "layer")
        ):
            blocks.block(child, story, replace(scene, state=State.HIDDEN))
        else:
            blocks.block(child, story, scene)
    blocks.sides.page = None


def is_away(shape: etree._Element, size: tuple[float, float] | None) -> bool:
    """Return whether a shape lies beside the page altogether."""
    corners = [points(shape.get(SVG + name)) for name in CORNERS]
    if size is None or any(corner is None for corner in corners):
        return False
    x, y, width, height = (corner or 0.0 for corner in corners)
    return x >= size[0] or y >= size[1] or x + width <= 0 or y + height <= 0
