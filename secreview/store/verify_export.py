"""Verify an exported log of reviews with nothing but Python: python verify.py log.jsonl.

To compare with a checkpoint add its count and digest: python verify.py log.jsonl 120 3fb0…
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

NAMES = ("seq", "record", "number", "kind", "at", "actor", "digest", "prev")  # what a hash covers


def spelled(value: Any) -> bytes:
    """Return the one spelling of a JSON value (RFC 8785) in UTF-8."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        pairs = (spelled(key) + b":" + spelled(value[key]) for key in keys)
        return b"{" + b",".join(pairs) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(spelled, value)) + b"]"
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes in hex."""
    return hashlib.sha256(data).hexdigest()


def must(holds: bool, what: str) -> None:
    """Fail with a message unless something holds."""
    if not holds:
        raise ValueError(what)


def read(line: bytes) -> Any:
    """Return the value on a line; fail unless it is spelled as it must be."""
    value = json.loads(line)
    must(spelled(value) == line, "a line is not spelled as it must be")
    return value


def verify(data: bytes, count: int = -1, digest: str = "") -> tuple[int, str, int]:
    """Return (entries, digest of the last one, erased bodies); fail at the first fault."""
    first, *rows, last = [read(line) for line in data.split(b"\n")[:-1]]
    must(first["schema"] == "secreview.log/1" and data.endswith(b"\n"), "this is no whole log")
    seq, prev = first["after"]["count"], first["after"]["digest"]
    is_excerpt = seq > 0
    beginning = sha256(spelled(["secreview.log/1", first["log"]]))
    must(is_excerpt or prev == beginning, "it begins otherwise")
    numbers: dict[str, int] = {}
    bare: dict[str, int] = {}
    seen, erased = {seq: prev}, 0
    for row in rows:
        seq += 1
        where, record, number = f"entry {seq}: ", row["record"], row["number"]
        must(row["seq"] == seq and row["prev"] == prev, where + "does not follow the one before")
        prev = sha256(spelled([row[name] for name in NAMES]))
        must(row["hash"] == prev, where + "was changed")
        before = numbers.get(record, number - 1 if is_excerpt else 0)
        must(number == before + 1, where + "is not the next of its record")
        numbers[record], seen[seq] = number, prev
        if row["body"] is None:
            erased, bare[record] = erased + 1, seq
            continue
        salt = bytes.fromhex(row["salt"])
        is_whole = salt.hex() == row["salt"] and len(row) == len(NAMES) + 3
        body = sha256(salt + spelled(row["body"]))
        must(is_whole and body == row["digest"], where + "its body was changed")
        if record == "log" and row["kind"] == "erased":
            bare.pop(row["body"]["record"], None)
    must(not bare, f"entry {min(bare.values(), default=0)}: its body is missing")
    must(last == {"end": {"count": seq, "digest": prev}}, "the end is cut off")
    must(count < 0 or seen.get(count) == digest, "it does not lead to the checkpoint")
    return seq, prev, erased


def main(arguments: list[str]) -> int:
    """Verify the file that the arguments name; return 0 when it holds, 1 otherwise."""
    try:
        count, digest = (int(arguments[1]), arguments[2]) if len(arguments) > 2 else (-1, "")
        found = verify(Path(arguments[0]).read_bytes(), count, digest)
    except Exception as error:
        print(f"NOT VERIFIED: {error or type(error).__name__}")
        return 1
    print("{} entries hold together, end {}, {} bodies erased".format(*found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
