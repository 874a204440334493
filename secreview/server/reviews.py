"""Reviews as they are asked for: the same content gives the same id and the same answer.

Reports are kept in memory, the ones asked for last; nothing of a document is.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Generic, TypeVar

from secreview.model import Verdict
from secreview.rulebook.rule import Rulebook
from secreview.server.problems import Problem
from secreview.server.upload import Upload

Key = TypeVar("Key")
Value = TypeVar("Value")
ID_LENGTH = 32  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished review: the JSON of its report, its verdict, and the digests of its files."""

    body: bytes
    verdict: Verdict
    digests: tuple[str, ...]

    @property
    def bundle(self) -> str:
        """Return one digest of all files: that of their digests, sorted, each on a line."""
        return hashlib.sha256("\n".join(sorted(self.digests)).encode()).hexdigest()


class Recent(Generic[Key, Value]):
    """A mapping that forgets what was used longest ago once it holds so many."""

    def __init__(self, size: int) -> None:
        """Begin empty."""
        self.size = size
        self.items: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return what is kept under a key, and keep it for longer."""
        if key not in self.items:
            return None
        self.items.move_to_end(key)
        return self.items[key]

    def put(self, key: Key, value: Value) -> None:
        """Keep something."""
        self.items[key] = value
        self.items.move_to_end(key)
        while len(self.items) > self.size:
            self.items.popitem(last=False)


class Reviews:
    """The reviews that run and the answers of those that ended lately."""

    def __init__(self, size: int) -> None:
        """Begin empty."""
        self.running: dict[str, asyncio.Task[Answer]] = {}
        self.answers: Recent[str, Answer] = Recent(size)
        self.asked: Recent[tuple[str, str], str] = Recent(size)

    def once(self, client: str, key: str, content: str) -> None:
        """Note under which key a client hands in a content; raise Problem for another content."""
        if not key:
            return
        if (self.asked.get((client, key)) or content) != content:
            raise Problem(422, "other-request")
        self.asked.put((client, key), content)

    def is_known(self, name: str) -> bool:
        """Return whether a review runs or has an answer."""
        return name in self.running or self.answers.get(name) is not None

    def begin(self, name: str, work: Coroutine[Any, Any, Answer]) -> None:
        """Start a review that is not known."""
        task = asyncio.create_task(work)
        self.running[name] = task
        task.add_done_callback(lambda done: self.ended(name, done))

    def ended(self, name: str, task: asyncio.Task[Answer]) -> None:
        """Keep the answer of a review; one that failed is forgotten, and can be asked for again."""
        self.running.pop(name, None)
        if not task.cancelled() and task.exception() is None:
            self.answers.put(name, task.result())

    async def answer(self, name: str, wait: float = 0) -> Answer | None:
        """Return the answer of a review, None when it is not done after so many seconds.

        Raises Problem (404) for one that is not known.
        """
        task = self.running.get(name)
        if task is not None:
            done, _ = await asyncio.wait({task}, timeout=wait)
            if not done:
                return None
            return task.result()
        answer = self.answers.get(name)
        if answer is None:
            raise Problem(404)
        return answer


def review_id(given: Upload, terms: str, key: bytes) -> str:
    """Return the id of a review: keyed, since the digest of a short text gives the text away."""
    rows = [[file.name, hashlib.sha256(file.data).hexdigest()] for file in given.files]
    rows = [[*rows[0], "page"], *sorted([*row, "attachment"] for row in rows[1:])]
    whole = json.dumps([rows, terms], ensure_ascii=True).encode()
    return hmac.new(key, b"review\0" + whole, hashlib.sha256).hexdigest()[:ID_LENGTH]


@lru_cache(maxsize=64)
def terms_of(rulebook: Rulebook, day: date) -> str:
    """Return what a report rests on beside the bytes: rules and the law in force on a day."""
    law = [
        f"{name}:{provision.edition}"
        for name in sorted(rulebook.laws)
        if (provision := rulebook.provision(name, day)) is not None
    ]
    rules = [rule.name for rule in rulebook.rules if rule.applies_on(day)]
    return hashlib.sha256("\n".join((rulebook.digest, *law, "", *rules)).encode()).hexdigest()
