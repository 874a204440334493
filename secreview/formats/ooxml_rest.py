"""The rest of an office package: properties, pictures, embedded files, links, other XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.ooxml import Package, link_texts, local
from secreview.formats.protocol import Source
from secreview.model import Part, PartKind, Place, Step, Unit, Why

COUNTS = frozenset(
    "Pages Words Characters Lines Paragraphs TotalTime ScaleCrop LinksUpToDate SharedDoc "
    "CharactersWithSpaces HyperlinksChanged AppVersion DocSecurity HeadingPairs "
    "Application created modified lastPrinted revision Slides Notes HiddenSlides MMClips".split()
)
# Parts that describe looks; what they hold is vocabulary of the format, not text of the document.
LOOKS = re.compile(
    r"(?:.*/)?(?:theme/[^/]*|fontTable|styles|stylesWithEffects|webSettings|numbering|calcChain"
    r"|settings|tableStyles|presProps|viewProps|metadata|documentSettings)\.xml",
    re.IGNORECASE,
)
# Text between tags, an instruction, a comment or a DTD: what a part of looks may say nonetheless.
# Each pattern begins with a literal, which is found fast.
SAYS = tuple(map(re.compile, (rb">\s*[^<>\s]", rb"<\?(?!xml )", rb"<!")))
THUMBNAIL = re.compile(r"docProps/thumbnail\.\w+", re.IGNORECASE)
FONT = re.compile(r".*\.(?:odttf|fntdata|ttf|otf)", re.IGNORECASE)
XML = re.compile(r".*\.(?:xml|rels|vml|svg)(?:#\d+)?", re.IGNORECASE)
JOINED = frozenset({"t", "delText", "instrText", "tab", "br"})
TELLING = re.compile(r"[^\x00-\x7f]|@|\\|\S\s+\S|(?<![0-9A-Fa-f])\d{11,18}[\dXx]?(?![0-9A-Fa-f])")
DULL = re.compile(
    r"rsid.*|paraId|textId|style|formatCode|Requires|Ignorable|name|ascii|eastAsia"
    r"|hAnsi|cs|typeface|coordsize|path|uri|adj|points|schemaLocation",
    re.IGNORECASE,
)
STRINGS = re.compile(rb"(?:[\x20-\x7e]\x00|[\x00-\xff][\x4e-\x9f]){4,}|[\x20-\x7e]{6,}")


def rest(package: Package) -> Iterator[Part]:
    """Yield the parts of every member that nothing has read so far; note the others as gaps."""
    yield from properties(package)
    links = Lines("links", PartKind.LINK)
    for member in [name for name in package.members if name.endswith(".rels")]:
        outer_targets(package, member, links)
    yield from links.parts()
    for member in package.unseen():
        yield from one(package, member)
    yield from comment(package)


def comment(package: Package) -> Iterator[Part]:
    """Yield the comment of the zip itself."""
    text = package.archive.comment.decode("utf-8", "replace").strip("\0 \r\n")
    if text:
        yield Part("zip-comment", PartKind.PROPERTY, text)


def outer_targets(package: Package, member: str, links: Lines) -> None:
    """Add the external targets of a .rels member."""
    place = Place((Step(Unit.ELEMENT, member),))
    for relation in package.relations_of(member):
        if relation.external:
            for text in link_texts(relation.target):
                links.add(text, place)


def one(package: Package, member: str) -> Iterator[Part]:
    """Yield the parts of one member of any kind."""
    if THUMBNAIL.fullmatch(member):
        package.seen.add(member)
        package.gap(member, Why.PICTURE, "picture of the first page, maybe of an older text")
    elif FONT.fullmatch(member):
        package.skip(member)
    elif "printersettings" in member.lower() and member.endswith(".bin"):
        yield from strings(package, member)
    elif XML.fullmatch(member):
        yield from xml(package, member)
    else:
        yield from embedded(package, member)


def xml(package: Package, member: str) -> Iterator[Part]:
    """Yield all text of an XML member."""
    if member == "[Content_Types].xml":
        package.skip(member)
        return
    is_looks = bool(LOOKS.fullmatch(member))
    if is_looks:
        data = package.read(member) or b""
        if not any(pattern.search(data) for pattern in SAYS):
            return
    root = package.root(member)
    if root is None:
        return
    lines = Lines(member, PartKind.DATA)
    place = Place((Step(Unit.ELEMENT, member),))
    for text in all_text(root, with_attributes=not is_looks):
        lines.add(text, place)
    yield from lines.parts()


def all_text(root: etree._Element, *, with_attributes: bool = True) -> Iterator[str]:
    """Yield every text of an XML tree; runs of one paragraph are joined."""
    run: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = local(element)
        if event == "start":
            if with_attributes:
                yield from telling(element)
            if name in JOINED:
                run.append(" " if name in ("tab", "br") else element.text or "")
            elif element.text and not element.text.isspace():
                yield element.text.strip()
            continue
        if event != "end" and element.text:
            yield element.text.strip()
        if name in ("p", "si") or (run and name not in JOINED and name not in ("r", "rPr")):
            yield "".join(run)
            run = []
        if element.tail and not element.tail.isspace() and element is not root:
            yield element.tail.strip()
    yield "".join(run)


def telling(element: etree._Element) -> Iterator[str]:
    """Yield the attribute values that people may have written."""
    for key, value in element.attrib.items():
        name = str(key).rpartition("}")[2]
        if TELLING.search(str(value)) and not DULL.fullmatch(name):
            yield str(value)


def strings(package: Package, member: str) -> Iterator[Part]:
    """Yield the readable strings of a small binary member of known harmless structure."""
    data = package.read(member)
    if data is None:
        return
    lines = Lines(member, PartKind.DATA)
    place = Place((Step(Unit.ELEMENT, member),))
    for found in STRINGS.findall(data[: 1 << 16]):
        wide = found[1:2] == b"\0" or not found.isascii()
        lines.add(found.decode("utf-16-le" if wide else "ascii", "ignore"), place)
    yield from lines.parts()


def properties(package: Package) -> Iterator[Part]:
    """Yield the document properties as one part with a place for each."""
    lines = Lines("properties", PartKind.PROPERTY)
    for member in [name for name in package.members if name.lower().startswith("docprops/")]:
        if not member.endswith(".xml"):
            continue
        root = package.root(member)
        if root is None:
            continue
        for element in root:
            add_property(element, lines)
    yield from lines.parts()


def add_property(element: etree._Element, lines: Lines) -> None:
    """Add one property; those people named themselves show their name."""
    name = local(element)
    if not name or name in COUNTS:
        return
    values = [str(t).strip() for t in element.itertext() if str(t).strip()]
    if name == "property":
        name = element.get("name") or name
        values = [f"{name}: {'; '.join(values)}"]
    for value in values:
        lines.add(value, Place((Step(Unit.PROPERTY, name),)))


def embedded(package: Package, member: str) -> Iterator[Part]:
    """Yield the parts of an embedded file, read by its own format."""
    data = package.read(member)
    if data is None:
        return
    left = max(0, package.limits.total - package.inflated)
    content = nested(Source(member, data=data), replace(package.limits, total=left))
    package.gaps.extend(content.gaps)
    package.inner.extend(content.coverage)
    package.inflated += sum(len(part.text) for part in content.parts)
    yield from content.parts
