"""Boxes of a form, ticked for what people stated and for nothing else."""

from __future__ import annotations

from secreview.outputs.messages import message
from secreview.outputs.paper.page import EMPTY, TICKED, short, ticks

MOST = 30  # characters of an answer in words


def channels(stated: str, lang: str) -> str:
    """Return the boxes of the ways to publish; what is none of them is written out."""
    known = message("sheet.channels", lang).split("|")
    words = parted(stated)
    chosen = [choice for choice in known if any(alike(word, choice) for word in words)]
    others = [word for word in words if not any(alike(word, choice) for choice in known)]
    tail = f"　{TICKED if others else EMPTY}{message('sheet.channel-other', lang)}"
    return ticks(known, chosen) + tail + (f"：{short('、'.join(others), MOST)}" if others else "")


def boxes(key: str, stated: str, lang: str) -> str:
    """Return boxes to tick for what the drafter stated, in either language."""
    chosen = set()
    for choices in (message(key, "zh").split("|"), message(key, "en").split("|")):
        chosen |= {index for index, choice in enumerate(choices) if choice == stated.strip()}
    shown = message(key, lang).split("|")
    return ticks(shown, [shown[index] for index in chosen])


def involved(stated: str, lang: str) -> str:
    """Return the five boxes of what a document touches, as the drafter stated it."""
    shown = message("sheet.kinds", lang).split("|")
    words = parted(stated)
    return ticks(shown, [kind for kind in shown if any(alike(word, kind) for word in words)])


def answered(stated: str, lang: str) -> str:
    """Return yes and no to tick, or what was written instead."""
    choices = message("sheet.yes-no", "zh").split("|")
    if stated.strip() and stated.strip() not in choices:
        return short(stated, MOST)
    return boxes("sheet.yes-no", stated, lang)


def parted(text: str) -> list[str]:
    """Return the words of a list that people separate in any way.

    >>> parted("政府网站、报刊, 电视")
    ['政府网站', '报刊', '电视']
    """
    for mark in "，,;；/|":
        text = text.replace(mark, "、")
    return [word.strip() for word in text.split("、") if word.strip()]


def alike(word: str, choice: str) -> bool:
    """Return whether a word means a choice: one holds the other."""
    return word in choice or choice in word
