"""The weaker print of a finding: what lets a decision follow it over an edit nearby.

It says which value it is and roughly what stands on each side. All of it is keyed; the marks of
the sides are bound to the value, so that they can be compared between places of one value only and
no statistics over many findings bring back the text.
"""

from __future__ import annotations

import hmac
import unicodedata

from secreview.engine.keep import Hit

REACH = 8  # letters and digits on each side
MARK = 4  # hex digits of a mark: too few to tell one pair of characters from thousands of others


def sketch(hit: Hit, key: bytes) -> tuple[str, str, str]:
    """Return the keyed mark of rule family and value, and those of the left and right side."""
    value = f"value\0{hit.rule.family}\0{hit.value}".encode("utf-8", "surrogatepass")
    tag = hmac.digest(key, value, "sha256")[:16]
    left, right = letters(hit.before)[-REACH:], letters(hit.after)[:REACH]
    return tag.hex(), marks(left, tag, key), marks(right, tag, key)


def letters(text: str) -> str:
    """Return the letters and digits of a text, width and variants made plain."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def marks(text: str, tag: bytes, key: bytes) -> str:
    """Return the sorted keyed marks of the pairs of neighbouring characters of a text."""
    pairs = {text[at : at + 2] for at in range(max(1, len(text) - 1))} - {""}
    made = (
        hmac.digest(key, tag + pair.encode("utf-8", "surrogatepass"), "sha256").hex()[:MARK]
        for pair in pairs
    )
    return " ".join(sorted(made))


def overlap(one: str, other: str) -> float:
    """Return the share of marks that two sides have in common, 0 where either has none."""
    first, second = set(one.split()), set(other.split())
    return len(first & second) / max(len(first), len(second)) if first and second else 0.0
