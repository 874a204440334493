"""Drawings in SVG: their text, what is hidden in them, their descriptions, links and scripts."""

from __future__ import annotations

import base64
import binascii
import re

from lxml import etree

from secreview.errors import Damaged
from secreview.formats.html import HIDDEN_STYLE
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.ooxml import Refused, local, parse
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Gap, Part, PartKind, Place, Status, Step, Unit

MEDIA_TYPES = ("image/svg+xml",)
DATA_URI = re.compile(r"data:([\w/+.-]{0,60})(?:;[\w=.-]{1,60})*;base64,", re.IGNORECASE)
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
    return Content((*drawing.own(), *drawing.parts), tuple(drawing.gaps), (row, *drawing.rows))


class Drawing:
    """A drawing being read."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing."""
        self.limits = limits
        self.lines: dict[PartKind, Lines] = {}
        self.parts: list[Part] = []
        self.gaps: list[Gap] = []
        self.rows: list[Covered] = []

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
                self.add(kind, " ".join("".join(element.itertext()).split()), name)
            self.attributes(element)
            if name not in KINDS:
                pending.extend((child, kind) for child in reversed(element))

    def attributes(self, element: etree._Element) -> None:
        """Keep links, embedded pictures and what people wrote into attributes."""
        for key, value in element.attrib.items():
            name = str(key).rpartition("}")[2]
            text = str(value)
            found = DATA_URI.match(text)
            if found:
                self.embedded(found[1], text[found.end() :])
            elif name == "href" and not text.startswith("#"):
                self.add(PartKind.LINK, text, name)
            elif name.startswith("on"):
                self.add(PartKind.SCRIPT, text, name)
            elif name in ("label", "docname", "absref", "export-filename", "aria-label", "alt"):
                self.add(PartKind.PROPERTY, text, name)

    def embedded(self, media_type: str, text: str) -> None:
        """Read a file that stands in the drawing."""
        try:
            data = base64.b64decode(text, validate=False)
        except (binascii.Error, ValueError):
            data = b""
        number = sum(row.kind == "embedded" for row in self.rows) + 1
        name = f"embedded {number}.{media_type.rpartition('/')[2].partition('+')[0] or 'bin'}"
        content = nested(Source(name, data=data), self.limits)
        self.parts += content.parts
        self.gaps += content.gaps
        self.rows += [Covered(name, "embedded", Status.READ, len(data), "svg"), *content.coverage]

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
