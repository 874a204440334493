"""OpenDocument files (odt, ods, odp, odg, templates, zipped or flat): everything they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from secreview.errors import Damaged, Encrypted
from secreview.formats.lines import Lines, within
from secreview.formats.odf_document import OdfDocument
from secreview.formats.odf_names import MANIFEST, root_of, without_doctype
from secreview.formats.odf_rest import properties, rest, scripts, settings
from secreview.formats.ooxml import Package, Refused, clean, open_package, parse
from secreview.formats.picture_inside import picture
from secreview.formats.protocol import Content, Limits, Source
from secreview.model import Covered, Gap, Part, PartKind, Status, Step, Unit, Why

MEDIA_TYPES = (
    "application/vnd.oasis.opendocument",
    "application/vnd.oasis.opendocument.flat+xml",
)
CONTENT = "content.xml"
SEALED = "encrypted-package"  # ODF 1.4: the whole package is one encrypted member
LIST = "META-INF/manifest.xml"
OBJECT = re.compile(r"(.+/)content\.xml", re.IGNORECASE)


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of an OpenDocument file."""
    with source.open() as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
        if start.startswith(b"<"):
            return flat(source, limits)
        stream.seek(0)
        package = open_package(source, limits, stream)
        signed: set[str] = set()
        parts = tuple(zipped(package, signed))
        return Content(parts, tuple(package.gaps), tuple(rows(package, signed)))


def zipped(package: Package, signed: set[str]) -> Iterator[Part]:
    """Yield the parts of a package; raise Encrypted when its content is encrypted."""
    sealed = encrypted(package)
    if SEALED in package.members or CONTENT in sealed:
        raise Encrypted("OpenDocument file with a password")
    for member in sealed & package.members.keys():
        package.seen.add(member)
        package.gap(member, Why.ENCRYPTED)
    yield from document(package, "")
    for member in package.unseen():
        found = OBJECT.fullmatch(member)
        if found:
            steps = (Step(Unit.FILE, found[1].rstrip("/")),)
            for part in document(package, found[1]):
                yield within(part, found[1].rstrip("/"), steps)
    yield from rest(package, signed)


def document(package: Package, folder: str) -> Iterator[Part]:
    """Yield the parts of the document in a folder of a package."""
    member = folder + CONTENT
    if member not in package.members:
        package.gap(member, Why.DAMAGED, "member is missing")
        return
    data = package.read(member)
    if data is None:
        return
    styles = f"{folder}styles.xml"
    root = root_of(package, styles) if styles in package.members else None
    reader = OdfDocument(lambda why, detail: package.gap(member, why, detail))
    yield from reader.parts(without_doctype(data), root)
    left = replace(package.limits, total=max(0, package.limits.total - package.inflated))
    content = pictures(reader, left, folder)
    package.gaps.extend(content.gaps)
    package.inner.extend(content.coverage)
    yield from content.parts


def pictures(reader: OdfDocument, limits: Limits, folder: str = "") -> Content:
    """Return what the pictures and objects say that stand in the XML itself."""
    parts: list[Part] = []
    gaps: list[Gap] = []
    covered: list[Covered] = []
    for number, (data, place) in enumerate(reader.sides.pictures, start=1):
        content = picture(f"{folder}binary-data {number}", data, limits, place)
        parts += content.parts
        gaps += content.gaps
        covered += content.coverage
    return Content(tuple(parts), tuple(gaps), tuple(covered))


def encrypted(package: Package) -> set[str]:
    """Return the members that the manifest says are encrypted."""
    root = root_of(package, LIST) if LIST in package.members else None
    found: set[str] = set()
    for entry in () if root is None else root.iter(MANIFEST + "file-entry"):
        if entry.find(MANIFEST + "encryption-data") is not None:
            found.add(clean(entry.get(MANIFEST + "full-path") or ""))
    return found


def rows(package: Package, signed: set[str]) -> Iterator[Covered]:
    """Yield a row for each member; those of signatures say that the document is signed."""
    for row in package.coverage("odf"):
        if row.locator in signed:
            row = row._replace(kind="signature", reason=row.reason or "signed")
        yield row


def flat(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a document that is one XML file."""
    data = without_doctype(source.read(limits))
    gaps: list[Gap] = []
    reader = OdfDocument(lambda why, detail: gaps.append(Gap(CONTENT, why, detail)))
    parts = list(reader.parts(data, None))
    parts += around(data)
    if not parts:
        raise Damaged(gaps[0].detail if gaps else "no content")
    content = pictures(reader, limits)
    status = Status.APPROXIMATE if gaps else Status.READ
    row = Covered(source.name, "file", status, source.size(), "odf")
    return Content((*parts, *content.parts), (*gaps, *content.gaps), (row, *content.coverage))


def around(data: bytes) -> Iterator[Part]:
    """Yield the properties, settings and scripts of a flat document."""
    try:
        root = parse(data, recover=True)
    except (etree.XMLSyntaxError, Refused):
        return
    for name, kind, teller in (
        ("properties", PartKind.PROPERTY, properties),
        ("settings", PartKind.DATA, settings),
        ("scripts", PartKind.SCRIPT, scripts),
    ):
        lines = Lines(name, kind)
        teller(root, lines)
        yield from lines.parts()
