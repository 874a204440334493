r"""Escapes of scripts and JSON: ``\\u4fdd`` is 保 to whoever loads the file."""

from __future__ import annotations

import re

ESCAPE = re.compile(
    r"\\u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|\\u\{([0-9a-fA-F]{1,6})\}"
    r"|\\x([0-9a-fA-F]{2})"
)
LAST = 0x10FFFF


def unescaped(text: str) -> str:
    r"""Return a text with the escapes of characters written out; lines stay lines.

    >>> unescaped(r"\u4fdd\u5bc6 \x41 \ud83d\ude00")
    '保密 A 😀'
    """
    return ESCAPE.sub(character, text) if "\\" in text else text


def character(match: re.Match[str]) -> str:
    """Return the character of an escape; one that would end a line or is none stays as it is."""
    high, low, long, short = match.groups()
    code = int(high or long or short, 16)
    if high and low and 0xD800 <= code < 0xDC00:
        return chr(0x10000 + ((code - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if code > LAST or chr(code) in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\0":
        return match[0]
    return chr(code) + (match[0][6:] if low else "")
