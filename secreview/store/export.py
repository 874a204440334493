"""A log as a file that verifies by itself: JSON lines, a table, or a package with its verifier."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from secreview.errors import StoreError, Tampered
from secreview.review.canonical import canonical, parsed
from secreview.review.chain import Checked, Entry, Kept, checked, genesis
from secreview.review.event import Head, Json
from secreview.store.log import Store

SCHEMA = "secreview.log/1"
VERIFIER = Path(__file__).with_name("verify_export.py")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula
TABLE = ("seq", "record", "number", "kind", "at", "actor", "body", "hash")
FIXED = (1980, 1, 1, 0, 0, 0)


def lines(store: Store, since: str = "") -> Iterator[bytes]:
    """Yield a log as canonical JSON, an object a line: what it is, its entries, its end.

    ``since`` (ISO day, UTC) leaves out the entries before the first one of that day.
    """
    start = Head(0, genesis(store.id))
    head = start
    is_begun = False
    for kept in store.rows():
        entry = kept.entry
        if not is_begun and entry.at < since:
            start = head = Head(entry.seq, entry.hash)
            continue
        if not is_begun:
            yield opening(store.id, start)
            is_begun = True
        yield canonical(row_of(kept))
        head = Head(entry.seq, entry.hash)
    if not is_begun:
        yield opening(store.id, start)
    yield canonical({"end": {"count": head.count, "digest": head.digest}})


def opening(log: str, start: Head) -> bytes:
    """Return the first line: which log, and after which entry."""
    after: Json = {"count": start.count, "digest": start.digest}
    return canonical({"schema": SCHEMA, "log": log, "after": after})


def row_of(kept: Kept) -> dict[str, Json]:
    """Return an entry as one line holds it; an erased body is null."""
    entry = kept.entry
    return {
        "seq": entry.seq,
        "record": entry.record,
        "number": entry.number,
        "kind": entry.kind,
        "at": entry.at,
        "actor": entry.actor,
        "digest": entry.body,
        "prev": entry.prev,
        "hash": entry.hash,
        "salt": kept.salt.hex() if kept.salt is not None else None,
        "body": kept.event.body if kept.data is not None else None,
    }


def verify_lines(rows: Iterable[bytes], known: dict[int, str] | None = None) -> Checked:
    """Return the end of an exported log after verifying it; raise Tampered at the first fault."""
    rows = iter(rows)
    try:
        first: Any = parsed(next(rows))
        start = Head(first["after"]["count"], first["after"]["digest"])
        if first != {"schema": SCHEMA, "log": first["log"], "after": first["after"]}:
            raise ValueError(first)
        *entries, last = rows
        end: Any = parsed(last)
        found = checked(first["log"], map(kept_of, entries), known, start)
        if start.count == 0 and start.digest != genesis(first["log"]):
            raise ValueError("another beginning")
        if end != {"end": {"count": found.head.count, "digest": found.head.digest}}:
            raise ValueError("another end")
    except Tampered:
        raise
    except (StoreError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise Tampered("the export is damaged or incomplete", "导出文件已损坏或者不完整") from error
    return found


def kept_of(line: bytes) -> Kept:
    """Return the entry that a line holds; raise when it holds anything else."""
    row: Any = parsed(line)
    if row["salt"] is not None and bytes.fromhex(row["salt"]).hex() != row["salt"]:
        raise ValueError(row["salt"])
    salt, data = row.pop("salt"), row.pop("body")
    entry = Entry(**{"body" if key == "digest" else key: value for key, value in row.items()})
    return Kept(
        entry,
        bytes.fromhex(salt) if salt is not None else None,
        canonical(data) if data is not None else None,
    )


def table(store: Store) -> str:
    """Return the entries without their bodies as CSV, for people."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLE)
    for kept in store.rows():
        values = (str(getattr(kept.entry, name)) for name in TABLE)
        writer.writerow(f"'{v}" if v.startswith(FORMULA) else v for v in values)
    return text.getvalue()


def package(store: Store, extra: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """Return a zip with the log, the stand-alone verifier, and further files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        log = b"\n".join((*lines(store), b""))
        for name, data in (("log.jsonl", log), ("verify.py", VERIFIER.read_bytes()), *extra):
            archive.writestr(zipfile.ZipInfo(name, FIXED), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()
