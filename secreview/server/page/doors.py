"""Who sees which seat: links that open once, and the cookies they are exchanged for.

Only digests of either are kept, and they are looked up by digest: what a guess takes tells nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from secreview.api.seat import Seat
from secreview.review.record import Record
from secreview.server.problems import Problem
from secreview.server.tokens import digest

TOKEN_BYTES = 32
TICKET_SECONDS = 600
VISIT_SECONDS = 12 * 3600
MOST = 32  # seats: each holds its documents as read

Stamp = tuple[int, int]


def stamp_of(path: Path) -> Stamp:
    """Return size and time of a file; zeros where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def new_secret() -> str:
    """Return a secret that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(slots=True)
class Visit:
    """One browser at one seat: its language, where empty that of the browser, and its end.

    ``proof`` is in every form of the page, so that no other page can send one.
    """

    seat: Seat
    place: str
    lang: str = ""
    until: float = 0.0
    proof: str = field(default_factory=new_secret)
    stamps: Mapping[Path, Stamp] = field(default_factory=dict)
    used: float = 0.0

    def is_proven(self, proof: str) -> bool:
        """Return whether a form comes from the page of this visit."""
        return secrets.compare_digest(proof.encode("utf-8", "replace"), self.proof.encode())

    def has_changed(self) -> bool:
        """Return whether a file on disk is another than the one that was opened."""
        return any(stamp_of(path) != stamp for path, stamp in self.stamps.items())


class Doors:
    """Tickets that were given out and visits that go on; ``changed`` is told of a record."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        most: int = MOST,
        changed: Callable[[Record], None] = lambda record: None,
    ) -> None:
        """Begin with none of either; of more than ``most`` the one used longest ago is closed."""
        self.clock, self.most, self.changed = clock, most, changed
        self.tickets: dict[str, Visit] = {}
        self.visits: dict[str, Visit] = {}

    def ticket(self, seat: Seat, place: str, lang: str = "", paths: Iterable[Path] = ()) -> str:
        """Return a ticket to a seat, good once and for ten minutes; ``place`` names its store.

        A change of the files at ``paths`` is told on the page.
        """
        now, made = self.clock(), new_secret()
        self.make_room(now)
        stamps = {path: stamp_of(path) for path in paths}
        self.tickets[digest(made)] = Visit(
            seat, place, lang, now + TICKET_SECONDS, stamps=stamps, used=now
        )
        return made

    def make_room(self, now: float) -> None:
        """Close what is over, and what was used longest ago where there is no room for one more."""
        for kept in (self.tickets, self.visits):
            for name in [name for name, visit in kept.items() if visit.until < now]:
                del kept[name]
        while len(self.tickets) + len(self.visits) >= self.most:
            both = [*self.tickets.items(), *self.visits.items()]
            name = min(both, key=lambda pair: pair[1].used)[0]
            self.tickets.pop(name, None)
            self.visits.pop(name, None)

    def enter(self, ticket: str) -> str:
        """Return the secret of a visit for a ticket; raise Problem when it was used or is late."""
        visit = self.tickets.pop(digest(ticket), None)
        if visit is None or visit.until < self.clock():
            raise Problem(403, "ticket")
        visit.used = self.clock()
        visit.until = visit.used + VISIT_SECONDS
        made = new_secret()
        self.visits[digest(made)] = visit
        return made

    def visit(self, secret: str) -> Visit:
        """Return the visit of a secret; raise Problem (403) for none, or one that is over."""
        visit = self.visits.get(digest(secret)) if secret else None
        if visit is None or visit.until < self.clock():
            raise Problem(403, "visit")
        visit.used = self.clock()
        return visit
