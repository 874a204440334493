"""Words in OFD XML that stand where nobody looks: comments, odd attributes, elements of others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from secreview.formats.ooxml import local
from secreview.formats.ooxml_rest import TELLING

NUMERIC = re.compile(r"[-+\d.eE,;:/#\s]*")
SHORT = 11  # digits fewer than in a telephone number
LONG_NAME = 40  # characters of no font name
DIGITS = re.compile(r"\d{5}")
# Names of numbers, paths, identifiers and fonts in GB/T 33190: nobody writes words in them.
MEASURES = frozenset(
    "ID Boundary CTM X Y DeltaX DeltaY Font Size Value LineWidth DrawParam ResourceID ZOrder Index "
    "CodePosition CodeCount GlyphCount DashPattern AbbreviatedData Glyphs MaxUnitID MaxSignId "
    "PhysicalBox ApplicationBox ContentBox BleedBox CheckValue TemplateID BaseLoc FileLoc "
    "SchemaLoc PageFile MediaFile FontFile Charset PageID PageRef ObjectRef "
    "FileRef "
    "DocRoot PublicRes DocumentRes PageRes Annotations Attachments CustomTags Extensions "
    "Signatures CreationDate ModDate LastModDate DocID AttachID SignatureMethod SignedValue "
    "SignatureDateTime Mapping Start End Date Format Profile schemaLocation CV".split()
)
# What other parts show: (element, attribute), and elements with their text.
SHOWN = frozenset(
    {
        ("OutlineElem", "Title"), ("Bookmark", "Name"), ("CustomData", "Name"),
        ("Parameter", "Name"), ("Attachment", "Name"), ("Annot", "Creator"),
        ("URI", "URI"), ("URI", "Base"), ("Version", "Name"), ("Provider", "ProviderName"),
        ("Provider", "Company"),
    }
)  # fmt: skip
TOLD = frozenset(
    "TextCode CustomData Title Author Subject Abstract Creator CreatorVersion DocUsage Keyword "
    "Cover Remark Parameter URI".split()
)


def loose(root: etree._Element) -> Iterator[str]:
    """Yield the words of an OFD tree that no other part shows, comments included."""
    for element in root.iter():
        name = local(element)
        text = (element.text or "").strip()
        if not name or (text and name not in TOLD and is_worded(name, text)):
            yield text
        for key, value in element.attrib.items() if name else ():
            key = str(key).rpartition("}")[2]
            if (name, key) not in SHOWN and is_telling(key, str(value)):
                yield str(value)
        tail = (element.tail or "").strip()
        if tail and element is not root:
            yield tail


def is_worded(name: str, text: str) -> bool:
    """Return whether the text of an element is more than a measure.

    >>> is_worded("ObjectRef", "66"), is_worded("PhysicalBox", "0 0 210 297")
    (False, False)
    """
    if name in MEASURES:
        return not text.isascii()
    return len(text) >= SHORT or not NUMERIC.fullmatch(text)


def is_telling(name: str, value: str) -> bool:
    """Return whether an attribute holds words that people may have written."""
    if name in MEASURES:
        return not value.isascii()
    if name in ("FontName", "FamilyName"):
        return len(value) > LONG_NAME or bool(DIGITS.search(value))
    if NUMERIC.fullmatch(value) and len(value) < SHORT:
        return False
    return bool(TELLING.search(value))


def targets(root: etree._Element) -> Iterator[str]:
    """Yield where the actions of a tree lead to."""
    for element in root.iter("{*}URI"):
        base = element.get("Base") or ""
        address = element.get("URI") or (element.text or "").strip()
        yield base + address if base and "://" not in address else address
