"""What was not read and why, in words: the technical detail of a gap in a reviewer's language.

Readers tell details in English, and so do JSON and logs; people who read Chinese get them here.
"""

from __future__ import annotations

import re
from functools import cache

from secreview.model import Covered, Gap, Why
from secreview.outputs.messages import message
from secreview.outputs.messages.details import DETAILS
from secreview.outputs.words import harmless

FIELD = re.compile(r"\{(\w+)\}")
ANY, INNER = "name", "detail"
FILLED = {
    ANY: ".+?",
    INNER: ".+",
    "extra": r"secreview\[\w+\]",
    "kind": r"[A-Z]\w*(?:Error|Exception|Warning|File|Required|Exit|Interrupt|Iteration)|error",
}
NUMBER = r"\d[\d.]*(?:e\+?\d+)?"
LONGEST = 1000  # characters: a longer one is not of this package, but of what it quotes


def detail(text: str, lang: str) -> str:
    """Return the detail of a gap in a language, harmless; an unknown one as it is.

    >>> detail("inflates more than 200 times", "zh")
    '解压后超过原来的 200 倍'
    >>> detail("word/document.xml: XML syntax", "zh")
    'word/document.xml：XML 格式有误'
    """
    return harmless((in_chinese(text) or text) if lang == "zh" else text)


def in_chinese(text: str) -> str:
    """Return a detail in Chinese, an empty string when it is not one of this package."""
    if text in set(Why):
        return message(f"why.{text}", "zh")
    if text in DETAILS:
        return DETAILS[text]
    if len(text) > LONGEST:
        return ""
    for pattern, chinese in patterns():
        found = pattern.fullmatch(text)
        if found is None:
            continue
        values = found.groupdict()
        if INNER in values:
            inner = in_chinese(values[INNER])
            if not inner and ANY in values:
                continue
            values[INNER] = inner or values[INNER]
        return chinese.format(**values)
    return ""


@cache
def patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the details with fields as patterns, each with its Chinese form."""
    return tuple(
        (pattern_of(english), chinese)
        for english, chinese in DETAILS.items()
        if FIELD.search(english)
    )


def pattern_of(english: str) -> re.Pattern[str]:
    """Return the pattern of a detail with fields, for whole texts only."""
    made = ""
    for nth, piece in enumerate(FIELD.split(english)):
        is_field = nth % 2 == 1
        made += f"(?P<{piece}>{FILLED.get(piece, NUMBER)})" if is_field else re.escape(piece)
    return re.compile(made, re.ASCII | re.DOTALL)


def why_unread(gap: Gap, lang: str) -> str:
    """Return why something was not read, with the detail in brackets."""
    why = message(f"why.{gap.why}", lang)
    said = detail(gap.detail, lang)
    return message("label.detail", lang, why=why, detail=said) if said else why


def why_covered(row: Covered, lang: str) -> str:
    """Return why a row of the coverage list was not read, or was skipped."""
    is_code = row.reason in set(Why)
    return message(f"why.{row.reason}", lang) if is_code else detail(row.reason, lang)


def covered_line(row: Covered, lang: str) -> str:
    """Return one row of the coverage list as a line."""
    status = message(f"status.{row.status}", lang)
    size = message("label.size", lang, n=row.size) if row.size else ""
    return "  ".join(filter(None, (status, harmless(row.locator), size, why_covered(row, lang))))
