"""Undo disguises in one dirty stretch of text, keeping for each character where it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from secreview.text.chains import broken_numbers
from secreview.text.folds import (
    BLANK,
    CHINESE_DIGITS,
    DIGIT_LIKE,
    HANZI,
    INVISIBLE,
    LETTER_DIGITS,
    LIGATURES,
    MARKS,
    SPELLED,
    fold_characters,
)
from secreview.text.numbers.joined import passes_luhn
from secreview.text.numbers.resident import is_resident_id

LONGEST_ROW = 60  # characters of a numbered row in which blanks part its cells
IDENTIFIER_RUN = 7  # the shortest run of digit-like characters that is read as digits
ASCII_NUMBER = re.compile(r"[0-9]{7,}+[Xx]?")
CARD_SIZES = range(16, 20)
WHOLE_SIZES = frozenset({11, 15, 16, 17, 18, 19})  # digits of mobile, identity and card numbers
SIGNS = "_@#-"  # stand between the letters of an account that is spaced out
AT = rf"[{BLANK}]{{0,2}}(?:@|艾特|[(\[]at[)\]])[{BLANK}]{{0,2}}"
DOT = rf"[{BLANK}]{{0,2}}(?:\.|点|[(\[]dot[)\]])[{BLANK}]{{0,2}}"
FULL_LINE = 18  # a line this long was wrapped; a shorter one was ended on purpose


@dataclass(frozen=True, slots=True)
class Stretch:
    """A text, the source span of each of its characters, and where a short line was joined."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace text[start:end]; ``is_break`` marks a blank or line end that was closed up."""

    start: int
    end: int
    new: str = ""
    is_break: bool = False


def repair(text: str, base: int) -> Stretch:
    """Return a stretch with every disguise undone; base is the offset of text in its source."""
    starts: Sequence[int] = range(base, base + len(text))
    ends: Sequence[int] = range(base + 1, base + len(text) + 1)
    stretch = Stretch(fold_characters(text), starts, ends)
    for step in STEPS:
        edits = list(step(stretch.text))
        if edits:
            stretch = apply(stretch, edits)
    return stretch


