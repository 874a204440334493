"""How much a request may bring and how long it may take to do so.

The declared length is looked at before anything is read, the real one while it is read: a client
may say less than it sends, or say nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from secreview.config import Serve
from secreview.server.problems import Problem, problem

SMALL = 64 << 10  # bytes of a request that brings no document
UPLOADS = ("/v1/reviews", "/v1/records", "/v1/pages")
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Bounded:
    """Refuses bodies that are too large or too slow, and pages of other sites."""

    def __init__(self, app: ASGIApp, settings: Serve, hosts: Iterable[str] = ()) -> None:
        """Take the limits, and the names under which the service may be asked (any when empty)."""
        self.app, self.settings, self.hosts = app, settings, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a problem, or pass on a request whose body is counted while it is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = self.settings.body if scope["path"].rstrip("/") in UPLOADS else SMALL
        refused = self.refusal(headers, most)
        if refused is not None:
            answer = problem(refused.status_code, refused.name, headers={"connection": "close"})
            await answer(scope, receive, send)
            return
        await self.app(scope, counted(receive, most, self.settings.body_seconds), send)

    def refusal(self, headers: Headers, most: int) -> Problem | None:
        """Return why a request is refused by its head alone."""
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return Problem(400)
        if len(length) > 18 or int(length) > most:
            return Problem(413)
        host = headers.get("host", "")
        if self.hosts and name_of(host) not in self.hosts:
            return Problem(403, "host")
        origin = headers.get("origin", "")
        if origin and origin.partition("://")[2] != host:
            return Problem(403, "origin")
        return None


def counted(receive: Receive, most: int, seconds: float) -> Receive:
    """Return a way to receive a body that ends in a Problem past a size or a time."""
    until = time.monotonic() + seconds
    seen, is_whole = 0, False

    async def next_message() -> Message:
        nonlocal seen, is_whole
        if is_whole:  # what comes now is only the end of the connection
            return await receive()
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                message = await receive()
        except TimeoutError:
            raise Problem(408, headers={"connection": "close"}) from None
        seen += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if seen > most:
            raise Problem(413, headers={"connection": "close"})
        return message

    return next_message


def name_of(host: str) -> str:
    """Return the name in a Host header without the port.

    >>> name_of("[::1]:8300"), name_of("localhost:8300"), name_of("127.0.0.1")
    ('::1', 'localhost', '127.0.0.1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("")
    (True, True, False, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Room:
    """How many bytes and documents may lie in memory at once."""

    def __init__(self, settings: Serve) -> None:
        """Begin with all of it free."""
        self.bytes, self.documents = settings.held, settings.waiting

    def take(self, size: int, documents: int) -> None:
        """Take room; raise Problem (429) when there is not enough."""
        if size > self.bytes or documents > self.documents:
            raise Problem(429, headers={"retry-after": "2"})
        self.bytes -= size
        self.documents -= documents

    def give(self, size: int, documents: int) -> None:
        """Give room back."""
        self.bytes += size
        self.documents += documents
