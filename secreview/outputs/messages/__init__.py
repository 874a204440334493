"""What people are told: one catalogue, each message in Chinese and English."""

from __future__ import annotations

from string import Formatter
from typing import Any

from secreview.outputs.messages.catalogue import CATALOGUE

ONE_OR_MORE = "/"  # between the words for one and those for any other number


class Counted(Formatter):
    """Fills in messages; ``{n:piece was/pieces were}`` gives the words that go with a number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as told, or the words that go with it."""
        one, mark, more = format_spec.partition(ONE_OR_MORE)
        if not mark:
            return format(value, format_spec)
        return one if str(value) == "1" else more


COUNTED = Counted()


def message(key: str, lang: str, **values: object) -> str:
    """Return a message in a language (``zh`` or ``en``) with its values filled in.

    >>> message("verdict.clear", "en")
    'nothing found'
    >>> message("label.documents", "en", n=1), message("label.documents", "en", n=2)
    ('1 document', '2 documents')
    """
    zh, en = CATALOGUE[key]
    words = zh if lang == "zh" else en
    return COUNTED.vformat(words, (), values) if values else words


def known(key: str) -> bool:
    """Return whether the catalogue has a key."""
    return key in CATALOGUE
