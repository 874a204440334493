"""The exceptions of secreview.

::

    SecreviewError
    ├── UsageError       a path, option or configuration that cannot be used
    ├── RuleError        faults in rule files, all of them at once
    ├── ReadError        a document that cannot be read at all
    │   ├── UnknownFormat
    │   ├── Damaged
    │   ├── Encrypted
    │   ├── TooLarge
    │   └── Crashed      the reader itself ended
    ├── ReviewError      something the flow of a review does not allow
    │   ├── WrongStage   the record is not at that stage, or the opinion was given already
    │   ├── NotAllowed   this person may not do that
    │   ├── Stale        the bytes, the rules or the law changed since the opinion
    │   └── NotCleared   the gate stays shut
    ├── StoreError       records that cannot be kept or read
    │   ├── Tampered     the log does not verify
    │   └── Conflict     somebody else has written meanwhile
    └── PluginError      an entry point that does not load
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class SecreviewError(Exception):
    """Base of every error that secreview raises on purpose."""


class UsageError(SecreviewError):
    """A path, option or configuration cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one rule file: where it is, what is wrong, what to write instead."""

    path: str
    line: int
    key: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        """Return ``file:line: key: what, hint``."""
        tail = f"; {self.hint}" if self.hint else ""
        key = f"{self.key}: " if self.key else ""
        return f"{self.path}:{self.line}: {key}{self.what}{tail}"


class RuleError(SecreviewError):
    """Rule files have faults; ``faults`` lists every one of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults in the order of file and line."""
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=lambda f: (f.path, f.line)))
        super().__init__("\n".join(map(str, self.faults)))


class ReadError(SecreviewError):
    """A document cannot be read at all."""


class UnknownFormat(ReadError):
    """The bytes are of no format that secreview reads."""


class Damaged(ReadError):
    """The file says what it is but does not hold together."""


class Encrypted(ReadError):
    """The file needs a password."""


class TooLarge(ReadError):
    """The file goes past a limit; the message names the limit."""


class Crashed(ReadError):
    """The reader ended before it was done."""


class ReviewError(SecreviewError):
    """The flow of a review does not allow something; the message says what it waits for.

    ``zh`` holds the same words in Chinese.
    """

    def __init__(self, en: str, zh: str = "") -> None:
        """Keep the words in both languages; the error reads in English."""
        self.zh = zh or en
        super().__init__(en)


class WrongStage(ReviewError):
    """The record is not at that stage, or the opinion was given already."""


class NotAllowed(ReviewError):
    """This person may not do that: another unit, the own draft, no delegation."""


class Stale(ReviewError):
    """The bytes, the rules or the law changed since the opinion was given."""


class NotCleared(ReviewError):
    """The gate stays shut: no valid certificate covers exactly these bytes."""


class StoreError(SecreviewError):
    """Records cannot be kept or read; nothing was half-written.

    ``zh`` holds the same words in Chinese.
    """

    def __init__(self, en: str, zh: str = "") -> None:
        """Keep the words in both languages; the error reads in English."""
        self.zh = zh or en
        super().__init__(en)


class Tampered(StoreError):
    """The log does not verify; says at which entry."""


class Conflict(StoreError):
    """Somebody else has written to this record meanwhile; read it again."""


class PluginError(SecreviewError):
    """An entry point does not load."""
