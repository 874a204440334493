"""What goes wrong, as problem+json (RFC 9457); nothing a client sent is repeated.

A validation error names the place of the fault, never the value, and an unexpected exception is
told by its type alone: messages of libraries quote what they choke on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from secreview.errors import (
    Conflict,
    NotAllowed,
    PluginError,
    ReviewError,
    RuleError,
    SecreviewError,
    StoreError,
    UsageError,
)
from secreview.outputs.messages import known, message

MEDIA_TYPE = "application/problem+json"
LOG = logging.getLogger("secreview.server")
PHRASES = {
    400: "malformed", 401: "token", 403: "forbidden", 404: "absent", 405: "method", 408: "slow",
    409: "conflict", 413: "too-large", 415: "media-type", 422: "invalid", 429: "busy",
    431: "head", 500: "internal", 503: "undetermined",
}  # fmt: skip


class ProblemModel(BaseModel):
    """What went wrong: a stable name, both languages, and where in the request."""

    type: str
    title: str
    status: int
    detail: str = ""
    detail_zh: str = ""
    faults: list[str] = []


class Problem(HTTPException):
    """A request that is refused; ``name`` is the stable end of the problem's type."""

    def __init__(
        self,
        status: int,
        name: str = "",
        *,
        en: str = "",
        zh: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Take the status, and words in both languages where the catalogue has none."""
        self.name = name or PHRASES.get(status, "internal")
        self.en, self.zh = en, zh or en
        super().__init__(status, headers=headers)


def problem(
    status: int,
    name: str = "",
    *,
    en: str = "",
    zh: str = "",
    faults: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return an answer that says what went wrong."""
    name = name or PHRASES.get(status, "internal")
    key = f"serve.problem.{name}"
    title = message(key, "en") if known(key) else name
    body: dict[str, Any] = {
        "type": f"urn:secreview:problem:{name}",
        "title": title,
        "status": status,
        "detail": en or title,
        "detail_zh": zh or (message(key, "zh") if known(key) else en),
        "faults": list(faults),
    }
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def status_of(error: SecreviewError) -> int:
    """Return the status that an error of the library becomes."""
    match error:
        case NotAllowed():
            return 403
        case ReviewError() | Conflict():
            return 409
        case UsageError():
            return 422
        case StoreError() | RuleError() | PluginError():
            return 503
    return 500


def add_handlers(app: FastAPI) -> None:
    """Make every error of an application a problem."""

    async def told(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        headers = dict(error.headers or {})
        if isinstance(error, Problem):
            return problem(error.status_code, error.name, en=error.en, zh=error.zh, headers=headers)
        return problem(error.status_code, headers=headers)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem(422, faults=faults_of(error.errors()))

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, SecreviewError)
        status, zh = status_of(error), str(getattr(error, "zh", ""))
        name = "" if status != 409 else type(error).__name__.lower()
        is_ours = status in (503, 500)  # what is wrong with the service is its owner's business
        if is_ours:
            LOG.error("the service cannot do its work: %s", type(error).__name__)
        return problem(status, name, en="" if is_ours else str(error), zh="" if is_ours else zh)

    app.add_exception_handler(HTTPException, told)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(SecreviewError, refused)


def faults_of(errors: Any) -> tuple[str, ...]:
    """Return where a request is wrong and how, without what it said there.

    Names that the client made up are not repeated: only those that the schema knows, and numbers.
    """
    return tuple(
        f"{'.'.join(map(str, item['loc'][: MAX_STEPS if item['type'] != EXTRA else -1]))}: "
        f"{item['type']}"
        for item in errors
    )


MAX_STEPS = 6
EXTRA = "extra_forbidden"
