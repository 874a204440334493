"""Start the service: the command line loads this module by name."""

from __future__ import annotations

import logging
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from secreview.config import Serve
from secreview.errors import UsageError
from secreview.outputs.messages import message
from secreview.server.app import create_app
from secreview.server.limits import is_loopback
from secreview.server.patience import patient
from secreview.server.service import Settings

IDLE_SECONDS = 15
CONNECTIONS = 1000
GRACE_SECONDS = 10


def run(settings: Settings, begun: Callable[[], None]) -> None:
    """Serve until interrupted; calls ``begun`` once nothing stands against starting."""
    server = server_of(settings)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("secreview.server").setLevel(logging.INFO)
    begun()
    server.run()


def server_of(settings: Settings) -> uvicorn.Server:
    """Return a server that is ready to be started.

    Raises UsageError for another address than loopback without tokens, and for faulty settings.
    """
    limits = settings.config.serve
    if limits.tokens is None and not is_loopback(limits.host):
        raise UsageError(message("serve.no-tokens", settings.lang, host=limits.host))
    return server_for(create_app(settings), limits)


def server_for(app: ASGIApp, limits: Serve) -> uvicorn.Server:
    """Return a server of an application."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=limits.host,
            port=limits.port,
            log_config=None,
            access_log=False,  # paths hold ids
            server_header=False,
            proxy_headers=False,
            http=patient(limits.body_seconds),
            ws="none",
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
