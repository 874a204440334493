"""Building parts: lines of text gathered one after another, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from secreview.model import Part, PartKind, Place, PlaceIndex, Places, Step

NOWHERE = Place()


@dataclass(slots=True)
class Lines:
    """A part under construction; every line holds one entry and one place."""

    id: str
    kind: PartKind
    chunks: list[str] = field(default_factory=list)
    index: list[tuple[int, Place]] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, place: Place = NOWHERE) -> None:
        """Append one entry; blank ones are left out."""
        if text and not text.isspace():
            self.mark(place)
            self.raw(text + "\n")

    def mark(self, place: Place) -> None:
        """Say that what follows stands at a place."""
        self.index.append((self.length, place))

    def raw(self, text: str) -> None:
        """Append text as it is."""
        self.chunks.append(text)
        self.length += len(text)

    def text(self) -> str:
        """Return the text without its last line end."""
        return "".join(self.chunks).removesuffix("\n")

    def parts(self) -> tuple[Part, ...]:
        """Return the part, or nothing when it has no text."""
        text = self.text()
        if not text:
            return ()
        return (Part(self.id, self.kind, text, PlaceIndex.of(self.index)),)


@dataclass(frozen=True, slots=True)
class Within:
    """Places inside an embedded file: its name comes first."""

    steps: tuple[Step, ...]
    inner: Part

    def at(self, offset: int) -> Place:
        """Return the inner place behind the steps that lead to the file."""
        place = self.inner.place_at(offset)
        return replace(place, steps=(*self.steps, *place.steps))


def within(part: Part, prefix: str, steps: tuple[Step, ...]) -> Part:
    """Return a part of an embedded file as a part of the outer one."""
    places: Places = Within(steps, part)
    return replace(part, id=f"{prefix}!{part.id}", places=places, first_line=0)
