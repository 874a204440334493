"""What stands beside the visible text of an OpenDocument file, gathered while it is walked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from secreview.formats.docx_sides import NOTED, Segment, Sides, State, Visible
from secreview.formats.lines import Lines
from secreview.formats.odf_names import DC, OFFICE, TEXT
from secreview.formats.whole_words import whole_words
from secreview.model import Part, PartKind, Place, Step, Unit


@dataclass(slots=True)
class OdfSides(Sides):
    """The sides of a document with its notes, comments, forms and scripts."""

    comments: Lines = field(default_factory=lambda: Lines("comments", PartKind.COMMENT))
    footnotes: Lines = field(default_factory=lambda: Lines("footnotes", PartKind.FOOTNOTE))
    endnotes: Lines = field(default_factory=lambda: Lines("endnotes", PartKind.ENDNOTE))
    speaker: Lines = field(default_factory=lambda: Lines("notes", PartKind.NOTES))
    forms: Lines = field(default_factory=lambda: Lines("forms", PartKind.FORM))
    scripts: Lines = field(default_factory=lambda: Lines("scripts", PartKind.SCRIPT))
    changes: Changes = field(default_factory=lambda: Changes())
    pictures: list[tuple[bytes, Place]] = field(default_factory=list)  # of flat files
    notes: int = 0
    remarks: int = 0

    def settle(self, segments: Sequence[Segment], place: Place) -> Visible:
        """Return the visible text of a paragraph; list its changes and hidden runs."""
        states = {segment.state for segment in segments}
        for state, unit, view in NOTED if len(states) > 1 or State.SHOWN not in states else ():
            lines = self.lines_of(state)
            for entry in entries(segments, state, view) if state in states else ():
                steps = (Step(unit, len(lines.index) + 1), *place.steps)
                lines.add(entry, Place(steps, place.page, place.headers))
        return self.visible(segments)

    def parts(self) -> Iterator[Part]:
        """Yield the parts that have text."""
        for lines in (self.footnotes, self.endnotes, self.comments, self.speaker):
            yield from lines.parts()
        yield from Sides.parts(self)
        yield from self.forms.parts()
        yield from self.scripts.parts()


def entries(segments: Sequence[Segment], state: State, view: tuple[State, ...]) -> Iterator[str]:
    """Yield the runs of one state, neighbours joined, as they stand in one view of the text."""
    chunks: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for text, of in segments:
        if of in view and text:
            chunks.append(text)
            if of is state and spans and spans[-1][1] == at:
                spans[-1] = (spans[-1][0], at + len(text))
            elif of is state:
                spans.append((at, at + len(text)))
            at += len(text)
    whole = "".join(chunks)
    for low, high in spans if state is State.INSERTED else whole_words(whole, spans):
        yield whole[low:high]


@dataclass(slots=True)
class Changes:
    """The tracked changes of a document: what each of them is, and which insertions are open."""

    insertions: set[str] = field(default_factory=set)
    deletions: dict[str, etree._Element] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def read(self, element: etree._Element, sides: Sides) -> None:
        """Remember the regions of a list of tracked changes, and who made them."""
        for region in element.iter(TEXT + "changed-region"):
            key = region.get(TEXT + "id") or region.get(XML_ID) or ""
            for change in region:
                if change.tag == TEXT + "insertion":
                    self.insertions.add(key)
                elif change.tag == TEXT + "deletion":
                    self.deletions[key] = change
        for info in element.iter(OFFICE + "change-info"):
            for name in (info.findtext(DC + "creator"), info.get(OFFICE + "chg-author")):
                if name:
                    sides.authors.setdefault(name)
            for paragraph in info.iter(TEXT + "p"):
                sides.data.add("".join(map(str, paragraph.itertext())), CHANGE)

    def start(self, key: str) -> None:
        """Note where an insertion starts."""
        if key in self.insertions:
            self.open.add(key)

    def end(self, key: str) -> None:
        """Note where an insertion ends."""
        self.open.discard(key)

    def take(self, key: str) -> etree._Element | None:
        """Return a deletion where the text marks its place, once."""
        return self.deletions.pop(key, None)


XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
CHANGE = Place((Step(Unit.ELEMENT, "tracked-changes"),))
