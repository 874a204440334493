"""The characters that fold one to one: width forms, traditional forms, look-alikes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).with_name("folds.txt")
BLANK = " \u00a0\u2000-\u200a\u202f\u205f\u3000"
# A hanzi (or kana, or hangul) and a character of a spaced-out word, as patterns: what is a word
# character of no alphabet. A class with the range of hanzi would take 1.5 ms to compile each time.
HANZI = r"[^\W\x00-\u052f]"
SPELLED = r"(?:★|[^\W_\x80-\u052f])"
MARKS = "*·•_^~+|/"  # put between the characters of a word to hide it
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
)
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
CHINESE_DIGITS = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True)),
    **dict(zip("①②③④⑤⑥⑦⑧⑨", "123456789", strict=True)),
    **dict(zip("❶❷❸❹❺❻❼❽❾", "123456789", strict=True)),
    **dict(zip("⓵⓶⓷⓸⓹⓺⓻⓼⓽", "123456789", strict=True)),
    **dict(zip("➀➁➂➃➄➅➆➇➈", "123456789", strict=True)),
    **dict(zip("➊➋➌➍➎➏➐➑➒", "123456789", strict=True)),
    **dict(zip("㈠㈡㈢㈣㈤㈥㈦㈧㈨", "123456789", strict=True)),
    **dict(zip("㊀㊁㊂㊃㊄㊅㊆㊇㊈", "123456789", strict=True)),
    **dict(zip("⑴⑵⑶⑷⑸⑹⑺⑻⑼", "123456789", strict=True)),
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)),
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
    **dict.fromkeys("〇○◯⓪⓿", "0"),
    "幺": "1",
    "两": "2",
}
CIRCLED = "".join(
    c for c in CHINESE_DIGITS if "\u2460" <= c <= "\u24ff" or "\u2776" <= c <= "\u2793"
)
DIGIT_LIKE = "0-9" + "".join(CHINESE_DIGITS)
LETTER_DIGITS = {"O": "0", "o": "0", "I": "1", "l": "1", "|": "1"}


@lru_cache(maxsize=1)
def fold_table() -> dict[str, str]:
    """Return the one-to-one folds, character to character (about 4,400 entries)."""
    lines = [
        line for line in SOURCE.read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    table: dict[str, str] = {}
    for given, folded in zip(lines[::2], lines[1::2], strict=True):
        table.update(zip(given, folded, strict=True))
    return table


@lru_cache(maxsize=1)
def translation() -> dict[int, str]:
    """Return the same folds for ``str.translate``."""
    return {ord(given): folded for given, folded in fold_table().items()}


def fold_characters(text: str) -> str:
    """Return a text with every one-to-one fold applied; the length stays the same.

    >>> fold_characters("絕密☆５年")
    '绝密★5年'
    """
    return text.translate(translation())
