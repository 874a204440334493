"""Keep compiled rules between runs, so that starting does not parse every rule file again.

The cache is JSON in a folder only its user can write, named after the digest of the rules and
of the code that compiles them; anything unexpected in it means compiling again.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from secreview.model import Bilingual, PartKind, Severity
from secreview.rulebook.load import Files, load, with_wording
from secreview.rulebook.memory import Memory, put
from secreview.rulebook.rule import (
    Bounds,
    Category,
    Edition,
    Escalation,
    Example,
    Find,
    Ground,
    Inside,
    Keep,
    Near,
    Plan,
    Rule,
    Rulebook,
    Scope,
    Side,
    Unless,
    Zone,
    as_plain,
)

FORMAT = 2
SOURCES = (Path(__file__).parent, Path(__file__).parent.parent / "text")


def cache_folder() -> Path | None:
    """Return the user's cache folder for secreview, made if need be; None when it is not safe."""
    if os.environ.get("SECREVIEW_NO_CACHE"):
        return None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    if not base:
        return None
    folder = Path(base) / "secreview"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.stat()
    except OSError:
        return None
    if sys.platform != "win32":
        is_shared = about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if about.st_uid != os.getuid() or is_shared:
            return None
    return folder


def cached(files: Files, version: str, *, kind: str = "rules") -> Rulebook:
    """Return the rulebook of some files, from the cache when it has them.

    The kind ``examples`` has the examples of the rules, which an ordinary check does not need.
    """
    folder = cache_folder()
    if folder is None:
        return load(files)
    stamp = f"{version} {FORMAT} {code_stamp()}"
    path = folder / f"{kind}-{files.digest(stamp)[:40]}.json"
    try:
        return with_wording(from_plain(json.loads(path.read_bytes())), files)
    except (OSError, ValueError, KeyError, TypeError):
        memory = Memory(folder / f"patterns-{sha256(stamp.encode()).hexdigest()[:40]}.json")
        try:
            rulebook = load(files, memory)
        finally:
            memory.keep()
            drop_old(folder, "patterns")
        put(path, to_plain(rulebook if kind == "examples" else lean(rulebook)))
        drop_old(folder, kind)
        return rulebook


def lean(rulebook: Rulebook) -> Rulebook:
    """Return a rulebook without the examples of its rules."""
    return replace(rulebook, rules=tuple(replace(r, hits=(), misses=()) for r in rulebook.rules))


def code_stamp() -> str:
    """Return a stamp that changes when the code that compiles rules does."""
    times = (
        entry.stat().st_mtime_ns
        for folder in SOURCES
        for entry in os.scandir(folder)
        if entry.is_file()
    )
    return str(max(times, default=0))


def drop_old(folder: Path, kind: str) -> None:
    """Delete all but the latest few files of a kind; failing to is no error."""
    with contextlib.suppress(OSError):
        old = sorted(folder.glob(f"{kind}-*.json"), key=lambda p: p.stat().st_mtime)
        for stale in old[:-8]:
            stale.unlink()


def to_plain(rulebook: Rulebook) -> dict[str, Any]:
    """Return a rulebook as JSON-ready values."""
    return {
        "rules": as_plain(rulebook.rules),
        "categories": as_plain(rulebook.categories),
        "grounds": as_plain(rulebook.grounds),
        "laws": as_plain(rulebook.laws),
        "digest": rulebook.digest,
    }


def from_plain(data: dict[str, Any]) -> Rulebook:
    """Return the rulebook of JSON values; raise KeyError or TypeError when they do not fit."""
    return Rulebook(
        rules=tuple(rule(row) for row in data["rules"]),
        categories=tuple(fixed(row, Category, title=pair, why=pair) for row in data["categories"]),
        grounds=tuple(fixed(row, Ground, title=pair) for row in data["grounds"]),
        laws={
            name: tuple(fixed(row, Edition, article=pair, law=pair) for row in rows)
            for name, rows in data["laws"].items()
        },
        digest=data["digest"],
    )


def fixed(row: dict[str, Any], kind: Callable[..., Any], **convert: Callable[[Any], Any]) -> Any:
    """Return a row as a value of a kind, converting some of its fields."""
    return kind(**{key: convert.get(key, same)(value) for key, value in row.items()})


def same(value: Any) -> Any:
    """Return a field as it is, lists as tuples."""
    return tuple(value) if isinstance(value, list) else value


def pair(value: list[str]) -> Bilingual:
    """Return a two-item list as words in two languages."""
    return Bilingual(*value)


def set_of(kind: Callable[[str], Any]) -> Callable[[list[str]], frozenset[Any]]:
    """Return a converter to a frozen set of members of an enumeration."""
    return lambda value: frozenset(map(kind, value))


def near(row: dict[str, Any]) -> Near:
    """Return context words."""
    made: Near = fixed(row, Near, side=Side)
    return made


def nears(rows: list[dict[str, Any]]) -> tuple[Near, ...]:
    """Return groups of context words."""
    return tuple(map(near, rows))


def plan(row: dict[str, Any]) -> Plan:
    """Return a plan."""
    made: Plan = fixed(row, Plan, offsets=lambda value: tuple(map(tuple, value)))
    return made


def examples(rows: list[dict[str, Any]]) -> tuple[Example, ...]:
    """Return examples with their spans."""
    spans = {"spans": lambda value: tuple(map(tuple, value)), "part": PartKind}
    return tuple(fixed(row, Example, **spans) for row in rows)


def escalations(rows: list[dict[str, Any]]) -> tuple[Escalation, ...]:
    """Return escalation steps."""
    return tuple(
        fixed(row, Escalation, to=Severity, near=near, scope=Scope, note=pair) for row in rows
    )


def rule(row: dict[str, Any]) -> Rule:
    """Return one rule."""
    parts, inside = set_of(PartKind), set_of(Inside)
    made: Rule = fixed(
        row,
        Rule,
        title=pair,
        why=pair,
        suggest=pair,
        severity=Severity,
        find=lambda r: fixed(r, Find, bounds=Bounds, plan=plan),
        keep=lambda r: fixed(r, Keep, parts=parts, zone=set_of(Zone), near=near, also=nears),
        unless=lambda r: fixed(r, Unless, parts=parts, inside=inside, near=near),
        escalate=escalations,
        hits=examples,
        misses=examples,
    )
    return made
