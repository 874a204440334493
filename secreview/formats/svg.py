"""Drawings in SVG: their text, what is hidden in them, their descriptions, links and scripts."""

from __future__ import annotations

import re

from lxml import etree

from secreview.errors import Damaged
from secreview.formats.data_uri import Embedded
from secreview.formats.html import HIDDEN_STYLE
from secreview.formats.lines import Lines
from secreview.formats.ooxml import Refused, local, parse
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Part, PartKind, Place, Status, Step, Unit

MEDIA_TYPES = ("image/svg+xml",)
DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]{0,400}>")  # the usual one names a DTD and holds no entities
KINDS = {
    "title": PartKind.ALT_TEXT, "desc": PartKind.ALT_TEXT, "metadata": PartKind.PROPERTY,
    "script": PartKind.SCRIPT, "style": PartKind.SCRIPT,
}  # fmt: skip


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a drawing."""
    data = DOCTYPE.sub(b"", source.read(limits), count=1)
    try:
        root = parse(data)
    except Refused:
        raise Damaged("DTD refused in a drawing") from None
    except etree.XMLSyntaxError:
        raise Damaged("the drawing does not parse") from None
    drawing = Drawing(limits)
    drawing.walk(root, PartKind.BODY)
    row = Covered(source.name, "drawing", Status.READ, len(data), "svg")
    inside = drawing.embedded
    parts = (*drawing.own(), *inside.parts)
    return Content(parts, tuple(inside.gaps), (row, *inside.rows))


class Drawing:
    """A drawing being read."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing."""
        self.lines: dict[PartKind, Lines] = {}
        self.embedded = Embedded("svg", limits)

    def walk(self, root: etree._Element, kind: PartKind) -> None:
        """Sort the text of every element by what shows it; the tree may be deep."""
        pending = [(root, kind)]
        while pending:
            element, kind = pending.pop()
            name = local(element)
            if not name:
                self.add(PartKind.MARKUP, element.text or "", "comment")
                continue
            kind = KINDS.get(name, kind)
            if kind is PartKind.BODY and is_hidden(element):
                kind = PartKind.HIDDEN_TEXT
            if name in ("text", "textPath", *KINDS):
                text = self.embedded.take("".join(element.itertext()))
                self.add(kind, " ".join(text.split()), name)
            self.attributes(element)
            if name not in KINDS:
                pending.extend((child, kind) for child in reversed(element))

    def attributes(self, element: etree._Element) -> None:
        """Keep links, embedded pictures and what people wrote into attributes."""
        for key, value in element.attrib.items():
            name = str(key).rpartition("}")[2]
            text = self.embedded.take(str(value))
            if name == "href" and not text.startswith("#"):
                self.add(PartKind.LINK, text, name)
            elif name.startswith("on"):
                self.add(PartKind.SCRIPT, text, name)
            elif name in ("label", "docname", "absref", "export-filename", "aria-label", "alt"):
                self.add(PartKind.PROPERTY, text, name)

    def add(self, kind: PartKind, text: str, name: str) -> None:
        """Add one entry to the part of a kind."""
        lines = self.lines.setdefault(kind, Lines(str(kind), kind))
        lines.add(text.strip(), Place((Step(Unit.ELEMENT, name),)))

    def own(self) -> list[Part]:
        """Return the parts of the drawing itself."""
        return [part for lines in self.lines.values() for part in lines.parts()]


def is_hidden(element: etree._Element) -> bool:
    """Return whether an element and what is in it is not drawn."""
    style = element.get("style") or ""
    return (
        bool(HIDDEN_STYLE.search(style))
        or element.get("display") == "none"
        or element.get("visibility") in ("hidden", "collapse")
        or element.get("opacity") in ("0", "0.0")
        or element.get("font-size") in ("0", "1")
        or local(element) in ("defs", "symbol")
    )
