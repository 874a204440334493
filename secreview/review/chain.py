"""The chain of a log: each entry's digest covers its predecessor and the digest of its body.

The body itself is not in the chain, only a digest of it with a random salt. So a body can be
erased when its time is over: the chain still verifies, and nobody can guess the body from its
digest. What may be missing is said by the log itself, in an entry of its own record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from secreview.errors import StoreError, Tampered
from secreview.review.canonical import canonical, digest, parsed
from secreview.review.event import Event, Head, Json

LOG = "log"  # the record in which a log keeps what it says about itself
ERASED = "erased"  # the kind of entry that names a record whose bodies are gone
SALT = 16  # bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a log without its body: its number in the log and in its record, and digests.

    All digests are SHA-256 in hex; ``at`` is RFC 3339 in UTC.
    """

    seq: int
    record: str
    number: int
    kind: str
    at: str
    actor: str
    body: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry with its body as stored (canonical JSON), both parts None once it is erased."""

    entry: Entry
    salt: bytes | None
    data: bytes | None

    @property
    def event(self) -> Event:
        """Return the event; raise StoreError when its body is erased."""
        entry = self.entry
        if self.data is None:
            raise StoreError(
                f"the details of record {entry.record} were erased when their time was over",
                f"记录 {entry.record} 的内容已按保存期限销毁",
            )
        body = parsed(self.data)
        if not isinstance(body, Mapping):
            raise StoreError("the body of an event is no table")
        return Event(entry.record, entry.kind, entry.at, entry.actor, body)


@dataclass(frozen=True, slots=True)
class Checked:
    """What verifying a log shows: its end, and how many bodies are erased."""

    head: Head
    erased: int


def genesis(log: str) -> str:
    """Return the digest that the first entry of a log follows."""
    return digest(["secreview.log/1", log])


def body_digest(salt: bytes, data: bytes) -> str:
    """Return the digest of a body that stands in the chain."""
    return hashlib.sha256(salt + data).hexdigest()


def entry_hash(entry: Entry) -> str:
    """Return the digest of an entry over all its other fields."""
    return digest(
        [
            entry.seq,
            entry.record,
            entry.number,
            entry.kind,
            entry.at,
            entry.actor,
            entry.body,
            entry.prev,
        ]
    )


def chained(event: Event, number: int, end: Head, salt: bytes) -> Kept:
    """Return an event as the entry after the end of a log; raise StoreError for an unfit body."""
    data = canonical(event.body)
    bare = Entry(
        end.count + 1,
        event.record,
        number,
        event.kind,
        event.at,
        event.actor,
        body_digest(salt, data),
        end.digest,
        "",
    )
    return Kept(replace(bare, hash=entry_hash(bare)), salt, data)


def check_kept(kept: Kept) -> None:
    """Raise Tampered unless an entry holds together by itself: its digest, and that of its body."""
    entry = kept.entry
    try:
        fits = entry_hash(entry) == entry.hash
    except StoreError:
        fits = False
    if not fits:
        raise broken(entry.seq, "its digest is not that of its fields", "摘要与内容不符")
    if kept.data is None:
        return
    is_whole = isinstance(kept.data, bytes) and isinstance(kept.salt, bytes)
    if not is_whole or body_digest(kept.salt or b"", kept.data) != entry.body:
        raise broken(entry.seq, "its body was changed", "正文已被改动")
    try:
        _ = kept.event
    except StoreError as error:
        raise broken(entry.seq, f"its body {error}", "正文不是规范格式") from error


def checked(
    log: str,
    rows: Iterable[Kept],
    known: Mapping[int, str] | None = None,
    start: Head | None = None,
) -> Checked:
    """Return the end of a log after verifying every entry; raise Tampered at the first fault.

    ``known`` holds digests of entries by their count from checkpoints: a log that was cut off or
    written anew does not lead to them. ``start`` is where an excerpt begins.
    """
    walk = Walk(log, dict(known or {}), start or Head(0, genesis(log)))
    for kept in rows:
        walk.step(kept)
    return walk.end()


class Walk:
    """The state of verifying a log entry by entry."""

    def __init__(self, log: str, known: Mapping[int, str], start: Head) -> None:
        """Begin at a known place of a log."""
        self.log, self.known, self.head = log, known, start
        self.is_excerpt = start.count > 0
        self.numbers: dict[str, int] = {}
        self.bare: dict[str, tuple[int, int]] = {}  # record → its last bare number, entry
        self.erased = 0

    def step(self, kept: Kept) -> None:
        """Verify the next entry."""
        entry, head = kept.entry, self.head
        seq = head.count + 1
        if entry.seq != seq:
            raise broken(seq, "is missing", "缺失")
        if entry.prev != head.digest:
            raise broken(seq, "does not follow the entry before it", "与前一条不相接")
        check_kept(kept)
        number = self.numbers.get(entry.record, 0 if not self.is_excerpt else entry.number - 1) + 1
        if entry.number != number:
            raise broken(seq, "is not the next of its record", "不是该记录的下一条")
        if self.known.get(seq, entry.hash) != entry.hash:
            raise broken(seq, "is not the one that a checkpoint names", "与检查点不符")
        self.numbers[entry.record] = number
        self.head = Head(seq, entry.hash)
        if kept.data is None:
            self.erased += 1
            self.bare[entry.record] = (number, seq)
        elif entry.record == LOG and entry.kind == ERASED:
            self.excuse(kept.event.body, seq)

    def excuse(self, body: Mapping[str, Json], seq: int) -> None:
        """Take note that the log itself says that a record's bodies are gone."""
        record, entries = body.get("record"), body.get("entries")
        is_before = self.is_excerpt and record not in self.numbers
        if not isinstance(record, str) or (
            not is_before and self.numbers.get(record, 0) != entries
        ):
            raise broken(seq, "erases what is not there", "所称销毁的内容不存在")
        self.bare.pop(record, None)

    def end(self) -> Checked:
        """Return the result once all entries are seen."""
        for _, seq in self.bare.values():
            raise broken(seq, "has lost its body, and nothing says why", "正文缺失而无销毁记载")
        beyond = [count for count in self.known if count > self.head.count]
        if beyond:
            raise broken(self.head.count + 1, "is cut off: a checkpoint names it", "其后被截去")
        if self.known.get(0, genesis(self.log)) != genesis(self.log):
            raise Tampered("the checkpoint is of another log", "检查点属于另一份日志")
        return Checked(self.head, self.erased)


def broken(seq: int, what: str, zh: str) -> Tampered:
    """Return the error of one entry."""
    return Tampered(f"entry {seq} {what}", f"第{seq}条{zh}")


def mentions(event: Event) -> Iterator[tuple[str, str]]:
    """Yield (digest, record) for each file that an event names under ``digests``."""
    record = event.body.get("record", LOG) if event.record == LOG else event.record
    named = event.body.get("digests", ())
    if isinstance(record, str) and isinstance(named, (list, tuple)):
        yield from ((name, record) for name in named if isinstance(name, str))
