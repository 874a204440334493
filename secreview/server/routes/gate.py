"""``/v1/gate``: whether exactly these bytes may go live; anything but 204 means no."""

from __future__ import annotations

from fastapi import APIRouter, Response

from secreview.api.desk import Desk
from secreview.api.passing import cleared
from secreview.api.records import records_with
from secreview.errors import NotCleared
from secreview.review.certificate import Certificate, Subject
from secreview.review.record import Phase, Record
from secreview.review.step import released
from secreview.server.access import Gating, Serving
from secreview.server.problems import Problem
from secreview.server.schemas import ALWAYS, Answers, GateModel, problems

ROUTER = APIRouter(tags=["gate"])
OPEN: Answers = {204: {"description": "Cleared", "headers": {
    "secreview-record": {"schema": {"type": "string"}},
    "secreview-until": {"schema": {"type": "string"}},
}}}  # fmt: skip


@ROUTER.post(
    "/v1/gate",
    status_code=204,
    response_class=Response,
    responses={**OPEN, **problems(*ALWAYS, 409, 422, 503)},
)
async def gate(asked: GateModel, service: Serving, _: Gating) -> Response:
    """Let through files that one certificate in force covers.

    204 cleared · 403 not approved, or withheld · 409 other bytes than those that were approved, or
    a certificate that has run out · 503 cannot be told: no store, or parts that nobody has read.
    """
    subjects = [Subject("", digest) for digest in asked.files]
    certificate = await service.at_desk(lambda desk: decided(subjects, asked.audience, desk))
    headers = {"secreview-record": certificate.record, "secreview-until": certificate.until}
    return Response(status_code=204, headers=headers)


def decided(files: list[Subject], audience: str, desk: Desk) -> Certificate:
    """Return the certificate that covers files; raise Problem that says how it stands with them."""
    try:
        return cleared(files, audience=audience, desk=desk)
    except NotCleared as error:
        record = next(iter(records_with(files[0].sha256, desk)), None)
        status, name = standing(record)
        raise Problem(status, name, en=str(error), zh=error.zh) from None


def standing(record: Record | None) -> tuple[int, str]:
    """Return status and name of the refusal that the state of a record means."""
    if record is None:
        return 409, "not-reviewed"
    if released(record):  # approved, but not for this, or no longer
        return 409, "stale"
    looked = {item.unread for item in record.inspected}
    unread = (gap.id for report in record.version.reports for gap in report.unread)
    if record.phase is Phase.REVIEW and any(name not in looked for name in unread):
        return 503, "undetermined"
    return 403, "not-approved"
