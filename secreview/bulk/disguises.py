"""Ways in which a value or word is disguised in real drafts and pages, each as a function.

A disguise takes what a rule's own example marks and returns it disguised, or None where it does
not apply: digits are not written in traditional hanzi, a sentence is not spelled out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from html import escape

from secreview.text.folds import fold_table

Disguise = Callable[[str], str | None]
LONG_NUMBER = 11  # digits that make an identifier whatever stands between them
IDENTIFIER = 7
IDENTITY = 18
LONGEST_WORD = 8  # hanzi; a longer stretch is a sentence
LINE = 34  # characters of a full line before a break inside it


def is_number(value: str) -> bool:
    """Return whether a value is nothing but an identifier in digits."""
    digits = value[:-1] if value[-1:] in ("X", "x") else value
    return len(value) >= IDENTIFIER and digits.isascii() and digits.isdigit()


def is_long_number(value: str) -> bool:
    """Return whether a value is an identifier that stays one when it is cut in groups."""
    return is_number(value) and len(value) >= LONG_NUMBER


def is_word(value: str) -> bool:
    """Return whether a value is a word or short phrase in hanzi."""
    hanzi = all("\u4e00" <= letter <= "\u9fff" for letter in value)
    return hanzi and 2 <= len(value) <= LONGEST_WORD


def between(mark: str, value: str) -> str | None:
    """Put a mark between all characters of a word or long number."""
    return mark.join(value) if is_word(value) or is_long_number(value) else None


def inside(mark: str, value: str) -> str | None:
    """Put a mark once inside a value, after its first third."""
    at = max(1, len(value) // 3)
    return value[:at] + mark + value[at:] if len(value) > 1 else None


def everywhere(mark: str, value: str) -> str | None:
    """Put an invisible mark between all characters."""
    return mark.join(value) if len(value) > 1 else None


def in_word(mark: str, value: str) -> str | None:
    """Put punctuation between the hanzi of a word."""
    return mark.join(value) if is_word(value) else None


def with_stops(mark: str, value: str) -> str | None:
    """Put stops between the hanzi of a word of three or more; two with a stop may be a list."""
    return in_word(mark, value) if len(value) > 2 else None


def over_pages(value: str) -> str | None:
    """Break a long number at the end of a page, before the page number."""
    return inside("\n— 3 —\n", value) if is_long_number(value) else None


def spelled_in_groups(value: str) -> str | None:
    """Write a mobile number digit by digit, with strokes between its groups."""
    if len(value) != LONG_NUMBER or not is_number(value):
        return None
    return "-".join(".".join(group) for group in (value[:3], value[3:7], value[7:]))


def in_groups(mark: str, value: str) -> str | None:
    """Cut a number into the groups in which people say it."""
    if not is_long_number(value):
        return None
    sizes = {11: (3, 4, 4), 18: (6, 8, 4), 15: (6, 6, 3), 16: (4, 4, 4, 4), 19: (4, 4, 4, 4, 3)}
    if len(value) not in sizes:
        return None
    groups, at = [], 0
    for size in sizes[len(value)]:
        groups.append(value[at : at + size])
        at += size
    return mark.join(groups)


def wide(value: str) -> str | None:
    """Write ASCII letters, digits and marks in full width."""
    made = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)
    return made if made != value else None


def in_digits(digits: str, value: str) -> str | None:
    """Write the digits of an identifier in another script."""
    if not is_number(value):
        return None
    return "".join(digits[int(c)] if c.isdigit() else c for c in value)


def traditional(value: str) -> str | None:
    """Write hanzi in their traditional form where the folds know one."""
    table = {plain: given for given, plain in fold_table().items() if "\u4e00" <= given <= "\u9fff"}
    made = "".join(table.get(c, c) for c in value)
    return made if made != value else None


def alike(pairs: Mapping[str, str], value: str) -> str | None:
    """Write characters that look alike."""
    made = "".join(pairs.get(c, c) for c in value)
    return made if made != value else None


def letters_for_digits(value: str) -> str | None:
    """Write O for 0 and l for 1 in a mobile or identity number."""
    if len(value) not in (11, 18) or not is_number(value):
        return None
    made = value[0] + value[1:-1].replace("0", "O").replace("1", "l") + value[-1]
    return made if made != value and sum(c.isdigit() for c in made) * 2 > len(made) else None


def broken(end: str, value: str) -> str | None:
    """Break a word or long number at the end of a line."""
    return inside(end, value) if is_word(value) or is_long_number(value) else None


def in_cells(value: str) -> str | None:
    """Write an identity number one digit to a cell, as forms do."""
    return "\t".join(value) if is_number(value) and len(value) == IDENTITY else None


PLAIN: Mapping[str, Disguise] = {
    "full width": wide,
    "blanks between": partial(between, " "),
    "wide blanks between": partial(between, "\u3000"),
    "no-break blanks between": partial(between, "\xa0"),
    "thin blanks between": partial(between, "\u2009"),
    "zero-width space": partial(everywhere, "\u200b"),
    "zero-width joiner": partial(everywhere, "\u200d"),
    "word joiner": partial(inside, "\u2060"),
    "byte order mark inside": partial(inside, "\ufeff"),
    "soft hyphen": partial(inside, "\xad"),
    "direction mark": partial(inside, "\u200e"),
    "direction override": partial(inside, "\u202d"),
    "variation selector": partial(inside, "\ufe0f"),
    "line break": partial(broken, "\n"),
    "Windows line break": partial(broken, "\r\n"),
    "line break and indent": partial(broken, "\n\u3000\u3000"),
    "traditional hanzi": traditional,
    "Chinese digits": partial(in_digits, "〇一二三四五六七八九"),
    "Chinese capital digits": partial(in_digits, "零壹贰叁肆伍陆柒捌玖"),
    "circled digits": partial(in_digits, "⓪①②③④⑤⑥⑦⑧⑨"),
    "mathematical digits": partial(in_digits, "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    "superscript digits": partial(in_digits, "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "letters for digits": letters_for_digits,
    "stars alike": partial(alike, {"★": "☆"}),
    "colons alike": partial(alike, {":": "：", "：": ":"}),
    "asterisks in a word": partial(in_word, "*"),
    "dots in a word": partial(in_word, "·"),
    "strokes in a word": partial(in_word, "|"),
    "groups with blanks": partial(in_groups, " "),
    "groups with hyphens": partial(in_groups, "-"),
    "groups with dots": partial(in_groups, "."),
    "a digit to a cell": in_cells,
    "stops in a word": partial(with_stops, "."),
    "stops and blanks in a word": partial(with_stops, " . "),
    "a page number inside": over_pages,
    "digits and groups": spelled_in_groups,
}
WRAPPED = frozenset(
    {"line break", "Windows line break", "line break and indent", "a page number inside"}
)


def entities(form: str, value: str) -> str:
    """Write every character as an entity of HTML."""
    return "".join(form.format(ord(letter)) for letter in value)


def tagged(value: str) -> str:
    """Split a value over elements of HTML."""
    return "".join(f"<span>{escape(letter)}</span>" for letter in value)


def half_bold(value: str) -> str:
    """Set the first half of a value in another face, with a comment between."""
    at = len(value) // 2
    return f"<b>{escape(value[:at])}</b><!-- -->{escape(value[at:])}"


IN_HTML: Mapping[str, Callable[[str], str]] = {
    "decimal entities (HTML)": partial(entities, "&#{};"),
    "hexadecimal entities (HTML)": partial(entities, "&#x{:x};"),
    "an element a letter (HTML)": tagged,
    "a tag inside (HTML)": half_bold,
    "a line-break hint inside (HTML)": lambda value: "<wbr>".join(map(escape, value)),
}


def runs_of(value: str) -> Iterator[str]:
    """Yield the pieces of a value that stand in runs of their own in Word."""
    yield from (value[at : at + 2] for at in range(0, len(value), 2))
