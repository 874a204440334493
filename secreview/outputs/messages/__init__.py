"""What people are told: one catalogue, each message in Chinese and English."""

from __future__ import annotations

from secreview.outputs.messages.catalogue import CATALOGUE


def message(key: str, lang: str, **values: object) -> str:
    """Return a message in a language (``zh`` or ``en``) with its values filled in.

    >>> message("verdict.clear", "en")
    'nothing found'
    """
    zh, en = CATALOGUE[key]
    return (zh if lang == "zh" else en).format(**values) if values else zh if lang == "zh" else en


def known(key: str) -> bool:
    """Return whether the catalogue has a key."""
    return key in CATALOGUE
