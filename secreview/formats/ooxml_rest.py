"""The rest of an office package: properties, pictures, embedded files, links, other XML."""

from __future__ import annotations

import base64
import re
import struct
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
# Text between tags, an instruction, a comment or a DTD, a character by its number: what a part of
# looks may say nonetheless. Each pattern begins with a literal, which is found fast.
SAYS = tuple(map(re.compile, (rb">\s*[^<>\s]", rb"<\?(?!xml )", rb"<!", rb"&#")))
THUMBNAIL = re.compile(r"docProps/thumbnail\.\w+", re.IGNORECASE)
FONT = re.compile(r".*\.(?:odttf|fntdata|ttf|otf)", re.IGNORECASE)
XML = re.compile(r".*\.(?:xml|rels|vml|svg)(?:#\d+)?", re.IGNORECASE)
JOINED = frozenset({"t", "delText", "instrText", "tab", "br"})
# What nobody writes by chance, under whatever name: a long number, an address, a path.
LONG = re.compile(r"\d(?<![0-9A-Fa-f.]\d)\d{10,17}[\dXx]?(?![0-9A-Fa-f])")
LEAST = b"0" * 11  # the shortest long number, each digit written as 0
AS_ZERO = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x20 for byte in range(256))
ASCII = bytes(range(128))
ADDRESS = re.compile(r"\w@\w|\\\\\w|file://|\b[A-Za-z]:\\")
IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]{2}")
NAMING = frozenset({"name", "aliases", "lvlText"})  # elements of looks in which people write
WRITTEN = re.compile(r"<\w+:(?:name|aliases|lvlText)\s[^>]*[\u4e00-\u9fff]{2}")
TELLING = re.compile(r"[^\x00-\x7f]|@|\\|\S\s+\S|(?<![0-9A-Fa-f.])\d{11,18}[\dXx]?(?![0-9A-Fa-f])")
DULL = re.compile(
    r"rsid.*|paraId|textId|style|formatCode|Requires|Ignorable|name|ascii|eastAsia"
    r"|hAnsi|cs|typeface|coordsize|path|uri|adj|points|schemaLocation|prefixMappings|fmla",
    re.IGNORECASE,
)
PLAIN_NAME = re.compile(  # what office programs call an object by themselves
    r"(?:图片|文本框|矩形|直线|组合|形状|图形|对象|图表|标题|副标题|[\u4e00-\u9fff]{0,6}占位符|表格"
    r"|[\u4e00-\u9fff]{0,4}连接符|椭圆|箭头|任意多边形|图示|圆角矩形|流程图|墨迹"
    r"|picture|image|text ?box|rectangle|line|group|shape|object|chart|straight|autoshape"
    r"|drawing|diagram|wps|_x0000)[\s:：\w.]{0,20}",
    re.IGNORECASE,
)
ENGLISH_NAME = re.compile(r"[A-Za-z:_ -]{0,40}\d{0,5}")
# Extra fields of a zip member that hold no words: zip64, times, owners, padding, Java's mark.
KNOWN_FIELDS = frozenset({0x0001, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875, 0xA220, 0xCAFE})
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
    """Yield the comments of the zip and of its members, and what unknown extra fields hold."""
    lines = Lines("zip-comment", PartKind.PROPERTY)
    lines.add(package.archive.comment.decode("utf-8", "replace").strip("\0 \r\n"))
    for name, info in package.members.items():
        place = Place((Step(Unit.FILE, name),))
        lines.add(info.comment.decode("utf-8", "replace").strip("\0 \r\n"), place)
        for data in extra_fields(info.extra):
            lines.add(data.decode("utf-8", "ignore").replace("\0", " "), place)
    yield from lines.parts()


def extra_fields(data: bytes) -> Iterator[bytes]:
    """Yield the extra fields of a zip member (APPNOTE 4.5) that hold no times, owners or sizes."""
    while len(data) >= 4:
        kind, size = struct.unpack_from("<HH", data)
        if kind not in KNOWN_FIELDS and data[4 : 4 + size].strip(b"\0"):
            yield data[4 : 4 + size]
        data = data[4 + size :]


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
    if LOOKS.fullmatch(member):
        yield from styled(package, member)
        return
    root = package.root(member)
    if root is None:
        return
    if local(root) == "DataMashup":
        yield from mashup(package, member, root)
    lines = Lines(member, PartKind.DATA)
    place = Place((Step(Unit.ELEMENT, member),))
    for text in all_text(root):
        lines.add(text, place)
    yield from lines.parts()


