"""The words of rich text: control words, text in bytes or Unicode, and groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(
    rb"\\(?:(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?\x20?|'(?P<hex>[0-9A-Fa-f]{2})"
    rb"|(?P<symbol>[^A-Za-z]))|(?P<open>\{)|(?P<close>\})|(?P<text>[^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
SYMBOLS = {b"~": "\xa0", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}"}
BREAKS = {b"par", b"sect", b"page", b"line", b"column", b"row", b"nestrow", b"softline"}
LETTERS = {
    b"tab": "\t", b"cell": "\t", b"nestcell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": "\u2003",
    b"enspace": "\u2002", b"qmspace": "\u2005", b"zwj": "\u200d", b"zwnj": "\u200c",
}  # fmt: skip


class Token(NamedTuple):
    """One token; ``kind`` is open, close, word (with its number), bytes, raw, text or star."""

    kind: str
    word: str = ""
    number: int | None = None
    data: bytes = b""
    text: str = ""


def tokens(data: bytes, start: int = 0) -> Iterator[tuple[Token, int]]:
    """Yield each token with the offset after it; raw bytes after a ``bin`` word are one token."""
    at = start
    size = len(data)
    while at < size:
        match = TOKEN.match(data, at)
        if match is None:  # a lone backslash at the end
            return
        at = match.end()
        if match["word"] is not None:
            word, number = match["word"], match["number"]
            value = int(number) if number else None
            if word == b"bin" and value and value > 0:
                yield Token("raw", data=data[at : at + value]), at + value
                at += value
                continue
            yield of_word(word, value), at
        elif match["hex"] is not None:
            yield Token("bytes", data=bytes.fromhex(match["hex"].decode("ascii"))), at
        elif match["symbol"] is not None:
            symbol = match["symbol"]
            if symbol == b"*":
                yield Token("star"), at
            elif symbol in (b"\r", b"\n"):
                yield Token("text", text="\n"), at
            else:
                yield Token("text", text=SYMBOLS.get(symbol, "")), at
        elif match["open"] is not None:
            yield Token("open"), at
        elif match["close"] is not None:
            yield Token("close"), at
        elif match["text"] is not None:
            yield Token("bytes", data=match["text"]), at


def of_word(word: bytes, number: int | None) -> Token:
    """Return the token of a control word; those that stand for a character are text."""
    if word in BREAKS:
        return Token("text", text="\n")
    if word in LETTERS:
        return Token("text", text=LETTERS[word])
    return Token("word", word.decode("ascii"), number)
