"""The members of an OFD container: found by the paths its XML gives, their text codes counted."""

from __future__ import annotations

import html
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from secreview.formats.decode import codec
from secreview.formats.lines import Lines
from secreview.formats.ofd_loose import loose, targets
from secreview.formats.ooxml import Package, Refused, clean, parse
from secreview.model import Gap, PartKind, Place, Step, Unit, Why

SEALED = frozenset({"encryptions.xml", "decryptseed.dat", "entriesmap.dat"})  # GM/T 0099-2020
DECLARED = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.-]{1,40})")
CODE = re.compile(r"<(?:[\w.-]+:)?TextCode(?:\s[^<>]*)?(?<!/)>([^<]*)<")
BLANKS = b"\xef\xbb\xbf \r\n\t"


@dataclass(slots=True)
class Shelf:
    """An open container: where its members are, what text codes they hold, which were told.

    ``raw`` holds the text codes of each member as a plain search of its characters finds them,
    ``told`` those that the walk over pages, templates and annotations has put into parts.
    """

    package: Package
    names: dict[str, str] = field(default_factory=dict)
    raw: dict[str, list[str]] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    data: Lines = field(default_factory=lambda: Lines("document-data", PartKind.DATA))
    links: Lines = field(default_factory=lambda: Lines("links", PartKind.LINK))
    is_sealed: bool = False

    def __post_init__(self) -> None:
        """Index the names without regard to case."""
        for name in self.package.members:
            self.names.setdefault(name.lower(), name)
        self.is_sealed = any(posixpath.basename(name) in SEALED for name in self.names)

    def find(self, path: str, beside: str = "") -> str:
        """Return the member that a path written in another member means.

        Paths are relative to that member or to the root; without such a member the path as it
        should be comes back.
        """
        path = path.strip().replace("\\", "/")
        if not path:
            return ""
        joined = clean(posixpath.join(posixpath.dirname(beside), path))
        for name in (joined, clean(path)):
            if name.lower() in self.names:
                return self.names[name.lower()]
        return joined

    def root(self, member: str, place: Place | None = None) -> etree._Element | None:
        """Return the root of an XML member, or None after noting a gap.

        On its first reading its loose words go to the data part, targets of actions to the links.
        """
        data = self.read(member)
        if data is None:
            return None
        root = self.parsed(member, data)
        if root is not None and member not in self.raw:
            self.raw[member] = list(text_codes(data))
            place = place or Place((Step(Unit.ELEMENT, member),))
            for text in loose(root):
                self.data.add(text, place)
            for link in targets(root):
                self.links.add(link, place)
        return root

    def read(self, member: str) -> bytes | None:
        """Return the bytes of an XML member, or None after noting a gap."""
        if member not in self.package.members:
            self.package.gap(member, Why.DAMAGED, "member is missing")
            return None
        data = self.package.read(member)
        if data and self.is_sealed and not data.lstrip(BLANKS).startswith((b"<", b"\xff", b"\xfe")):
            self.package.gap(member, Why.ENCRYPTED)
            return None
        return data

    def parsed(self, member: str, data: bytes) -> etree._Element | None:
        """Return the root of XML bytes; what is wrong with them is a gap."""
        try:
            return parse(data)
        except Refused:
            self.package.gap(member, Why.DAMAGED, f"DTD refused: {member}")
            return None
        except etree.XMLSyntaxError:
            return self.package.repaired(member, data)

    def tell(self, member: str, text: str) -> None:
        """Note that a text code of a member has been put into a part."""
        self.told.setdefault(member, []).append(text)

    def untold(self, member: str) -> list[str]:
        """Return the text codes of a member that the search found and the walk did not."""
        seen = Counter(map(squeezed, self.told.get(member, ())))
        found: list[str] = []
        for text in self.raw.get(member, ()):
            key = squeezed(text)
            if seen[key]:
                seen[key] -= 1
            elif key:
                found.append(text)
        return found

    def compare(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each member with text that no page shows; the readings disagree, which is a gap."""
        for member in self.raw:
            found = self.untold(member)
            if found:
                detail = f"{len(found)} text codes that no page shows"
                place = Place((Step(Unit.FILE, member),))
                self.package.gaps.append(Gap(member, Why.DISAGREE, detail, place))
                yield member, found


def squeezed(text: str) -> str:
    r"""Return a text without blanks and line ends.

    >>> squeezed("甲 乙\n")
    '甲乙'
    """
    return "".join(text.split())


def text_codes(data: bytes) -> Iterator[str]:
    """Yield the text codes in XML bytes, found by a plain search instead of an XML parser.

    >>> list(text_codes(b"<o:TextCode X='0'>a&amp;b</o:TextCode><!-- <TextCode>c</TextCode> -->"))
    ['a&b']
    """
    encoding = encoding_of(data)
    if not encoding:
        return
    text = data.decode(encoding, "replace")
    first, *others = text.split("<!--")
    text = first + "".join(other.partition("-->")[2] for other in others)
    first, *others = text.split("<![CDATA[")
    pieces = (other.partition("]]>") for other in others)
    text = first + "".join(html.escape(inside) + after for inside, _, after in pieces)
    for found in CODE.finditer(text):
        yield html.unescape(found[1])


def encoding_of(data: bytes) -> str:
    """Return the encoding of XML bytes, or an empty string when they hold no text code."""
    for encoding in ("utf-16-le", "utf-16-be"):
        if "TextCode".encode(encoding) in data:
            return encoding
    if b"TextCode" not in data:
        return ""
    declared = DECLARED.search(data[:200])
    return (codec(declared[1].decode("ascii")) if declared else "") or "utf-8"
