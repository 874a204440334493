"""``/v1/records``: hand in a document for review by people, and what they say about it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from secreview.api.bundle import Checked
from secreview.api.desk import Desk
from secreview.api.passing import publish
from secreview.api.records import act, certificate_in, sign, submit
from secreview.errors import Stale
from secreview.outputs.record import as_json
from secreview.review import commands as ask
from secreview.review.commands import Command
from secreview.review.fold import fold
from secreview.review.record import Record
from secreview.review.refusals import refused
from secreview.server.access import Opining, Serving
from secreview.server.problems import Problem
from secreview.server.schemas import (
    ALWAYS,
    Answers,
    InspectionModel,
    OpinionModel,
    PublicationModel,
    WaiverModel,
    body_of,
    problems,
)
from secreview.server.service import Service
from secreview.server.tokens import Client
from secreview.server.upload import RecordModel, Upload
from secreview.server.work import Job

ROUTER = APIRouter(tags=["records"])
RecordId = Annotated[str, Path(pattern=r"^[0-9]{8}-[0-9a-f]{8}$")]
SHAPE: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
SHOWN: Answers = {200: {"description": "The record", **SHAPE}}
MADE: Answers = {
    201: {"description": "A record that waits for review, or came back incomplete", **SHAPE}
}
REFUSED = problems(*ALWAYS, 404, 409, 422, 503)
CHANGED: Answers = {**SHOWN, **REFUSED}


@ROUTER.post(
    "/v1/records",
    status_code=201,
    responses={**MADE, **problems(*ALWAYS, 409, 415, 422, 429, 503)},
    openapi_extra=body_of(RecordModel),
)
async def hand_in(request: Request, service: Serving, asking: Opining) -> Response:
    """Check a page with its attachments and begin a record of its review.

    In a form, ``by`` names the person, every other field is a line of the paper form.
    """
    if service.desk is None:
        raise Problem(503, "no-store")
    async with service.upload(request, RecordModel) as given:
        lines = dict(given.words)
        by, profile = lines.pop("by", ""), lines.pop("profile", "")
        check_person(by, asking)
        await service.at_desk(lambda desk: desk.actor(by))  # before anything is checked
        papers = await checked(given, profile, service)
    record = await service.at_desk(
        lambda desk: submit(papers, by=desk.actor(by), desk=desk, **lines_of(lines))
    )
    service.tell(record)
    place = f"/v1/records/{record.id}"
    return Response(as_json(record), 201, {"location": place}, media_type="application/json")


@ROUTER.get("/v1/records/{name}", response_class=Response, responses={**SHOWN, **REFUSED})
async def show(name: RecordId, service: Serving, _: Opining) -> Response:
    """Return a record as it stands."""
    return shown(await service.at_desk(lambda desk: present(name, desk)))


@ROUTER.get(
    "/v1/records/{name}/certificate", response_class=Response, responses={**SHOWN, **REFUSED}
)
async def certificate(name: RecordId, service: Serving, _: Opining) -> Response:
    """Return the certificate that a record stands by, a DSSE envelope."""
    envelope = await service.at_desk(lambda desk: certificate_in(present(name, desk)))
    if envelope is None:
        raise Problem(404, "no-certificate")
    return Response(envelope, media_type="application/json")


@ROUTER.post("/v1/records/{name}/opinions", response_class=Response, responses=CHANGED)
async def opinion(
    name: RecordId, said: OpinionModel, service: Serving, asking: Opining
) -> Response:
    """Give the opinion of a stage; the last one decides and is certified."""
    check_person(said.by, asking)

    def signed(desk: Desk) -> Record:
        record = present(name, desk)
        if record.version.digest != said.digest:
            raise refused(Stale, "stale")
        return sign(
            record, stage=said.stage, by=said.by, decision=said.decision, remark=said.remark,
            ground=said.ground, to=said.to, until=said.until, desk=desk,
        )  # fmt: skip

    return changed(await service.at_desk(signed), service)


@ROUTER.post("/v1/records/{name}/waivers", response_class=Response, responses=CHANGED)
async def waiver(name: RecordId, said: WaiverModel, service: Serving, asking: Opining) -> Response:
    """Hold that a finding may stand, with the reason."""
    return await acted(name, ask.Waive(said.finding, said.reason), said.by, asking, service)


@ROUTER.post("/v1/records/{name}/inspections", response_class=Response, responses=CHANGED)
async def inspection(
    name: RecordId, said: InspectionModel, service: Serving, asking: Opining
) -> Response:
    """State what is in a part that the machine did not read."""
    return await acted(name, ask.Inspect(said.unread, said.reason), said.by, asking, service)


@ROUTER.post("/v1/records/{name}/publications", response_class=Response, responses=CHANGED)
async def publication(
    name: RecordId, said: PublicationModel, service: Serving, asking: Opining
) -> Response:
    """Note which bytes were published where."""
    check_person(said.by, asking)

    def noted(desk: Desk) -> Record:
        record = present(name, desk).id
        return publish(said.sha256, record=record, url=said.url, by=said.by, desk=desk)

    return changed(await service.at_desk(noted), service)


async def acted(name: str, command: Command, by: str, asking: Client, service: Service) -> Response:
    """Return a record after a command."""
    check_person(by, asking)
    return changed(
        await service.at_desk(lambda desk: act(present(name, desk), command, by=by, desk=desk)),
        service,
    )


async def checked(given: Upload, profile: str, service: Service) -> Checked:
    """Return the reports of a bundle, made by the workers as a record needs them."""
    await service.profile(profile)
    day = service.today()
    jobs = [Job(file.name, file.data, profile, day, reveal=True) for file in given.files]
    return Checked(await service.with_room(service.taken(jobs), service.checked(jobs)))


def lines_of(words: dict[str, str]) -> dict[str, str]:
    """Return the lines of a form; raise Problem for those that are arguments of something else."""
    if {"papers", "desk"} & words.keys():
        raise Problem(422, "form")
    return words


def check_person(by: str, asking: Client) -> None:
    """Raise Problem when a client may not speak for a person, or names none."""
    if not by:
        raise Problem(422, "nobody")
    if not asking.may_speak_for(by):
        raise Problem(403, "person")


def present(name: str, desk: Desk) -> Record:
    """Return a record by its id; raise Problem (404) when there is none."""
    events = desk.log.events(name)
    if not events:
        raise Problem(404)
    return fold(events)


def shown(record: Record) -> Response:
    """Return a record as JSON."""
    headers = {"cache-control": "no-store"}
    return Response(as_json(record), headers=headers, media_type="application/json")


def changed(record: Record, service: Service) -> Response:
    """Return a record as JSON after it has changed, and tell of it."""
    service.tell(record)
    return shown(record)
