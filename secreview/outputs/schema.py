"""The JSON Schema of the report, from models that mirror it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SeverityName = Literal["block", "review", "note"]
VerdictName = Literal["block", "review", "incomplete", "clear"]
Count = Annotated[int, Field(ge=0)]


class Strict(BaseModel):
    """An object that allows no other keys."""

    model_config = ConfigDict(extra="forbid")


class Words(Strict):
    """The same words in Chinese and English."""

    zh: str
    en: str


class ProvisionModel(Strict):
    """A provision in the edition in force on the review date."""

    id: str
    law: Words
    article: Words
    edition: str
    text: str


class ReasonModel(Words):
    """Why something is a finding and what to do."""

    ground: str
    basis: list[ProvisionModel]
    suggest: Words


class PlaceNumbers(Strict):
    """Page, line and column where they exist, steps and titles."""

    page: int | None
    line: int | None
    column: int | None
    steps: list[tuple[str, int | str]]
    headers: list[str]


class PlaceModel(PlaceNumbers):
    """A place; ``start`` and ``end`` are code-point offsets into the part's text."""

    part: str
    kind: str
    label: str
    start: Count
    end: Count


class ContextModel(Strict):
    """Masked context of a finding."""

    before: str
    after: str


class FindingModel(Strict):
    """One suspected problem; ``text`` is there only with --reveal."""

    id: str
    fingerprint: str
    near: list[str]
    rule: str
    category: str
    severity: SeverityName
    confidence: Annotated[float, Field(gt=0, le=1)]
    title: Words
    place: PlaceModel
    masked: str
    context: ContextModel
    reason: ReasonModel
    evidence: list[str]
    text: str = ""


class GapModel(Strict):
    """Something that was not read."""

    part: str
    why: str
    detail: str
    label: str
    place: PlaceNumbers
    message: Words


class PartModel(Strict):
    """One part that was looked at."""

    id: str
    kind: str
    characters: Count
    inspected: bool


class CoveredModel(Strict):
    """One piece of the file, and how far it was read."""

    locator: str
    kind: str
    status: Literal["read", "approximate", "unread", "skipped"]
    bytes: Count
    reader: str
    reason: str


class DocumentModel(Strict):
    """The document that a report is on."""

    path: str
    name: str
    sha256: str
    size: Count
    media_type: str


class ReportModel(Strict):
    """The report on one document."""

    document: DocumentModel
    verdict: VerdictName
    findings: list[FindingModel]
    gaps: list[GapModel]
    allowed: list[GapModel]
    decided: Count
    parts: list[PartModel]
    coverage: list[CoveredModel]


class ToolModel(Strict):
    """The tool and its version."""

    name: Literal["secreview"]
    version: str


class RulebookModel(Strict):
    """The rules that were applied."""

    digest: str
    rules: Count


class SummaryModel(Strict):
    """Counts over all documents."""

    documents: Count
    block: Count
    review: Count
    note: Count
    gaps: Count
    decided: Count
    allowed: Count
    verdict: VerdictName


class ReportsModel(Strict):
    """The output of ``secreview check --format json``."""

    schema_: Annotated[Literal["secreview.report/1"], Field(alias="schema")]
    tool: ToolModel
    rulebook: RulebookModel
    reports: list[ReportModel]
    summary: SummaryModel


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the report."""
    schema = ReportsModel.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
