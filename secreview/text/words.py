"""Words of Chinese text: jieba behind one lazy function, for the few rules that ask."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

WINDOW = 30  # characters on each side of a hit that are segmented


@lru_cache(maxsize=1)
def tokenizer() -> Any:
    """Return jieba's tokenizer, loaded once (about a second) and without its own log lines."""
    import logging

    import jieba

    jieba.setLogLevel(logging.ERROR)
    made = jieba.Tokenizer()
    made.initialize()
    return made


def segment(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the words of a text, in order."""
    spans = []
    at = 0
    for word in tokenizer().cut(text):
        spans.append((at, at + len(word)))
        at += len(word)
    return tuple(spans)


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Return whether a span begins and ends at word boundaries of the text around it."""
    low = max(0, start - WINDOW)
    edges = {edge + low for span in segment(text[low : end + WINDOW]) for edge in span}
    return start in edges and end in edges
