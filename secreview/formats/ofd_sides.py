"""What an OFD document holds beside its pages: information, outline, attachments, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from secreview.formats.lines import Lines
from secreview.formats.ofd_book import text_of
from secreview.formats.ofd_runs import is_off
from secreview.formats.ofd_shelf import Shelf
from secreview.formats.ooxml import local
from secreview.formats.ooxml_rest import embedded
from secreview.model import Gap, Part, PartKind, Place, Step, Unit, Why

# Values that say nothing about the document: hexadecimal ids, dates and times, versions.
DULL = re.compile(
    r"[0-9A-Fa-f]{8}[0-9A-Fa-f-]{24,28}|\d{4}-\d{1,2}-\d{1,2}[T ]?[\d:.+Z]{0,20}|[\d.]{1,12}"
)
LISTS = {"Attachments": "Attachment", "CustomTags": "CustomTag", "Extensions": "Extension"}


def information(body: etree._Element, lines: Lines, base: tuple[Step, ...]) -> None:
    """Add the document information; data that people named themselves shows its name."""
    for info in body.iterfind("{*}DocInfo"):
        for element in info.iter():
            name, value = local(element), (element.text or "").strip()
            if not name or not value or DULL.fullmatch(value):
                continue
            if name == "CustomData":
                name = element.get("Name") or name
                value = f"{name}: {value}"
            lines.add(value, Place((*base, Step(Unit.PROPERTY, name))))


def outline(root: etree._Element, lines: Lines, base: tuple[Step, ...]) -> None:
    """Add the titles of the outline and the names of bookmarks."""
    for kind, name, key in (
        ("Outlines", "OutlineElem", "Title"),
        ("Bookmarks", "Bookmark", "Name"),
    ):
        place = Place((*base, Step(Unit.ELEMENT, kind)))
        for element in root.iterfind("{*}" + kind):
            for item in element.iter("{*}" + name):
                lines.add(item.get(key) or "", place)


def permissions(root: etree._Element, lines: Lines, base: tuple[Step, ...]) -> None:
    """Add what the document forbids, and until when it may be read."""
    place = Place((*base, Step(Unit.PROPERTY, "Permissions")))
    for element in root.iterfind("{*}Permissions/*"):
        said = (element.text or "").strip()
        told = " ".join(f"{key}={value}" for key, value in element.attrib.items())
        if said.lower() not in ("", "true") or told:
            lines.add(f"{local(element)} {said} {told}".strip(), place)


def attachments(shelf: Shelf, root: etree._Element, member: str) -> Iterator[Part]:
    """Yield the list of attachments, then what each of them holds, shown to people or not."""
    lines = Lines("attachments", PartKind.ATTACHMENT)
    files: list[tuple[str, str]] = []
    for listed, tree in lists(shelf, root, member, "Attachments"):
        for element in tree.iter("{*}Attachment"):
            file = shelf.find(text_of(element, "FileLoc"), listed)
            name = element.get("Name") or ""
            steps = (Step(Unit.FILE, file),)
            hidden = (Step(Unit.HIDDEN, ""),) if is_off(element) else ()
            lines.add(f"{name} {file}".strip(), Place((*hidden, *steps)))
            files.append((file, name))
    yield from lines.parts()
    for file, name in dict.fromkeys(files):
        yield from attached(shelf, file, name)


def attached(shelf: Shelf, member: str, name: str) -> Iterator[Part]:
    """Yield the parts of an attached file, read by its own format."""
    package = shelf.package
    if member not in package.members:
        package.gaps.append(Gap(member or name, Why.DAMAGED, "attachment is missing"))
        return
    if member in package.seen:
        return
    yield from embedded(package, member)


def lists(
    shelf: Shelf, root: etree._Element, member: str, kind: str
) -> Iterator[tuple[str, etree._Element]]:
    """Yield the lists of one kind that a document root refers to: member and root."""
    for element in root.iterfind("{*}" + kind):
        listed = shelf.find(element.text or "", member)
        tree = shelf.root(listed) if listed else None
        if tree is not None:
            yield listed, tree


def tagged(shelf: Shelf, root: etree._Element, member: str) -> None:
    """Read custom tags (copies of the text by meaning) and extensions of other programs.

    All their words are loose ones, which the shelf keeps.
    """
    for kind in ("CustomTags", "Extensions"):
        for listed, tree in lists(shelf, root, member, kind):
            for name in ("FileLoc", "ExtendData"):
                for element in tree.iter("{*}" + name):
                    file = shelf.find(element.text or "", listed)
                    if file.lower().endswith(".xml") and file not in shelf.raw:
                        shelf.root(file)