def styled(package: Package, member: str) -> Iterator[Part]:
    """Yield what people wrote into a part of looks, where it is mostly vocabulary of the format."""
    data = package.read(member) or b""
    text = data.decode("utf-8", "replace")
    is_telling = any(pattern.search(data) for pattern in SAYS)
    if not (is_telling or (may_be_hard(data) and is_hard(text)) or WRITTEN.search(text)):
        return
    root = package.root(member)
    if root is None:
        return
    lines = Lines(member, PartKind.DATA)
    place = Place((Step(Unit.ELEMENT, member),))
    for text in all_text(root, with_attributes=False):
        lines.add(text, place)
    for element in root.iter(etree.Element):
        is_naming = local(element) in NAMING and "wordprocessingml" in str(element.tag)
        for text in telling(element, strict=not is_naming):
            lines.add(text, place)
    yield from lines.parts()


def mashup(package: Package, member: str, root: etree._Element) -> Iterator[Part]:
    """Yield the queries in a data mashup: base64 of a header and a zip ([MS-QDEFF] 2.2)."""
    try:
        data = base64.b64decode(root.text or "", validate=False)
    except ValueError:
        data = b""
    size = int.from_bytes(data[4:8], "little")
    if not data[8:].startswith(b"PK"):
        package.gap(member, Why.DAMAGED, "data mashup")
        return
    yield from inner(package, f"{member}!mashup.zip", data[8 : 8 + size])
    after = data[8 + size :].decode("utf-8", "ignore")
    if after.strip("\0"):
        place = Place((Step(Unit.ELEMENT, member),))
        lines = Lines(f"{member}!metadata", PartKind.DATA)
        lines.add(after.replace("\0", " "), place)
        yield from lines.parts()


def all_text(root: etree._Element, *, with_attributes: bool = True) -> Iterator[str]:
    """Yield every text of an XML tree; runs of one paragraph are joined."""
    run: list[str] = []
    for node in (*root.itersiblings(preceding=True), *root.itersiblings()):
        yield (node.text or "").strip()  # comments and instructions around the tree
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = local(element)
        if event == "start":
            if with_attributes:
                yield from telling(element)
            if name in JOINED:
                run.append(" " if name in ("tab", "br") else element.text or "")
            elif element.text and not element.text.isspace():
                yield element.text.strip()
                if name == "X509Certificate":
                    yield from owners(element.text)
            continue
        if event != "end" and element.text:
            yield element.text.strip()
        if name in ("p", "si") or (run and name not in JOINED and name not in ("r", "rPr")):
            yield "".join(run)
            run = []
        if element.tail and not element.tail.isspace() and element is not root:
            yield element.tail.strip()
    yield "".join(run)


def is_hard(text: str) -> bool:
    """Return whether a text holds a long number, an address or a path.

    >>> is_hard("13800001234"), is_hard("0.39997558519241921"), is_hard("a@b"), is_hard("a b")
    (True, False, True, False)
    """
    if LONG.search(text):
        return True
    may = "@" in text or "\\" in text or "file:" in text
    return may and bool(ADDRESS.search(text))


def may_be_hard(data: bytes) -> bool:
    """Return whether UTF-8 may hold what ``is_hard`` looks for; quick, for whole members.

    >>> may_be_hard(b'x="13800001234"'), may_be_hard(b'x="1234567890"')
    (True, False)
    """
    if LEAST in data.translate(AS_ZERO) or any(mark in data for mark in (b"@", b"\\", b"file:")):
        return True
    foreign = data.translate(None, ASCII).decode("utf-8", "replace")
    return any(map(str.isdecimal, foreign))


def owners(text: str) -> Iterator[str]:
    """Yield the names in a certificate that is written in base64."""
    from secreview.formats.pdf_forms import certificate_names

    try:
        yield from certificate_names(base64.b64decode(text, validate=False))
    except ValueError:
        return


def telling(element: etree._Element, *, strict: bool = False) -> Iterator[str]:
    """Yield the attribute values that people may have written; if strict, that they surely have."""
    for key, value in element.attrib.items():
        text = str(value)
        is_sure = is_hard(text)
        if is_sure or (not strict and TELLING.search(text) and is_said(str(key), text)):
            yield text


def own_name(shape: etree._Element) -> str:
    """Return the name of a shape when a person gave it, else an empty string."""
    name = shape.get("name") or ""
    return "" if PLAIN_NAME.fullmatch(name) or ENGLISH_NAME.fullmatch(name) else name


def is_said(key: str, text: str) -> bool:
    """Return whether an attribute may hold words; a name that programs give is none."""
    name = key.rpartition("}")[2]
    if name == "name":
        return bool(IDEOGRAPHS.search(text)) and not PLAIN_NAME.fullmatch(text)
    return not DULL.fullmatch(name)


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
    if data is not None:
        yield from inner(package, member, data)


def inner(package: Package, name: str, data: bytes) -> Iterator[Part]:
    """Yield the parts of a file that stands in a package under a name."""
    left = max(0, package.limits.total - package.inflated)
    content = nested(Source(name, data=data), replace(package.limits, total=left))
    package.gaps.extend(content.gaps)
    package.inner.extend(content.coverage)
    package.inflated += sum(len(part.text) for part in content.parts)
    yield from content.parts