def apply(stretch: Stretch, edits: list[Edit]) -> Stretch:
    """Return the stretch with edits (sorted, not overlapping) applied."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[int] = []
    old_breaks = list(stretch.breaks)
    at = size = 0
    for edit in (*edits, Edit(len(stretch.text), len(stretch.text))):
        while old_breaks and old_breaks[0] <= edit.start:
            breaks.append(old_breaks.pop(0) - at + size)
        pieces.append(stretch.text[at : edit.start])
        starts.extend(stretch.starts[at : edit.start])
        ends.extend(stretch.ends[at : edit.start])
        size += edit.start - at
        if edit.is_break:
            breaks.append(size)
        pieces.append(edit.new)
        if edit.end - edit.start == len(edit.new):
            starts.extend(stretch.starts[edit.start : edit.end])
            ends.extend(stretch.ends[edit.start : edit.end])
        else:
            starts.extend([stretch.starts[edit.start]] * len(edit.new) if edit.new else ())
            ends.extend([stretch.ends[edit.end - 1]] * len(edit.new) if edit.new else ())
        size += len(edit.new)
        at = edit.end
    return Stretch("".join(pieces), starts, ends, tuple(breaks))


def without_invisible(text: str) -> Iterator[Edit]:
    """Drop zero-width, bidi, soft-hyphen and tag characters; take ligatures apart."""
    for match in invisible().finditer(text):
        yield Edit(match.start(), match.end(), LIGATURES.get(match[0], ""))


@lru_cache(maxsize=1)
def invisible() -> re.Pattern[str]:
    """Return the pattern of what ``without_invisible`` removes."""
    return re.compile(f"[{INVISIBLE}]+|[{''.join(LIGATURES)}]")


def without_gaps(text: str) -> Iterator[Edit]:
    """Close up spaced-out characters, and blanks or single line ends between two hanzi."""
    for match in gaps().finditer(text):
        if match["spaced"] is not None:
            if is_spelled_out(match[0]):
                yield from (
                    Edit(match.start() + blank.start(), match.start() + blank.end(), new)
                    for blank in blanks(bool(match["sign"])).finditer(match[0])
                    for new in (" " if is_word_gap(match[0], *blank.span()) else "",)
                )
        elif match[0].count("\n") <= 1 and not is_cell_gap(text, match.start(), match.end()):
            short = is_short_join(text, match.start(), match.end())
            yield Edit(match.start(), match.end(), is_break=short)


def is_cell_gap(text: str, start: int, end: int) -> bool:
    """Return whether blanks part the cells of a numbered row, as tables in PDF are read."""
    if "\n" in text[start:end]:
        return False
    line = text.rfind("\n", 0, start) + 1
    return start - line < LONGEST_ROW and bool(rows().match(text, line))


@lru_cache(maxsize=1)
def rows() -> re.Pattern[str]:
    """Return the pattern of the beginning of a numbered row: a number and two words of hanzi."""
    word = rf"(?![年月日])(?:{HANZI}){{2,12}}"
    return re.compile(
        rf"[{BLANK}]{{0,8}}[0-9]{{1,4}}[{BLANK}]{{1,4}}{word}[{BLANK}]{{1,8}}{word}(?!{HANZI})"
    )


def is_word_gap(spaced: str, start: int, end: int) -> bool:
    """Return whether a wide gap stands between two spaced-out words in Latin letters."""
    return end - start > 2 and spaced[start - 1].isascii() and spaced[end].isascii()


def is_spelled_out(spaced: str) -> bool:
    """Return whether spaced-out characters spell a word; numbers are judged by themselves."""
    letters = sum(c.isalpha() for c in spaced)
    return letters >= 5 or any(c.isalpha() or c == "★" for c in spaced if not c.isascii())


def is_short_join(text: str, start: int, end: int) -> bool:
    """Return whether what is joined here was ended on purpose: neither wrapped nor single."""
    before = re.split(r"\s", text[max(0, start - 80) : start])[-1]
    after = re.split(r"\s", text[end : end + 2])[0]
    if len(before) <= 1 or len(after) <= 1:
        return False
    if "\n" not in text[start:end]:
        return True
    line = text.rfind("\n", 0, start) + 1
    return start - line < FULL_LINE


@lru_cache(maxsize=1)
def gaps() -> re.Pattern[str]:
    """Return the pattern of spaced-out runs and of blanks between two hanzi."""
    return re.compile(
        rf"(?P<spaced>(?:(?<!{SPELLED})|(?<={HANZI})(?=[A-Za-z]))(?:{SPELLED}(?:[{BLANK}]{{1,4}}_?"
        rf"(?:{SPELLED}|(?P<sign>[{SIGNS}])(?=[{BLANK}]))(?!{SPELLED})){{2,64}})"
        rf"|{HANZI}(?P<mark>[{MARKS}]){HANZI}(?:(?P=mark){HANZI}){{1,64}}"
        rf"|(?<!{SPELLED}){HANZI}[{MARKS}]{HANZI}(?!{SPELLED}|[{MARKS}])"
        rf"|{HANZI}(?:[{BLANK}]?[.][{BLANK}]?{HANZI}){{2,16}})"
        rf"|(?<={HANZI})[{BLANK}\r\n]{{1,40}}(?={HANZI})"
    )


@lru_cache(maxsize=2)
def blanks(keeps_signs: bool) -> re.Pattern[str]:
    """Return the pattern of what stands between spaced-out characters; signs may be of them."""
    return re.compile(f"[{BLANK}]+" if keeps_signs else f"[{BLANK}{MARKS}.]+")


def with_addresses(text: str) -> Iterator[Edit]:
    """Write an e-mail address that was spaced out or spelled for people as an address."""
    for match in addresses().finditer(text):
        at = match.span("at")
        edits = [Edit(*at, "@")]
        for dot in dots().finditer(text, at[1], match.end()):
            edits.append(Edit(*dot.span(), "."))
        yield from (edit for edit in edits if text[edit.start : edit.end] != edit.new)


@lru_cache(maxsize=1)
def addresses() -> re.Pattern[str]:
    """Return the pattern of an e-mail address whose signs are spelled or spaced out."""
    word = r"[A-Za-z0-9-]{1,30}"
    return re.compile(
        rf"[A-Za-z0-9](?:[A-Za-z0-9._+-]{{0,40}}[A-Za-z0-9])?(?P<at>{AT})"
        rf"{word}(?:{DOT}{word}){{0,2}}{DOT}(?:com|cn|net|org|edu|gov)(?![A-Za-z0-9])"
    )


@lru_cache(maxsize=1)
def dots() -> re.Pattern[str]:
    """Return the pattern of the points of such an address."""
    return re.compile(DOT)


def with_accounts(text: str) -> Iterator[Edit]:
    """Close up an account whose letters are parted by dots, where its label says what it is."""
    for match in accounts().finditer(text):
        for dot in re.finditer(r"\.", match["account"]):
            at = match.start("account") + dot.start()
            yield Edit(at, at + 1)


@lru_cache(maxsize=1)
def accounts() -> re.Pattern[str]:
    """Return the pattern of such an account with its label."""
    return re.compile(
        r"(?:微信|微号|薇信|威信|[QqVv][QqXx]?号?|[Ww][Xx]|账号|帐号|用户名)[^\n]{0,4}?"
        r"(?P<account>(?<![A-Za-z0-9.])[A-Za-z0-9](?:_?[._][A-Za-z0-9]){5,24}(?![A-Za-z0-9.@]))"
    )


def with_digits(text: str) -> Iterator[Edit]:
    """Write Chinese, circled and look-alike digits of an identifier as ASCII digits."""
    for match in digit_runs().finditer(text):
        run = match[0]
        if (run.isascii() and run.isdigit()) or is_number_in_prose(run):
            continue
        lead = 1 if run[1:].isdigit() and run[1:].isascii() and not run[0].isascii() else 0
        body = run[lead:]
        for part in (body, body[: max(body.rfind("\n"), 0)].rstrip()):
            made = as_digits(part)
            if made != part and made:
                yield Edit(match.start() + lead, match.start() + lead + len(part), made)
                break


def is_number_in_prose(run: str) -> bool:
    """Return whether a run is a number with a word beside it that begins or ends as a numeral does.

    ``13800001234一直不接`` holds a whole number, and 一 belongs to what follows.
    """
    found = ASCII_NUMBER.search(run)
    if not found or any(c not in CHINESE_DIGITS for c in run[: found.start()] + run[found.end() :]):
        return False
    if len(found[0]) in WHOLE_SIZES:
        return True
    is_one_more = len(run) == len(found[0]) + 1
    return is_one_more and not is_one_identifier("".join(CHINESE_DIGITS.get(c, c) for c in run))


def as_digits(run: str) -> str:
    """Return a run in ASCII digits when that is what it means, else an empty string.

    Letters are digits misread, and separators stand inside a number, only in an identifier.
    """
    made = "".join(CHINESE_DIGITS.get(c, LETTER_DIGITS.get(c, c)) for c in run)
    digits = "".join(c for c in made if c.isalnum())
    is_misread = any(c in LETTER_DIGITS for c in run)
    is_certain = len(digits) == len(made) and not is_misread
    is_card = len(digits) in CARD_SIZES and not is_misread and passes_luhn(digits)
    return made if is_certain or is_card or is_one_identifier(digits) else ""


def is_one_identifier(digits: str) -> bool:
    """Return whether digits are an identifier whose letters can only be misread digits."""
    is_mobile = len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"
    return is_mobile or is_resident_id(digits)


@lru_cache(maxsize=1)
def digit_runs() -> re.Pattern[str]:
    """Return the pattern of runs that may be an identifier in other digits."""
    like = f"[{DIGIT_LIKE}OoIl|]"
    gap = (
        rf"(?:[{BLANK}]{{1,2}}(?:[-–—·.][{BLANK}]{{0,2}})?|[-–—·.][{BLANK}]{{0,2}}"
        rf"|[{BLANK}]{{0,8}}\r?\n[{BLANK}]{{0,8}})?"
    )
    return re.compile(
        rf"(?<![A-Za-z0-9]){like}(?:{like}{{{IDENTIFIER_RUN - 1},40}}|(?:{gap}{like}){{10,18}})"
        rf"X?(?![A-Za-z0-9])"
    )


def with_whole_numbers(text: str) -> Iterator[Edit]:
    """Close up identifiers that are broken into groups."""
    yield from (Edit(start, end) for start, end in broken_numbers(text))


STEPS: tuple[Callable[[str], Iterator[Edit]], ...] = (
    without_invisible,
    without_gaps,
    with_addresses,
    with_accounts,
    with_digits,
    with_whole_numbers,
)
