"""Notes (annotations) on the pages: what they say, who wrote them, what they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from secreview.formats.lines import Lines
from secreview.formats.ooxml import parse
from secreview.formats.pdf_objects import (
    Key,
    entries,
    get,
    is_dictionary,
    is_stream,
    items,
    subtype_of,
    type_of,
    words,
)
from secreview.formats.pdf_open import File, page_place
from secreview.formats.pdf_stage import staged
from secreview.model import Part, PartKind, Place, Why

SAYING = ("/Contents", "/T", "/Subj", "/OverlayText", "/NM", "/Name", "/RO")
RICH = ("/RC", "/RV")
STATES = 64  # appearance streams of one note


def notes(file: File) -> Iterator[Part]:
    """Yield the words of all notes, and the text of how they look where that says more."""
    told = Lines("annotations", PartKind.ANNOTATION)
    looks: list[tuple[Any, Place, str]] = []
    for item, place in every(file):
        words_of = list(sayings(item, file))
        for text in words_of:
            told.add(text, place)
        known = squeezed("".join(words_of) + field_value(item, file))
        looks += [(look, place, known) for look in appearances(item)]
    file.drawn.update(look.objgen for look, _, _ in looks)
    texts = staged(file, [look for look, _, _ in looks])
    for (_, place, said), text in zip(looks, texts, strict=True):
        if text.strip() and squeezed(text) not in said:
            told.add(text, place)
    yield from told.parts()


def every(file: File) -> Iterator[tuple[Any, Place]]:
    """Yield each note of the file once with its page: those on pages, then stray ones."""
    seen: set[Key] = set()
    for nth, page in enumerate(file.pdf.pages, start=1):
        if nth > file.pages:
            break
        for item in entries(page.obj.get("/Annots")):
            if not is_dictionary(item):
                continue
            if item.is_indirect:
                seen.add(item.objgen)
            yield item, page_place(nth)
    for key, item in file.objects.holding(b"/Annot", b"/Popup"):
        is_note = is_dictionary(item) and type_of(item) == "/Annot"
        if is_note and key not in seen:
            yield item, file.page_of(item)


def sayings(item: Any, file: File) -> Iterator[str]:
    """Yield what a note says in words; rich text is taken out of its markup."""
    is_field = subtype_of(item) == "/Widget"
    said: list[str] = []
    for key in SAYING:
        text = words(get(item, key), file.limits)
        is_dull = key in ("/NM", "/Name") and text.isascii()
        if text and not is_dull and not (is_field and key == "/T"):
            said.append(text)
    for key in RICH:
        text = plain(words(get(item, key), file.limits))
        if text and squeezed(text) not in map(squeezed, said):
            said.append(text)
    yield from said


def plain(rich: str) -> str:
    r"""Return the text of XHTML markup, the markup itself when it cannot be read.

    >>> plain("<body><p>a</p><p>b</p></body>")
    'a\nb'
    """
    if not rich:
        return ""
    try:
        root = parse(rich.encode("utf-8", "replace"), recover=True)
    except Exception:
        return rich
    return "\n".join(text.strip() for text in map(str, root.itertext()) if text.strip())


def appearances(item: Any) -> Iterator[Any]:
    """Yield the streams of how a note looks: normal, pressed, touched, in each state."""
    looks = get(item, "/AP")
    count = 0
    for _, look in items(looks) if is_dictionary(looks) else ():
        states = [value for _, value in items(look)] if is_dictionary(look) else [look]
        for state in states:
            if is_stream(state) and count < STATES:
                count += 1
                yield state


def field_value(item: Any, file: File) -> str:
    """Return the value of the form field that a note shows."""
    for _ in range(20):
        value = words(get(item, "/V"), file.limits)
        if value:
            return value
        item = get(item, "/Parent")
        if item is None:
            break
    return ""


def squeezed(text: str) -> str:
    r"""Return a text without blanks and line ends.

    >>> squeezed("a b\n c")
    'abc'
    """
    return "".join(text.split())


def media(file: File) -> Iterator[Part]:
    """Note sound, film and three-dimensional content: nothing reads it."""
    for key, item in file.objects.holding(b"/3D", b"/RichMedia", b"/Sound", b"/Movie", b"/Screen"):
        kind = subtype_of(item).lstrip("/")
        if kind in ("3D", "RichMedia", "Sound", "Movie"):
            file.gap(f"media {key[0]}", Why.UNSUPPORTED, kind, file.page_of(item))
    yield from ()
