"""``/healthz`` and ``/metrics``: whether the service lives, and what it counts."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from secreview import __version__
from secreview.server.access import Asking, Serving
from secreview.server.schemas import ALWAYS, HealthModel, problems

ROUTER = APIRouter(tags=["health"])


@ROUTER.get("/healthz", responses=problems(400, 403, 408, 413))
async def health(service: Serving) -> HealthModel:
    """Say that the service answers; needs no token."""
    is_kept = service.desk is not None
    return HealthModel(status="ok", version=__version__, workers=service.pool.size, store=is_kept)


@ROUTER.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
               **problems(*ALWAYS)},
)  # fmt: skip
async def metrics(service: Serving, _: Asking) -> Response:
    """Return counts and times for Prometheus; any client may see them."""
    return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)
