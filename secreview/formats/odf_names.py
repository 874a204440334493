"""Names of OpenDocument (ISO/IEC 26300) elements and attributes, and its XML read with distrust."""

from __future__ import annotations

import re

from lxml import etree

from secreview.formats.ooxml import Package, Refused, parse
from secreview.model import Why

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{{{OASIS}office:1.0}}"
TEXT = f"{{{OASIS}text:1.0}}"
TABLE = f"{{{OASIS}table:1.0}}"
DRAW = f"{{{OASIS}drawing:1.0}}"
STYLE = f"{{{OASIS}style:1.0}}"
FORM = f"{{{OASIS}form:1.0}}"
META = f"{{{OASIS}meta:1.0}}"
CONFIG = f"{{{OASIS}config:1.0}}"
SCRIPT = f"{{{OASIS}script:1.0}}"
SHOW = f"{{{OASIS}presentation:1.0}}"
MANIFEST = f"{{{OASIS}manifest:1.0}}"
FO = f"{{{OASIS}xsl-fo-compatible:1.0}}"
SVG = f"{{{OASIS}svg-compatible:1.0}}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
DC = "{http://purl.org/dc/elements/1.1/}"

# A document type without declarations of its own, as OpenOffice wrote it into formulas, manifests
# and scripts. Its external part is never fetched.
DOCTYPE = re.compile(
    rb"""<!DOCTYPE\s+[\w:.-]{1,80}\s+(?:PUBLIC\s+(?:"[^"<>\[]*"|'[^'<>\[]*')|SYSTEM)"""
    rb"""\s*(?:"[^"<>\[]*"|'[^'<>\[]*')?\s*>"""
)
PROLOG = 2048  # bytes that a document type stands in
MANY = 32  # spaces in a row, and repeats, that are kept


def without_doctype(data: bytes) -> bytes:
    """Return XML without a document type that declares nothing.

    >>> without_doctype(b'<!DOCTYPE a PUBLIC "x" "a.dtd"><a/>')
    b'<a/>'
    """
    if b"<!DOCTYPE" not in data[:PROLOG]:
        return data
    return DOCTYPE.sub(b"", data[:PROLOG], count=1) + data[PROLOG:]


def parsed(package: Package, member: str, data: bytes) -> etree._Element | None:
    """Return the root of the XML of a member; what is wrong with it is a gap."""
    data = without_doctype(data)
    try:
        return parse(data)
    except Refused:
        package.gap(member, Why.DAMAGED, f"DTD refused: {member}")
        return None
    except etree.XMLSyntaxError:
        return package.repaired(member, data)


def root_of(package: Package, member: str) -> etree._Element | None:
    """Return the root of an XML member, or None after noting a gap."""
    data = package.read(member)
    return None if data is None else parsed(package, member, data)


def count(text: str | None, otherwise: int = 1) -> int:
    """Return how often something is repeated, at most a million times.

    >>> count("3"), count(None), count("99999999999")
    (3, 1, 1000000)
    """
    if not text or not text.isascii() or not text.isdecimal():
        return otherwise
    return min(int(text[:12]), 1_000_000)
