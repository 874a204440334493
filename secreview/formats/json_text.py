r"""JSON: every string and number with the keys that lead to it, escapes written out.

A search index, a source map or an export says in ``\\u`` escapes what a visitor reads. The file is
taken apart token by token, so one that is damaged, wrapped in a call or cut off is read as far as
it goes; whatever is no token is a part of its own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from secreview.formats.decode import decode
from secreview.formats.escapes import unescaped
from secreview.formats.plain import damage
from secreview.formats.protocol import Content, Limits, Source
from secreview.formats.strings import Strings
from secreview.model import Gap, PartKind, Place, Step, Unit

MEDIA_TYPES = ("application/json",)
TOKEN = re.compile(
    r'"(?P<string>(?:[^"\\]++|\\.)*+)"(?P<is_key>\s{0,80}:)?'
    r"|(?P<mark>[{}\[\],:])|(?P<number>-?[0-9][0-9.eE+-]{0,400})|true|false|null",
    re.DOTALL,
)
SOURCE_MAP, POSITIONS = (".js.map", ".mjs.map", ".css.map"), "mappings"
DEEPEST = 5  # JSON in strings of JSON
NEAREST = 8  # objects and lists around a value that its place names
LONGEST_PATH = 60


def read(source: Source, limits: Limits) -> Content:
    """Return the strings and numbers of a JSON file."""
    decoded = decode(source.read(limits))
    strings = Strings()
    gaps: list[Gap] = list(damage(decoded.undecodable))
    is_code = source.name.lower().endswith(SOURCE_MAP)
    for text in (decoded.text, *(other for _, other in decoded.alternatives)):
        Walk(strings, kind=PartKind.SCRIPT if is_code else PartKind.BODY).through(text)
    return Content(strings.parts(), (*gaps, *strings.gaps))


@dataclass
class Frame:
    """An object or list that is open: its present key or index."""

    is_list: bool
    key: str = ""
    index: int = 0

    def step(self) -> str:
        """Return how a path names the present member."""
        return f"[{self.index}]" if self.is_list else f".{self.key}"


@dataclass
class Walk:
    """A walk over the tokens of one text; ``line`` is that of the token at hand."""

    strings: Strings
    kind: PartKind = PartKind.BODY
    prefix: str = ""
    titles: tuple[str, ...] = ()
    line: int = 1
    depth: int = 0
    frames: list[Frame] = field(default_factory=list)

    def through(self, text: str) -> None:
        """Add every string and number of a text."""
        at, start = 0, self.line
        for match in TOKEN.finditer(text):
            self.left_over(text[at : match.start()])
            if not self.depth:
                self.line += text.count("\n", at, match.start())
            self.token(match)
            if not self.depth:
                self.line += text.count("\n", match.start(), match.end())
            at = match.end()
        self.left_over(text[at:])
        self.line = start

    def left_over(self, text: str) -> None:
        """Add what is no token: comments, the call around a JSONP answer, damage."""
        if text and not text.isspace():
            self.strings.add(unescaped(text.strip()), self.place(), PartKind.DATA)

    def token(self, match: re.Match[str]) -> None:
        """Take one token into account."""
        if match["mark"]:
            self.structure(match["mark"])
        elif match["string"] is not None:
            value = plain(match["string"])
            if match["is_key"] and self.frames and not self.frames[-1].is_list:
                self.frames[-1].key = value
            else:
                self.value(value)
        elif match["number"]:
            self.value(match["number"])

    def structure(self, mark: str) -> None:
        """Open or close an object or list, or go on to the next member."""
        if mark in "{[":
            self.frames.append(Frame(mark == "["))
        elif mark in "}]" and self.frames:
            self.frames.pop()
        elif mark == "," and self.frames:
            self.frames[-1].index += 1

    def value(self, text: str) -> None:
        """Add a string or number; JSON inside a string is walked in turn."""
        if text[:1] in ("{", "[") and self.depth < DEEPEST and is_json(text):
            inner = Walk(
                self.strings, self.kind, self.path(), self.keys(), self.line, self.depth + 1
            )
            inner.through(text)
            return
        keys = self.keys()
        in_object = bool(self.frames) and not self.frames[-1].is_list
        if self.kind is PartKind.SCRIPT and self.keys()[:1] == (POSITIONS,):
            return  # places in the code as numbers, no text
        title = keys[0] if keys and in_object else ""
        self.strings.add(text, self.place(), self.kind, title)

    def keys(self) -> tuple[str, ...]:
        """Return the nearest two keys, nearest first."""
        own = [frame.key for frame in reversed(self.frames[-NEAREST:]) if frame.key]
        return tuple(dict.fromkeys((*own, *self.titles)))[:2]

    def path(self) -> str:
        """Return the keys and indices that lead to the present member."""
        shown = self.frames[-NEAREST:]
        prefix = self.prefix if len(shown) == len(self.frames) else "…"
        return prefix + "".join(frame.step() for frame in shown)

    def place(self) -> Place:
        """Return the line and path of the present member, its keys as titles."""
        path = self.path().lstrip(".")
        shown = path if len(path) <= LONGEST_PATH else f"…{path[-LONGEST_PATH:]}"
        steps = [Step(Unit.LINE, self.line)]
        if shown:
            steps.append(Step(Unit.ELEMENT, shown))
        return Place(tuple(steps), headers=self.keys(), line=self.line)


def plain(raw: str) -> str:
    """Return what a string literal says."""
    if "\\" not in raw:
        return raw
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return unescaped(raw)


def is_json(text: str) -> bool:
    """Return whether a string holds JSON itself."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
