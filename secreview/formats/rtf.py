"""Rich text (rtf): what it shows, and its hidden, deleted, noted and embedded text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from secreview.errors import Damaged, TooLarge
from secreview.formats.flat import flat_tables
from secreview.formats.lines import Lines
from secreview.formats.nested import nested
from secreview.formats.protocol import Content, Limits, Source
from secreview.formats.rtf_tokens import Token, tokens
from secreview.model import Covered, Gap, Part, PartKind, Place, PlaceIndex, Status, Step, Unit, Why

MEDIA_TYPES = ("application/rtf",)
READER = "rtf"
DEEPEST = 500  # groups in groups
CHARSETS = {  # \fcharset of the RTF specification 1.9.1 → code page
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
PLACES: dict[str, tuple[PartKind, Unit]] = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), (PartKind.HEADER, Unit.HEADER)),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), (PartKind.FOOTER, Unit.FOOTER)),
    "footnote": (PartKind.FOOTNOTE, Unit.FOOTNOTE),
    "annotation": (PartKind.COMMENT, Unit.COMMENT),
    "shptxt": (PartKind.TEXTBOX, Unit.TEXTBOX),
    "fldinst": (PartKind.FIELD, Unit.ELEMENT),
    "bkmkstart": (PartKind.FIELD, Unit.ELEMENT),
    "formfield": (PartKind.FORM, Unit.ELEMENT),
    "sn": (PartKind.DATA, Unit.ELEMENT),
    "sv": (PartKind.ALT_TEXT, Unit.ELEMENT),
}
PROPERTIES = frozenset(
    "title subject author operator keywords comment doccomm category manager company hlinkbase"
    " template generator propname staticval linkval revtbl atnauthor atnid xe tc".split()
)
LOOKS = frozenset(
    "colortbl stylesheet listtable listoverridetable rsidtbl themedata colorschememapping"
    " latentstyles datastore pgptbl filetbl xmlnstbl mmathPr wgrffmtfilter picprop panose falt"
    " bkmkend blipuid levelnumbers leveltext listname listlevel nonesttables fldtitle atrfstart"
    " atrfend atnref pnseclvl shpinst".split()
)
FILE_STARTS = (b"\xd0\xcf\x11\xe0", b"PK\3\4", b"%PDF-", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")
OBJECT_HEADER = 4096  # bytes in which the header of an object ends
WHITE = 0xF0  # every colour part at least this: not seen on white paper
TINY = 4  # half points


@dataclass(frozen=True, slots=True)
class State:
    """How text of a group is meant: where it goes, in which code page, and whether it is seen."""

    target: str = "body"
    font: int = -1
    uc: int = 1
    hidden: bool = False
    deleted: bool = False
    inserted: bool = False
    ignorable: bool = False


def read(source: Source, limits: Limits) -> Content:
    """Return the parts and gaps of a rich text file."""
    data = source.read(limits)
    reader = Rich(limits)
    end = reader.run(data)
    return reader.content(data, end)


@dataclass(slots=True)
class Rich:
    """A rich text file being read."""

    limits: Limits
    parts: dict[str, Lines] = field(default_factory=dict)
    buffers: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    fonts: dict[int, str] = field(default_factory=dict)
    colors: list[int] = field(default_factory=list)
    page: str = "cp1252"
    pending: bytearray = field(default_factory=bytearray)
    skip: int = 0
    hexes: list[bytes] = field(default_factory=list)
    objects: list[bytes] = field(default_factory=list)
    pictures: int = 0
    color: list[int] = field(default_factory=lambda: [0, 0, 0])

    def run(self, data: bytes) -> int:
        """Read the tokens and return the offset after the last group; raise Damaged, TooLarge."""
        if not data.lstrip().startswith(b"{\\rtf"):
            raise Damaged("no rich text header")
        stack: list[State] = []
        state = State()
        for token, at in tokens(data, data.index(b"{")):
            if token.kind == "open":
                self.flush(state)
                stack.append(state)
                state = replace(state, ignorable=False)
                if len(stack) > DEEPEST:
                    raise TooLarge(f"more than {DEEPEST} groups in one another")
            elif token.kind == "close":
                self.flush(state)
                outer = stack.pop() if stack else State()
                self.leave(state, outer)
                state = outer
                if not stack:
                    return at
            else:
                state = self.token(token, state)
        self.flush(state)
        return len(data)

    def token(self, token: Token, state: State) -> State:
        """Take one token and return the state after it."""
        match token.kind:
            case "star":
                return replace(state, ignorable=True)
            case "bytes":
                self.encoded(token.data, state)
            case "text":
                if self.skip:
                    self.skip -= 1
                else:
                    self.flush(state)
                    self.put(token.text, state)
            case "raw":
                self.hexes.append(token.data.hex().encode("ascii"))
            case _:
                return self.word(token.word, token.number, state)
        return state

    def encoded(self, data: bytes, state: State) -> None:
        """Take text in bytes: of an object, of a table of looks, or in the font's code page."""
        if self.skip:
            dropped = min(self.skip, len(data))
            self.skip -= dropped
            data = data[dropped:]
        if state.target in ("objdata", "pict"):
            self.hexes.append(data)
        elif state.target == "colortbl":
            for _ in range(data.count(b";")):
                self.colors.append(min(self.color))
                self.color = [0, 0, 0]
        elif state.target not in ("fonttbl", "looks"):
            self.pending += data

    def flush(self, state: State) -> None:
        """Decode the bytes gathered so far."""
        if self.pending:
            codec = self.fonts.get(state.font, self.page)
            text = bytes(self.pending).decode(codec, "replace")
            self.pending.clear()
            self.put(text, state)

    def put(self, text: str, state: State) -> None:
        """Add text to the part it belongs to."""
        if not text or state.target in ("objdata", "pict", "colortbl", "fonttbl", "looks"):
            return
        target = state.target
        if target == "body" or target in PLACES:
            if state.deleted:
                target = "deleted"
            elif state.hidden:
                target = "hidden"
            elif state.inserted and target == "body":
                self.buffers.setdefault("inserted", []).append(text)
        self.buffers.setdefault(target, []).append(text)

    def word(self, word: str, number: int | None, state: State) -> State:
        """Take a control word and return the state after it."""
        value = 1 if number is None else number
        match word:
            case "u":
                self.flush(state)
                self.put(chr(value & 0xFFFF), state)
                self.skip = state.uc
            case "uc":
                return replace(state, uc=max(0, value))
            case "ansicpg":
                self.page = code_page(value)
            case "f" | "af" | "dbch" | "hich" | "loch":
                return self.font(word, value, state)
            case "fcharset" if state.target == "fonttbl":
                self.fonts[state.font] = CHARSETS.get(value, self.page)
            case "red" | "green" | "blue" if state.target == "colortbl":
                self.color[("red", "green", "blue").index(word)] = value
            case "plain":
                self.flush(state)
                return replace(state, hidden=False, deleted=False, inserted=False)
            case "v" | "deleted" | "revised" | "cf" | "fs" | "webhidden":
                self.flush(state)
                return self.look(word, value, state)
            case _:
                return self.destination(word, state)
        return state

    def font(self, word: str, value: int, state: State) -> State:
        """Return the state in another font."""
        if word != "f":
            return state
        self.flush(state)
        return replace(state, font=value)

    def look(self, word: str, value: int, state: State) -> State:
        """Return the state after a word on how text is seen."""
        match word:
            case "deleted":
                return replace(state, deleted=bool(value))
            case "revised":
                return replace(state, inserted=bool(value))
            case "cf":
                is_white = 0 < value < len(self.colors) and self.colors[value] >= WHITE
                return replace(state, hidden=is_white)
            case "fs":
                return replace(state, hidden=state.hidden or value <= TINY)
            case _:
                return replace(state, hidden=bool(value))

    def destination(self, word: str, state: State) -> State:
        """Return the state inside a destination; an unknown one that may be ignored is data."""
        if word in ("fonttbl", "colortbl", "objdata", "pict"):
            self.flush(state)
            return replace(state, target=word)
        if word in LOOKS:
            return replace(state, target="looks")
        if word in PLACES or word in PROPERTIES:
            self.flush(state)
            return replace(state, target=word, hidden=False)
        if state.ignorable and word not in (
            "shppict",
            "shp",
            "shptxt",
            "nonshppict",
            "fldrslt",
            "ud",
        ):
            return replace(state, target="data", ignorable=False)
        return state

    def leave(self, inner: State, outer: State) -> None:
        """End a group: what it held becomes an entry of its part."""
        if inner.target == outer.target:
            return
        if inner.target == "objdata":
            self.objects.append(unhexed(self.hexes))
            self.hexes.clear()
        elif inner.target == "pict":
            self.pictures += 1
            self.hexes.clear()
        elif inner.target not in ("body", "colortbl", "fonttbl", "looks"):
            self.entry(inner.target)

    def entry(self, target: str) -> None:
        """Move the text gathered for a target to its part, with a place."""
        text = whole("".join(self.buffers.pop(target, ())).strip("\n"))
        if target in PLACES:
            kind, unit = PLACES[target]
            number = self.numbers[target] = self.numbers.get(target, 0) + 1
            value: int | str = target if unit is Unit.ELEMENT else number
            self.lines(kind).add(text, Place((Step(unit, value),)))
        elif target in PROPERTIES:
            self.lines(PartKind.PROPERTY).add(text, Place((Step(Unit.PROPERTY, target),)))
        else:
            self.lines(PartKind.DATA).add(text, Place((Step(Unit.ELEMENT, target),)))

    def lines(self, kind: PartKind) -> Lines:
        """Return the part of a kind under construction."""
        return self.parts.setdefault(str(kind), Lines(str(kind), kind))

    def content(self, data: bytes, end: int) -> Content:
        """Return everything read, the objects by their own formats."""
        for target in [
            t for t in self.buffers if t not in ("body", "hidden", "deleted", "inserted")
        ]:
            self.entry(target)
        gaps: list[Gap] = []
        rows = [Covered("text", "part", Status.READ, end, READER)]
        parts = [body("".join(self.buffers.get("body", ())))]
        for name, kind, unit in (
            ("hidden", PartKind.HIDDEN_TEXT, Unit.HIDDEN),
            ("deleted", PartKind.DELETED, Unit.DELETED),
            ("inserted", PartKind.INSERTED, Unit.INSERTED),
        ):
            lines = Lines(name, kind)
            for number, text in enumerate(runs(self.buffers.get(name, ())), 1):
                lines.add(text, Place((Step(unit, number),)))
            parts += lines.parts()
        tail = data[end:].strip(b"\0\r\n\t ")
        if tail:
            self.lines(PartKind.DATA).add(tail.decode(self.page, "replace"))
            rows.append(
                Covered(f"bytes {end}-{len(data) - 1}", "tail", Status.READ, len(tail), READER)
            )
        parts += [part for lines in self.parts.values() for part in lines.parts()]
        for number, held in enumerate(self.objects, 1):
            content = nested(Source(f"object {number}", data=native(held)), self.limits)
            parts += content.parts
            gaps += content.gaps
            rows += content.coverage
        gaps += [Gap(f"picture {n}", Why.PICTURE) for n in range(1, self.pictures + 1)]
        return Content(tuple(parts), tuple(gaps), tuple(rows))


