"""Serve the review page of one seat: the command line loads this module by name."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI

from secreview.api.seat import Seat
from secreview.config import Serve
from secreview.errors import UsageError
from secreview.server.limits import LOCAL_NAMES, Bounded
from secreview.server.logged import Logged
from secreview.server.page.doors import Doors
from secreview.server.page.routes import ROUTER
from secreview.server.problems import add_handlers
from secreview.server.run import server_for

HOST = "127.0.0.1"


def page_app(doors: Doors, limits: Serve) -> FastAPI:
    """Return an application that serves nothing but the review page, on this machine."""
    app = FastAPI(title="secreview", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.doors = doors
    app.include_router(ROUTER)
    add_handlers(app)
    app.add_middleware(Bounded, settings=limits, hosts=LOCAL_NAMES)
    app.add_middleware(Logged)
    return app


def run(seat: Seat, place: str, *, lang: str, port: int, begun: Callable[[str], None]) -> None:
    """Serve the page of a seat until interrupted; calls ``begun`` with its address that opens once.

    ``lang`` is that of the page, where empty the browser's; a port of 0 is any that is free. Raises
    UsageError when the port is taken.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    doors, limits = Doors(), Serve(host=HOST)
    with listening(port) as made:
        address = f"http://{HOST}:{made.getsockname()[1]}/review/enter?ticket="
        server = server_for(page_app(doors, limits), limits)
        paths = [Path(paper.report.path) for paper in seat.papers]
        begun(address + doors.ticket(seat, place, lang, paths))
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[made])


def listening(port: int) -> socket.socket:
    """Return a socket that listens on loopback only; raise UsageError when the port is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.bind((HOST, port))
        made.listen()
    except OSError as error:
        made.close()
        raise UsageError(f"port {port}: {error.strerror}") from error
    return made
