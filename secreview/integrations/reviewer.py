"""Whom a content system asks: one small interface, answered in this process or over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from secreview.api.policy import Answer, Openings, Standing, asked, settled
from secreview.config import Column, Needs
from secreview.review.commands import Actor
from secreview.review.record import Decision

SITE = Actor("site", auth="host")  # who publishes when no person does


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of what goes out: its name and its bytes."""

    name: str
    data: bytes = field(repr=False)
    sha256: str = ""

    def __post_init__(self) -> None:
        """Take the digest of the bytes where none is given."""
        if not self.sha256:
            object.__setattr__(self, "sha256", hashlib.sha256(self.data).hexdigest())


@dataclass(frozen=True, slots=True)
class Item:
    """What goes out together, the page first: ``name`` is how logs call it, without its words."""

    name: str
    pieces: tuple[Piece, ...]

    @property
    def digests(self) -> tuple[str, ...]:
        """Return the digests of all files, the page's first."""
        return tuple(piece.sha256 for piece in self.pieces)

    @property
    def digest(self) -> str:
        """Return one digest over all files: the page names its attachments, so order counts."""
        return hashlib.sha256("\n".join(self.digests).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a person says of an item at one stage.

    With ``reasoned`` the remark is also the reason why each finding may stand, and what was seen in
    each part that the machine did not read.
    """

    stage: str
    by: Actor
    decision: Decision
    remark: str = ""
    reasoned: bool = False


class Reviewer(Protocol):
    """Somebody who can be asked about items. Any method may raise anything."""

    def verdict(self, item: Item, profile: str) -> Answer:
        """Return what the machine says of an item under a profile."""

    def clearance(self, item: Item, *, at: datetime | None = None) -> Answer:
        """Return whether a certificate in force covers an item, now or at the time it went out."""

    def hand_in(self, item: Item, form: Mapping[str, str], by: Actor, *, record: str = "") -> str:
        """Return the id of the record of an item: a new one, or the given one with new bytes."""

    def opine(self, record: str, item: Item, opinion: Opinion) -> None:
        """Give an opinion on exactly this item; raise ReviewError when the flow refuses it."""

    def note(self, record: str, item: Item, url: str) -> None:
        """Note in a record that exactly this item was published at an address."""

    def known(self, record: str) -> frozenset[str]:
        """Return the fingerprints of the findings that people had before them."""


def decided(
    item: Item, reviewer: Reviewer, column: Column, *, openings: Openings, seconds: float
) -> Answer:
    """Return whether an item goes out, by what its column needs and its policy on failure.

    Where the machine's verdict is enough, people may still clear what it holds.
    """

    def ask() -> Answer:
        if column.needs is Needs.CERTIFICATE:
            return reviewer.clearance(item)
        answer = reviewer.verdict(item, column.profile)
        if answer.standing is Standing.HELD:
            by_people = reviewer.clearance(item)
            return by_people if by_people.standing is Standing.CLEARED else answer
        return answer

    return settled(
        asked(ask, seconds),
        column.on_error,
        name=item.name,
        digests=item.digests,
        column=column.name,
        openings=openings,
    )
