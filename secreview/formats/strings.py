"""Strings found inside structured text, each read as what it is: prose, markup, JSON again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from secreview.errors import Damaged
from secreview.formats.html import Page, parsed
from secreview.formats.lines import Lines
from secreview.model import Gap, Part, PartKind, Place, Why

MARKUP = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9]{0,14}(?:\s[^<>]{0,4000})?/?>|<!--|&#?[a-zA-Z0-9]{2,8};"
)
TITLE = re.compile(r"[\u3400-\u9fff]")
LONGEST_TITLE = 24


@dataclass
class Strings:
    """The strings of a file by the kind of text they are."""

    lines: dict[PartKind, Lines] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    def of(self, kind: PartKind) -> Lines:
        """Return the part under construction of a kind."""
        if kind not in self.lines:
            name = "body" if kind is PartKind.BODY else kind.value
            self.lines[kind] = Lines(name, kind)
        return self.lines[kind]

    def parts(self) -> tuple[Part, ...]:
        """Return the parts that have text; the body always."""
        self.of(PartKind.BODY)
        order = sorted(self.lines, key=lambda kind: kind is not PartKind.BODY)
        made = tuple(part for kind in order for part in self.lines[kind].parts())
        has_body = any(part.kind is PartKind.BODY for part in made)
        return made if has_body else (Part("body", PartKind.BODY, ""), *made)

    def add(self, text: str, place: Place, kind: PartKind = PartKind.BODY, title: str = "") -> None:
        """Add a string; one with markup is read as a browser would read it.

        A Chinese title stands before the string as in a table, and is its heading in any case.
        """
        if kind is PartKind.BODY and MARKUP.search(text):
            self.fragment(text, place)
            return
        lines = self.of(kind)
        if title and len(title) <= LONGEST_TITLE and TITLE.search(title) and text.strip():
            lines.mark(replace(place, headers=()))
            lines.raw(f"{title}\t")
        lines.add(text, place)

    def fragment(self, text: str, place: Place) -> None:
        """Add the parts of a piece of a web page."""
        page = Page()
        try:
            root, is_whole = parsed(text)
        except Damaged:
            root, is_whole = None, False
        if root is not None:
            page.walk(root, is_hidden=False)
            page.flush()
        if not is_whole:
            self.of(PartKind.DATA).add(text, place)
            self.gaps.append(Gap("body", Why.DAMAGED, "markup that does not parse", place))
        for part in page.parts():
            for line in part.text.splitlines():
                self.of(part.kind).add(line, place if part.kind is PartKind.BODY else bare(place))


def bare(place: Place) -> Place:
    """Return a place without the titles that name what stands there."""
    return replace(place, headers=())
