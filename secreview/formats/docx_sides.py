"""What stands beside the visible text of a Word document: changes, hidden runs, boxes, fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from secreview.formats.lines import Lines
from secreview.formats.whole_words import whole_words
from secreview.model import Part, PartKind, Place, Step, Unit


class State(Enum):
    """How a reader of the page sees a run."""

    SHOWN = "shown"
    INSERTED = "inserted"
    DELETED = "deleted"
    HIDDEN = "hidden"
    PAGE = "page"  # no text: a new page starts here


class Segment(NamedTuple):
    """A stretch of a paragraph in one state."""

    text: str
    state: State


class Visible(NamedTuple):
    """The visible text of a paragraph, and the offsets in it at which pages start."""

    text: str
    pages: tuple[tuple[int, int], ...] = ()


NOTED = (
    (State.INSERTED, Unit.INSERTED, (State.SHOWN, State.INSERTED)),
    (State.DELETED, Unit.DELETED, (State.SHOWN, State.DELETED)),
    (State.HIDDEN, Unit.HIDDEN, (State.SHOWN, State.INSERTED, State.HIDDEN)),
)


def side(part_id: str, kind: PartKind) -> Lines:
    """Return an empty part."""
    return Lines(part_id, kind)


@dataclass(slots=True)
class Sides:
    """The parts that fill up while the stories of a document are walked."""

    inserted: Lines = field(default_factory=lambda: side("inserted", PartKind.INSERTED))
    deleted: Lines = field(default_factory=lambda: side("deleted", PartKind.DELETED))
    hidden: Lines = field(default_factory=lambda: side("hidden-text", PartKind.HIDDEN_TEXT))
    textboxes: Lines = field(default_factory=lambda: side("textboxes", PartKind.TEXTBOX))
    fields: Lines = field(default_factory=lambda: side("fields", PartKind.FIELD))
    alt: Lines = field(default_factory=lambda: side("alt-text", PartKind.ALT_TEXT))
    links: Lines = field(default_factory=lambda: side("link-texts", PartKind.LINK))
    data: Lines = field(default_factory=lambda: side("document-data", PartKind.DATA))
    authors: dict[str, None] = field(default_factory=dict)
    boxes: int = 0
    page: int | None = None

    def parts(self) -> Iterator[Part]:
        """Yield the parts that have text."""
        for lines in (self.inserted, self.deleted, self.hidden, self.textboxes, self.fields):
            yield from lines.parts()
        for lines in (self.alt, self.links, self.data):
            yield from lines.parts()
        names = Lines("authors", PartKind.PROPERTY)
        for name in self.authors:
            names.add(name, Place((Step(Unit.PROPERTY, "author"),)))
        yield from names.parts()

    def lines_of(self, state: State) -> Lines:
        """Return the part that lists the entries of a state."""
        kept = {State.INSERTED: self.inserted, State.DELETED: self.deleted}
        return kept.get(state, self.hidden)

    def settle(self, segments: Sequence[Segment], place: Place) -> Visible:
        """Return the visible text of a paragraph; list its changes and hidden runs."""
        if all(segment.state is State.SHOWN for segment in segments):
            return Visible("".join(segment.text for segment in segments), ())
        for state, unit, view in NOTED:
            lines = self.lines_of(state)
            for entry in entries(segments, state, view):
                number = len(lines.index) + 1
                steps = (Step(unit, number), *place.steps)
                lines.add(entry, Place(steps, place.page, place.headers))
        return self.visible(segments)

    def visible(self, segments: Iterable[Segment]) -> Visible:
        """Return what a reader sees, counting pages."""
        chunks: list[str] = []
        pages: list[tuple[int, int]] = []
        length = 0
        for text, state in segments:
            if state is State.PAGE:
                self.page = (self.page or 1) + 1
                pages.append((length, self.page))
            elif state in (State.SHOWN, State.INSERTED):
                chunks.append(text)
                length += len(text)
        return Visible("".join(chunks), tuple(pages))


def entries(segments: Sequence[Segment], state: State, view: tuple[State, ...]) -> Iterator[str]:
    """Yield the runs of one state, neighbours joined, as they stand in one view of the text.

    A deleted or hidden run that cuts through a number or a word of letters shows all of it.
    """
    if not any(segment.state is state for segment in segments):
        return
    chunks, spans, length = list[str](), list[tuple[int, int]](), 0
    for piece, of in segments:
        if of not in view or not piece:
            continue
        if of is state:
            if spans and spans[-1][1] == length:
                spans[-1] = (spans[-1][0], length + len(piece))
            else:
                spans.append((length, length + len(piece)))
        chunks.append(piece)
        length += len(piece)
    text = "".join(chunks)
    kept = [(low, high) for low, high in spans if not text[low:high].isspace()]
    for low, high in kept if state is State.INSERTED else whole_words(text, kept):
        yield text[low:high]
