"""What a PDF file does: scripts, and the places that its links and actions lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from secreview.formats.lines import Lines
from secreview.formats.ooxml import link_texts
from secreview.formats.pdf_objects import (
    called,
    direct,
    entries,
    get,
    is_dictionary,
    is_string,
    items,
    text_of,
    words,
)
from secreview.formats.pdf_open import File, page_place
from secreview.model import Part, PartKind, Place, Step, Unit

LEADING = tuple("/URI /Launch /GoToR /GoToE /SubmitForm /ImportData /Thread".split())
TARGETS = ("/URI", "/F", "/UF", "/Win", "/Unix", "/Mac", "/P", "/D", "/O", "/Base")
DEPTH = 5


def scripts(file: File) -> Iterator[Part]:
    """Yield JavaScript wherever an object of the file holds some."""
    lines = Lines("scripts", PartKind.SCRIPT)
    for _, item in file.objects.dictionaries(b"/JS"):
        text = words(get(item, "/JS"), file.limits)
        lines.add(text, Place((Step(Unit.ELEMENT, "JavaScript"),)))
    yield from lines.parts()


def links(file: File) -> Iterator[Part]:
    """Yield the targets of links and actions, each as written and unquoted."""
    lines = Lines("links", PartKind.LINK)
    for place, target in every(file):
        for text in link_texts(target):
            lines.add(text, place)
    yield from lines.parts()


def every(file: File) -> Iterator[tuple[Place, str]]:
    """Yield the targets of all actions with the page of the note that holds the action."""
    pages = owners(file)
    for key, holder in file.objects.holding(b"/Base", *map(str.encode, LEADING)):
        for item in direct(holder):
            kind = called(get(item, "/S"))
            if kind in LEADING or is_string(get(item, "/Base")):
                place = pages.get(key, Place((Step(Unit.ELEMENT, kind.lstrip("/")),)))
                for target in strings(item, DEPTH):
                    yield place, target


def owners(file: File) -> dict[tuple[int, int], Place]:
    """Return the page of each note and of each action that a note points to."""
    found: dict[tuple[int, int], Place] = {}
    for nth, page in enumerate(file.pdf.pages, start=1):
        if nth > file.pages:
            break
        for note in entries(page.obj.get("/Annots")):
            for item in (note, get(note, "/A")):
                if is_dictionary(item) and item.is_indirect:
                    found[item.objgen] = page_place(nth)
        found.setdefault(page.obj.objgen, page_place(nth))
    return found


def strings(item: Any, depth: int) -> Iterator[str]:
    """Yield the strings of an action that name a target."""
    for key, value in items(item):
        if key in TARGETS and is_string(value):
            yield text_of(bytes(value))
        elif key in TARGETS and is_dictionary(value) and depth:
            yield from strings(value, depth - 1)
