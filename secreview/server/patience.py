"""A connection that does not wait for ever for the head of a request, nor log its path."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0


class Patient(H11Protocol):
    """Closes a connection whose request does not begin, or whose head does not end, in time."""

    seconds = HEAD_SECONDS
    clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.access_log = False  # whoever set up logging: paths may hold what people typed
        self.await_head()

    def data_received(self, data: bytes) -> None:
        """Take what has come; wait on where a head is not complete."""
        super().data_received(data)
        self.await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        super().connection_lost(exc)
        self.stop()

    def await_head(self) -> None:
        """Start the clock where a head is awaited, stop it where one has come."""
        if self.conn.their_state is not h11.IDLE:
            self.stop()
        elif self.clock is None:
            self.clock = self.loop.call_later(self.seconds, self.transport.close)

    def stop(self) -> None:
        """Stop the clock."""
        if self.clock is not None:
            self.clock.cancel()
            self.clock = None


def patient(seconds: float) -> type[Patient]:
    """Return a protocol that waits so many seconds for a head."""
    return type("Patient", (Patient,), {"seconds": min(seconds, HEAD_SECONDS)})
