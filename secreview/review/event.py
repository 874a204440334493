"""One fact in the log of reviews, and what a log of such facts promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


@dataclass(frozen=True, slots=True)
class Event:
    """One fact: which record, what kind, when (RFC 3339, UTC, whole seconds), by whom, and details.

    ``body`` holds JSON without floats, so that it has one canonical form.
    """

    record: str
    kind: str
    at: str
    actor: str
    body: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a log: the number of its entries and the digest of the last one (hex)."""

    count: int
    digest: str


class Log(Protocol):
    """An append-only log of events; each entry's digest covers its predecessor."""

    def append(self, events: Sequence[Event], *, known: int) -> Head:
        """Write events of one record at once, or none; return the new end.

        ``known`` is the number of events of that record the writer has seen; raises Conflict when
        somebody else has written meanwhile, StoreError when nothing could be written.
        """

    def events(self, record: str) -> Sequence[Event]:
        """Return all events of one record in order."""

    def records(self) -> Iterator[str]:
        """Yield the ids of all records in the order of their first event."""

    def head(self) -> Head:
        """Return the end of the log."""