def body(text: str) -> Part:
    """Return the main text, a place for each paragraph, cells with their titles."""
    text = whole(text.rstrip("\n"))
    pairs: list[tuple[int, Place]] = []
    tables = flat_tables(text) if "\t" in text else None
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        steps = (Step(Unit.PARAGRAPH, number),)
        if tables is None or "\t" not in line:
            pairs.append((at, Place(steps)))
        else:
            pairs += [
                (at + cell.start(), Place(steps, headers=tables.at(at + cell.start()).headers))
                for cell in re.finditer(r"[^\t]+", line)
            ]
        at += len(line) + 1
    return Part("body", PartKind.BODY, text, PlaceIndex.of(pairs))


def runs(texts: tuple[str, ...] | list[str]) -> Iterator[str]:
    """Yield the paragraphs of a text given in pieces."""
    yield from (line for line in whole("".join(texts)).split("\n") if line.strip())


def native(data: bytes) -> bytes:
    """Return the file inside an embedded object, without the header that names its program."""
    found = (data.find(magic, 0, OBJECT_HEADER) for magic in FILE_STARTS)
    return data[min((at for at in found if at >= 0), default=0) :]


def whole(text: str) -> str:
    """Return a text with the halves of characters beyond the first plane put together."""
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def unhexed(pieces: list[bytes]) -> bytes:
    """Return the bytes that hexadecimal digits stand for."""
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", b"".join(pieces))
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def code_page(number: int) -> str:
    """Return the codec of a Windows code page."""
    name = {936: "gb18030", 950: "big5", 65001: "utf-8"}.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
