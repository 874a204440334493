"""Tell other programs what was reviewed and decided: signed, retried, each thing once.

Messages follow Standard Webhooks: the signature is HMAC-SHA256 over ``id.timestamp.body``. They
carry ids, digests and verdicts; no name, no finding, nothing of a document.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from secreview.config import Webhook
from secreview.errors import UsageError
from secreview.server.reviews import Recent

LOG = logging.getLogger("secreview.server")
DELAYS = (1.0, 5.0, 30.0, 120.0, 600.0)  # seconds before each further attempt
SECONDS = 10.0  # for one attempt
WAITING = 1000  # messages; more are dropped and counted
REMEMBERED = 10_000  # ids of messages that are not sent again
GONE = 410
SECRET_LENGTH = 16  # bytes, at least


@dataclass(frozen=True, slots=True)
class Target:
    """An address, the secret shared with it, and the events it wants (all when empty)."""

    url: str
    secret: bytes
    events: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that happened; its id is the same whenever the same thing is told."""

    id: str
    event: str
    body: bytes


def targets_of(hooks: Sequence[Webhook]) -> tuple[Target, ...]:
    """Return the addresses with their secrets; raise UsageError for one without a good secret."""
    made = []
    for hook in hooks:
        try:
            secret = hook.secret.read_bytes().strip()
        except OSError as error:
            raise UsageError(f"{hook.secret}: cannot be read: {error.strerror}") from error
        if len(secret) < SECRET_LENGTH:
            raise UsageError(f"{hook.secret}: a secret of at least {SECRET_LENGTH} bytes is needed")
        made.append(Target(hook.url, secret, frozenset(hook.events)))
    return tuple(made)


def message_of(event: str, data: Mapping[str, Any], key: bytes) -> Message:
    """Return a message whose id follows from what it says."""
    said = json.dumps(data, ensure_ascii=True, sort_keys=True).encode()
    name = hmac.new(key, b"webhook\0" + event.encode() + b"\0" + said, hashlib.sha256).hexdigest()
    return Message(f"msg_{name[:32]}", event, b'{"type":"%b","data":%b}' % (event.encode(), said))


def signature(message: Message, timestamp: int, secret: bytes) -> str:
    """Return the signature of a message as the header holds it."""
    signed = b"%b.%d.%b" % (message.id.encode(), timestamp, message.body)
    mac = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


class Teller:
    """Sends messages one after another to each address, without holding up who tells them."""

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        counted: Callable[[str], None] = lambda result: None,
        delays: Sequence[float] = DELAYS,
    ) -> None:
        """Take the addresses; ``counted`` is told delivered, failed or dropped."""
        self.targets, self.counted, self.delays = targets, counted, delays
        self.sent: Recent[str, bool] = Recent(REMEMBERED)
        self.tasks: set[asyncio.Task[None]] = set()

    def tell(self, message: Message) -> None:
        """Send a message to whoever wants it, unless it was told before."""
        if not self.targets or self.sent.get(message.id):
            return
        self.sent.put(message.id, True)
        for target in self.targets:
            if target.events and message.event not in target.events:
                continue
            if len(self.tasks) >= WAITING:
                self.counted("dropped")
                LOG.error("too many webhook messages wait; one was dropped")
                continue
            task = asyncio.create_task(self.deliver(message, target))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def deliver(self, message: Message, target: Target) -> None:
        """Send a message until it is taken, or there is no point in going on."""
        for delay in (0.0, *self.delays):
            await asyncio.sleep(delay)
            status = await attempt(message, target)
            if 200 <= status < 300:
                self.counted("delivered")
                return
            if status == GONE:
                break
        self.counted("failed")
        LOG.error("a webhook message was not taken: %s", message.id)

    async def close(self) -> None:
        """Give up on what was not sent yet."""
        for task in tuple(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def attempt(message: Message, target: Target) -> int:
    """Return the status of one attempt to send a message, 0 when nobody answered."""
    import httpx  # lazy: only services with webhooks need it

    now = int(time.time())
    headers = {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(message, now, target.secret),
    }
    try:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            sending = client.stream("POST", target.url, content=message.body, headers=headers)
            async with asyncio.timeout(SECONDS), sending as answer:
                return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError):
        return 0
