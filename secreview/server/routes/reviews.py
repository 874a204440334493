"""``/v1/reviews``: hand in a bundle, get the report."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from secreview.model import Verdict
from secreview.outputs.schema import ReportsModel
from secreview.server.access import Reviewing, Serving
from secreview.server.reviews import Answer, review_id
from secreview.server.schemas import ALWAYS, Answers, PendingModel, body_of, problems
from secreview.server.service import key_digest
from secreview.server.upload import BundleModel

ROUTER = APIRouter(tags=["reviews"])
WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,5})(?!\d)", re.IGNORECASE)
LONGEST_WAIT = 60  # seconds
DONE: Answers = {200: {"model": ReportsModel, "description": "The report", "headers": {
    "secreview-verdict": {"schema": {"type": "string", "enum": list(Verdict)}},
    "secreview-bundle": {"schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
}}}  # fmt: skip
PENDING: Answers = {202: {"model": PendingModel, "description": "Not done yet; see Location"}}
ReviewId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@ROUTER.post(
    "/v1/reviews",
    responses={**DONE, **PENDING, **problems(*ALWAYS, 415, 422, 429)},
    openapi_extra=body_of(BundleModel),
)
async def begin(
    request: Request,
    service: Serving,
    asking: Reviewing,
    prefer: Annotated[str, Header()] = "",
    idempotency_key: Annotated[str, Header(max_length=255)] = "",
) -> Response:
    """Have a bundle of files reviewed; the first one is the page.

    Answers 200 with the report where it is known or done within ``Prefer: wait=N`` seconds, else
    202. The same files under the same rules have the same id and the same answer.
    """
    wait = wait_of(prefer)
    async with service.upload(request, BundleModel) as given:
        name, jobs = await service.named(given)
        content = review_id(given, given.words.get("profile", ""), service.key)
        service.reviews.once(asking.name, key_digest(idempotency_key), content)
        service.begin(name, jobs)
    answer = await service.reviews.answer(name, wait)
    made = told(name, answer)
    if wait:
        made.headers["preference-applied"] = f"wait={wait}"
    return made


@ROUTER.get(
    "/v1/reviews/{name}",
    responses={**DONE, **PENDING, **problems(*ALWAYS, 404, 422)},
)
async def show(
    name: ReviewId,
    service: Serving,
    _: Reviewing,
    prefer: Annotated[str, Header()] = "",
) -> Response:
    """Return the report of a review, or that it is not done yet."""
    return told(name, await service.reviews.answer(name, wait_of(prefer)))


def wait_of(prefer: str) -> int:
    """Return how long a client prefers to wait, in seconds (RFC 7240).

    >>> wait_of("respond-async, wait=5"), wait_of("wait=100000"), wait_of("wait=900"), wait_of("")
    (5, 0, 60, 0)
    """
    found = WAIT.search(prefer)
    return min(int(found[1]), LONGEST_WAIT) if found else 0


def told(name: str, answer: Answer | None) -> Response:
    """Return the answer of a review, or where to ask for it."""
    place = f"/v1/reviews/{name}"
    if answer is None:
        return JSONResponse(
            PendingModel(id=name).model_dump(), 202, {"location": place, "retry-after": "1"}
        )
    headers = {
        "content-location": place,
        "cache-control": "no-store",
        "secreview-verdict": answer.verdict.value,
        "secreview-bundle": answer.bundle,
    }
    return Response(answer.body, 200, headers, media_type="application/json")
