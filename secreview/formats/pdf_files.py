"""Files inside a PDF file: attachments wherever they hang, each read by its own format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from secreview.errors import TooLarge
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.pdf_forms import packets_of
from secreview.formats.pdf_objects import (
    Key,
    direct,
    get,
    is_dictionary,
    is_stream,
    is_string,
    items,
    stream,
    type_of,
    words,
)
from secreview.formats.pdf_open import File
from secreview.formats.protocol import Source
from secreview.model import Covered, Part, PartKind, Place, Status, Step, Unit, Why


def attachments(file: File) -> Iterator[Part]:
    """Yield names and descriptions of all embedded files as one part, then what they hold.

    Every file specification counts: of the names tree, of notes, of associated files, of
    portfolios, and embedded files that nothing names any more.
    """
    lines = Lines("attachments", PartKind.ATTACHMENT)
    found: dict[Key, tuple[str, Any]] = {}
    for key, spec in file.objects.dictionaries(b"/EF"):
        name = file_name(file, spec) or f"attachment {key[0]}"
        lines.add(name, Place((Step(Unit.FILE, name),)))
        for entry in ("/Desc", "/ID", "/V"):
            lines.add(words(get(spec, entry), file.limits), Place((Step(Unit.FILE, name),)))
        collection(file, get(spec, "/CI"), name, lines)
        for target in targets(get(spec, "/EF")):
            found.setdefault(target.objgen, (name, target))
    packets = {item.objgen for item in packets_of(get(get(file.root, "/AcroForm"), "/XFA"))}
    for key, item in file.objects.holding(b"/EmbeddedFile"):
        is_file = is_stream(item) and type_of(item) == "/EmbeddedFile"
        if is_file and key not in packets:
            found.setdefault(key, (f"attachment {key[0]}", item))
    yield from lines.parts()
    left = file.limits.total
    used: set[str] = set()
    for name, item in found.values():
        title = free(name, used)
        for part in one(file, title, item, left):
            left -= len(part.text)
            yield part


def one(file: File, name: str, item: Any, left: int) -> Iterator[Part]:
    """Yield the parts of one embedded file."""
    place = Place((Step(Unit.FILE, name),))
    try:
        data = stream(item, file.limits)
    except Exception as error:
        why = Why.LIMIT if isinstance(error, TooLarge) else Why.DAMAGED
        file.gap(name, why, type(error).__name__, place)
        file.cover(name, "attachment")
        return
    content = nested(Source(name, data=data), replace(file.limits, total=max(0, left)))
    file.gaps.extend(content.gaps)
    file.rows.append(Covered(name, "attachment", Status.READ, len(data), "pdf"))
    file.rows.extend(row for row in content.coverage if row.locator != name)
    yield from content.parts


def file_name(file: File, spec: Any) -> str:
    """Return the name of a file specification, in the most telling of its forms."""
    for key in ("/UF", "/F", "/Unix", "/DOS", "/Mac"):
        text = words(get(spec, key), file.limits)
        if text:
            return text
    return ""


def targets(holder: Any) -> Iterator[Any]:
    """Yield the streams that a file specification names, for each kind of system."""
    for _, target in items(holder) if is_dictionary(holder) else ():
        if is_stream(target):
            yield target


def collection(file: File, holder: Any, name: str, lines: Lines) -> None:
    """Add the columns that a portfolio shows beside a file."""
    for inner in direct(holder):
        for _, value in items(inner):
            if is_string(value):
                lines.add(words(value, file.limits), Place((Step(Unit.FILE, name),)))


def free(name: str, used: set[str]) -> str:
    """Return a name, numbered when another file has it already."""
    candidate, count = name, 1
    while candidate in used:
        count += 1
        candidate = f"{name}#{count}"
    used.add(candidate)
    return candidate
