"""What becomes public of an object, as canonical bytes: the same content gives the same bytes.

The page is one HTML document with a heading for each field, so that rules see it as a reader does.
Files go beside it under their own digests, which the page names: no file can be exchanged, added or
dropped without changing the page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from typing import Any

from secreview.integrations.reviewer import Item, Piece

PAGE = "page.html"
LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
BLOCK_KEY = re.compile(r"[a-z0-9]{5}")  # of a paragraph in Draftail, which is no content
PLAIN = frozenset(
    "a abbr b blockquote br caption cite code dd del div dl dt em embed figcaption figure h1 h2 h3"
    " h4 h5 h6 hr i img ins kbd li mark ol p pre q s section small span strong sub sup table tbody"
    " td tfoot th thead tr u ul".split()
)
VOID = frozenset({"br", "embed", "hr", "img"})
CHUNK = 1 << 20
Take = Callable[[Any], tuple[bytes, str]]


@dataclass
class Collected:
    """The fields of an object in order, and the files that go out with it.

    ``labels`` says how people call each field; they are no part of the bytes. ``take`` gives the
    bytes and the digest of a stored file; with ``known`` only the digest, which is quicker.
    """

    name: str
    take: Take = field(default_factory=lambda: whole)
    lines: list[str] = field(default_factory=list)
    files: list[Piece] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def text(self, place: str, value: object, label: str = "") -> None:
        """Add words, a paragraph a line; nothing is added for an empty value."""
        words = "" if value is None else str(value)
        if words.strip():
            paragraphs = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.add(place, [f"<p>{escape(line)}</p>" for line in paragraphs], label)

    def html(self, place: str, source: str, label: str = "") -> None:
        """Add HTML: in the page where it is tame, as a file of its own where it is not.

        An unclosed comment or script would hide the fields that follow.
        """
        if not source.strip():
            return
        tame = tamed(source)
        if tame is not None:
            self.add(place, [tame], label)
            return
        data = b'<!doctype html><meta charset="utf-8">' + source.encode("utf-8", "replace")
        self.piece(place, "source.html", data, label=label)

    def table(self, place: str, rows: Sequence[Sequence[str]], *, caption: str = "",
              label: str = "") -> None:  # fmt: skip
        """Add a table; the first row gives the titles of the columns."""
        if not rows and not caption:
            return
        made = ["<table>"]
        made += [f"<caption>{escape(caption)}</caption>"] if caption else []
        for number, row in enumerate(rows):
            cell = "td" if number else "th"
            cells = "".join(f"<{cell}>{escape(text)}</{cell}>" for text in row)
            made.append(f"<tr>{cells}</tr>")
        self.add(place, [*made, "</table>"], label)

    def stored(self, place: str, file: Any, *, title: str = "", label: str = "") -> None:
        """Add a file of a storage, with its title; raise OSError when it cannot be read."""
        if not file or not file.name:
            return
        self.piece(place, file.name.rpartition("/")[2], *self.take(file), title=title, label=label)

    def piece(self, place: str, name: str, data: bytes, sha256: str = "", *, title: str = "",
              label: str = "") -> None:  # fmt: skip
        """Add a file under its own name; the page tells title, name and digest."""
        number = len(self.files) + 1
        piece = Piece(f"{number}-{plain(name)}", data, sha256)
        self.files.append(piece)
        told = [title, name, piece.sha256.translate(LETTERS)]
        self.add(place, [f"<p>{escape(line)}</p>" for line in told if line], label)

    def add(self, place: str, lines: Iterable[str], label: str) -> None:
        """Add lines under the heading of a place, which no tame HTML can imitate."""
        self.lines += [f"<header>[{escape(place)}]</header>", *lines]
        self.labels[f"[{place}]"] = label or place

    def item(self) -> Item:
        """Return what was collected as it is reviewed."""
        page = "\n".join(
            ['<!doctype html><html><head><meta charset="utf-8"></head><body>', *self.lines,
             "</body></html>", ""]
        )  # fmt: skip
        return Item(self.name, (Piece(PAGE, page.encode("utf-8", "replace")), *self.files))


def plain(name: str) -> str:
    r"""Return a file name without what a path or a terminal could misread.

    >>> plain("../名单\n.docx")
    '.._名单_.docx'
    """
    return "".join(c if c.isprintable() and c not in '\\\\/:"<>|?*' else "_" for c in name)[-150:]


def tamed(source: str) -> str | None:
    """Return HTML in one spelling; None where it is not balanced or holds more than text.

    >>> tamed("<p CLASS='x' >a&amp;b<br/></p>"), tamed("<p>a<!-- b"), tamed("<script>1</script>")
    ('<p class="x">a&amp;b<br></p>', None, None)
    """
    parser = Tame()
    parser.feed(source)
    rest = parser.rawdata
    parser.close()
    is_whole = parser.is_tame and not parser.open and "<" not in rest
    return "".join(parser.made) if is_whole else None


class Tame(HTMLParser):
    """Writes HTML anew as long as it holds nothing but text in plain, balanced elements."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self.open: list[str] = []
        self.is_tame = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element that begins, its attributes in order of name."""
        self.is_tame = self.is_tame and tag in PLAIN
        kept = sorted((k, v or "") for k, v in attrs if not is_block_key(k, v or ""))
        told = "".join(f' {key}="{escape(value)}"' for key, value in kept)
        self.made.append(f"<{tag}{told}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element without content; only some may be written so."""
        self.is_tame = self.is_tame and tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Write the end of the element that is open."""
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.is_tame = False
        self.made.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Write text."""
        self.made.append(escape(data, quote=False))

    def handle_comment(self, data: str) -> None:
        """Refuse comments: where one ends is understood in more than one way."""
        self.is_tame = False

    def handle_decl(self, decl: str) -> None:
        """Refuse declarations."""
        self.is_tame = False

    def unknown_decl(self, data: str) -> None:
        """Refuse sections."""
        self.is_tame = False

    def handle_pi(self, data: str) -> None:
        """Refuse processing instructions."""
        self.is_tame = False


def is_block_key(name: str, value: str) -> bool:
    """Return whether an attribute is the key that an editor gave a paragraph."""
    return name == "data-block-key" and BLOCK_KEY.fullmatch(value) is not None


def whole(file: Any) -> tuple[bytes, str]:
    """Return the bytes of a stored file and their digest."""
    with file.storage.open(file.name, "rb") as stream:
        data: bytes = stream.read()
    return data, hashlib.sha256(data).hexdigest()


def known(file: Any) -> tuple[bytes, str]:
    """Return no bytes, but the digest of a stored file."""
    return b"", digest_of(file)


def digest_of(file: Any) -> str:
    """Return the SHA-256 of a file of a storage; raise OSError when it cannot be read."""
    try:
        changed = file.storage.get_modified_time(file.name).timestamp()
    except NotImplementedError:
        return read_digest(file.storage, file.name)
    return known_digest(file.storage, file.name, file.storage.size(file.name), changed)


@lru_cache(maxsize=4096)
def known_digest(storage: Any, name: str, size: int, changed: float) -> str:
    """Return the digest of a file as long as its size and time of change stay the same."""
    return read_digest(storage, name)


def read_digest(storage: Any, name: str) -> str:
    """Return the digest of a file."""
    made = hashlib.sha256()
    with storage.open(name, "rb") as stream:
        while chunk := stream.read(CHUNK):
            made.update(chunk)
    return made.hexdigest()
