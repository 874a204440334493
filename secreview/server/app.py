"""The application: routes, limits, errors and the log, put together around one service."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from secreview import __version__
from secreview.server.access import without_query
from secreview.server.limits import LOCAL_NAMES, Bounded, is_loopback
from secreview.server.problems import ProblemModel, add_handlers, problem
from secreview.server.routes import gate, health, records, reviews, rules
from secreview.server.service import Service, Settings
from secreview.server.upload import BundleModel, RecordModel

LOG = logging.getLogger("secreview.server")
PLAIN = (reviews.ROUTER, records.ROUTER, gate.ROUTER, health.ROUTER)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; raise UsageError or RuleError when it could not do its work."""
    service = Service(settings or Settings())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = FastAPI(
        title="secreview",
        version=__version__,
        summary="Confidentiality review of documents before publication",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.service = service
    app.include_router(rules.ROUTER)
    for router in PLAIN:
        app.include_router(router, dependencies=[Depends(without_query)])
    add_handlers(app)
    is_local = service.clients is None and is_loopback(service.limits.host)
    hosts = {*LOCAL_NAMES, service.limits.host} if is_local else ()
    app.add_middleware(Bounded, settings=service.limits, hosts=hosts)
    app.add_middleware(Logged, service=service)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI of an application, with the bodies that its routes read by themselves."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes
        )
        schemas = made["components"]["schemas"]
        for model in (ProblemModel, BundleModel, RecordModel):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs", {})
            schemas[model.__name__] = schema
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        app.openapi_schema = made
    return app.openapi_schema


class Logged:
    """Writes a line for each request and lets no exception out: it may quote a document.

    The line holds method, route, status, time and client; no path, since that may hold an id.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        """Take the application and what counts."""
        self.app, self.service = app, service

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
                message["headers"] = [*message.get("headers", []), *SAFE_HEADERS]
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
        self.service.metrics.requests.labels(method, route, str(status)).inc()
        LOG.info("%s %s %d %.0f ms %s", method, route, status, seconds * 1000, who)


METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})
SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
