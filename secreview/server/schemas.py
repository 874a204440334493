"""The shapes of requests and answers as OpenAPI shows them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from secreview.outputs.schema import Words
from secreview.review.record import Decision
from secreview.server.problems import MEDIA_TYPE, ProblemModel
from secreview.server.upload import (
    FIELDS,
    NAME_LENGTH,
    WORD_LENGTH,
    BundleModel,
    PageModel,
    Strict,
)

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
Long = Annotated[str, Field(max_length=WORD_LENGTH)]
Text = Annotated[str, Field(min_length=1, max_length=WORD_LENGTH)]


class GateModel(Strict):
    """The digests of all files that are to go live together, and for whom."""

    files: Annotated[list[Digest], Field(min_length=1, max_length=1000)]
    audience: Literal["public", "internal"] = "public"


class OpinionModel(Strict):
    """The opinion of a stage on the version that was seen (its ``digest``)."""

    by: Short
    stage: Short
    decision: Annotated[Decision, Field(strict=False)]
    digest: Digest
    remark: Long = ""
    ground: Annotated[str, Field(max_length=NAME_LENGTH)] = ""
    to: Annotated[str, Field(max_length=NAME_LENGTH)] = ""
    until: Annotated[str, Field(max_length=NAME_LENGTH)] = ""


class WaiverModel(Strict):
    """That a finding may stand, and why."""

    by: Short
    finding: Short
    reason: Text


class InspectionModel(Strict):
    """That somebody looked at what was not read, and what is there."""

    by: Short
    unread: Short
    reason: Text


class PublicationModel(Strict):
    """Which bytes were published where."""

    by: Short
    sha256: Digest
    url: Annotated[str, Field(min_length=1, max_length=2000)]


class PendingModel(BaseModel):
    """A review that is not done yet."""

    id: str
    status: Literal["pending"] = "pending"


class LinkModel(BaseModel):
    """A link to the review page that opens once, below the address of this service."""

    record: str
    link: str
    seconds: int


class RulesQuery(Strict):
    """Whose rules are asked for: those of a profile."""

    profile: Annotated[str, Field(max_length=NAME_LENGTH)] = ""


class RuleModel(BaseModel):
    """One rule in force."""

    name: str
    category: str
    severity: str
    title: Words
    suggest: Words
    basis: list[str]


class RulesModel(BaseModel):
    """The rules of a profile."""

    digest: str
    rules: list[RuleModel]


class HealthModel(BaseModel):
    """Whether the service can do its work."""

    status: Literal["ok"]
    version: str
    workers: int
    store: bool


Answers = dict[int | str, dict[str, Any]]  # of a route, as FastAPI takes them


def problems(*statuses: int) -> Answers:
    """Return the answers of a route that say what went wrong."""
    schema = {"$ref": f"#/components/schemas/{ProblemModel.__name__}"}
    content = {MEDIA_TYPE: {"schema": schema}}
    return {status: {"description": "Refused", "content": content} for status in statuses}


ALWAYS = (400, 401, 403, 408, 413)


def body_of(model: type[BundleModel]) -> dict[str, Any]:
    """Return the OpenAPI of an upload: JSON, or a form of files and words."""
    words: dict[str, Any] = {"profile": {"type": "string"}}
    needed = ["file"]
    if issubclass(model, PageModel):
        words["by"] = {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH}
        needed.append("by")
    form = {
        "type": "object",
        "properties": {
            "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
            **words,
        },
        "required": needed,
        "maxProperties": FIELDS,
    }
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}},
                "multipart/form-data": {"schema": form},
            },
        }
    }
