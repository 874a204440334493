"""What was worked out about patterns, kept between runs: an edited rule is compiled in no time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST = 20_000  # of which those not asked for are dropped


class Memory:
    """Answers to questions about patterns, by a digest of the question; JSON values only."""

    def __init__(self, path: Path | None = None) -> None:
        """Remember nothing yet; what lies at the path is read when it is first asked for."""
        self.path = path
        self.old: dict[str, Any] | None = None
        self.new: dict[str, Any] = {}

    def answer(self, work: Callable[..., Any], *question: Any, **more: Any) -> Any:
        """Return what a function gives for a question, worked out only when it is not known."""
        whole = json.dumps([work.__name__, question, more], ensure_ascii=False)
        name = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        if self.old is None:
            self.old = self.read()
        if name not in self.new:
            self.new[name] = self.old[name] if name in self.old else work(*question, **more)
        return self.new[name]

    def read(self) -> dict[str, Any]:
        """Return what was kept, nothing where that is no longer what was written."""
        if self.path is None:
            return {}
        try:
            kept = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def keep(self) -> None:
        """Write what is known beside what is not asked for any more; failing to is no error."""
        if self.path is None or self.old is None or self.new.keys() <= self.old.keys():
            return
        put(self.path, self.new if len(self.old) > MOST else self.old | self.new)


def put(path: Path, value: Any) -> None:
    """Write a JSON value to the cache, whole or not at all; failing to is no error."""
    import tempfile  # lazy: most runs find the cache

    with contextlib.suppress(OSError):
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(value, stream, ensure_ascii=False, separators=(",", ":"))
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
