"""The application: routes, limits, errors and the log, put together around one service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from secreview import __version__
from secreview.server.access import without_query
from secreview.server.limits import LOCAL_NAMES, Bounded, is_loopback
from secreview.server.logged import Logged
from secreview.server.page.routes import ROUTER as PAGE
from secreview.server.problems import ProblemModel, add_handlers
from secreview.server.routes import gate, health, pages, records, reviews, rules
from secreview.server.service import Service, Settings
from secreview.server.upload import BundleModel, PageModel, RecordModel

PLAIN = (reviews.ROUTER, records.ROUTER, pages.ROUTER, gate.ROUTER, health.ROUTER)


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
    app.state.doors = service.doors
    app.include_router(rules.ROUTER)
    app.include_router(PAGE)
    for router in PLAIN:
        app.include_router(router, dependencies=[Depends(without_query)])
    add_handlers(app)
    is_local = service.clients is None and is_loopback(service.limits.host)
    hosts = {*LOCAL_NAMES, service.limits.host} if is_local else ()
    app.add_middleware(Bounded, settings=service.limits, hosts=hosts)
    requests = service.metrics.requests
    app.add_middleware(Logged, counted=lambda *labels: requests.labels(*labels).inc())
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI of an application, with the bodies that its routes read by themselves."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes
        )
        schemas = made["components"]["schemas"]
        for model in (ProblemModel, BundleModel, PageModel, RecordModel):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs", {})
            schemas[model.__name__] = schema
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        app.openapi_schema = made
    return app.openapi_schema
