"""A line in the log for each request, and headers that every answer bears."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from secreview.server.problems import problem

LOG = logging.getLogger("secreview.server")


def uncounted(method: str, route: str, status: str) -> None:
    """Count nothing."""


class Logged:
    """Writes a line for each request and lets no exception out: it may quote a document.

    The line holds method, route, status, time and client; no path, since that may hold an id.
    """

    def __init__(self, app: ASGIApp, counted: Callable[[str, str, str], None] = uncounted) -> None:
        """Take the application and what counts method, route and status."""
        self.app, self.counted = app, counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = list(message.get("headers", []))
                own = {name.lower() for name, _ in given}
                message["headers"] = [*given, *(h for h in SAFE_HEADERS if h[0] not in own)]
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except Exception as error:  # whatever it is, its message stays here
            LOG.error("internal error: %s", type(error).__name__)
            if not status:
                await problem(500)(scope, receive, sent)
        finally:
            self.note(scope, status, time.perf_counter() - started)

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request and write its line."""
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        route = getattr(scope.get("route"), "path", "-")
        who = scope.get("state", {}).get("client", "-")
        self.counted(method, route, str(status))
        LOG.info("%s %s %d %.0f ms %s", method, route, status, seconds * 1000, who)


METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})
SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
