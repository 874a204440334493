"""XML of no special kind: feeds, sitemaps, exports. Every text, attribute and comment of it.

A feed carries web pages as text inside elements, which are read as such. A file with a DTD or one
that does not parse is searched as plain text, and the gap says so.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from secreview.formats.html import LINKS
from secreview.formats.ooxml import Refused, local, parse
from secreview.formats.plain import read as read_plain
from secreview.formats.protocol import Content, Limits, Source
from secreview.formats.strings import Strings
from secreview.model import Gap, PartKind, Place, Step, Unit, Why

MEDIA_TYPES = ("application/xml",)
ADDRESSES = frozenset({"loc", "link", "url", "guid", "id", "uri", *LINKS})


def read(source: Source, limits: Limits) -> Content:
    """Return what an XML file says; as plain text, with a gap, when it cannot be taken apart."""
    try:
        root = parse(source.read(limits))
    except (Refused, etree.XMLSyntaxError) as error:
        why = "a DTD" if isinstance(error, Refused) else "faults"
        content = read_plain(source, limits)
        gap = Gap("body", Why.DAMAGED, f"XML with {why}: searched as plain text")
        return replace_gaps(content, gap)
    strings = Strings()
    for node in (*root.itersiblings(preceding=True), *root.iter(), *root.itersiblings()):
        add(node, strings)
    return Content(strings.parts(), tuple(strings.gaps))


def replace_gaps(content: Content, gap: Gap) -> Content:
    """Return a content with one more gap."""
    return content._replace(gaps=(gap, *content.gaps))


def add(node: etree._Element, strings: Strings) -> None:
    """Add the text, the attributes and the text behind one element or comment."""
    name = local(node)
    place = place_of(node, name or "comment")
    if not name:
        strings.add((node.text or "").strip(), place, PartKind.MARKUP)
    else:
        say(strings, name, (node.text or "").strip(), place)
        for key, value in node.attrib.items():
            word = str(key).rpartition("}")[2]
            own = replace(place_of(node, f"{name} {word}"), headers=(word,))
            say(strings, word, str(value).strip(), own)
    tail = (node.tail or "").strip()
    parent = node.getparent()
    if tail and parent is not None:
        strings.add(tail, place_of(node, local(parent)))


def say(strings: Strings, name: str, text: str, place: Place) -> None:
    """Add a text under the name of its element or attribute; addresses as links, decoded too."""
    if name.lower() in ADDRESSES or text.startswith(("http://", "https://")):
        strings.add(text, place, PartKind.LINK)
        if unquote(text) != text:
            strings.add(unquote(text), place, PartKind.LINK)
    elif text:
        strings.add(text, place, title=name)


def place_of(node: etree._Element, name: str) -> Place:
    """Return the place of an element: its line, its name, its name as a title."""
    line = node.sourceline
    steps = (Step(Unit.LINE, line), Step(Unit.ELEMENT, name)) if line else (
        Step(Unit.ELEMENT, name),
    )  # fmt: skip
    return Place(steps, headers=(name,), line=line)
