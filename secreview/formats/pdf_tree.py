"""The trees of a PDF file: outline, destinations, page labels, layers, threads, tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from secreview.formats.lines import Lines
from secreview.formats.pdf_objects import (
    Key,
    entries,
    get,
    is_dictionary,
    is_name,
    is_string,
    items,
    text_of,
    type_of,
    words,
)
from secreview.formats.pdf_open import File
from secreview.model import Part, PartKind, Place, Step, Unit, Why

SPOKEN = ("/ActualText", "/Alt", "/E", "/T")
NODES = 20  # nodes of a tree for each member that the limits allow


def outline(file: File) -> Iterator[Part]:
    """Yield the titles of the outline, stray entries too."""
    lines = Lines("outline", PartKind.FIELD)
    place = Place((Step(Unit.ELEMENT, "outline"),))
    for item in chain(file, get(file.root, "/Outlines")):
        lines.add(words(get(item, "/Title"), file.limits), place)
    yield from lines.parts()


def chain(file: File, root: Any) -> Iterator[Any]:
    """Yield the entries of an outline in reading order, each once."""
    pending = [get(root, "/First")]
    seen: set[Key] = set()
    while pending:
        item = pending.pop()
        if not is_dictionary(item) or item.objgen in seen:
            continue
        if len(seen) >= file.limits.members * NODES:
            file.gap("outline", Why.LIMIT, "too many entries")
            return
        seen.add(item.objgen)
        yield item
        pending += [get(item, "/Next"), get(item, "/First")]


def names(file: File) -> Iterator[Part]:
    """Yield names of destinations, page labels, layers and article threads that say something."""
    lines = Lines("names", PartKind.FIELD)
    top = get(file.root, "/Names")
    for title, tree in (
        ("destination", get(top, "/Dests")), ("page", get(top, "/Pages")),
        ("template", get(top, "/Templates")), ("script", get(top, "/JavaScript")),
    ):  # fmt: skip
        for name in leaf_names(file, tree):
            lines.add(telling(name), Place((Step(Unit.ELEMENT, title),)))
    old = get(file.root, "/Dests")
    for key, _ in items(old) if is_dictionary(old) else ():
        lines.add(telling(key.lstrip("/")), Place((Step(Unit.ELEMENT, "destination"),)))
    for label in leaves(file, get(file.root, "/PageLabels"), "/Nums"):
        prefix = words(get(label, "/P"), file.limits)
        lines.add(telling(prefix), Place((Step(Unit.ELEMENT, "page label"),)))
    for _, item in file.objects.holding(b"/OCG"):
        if type_of(item) == "/OCG":
            name = words(get(item, "/Name"), file.limits)
            lines.add(name, Place((Step(Unit.ELEMENT, "layer"),)))
    for thread in entries(get(file.root, "/Threads")):
        info = get(thread, "/I")
        for _, value in items(info) if is_dictionary(info) else ():
            lines.add(words(value, file.limits), Place((Step(Unit.ELEMENT, "thread"),)))
    yield from lines.parts()


def telling(name: str) -> str:
    """Return a name that a person may have given; those of programs are ASCII without blanks.

    >>> telling("section.1.2"), telling("附件二")
    ('', '附件二')
    """
    return "" if name.isascii() and " " not in name.strip() else name


def leaf_names(file: File, root: Any) -> Iterator[str]:
    """Yield the names of a name tree."""
    for item in leaves(file, root, "/Names"):
        if is_string(item):
            yield text_of(bytes(item))


def leaves(file: File, root: Any, key: str) -> Iterator[Any]:
    """Yield what the leaves of a name or number tree list, names and values in turn."""
    pending = [root]
    seen: set[Key] = set()
    while pending:
        node = pending.pop()
        if not is_dictionary(node) or (node.is_indirect and node.objgen in seen):
            continue
        if len(seen) > file.limits.members * NODES:
            file.gap("names", Why.LIMIT, "too many nodes")
            return
        if node.is_indirect:
            seen.add(node.objgen)
        yield from entries(get(node, key))
        pending += entries(get(node, "/Kids"))


def tags(file: File) -> Iterator[Part]:
    """Yield what tags say in place of (or besides) what is seen: ActualText, Alt, E, titles."""
    lines = Lines("tags", PartKind.ALT_TEXT)
    for _, item in file.objects.dictionaries(*map(str.encode, SPOKEN)):
        has_kin = get(item, "/P") is not None or get(item, "/K") is not None
        is_tag = is_name(get(item, "/S")) and has_kin
        place = file.page_of(item)
        for key in SPOKEN if is_tag else SPOKEN[:2]:
            text = words(get(item, key), file.limits)
            if text and not file.known.has(text):
                lines.add(text, place if place.steps else Place((Step(Unit.ELEMENT, "tag"),)))
    yield from lines.parts()
