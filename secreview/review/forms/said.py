"""What the text of a report says about its own numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal

from secreview.review.forms.form import Said, Saying, Values

DIGITS: Mapping[str, int] = {
    **{character: number for number, character in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
}
TENS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1_000}
FIGURE = r"(\d{1,12}|[零〇一二两三四五六七八九十百千]{1,9})"
ITEM = re.compile(rf"[^\d。；、，:]{{1,30}}?{FIGURE}余?")
TOTAL = re.compile(rf"{FIGURE}余?([件条次篇个项份期人])[,，;；:]?其中[,，:]?")
LEAST_ITEMS = 2
SENTENCE = 600  # characters of a list
LONGEST = 400_000  # characters of a report that are compared


def disagreements(said: Said, values: Values, text: str) -> Iterator[str]:
    """Yield where the text does not agree, each as the numbers on both sides."""
    told = unicodedata.normalize("NFKC", text[:LONGEST])
    told = "\n".join("".join(line.split()) for line in told.split("\n"))
    match said.kind:
        case Saying.WHOLE:
            yield from unequal_lists(told)
        case Saying.ONCE:
            numbers = named(said.pattern, told)
            if len(set(numbers)) > 1:
                yield " ≠ ".join(str(n) for n in dict.fromkeys(numbers))
        case Saying.NAMED:
            if values.get(said.cell) == 0 and re.search(said.pattern, told):
                yield "0"
        case Saying.EQUALS:
            value = values.get(said.cell)
            numbers = named(said.pattern, told)
            if value is not None and numbers and value not in numbers:
                yield f"{numbers[0]} ≠ {value:f}"


def named(pattern: str, text: str) -> list[Decimal]:
    """Return the numbers that stand where a pattern has its N."""
    return [figure(m[1]) for m in re.finditer(pattern.replace("N", FIGURE), text)]


def unequal_lists(text: str) -> Iterator[str]:
    """Yield the sums of lists after 其中 that differ from the number before them."""
    for match in TOTAL.finditer(text):
        unit = match[2]
        numbers = []
        tail = text[match.end() : match.end() + SENTENCE]
        sentence = re.split(r"[。\n]", tail, maxsplit=1)[0]
        for piece in re.split(r"[、,;]", sentence):
            item = re.match(rf"{ITEM.pattern}{unit}", piece)
            if item is None:
                break
            numbers.append(figure(item[1]))
        total = sum(numbers, Decimal(0))
        if len(numbers) >= LEAST_ITEMS and total != figure(match[1]):
            yield f"{figure(match[1])} ≠ {total} = {' + '.join(map(str, numbers))}"


def figure(text: str) -> Decimal:
    """Return the number that digits or Chinese numerals spell.

    >>> figure("105"), figure("三"), figure("二十一"), figure("一百零二")
    (Decimal('105'), Decimal('3'), Decimal('21'), Decimal('102'))
    """
    if text.isascii():
        return Decimal(text)
    total = current = 0
    for character in text:
        if character in TENS:
            total += (current or 1) * TENS[character]
            current = 0
        else:
            current = current * 10 + DIGITS[character]
    return Decimal(total + current)
