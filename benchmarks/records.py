"""What a record costs: appends beside bare transactions, verifying beside hashing and parsing."""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Row, at_least, interleaved
from secreview.review.canonical import canonical
from secreview.review.event import Event
from secreview.store import open_log
from secreview.store.check import verify
from secreview.store.log import Store
from tests.postgres import VARIABLE, binaries, empty_schema, server

APPENDS = 150
ENTRIES = 5000
ROUNDS = 5
OPINION = {
    "stage": "secrecy",
    "decision": "publish",
    "remark": "已核对正文和附件，未见不得公开的内容，同意公开。",
    "digest": "ab" * 32,
    "role": "secrecy-office",
    "person": "邵二",
    "unit": "办公室",
}
NOON = "2026-11-25T12:00:00Z"


def opinion(record: str) -> Event:
    """Return an event as most are."""
    return Event(record, "signed", NOON, "shao", OPINION)


def records() -> Iterator[Row]:
    """Measure both databases; without a PostgreSQL its goals count as missed."""
    with tempfile.TemporaryDirectory() as folder:
        yield from measured(str(Path(folder) / "records.db"), "SQLite")
    if os.environ.get(VARIABLE) or binaries():
        with server() as url, empty_schema(url) as place:
            yield from measured(place, "PostgreSQL")
    else:
        yield at_least("R", "PostgreSQL is not installed", 0.0, 1.0)


def measured(place: str, name: str) -> Iterator[Row]:
    """Measure one database."""
    with open_log(place) as log:
        ratio, rate = appends(log)
        yield at_least("R1", f"{name}: append ({rate:.0f}/s) to a bare transaction", ratio, 0.25)
        log.append([opinion("many")] * ENTRIES, known=0)
        ratio, rate = verifies(log)
        what = f"{name}: verify ({rate:.0f} entries/s) to canonical JSON and SHA-256"
        yield at_least("R2", what, ratio, 0.25)


def appends(log: Store) -> tuple[float, float]:
    """Return how fast events are appended beside bare transactions, and how many in a second."""
    data = canonical(OPINION)
    with log.engine.begin() as connection:
        kind = "BLOB" if connection.dialect.name == "sqlite" else "BYTEA"
        connection.exec_driver_sql(f"CREATE TABLE bare (data {kind})")
    mark = "?" if log.engine.dialect.name == "sqlite" else "%s"

    def bare(turn: int) -> None:
        for _ in range(APPENDS):
            with log.engine.begin() as connection:
                connection.exec_driver_sql(f"INSERT INTO bare VALUES ({mark})", (data,))

    def append(turn: int) -> None:
        for number in range(APPENDS):
            log.append([opinion(f"r{turn}-{number}")], known=0)

    fastest = wall(bare, append)
    return fastest[0] / fastest[1], APPENDS / fastest[1]


def wall(*ways: Callable[[int], None]) -> list[float]:
    """Return the least wall seconds of each way, taken in turn: the disk is part of it."""
    seconds: list[list[float]] = [[] for _ in ways]
    for turn in range(ROUNDS):
        for way, times in zip(ways, seconds, strict=True):
            started = time.perf_counter()
            way(turn)
            times.append(time.perf_counter() - started)
    return [min(times) for times in seconds]


def verifies(log: Store) -> tuple[float, float]:
    """Return how fast a log is verified beside its bare arithmetic, and how many in a second."""
    count = log.head().count
    data = canonical(OPINION)
    line = canonical([1, "many", 1, "signed", NOON, "shao", "ab" * 32, "cd" * 32])

    def bare() -> None:
        for _ in range(count):
            canonical(json.loads(data))
            hashlib.sha256(data)
            hashlib.sha256(canonical(json.loads(line)))

    took = interleaved({"bare": bare, "verify": lambda: verify(log)}, ROUNDS)
    return took["bare"] / took["verify"], count / took["verify"]
