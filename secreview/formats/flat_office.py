"""Office documents in one XML file: flat OPC is read as the package it stands for."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from importlib import import_module

from lxml import etree

from secreview.errors import Damaged
from secreview.formats import sniff
from secreview.formats.lines import Lines
from secreview.formats.ooxml import Refused, attribute, local, parse
from secreview.formats.ooxml_rest import all_text
from secreview.formats.protocol import Content, Format, Limits, Source
from secreview.model import Gap, PartKind, Place, Step, Unit, Why

MEDIA_TYPES = ("application/vnd.ms-office.flat+xml",)
MODULES = {
    sniff.DOCX: "secreview.formats.docx",
    sniff.XLSX: "secreview.formats.xlsx",
    sniff.PPTX: "secreview.formats.pptx",
}


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of the package, or the text of an older form with a gap."""
    try:
        root = parse(source.read(limits))
    except Refused:
        raise Damaged("DTD refused in an office file") from None
    except etree.XMLSyntaxError:
        raise Damaged("the office file does not parse") from None
    if local(root) != "package":
        return older(source, root)
    members = {attribute(part, "name").lstrip("/"): content(part) for part in root}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    media_type = sniff.office(set(members))
    if media_type not in MODULES:
        raise Damaged("a package without a document")
    module: Format = import_module(MODULES[media_type])
    return module.read(Source(source.name, data=packed.getvalue()), limits)


def content(part: etree._Element) -> bytes:
    """Return the bytes of a part of a flat package."""
    for element in part:
        if local(element) == "xmlData":
            return b"".join(etree.tostring(child, encoding="utf-8") for child in element)
        if local(element) == "binaryData":
            try:
                return base64.b64decode("".join(element.itertext()))
            except (binascii.Error, ValueError):
                return b""
    return b""


def older(source: Source, root: etree._Element) -> Content:
    """Return all text of an XML form that came before office packages."""
    lines = Lines("body", PartKind.BODY)
    for text in all_text(root):
        lines.add(text, Place((Step(Unit.ELEMENT, local(root)),)))
    gap = Gap(source.name, Why.UNSUPPORTED, "XML of Office 2003: read as text, without its layout")
    return Content(lines.parts(), (gap,))
