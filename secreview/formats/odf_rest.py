"""The rest of an OpenDocument package: properties, settings, scripts, signatures, pictures."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from lxml import etree

from secreview.formats.decode import decode
from secreview.formats.lines import Lines
from secreview.formats.odf_names import CONFIG, DC, META, OFFICE, XLINK, root_of
from secreview.formats.ooxml import Package, local
from secreview.formats.ooxml_rest import FONT, STRINGS, XML, all_text, comment, embedded
from secreview.formats.peek import FONT_STARTS, peek
from secreview.formats.picture_inside import picture_parts
from secreview.model import Part, PartKind, Place, Step, Unit

FOLDERS = re.compile(r"(?:.*/)?(?:Pictures|Thumbnails|ObjectReplacements|media)/[^/]+", re.I)
SCRIPTS = re.compile(r"(?:.*/)?(?:Basic|Scripts|Dialogs)/.+", re.IGNORECASE)
SIGNATURES = re.compile(r"META-INF/[^/]*signatures[^/]*\.xml", re.IGNORECASE)
DULL = re.compile(
    r"true|false|[-+]?[\d.,]+(?:E[-+]?\d+)?|P[\dTHMSYD.]+|\d{4}-\d\d-\d\d[T\d:.Z+-]*|#?[0-9a-fA-F]{6,8}"
    r"|[a-z]+(?:[-_][a-z]+)*|[A-Za-z]{1,12}\d{0,4}",
)
COUNTED = frozenset({"document-statistic", "generator", "editing-cycles", "editing-duration",
                     "creation-date", "date", "print-date"})  # fmt: skip
SIGNED = frozenset({"X509SubjectName", "X509IssuerName", "SignatureComments", "Text",
                    "CN", "date"})  # fmt: skip
PRINTER = 1 << 16  # bytes of printer set-up that are looked at


def rest(package: Package, signed: set[str]) -> Iterator[Part]:
    """Yield the parts of every member that nothing has read; ``signed`` gathers signatures."""
    for member in package.unseen():
        if member not in package.seen:
            yield from one(package, member, signed)
    yield from comment(package)


def one(package: Package, member: str, signed: set[str]) -> Iterator[Part]:
    """Yield the parts of one member."""
    name = member.rpartition("/")[2]
    if member == "mimetype":
        yield from mimetype(package, member)
    elif SIGNATURES.fullmatch(member):
        signed.add(member)
        yield from told(package, member, PartKind.PROPERTY, signature)
    elif name == "meta.xml":
        yield from told(package, member, PartKind.PROPERTY, properties)
    elif name == "settings.xml":
        yield from told(package, member, PartKind.DATA, settings)
    elif name == "VersionList.xml":
        yield from told(package, member, PartKind.PROPERTY, versions)
    elif SCRIPTS.fullmatch(member):
        yield from script(package, member)
    elif name == "layout-cache":
        yield from strings(package, member)
    elif FOLDERS.fullmatch(member) and not XML.fullmatch(member):
        yield from picture(package, member)
    elif FONT.fullmatch(member) and peek(package, member).startswith(FONT_STARTS):
        package.skip(member)
    elif XML.fullmatch(member) or name == "manifest.rdf":
        yield from told(package, member, PartKind.DATA, everything)
    else:
        yield from embedded(package, member)


Teller = Callable[[etree._Element, Lines], None]


def told(package: Package, member: str, kind: PartKind, teller: Teller) -> Iterator[Part]:
    """Yield what a function tells of the XML of a member."""
    root = root_of(package, member)
    if root is not None:
        lines = Lines(member, kind)
        teller(root, lines)
        for note in root.iter(etree.Comment, etree.ProcessingInstruction):
            lines.add((note.text or "").strip(), Place((Step(Unit.ELEMENT, member),)))
        yield from lines.parts()


def mimetype(package: Package, member: str) -> Iterator[Part]:
    """Skip the media type; anything else in its place is data."""
    data = package.read(member) or b""
    if re.fullmatch(rb"application/[\w.+-]{1,100}\s*", data):
        package.skip(member)
        return
    lines = Lines(member, PartKind.DATA)
    lines.add(decode(data).text)
    yield from lines.parts()


def properties(root: etree._Element, lines: Lines) -> None:
    """Tell the document properties; those that people named themselves show their name."""
    for meta in root.iter(OFFICE + "meta"):
        for element in meta:
            name = local(element)
            value = " ".join("".join(map(str, element.itertext())).split())
            if name == "user-defined":
                name = element.get(META + "name") or name
                value = f"{name}: {value}" if value else ""
            elif name in COUNTED:
                continue
            place = Place((Step(Unit.PROPERTY, name),))
            lines.add(value, place)
            for key in (XLINK + "href", XLINK + "title"):
                lines.add(element.get(key) or "", place)


def settings(root: etree._Element, lines: Lines) -> None:
    """Tell the settings that hold words: printers, paths, data sources, names."""
    for item in root.iter(CONFIG + "config-item"):
        name = item.get(CONFIG + "name") or ""
        value = (item.text or "").strip()
        place = Place((Step(Unit.ELEMENT, name),))
        if item.get(CONFIG + "type") == "base64Binary":
            for text in words(unpacked(value)):
                lines.add(text, place)
        elif not DULL.fullmatch(value) and "FontName" not in name:
            lines.add(value, place)
    for entry in root.iter(CONFIG + "config-item-map-entry"):
        name = entry.get(CONFIG + "name") or ""
        lines.add("" if name.isascii() else name, Place((Step(Unit.ELEMENT, "settings"),)))


def scripts(root: etree._Element, lines: Lines) -> None:
    """Tell the macros that stand in a flat document."""
    for element in root.iter(OFFICE + "scripts"):
        for text in all_text(element):
            lines.add(text, Place((Step(Unit.ELEMENT, "scripts"),)))


def unpacked(value: str) -> bytes:
    """Return the bytes of a base64 text, the text itself when it is none."""
    try:
        return base64.b64decode("".join(value.split())[: PRINTER * 4 // 3 // 4 * 4])
    except (binascii.Error, ValueError):
        return value.encode()


def words(data: bytes) -> list[str]:
    """Return the readable strings in binary data, each once."""
    return list(dict.fromkeys(map(word, STRINGS.findall(data[:PRINTER]))))


def word(found: bytes) -> str:
    """Return a string found in binary data; one that was found a byte too early is shifted."""
    if found[1:2] != b"\0" and found.isascii() and b"\0" not in found:
        return found.decode("ascii")
    if found[::2].count(0) * 2 > len(found[::2]):
        found = found[1:]
    return found.decode("utf-16-le", "ignore")


def versions(root: etree._Element, lines: Lines) -> None:
    """Tell the comments and authors of earlier versions."""
    for entry in root.iter():
        for key, value in entry.attrib.items():
            name = str(key).rpartition("}")[2]
            if name in ("comment", "creator", "title"):
                lines.add(str(value), Place((Step(Unit.PROPERTY, f"version {name}"),)))


def signature(root: etree._Element, lines: Lines) -> None:
    """Tell who signed."""
    for element in root.iter():
        name = local(element)
        if name in SIGNED or element.tag == DC + "date":
            lines.add((element.text or "").strip(), Place((Step(Unit.PROPERTY, "signature"),)))


def everything(root: etree._Element, lines: Lines) -> None:
    """Tell all text of a tree."""
    place = Place((Step(Unit.ELEMENT, lines.id),))
    for text in all_text(root):
        lines.add(text, place)


def script(package: Package, member: str) -> Iterator[Part]:
    """Yield a macro, or what the description of a library or dialogue says."""
    if XML.fullmatch(member) or member.endswith((".xlb", ".xlc", ".xdl")):
        yield from told(package, member, PartKind.SCRIPT, everything)
        return
    data = package.read(member)
    if data:
        lines = Lines(member, PartKind.SCRIPT)
        lines.add(decode(data).text, Place((Step(Unit.ELEMENT, member),)))
        yield from lines.parts()


def strings(package: Package, member: str) -> Iterator[Part]:
    """Yield the readable strings of a binary member that holds no text of its own."""
    lines = Lines(member, PartKind.DATA)
    for text in words(package.read(member) or b""):
        lines.add(text, Place((Step(Unit.ELEMENT, member),)))
    yield from lines.parts()


def picture(package: Package, member: str) -> Iterator[Part]:
    """Yield what is written in a picture, which is a gap itself; old drawings give their words."""
    data = package.read(member)
    if data is None:
        return
    yield from picture_parts(package, member, data)
    if data.startswith(b"VCLMTF"):
        lines = Lines(f"{member}/words", PartKind.DATA)
        for text in words(data):
            lines.add(text, Place((Step(Unit.FILE, member),)))
        yield from lines.parts()
