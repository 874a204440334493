"""What the pages of an OFD document have used so far: pictures, glyphs, repeated objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from secreview.formats.lines import NOWHERE
from secreview.formats.ofd_glyphs import Glyphs
from secreview.formats.ofd_shelf import Shelf
from secreview.formats.picture_inside import is_solid, picture_parts
from secreview.model import Gap, Part, Place, Why

REPEATS = 300_000  # objects of composite units, counted each time they are painted
ESCAPED = re.compile(r"\\([0-9A-Fa-f]{4})")  # GB/T 33190 11.3: characters that XML cannot hold
PRIVATE = re.compile("[\ue000-\uf8ff]")  # characters without a meaning of their own
FEW_PRIVATE = 8  # marks of lists and the like


@dataclass(slots=True)
class Used:
    """Pictures by member with the parts their readers gave, and those that are not see-through."""

    shelf: Shelf
    place: Place = NOWHERE
    glyphs: Glyphs = field(default_factory=Glyphs)
    pictures: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    solid: set[str] = field(default_factory=set)
    repeats: int = 0
    private: int = 0

    def picture(self, member: str) -> None:
        """Read a picture on its first use; what it shows is a gap at the page that uses it."""
        package = self.shelf.package
        if not member or member in self.pictures:
            return
        self.pictures[member] = ()
        if member not in package.members:
            package.gaps.append(Gap(member, Why.DAMAGED, "picture is missing", self.place))
            return
        data = package.read(member)
        if data is None:
            return
        if is_solid(data):
            self.solid.add(member)
        self.pictures[member] = picture_parts(package, member, data, self.place)

    def odd(self, text: str) -> None:
        """Note escaped characters, told in the data part, and private ones, which are counted."""
        plain = ESCAPED.sub(unescaped, text)
        if plain != text:
            self.shelf.data.add(plain, self.place)
        self.private += len(PRIVATE.findall(text))

    def may_repeat(self, member: str) -> bool:
        """Return whether one more object of a composite unit may be painted."""
        self.repeats += 1
        if self.repeats == REPEATS:
            self.shelf.package.gap(member, Why.LIMIT, f"over {REPEATS} repeated objects")
        return self.repeats < REPEATS

    def parts(self) -> Iterator[Part]:
        """Yield what is written inside the pictures; glyphs that differ from the text are gaps."""
        for parts in self.pictures.values():
            yield from parts
        if self.private > FEW_PRIVATE:
            detail = f"{self.private} private characters: only the font knows what they show"
            self.shelf.package.gaps.append(Gap("text", Why.DISAGREE, detail))
        for font, wrong in self.glyphs.differing(self.font):
            detail = f"{wrong} glyphs differ from the characters of the text"
            self.shelf.package.gaps.append(Gap(font, Why.DISAGREE, detail))

    def font(self, member: str) -> bytes | None:
        """Return the bytes of a font file."""
        package = self.shelf.package
        return package.read(member) if member in package.members else None


def unescaped(found: re.Match[str]) -> str:
    """Return the character of an escape; one that is half of a pair stays as it is."""
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)
