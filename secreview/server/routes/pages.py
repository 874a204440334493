"""``/v1/pages``: a link to the review page for one person, at a record that is kept here."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from secreview.api.at_hand import Paper
from secreview.api.desk import Desk, shown_place, store_place
from secreview.api.seat import Seat, record_of
from secreview.errors import Stale
from secreview.server.access import Opining, Serving
from secreview.server.page.doors import TICKET_SECONDS
from secreview.server.problems import Problem
from secreview.server.routes.records import check_person
from secreview.server.schemas import ALWAYS, LinkModel, body_of, problems
from secreview.server.service import Service
from secreview.server.upload import PageModel, Upload
from secreview.server.work import Job

ROUTER = APIRouter(tags=["records"])


@ROUTER.post(
    "/v1/pages",
    status_code=201,
    responses=problems(*ALWAYS, 409, 415, 422, 429, 503),
    openapi_extra=body_of(PageModel),
)
async def link(
    request: Request, response: Response, service: Serving, asking: Opining
) -> LinkModel:
    """Make a link at which one person goes through a document that was handed in for review.

    The very bytes are handed in again, since records hold none; in a form, ``by`` names the person.
    """
    if service.desk is None:
        raise Problem(503, "no-store")
    async with service.upload(request, PageModel) as given:
        by = given.words.get("by", "")
        check_person(by, asking)
        actor = await service.at_desk(lambda desk: desk.actor(by))  # before anything is read
        papers = await read(given, service)

    def seated(desk: Desk) -> Seat:
        try:
            return Seat(desk, actor, record_of(papers, desk), papers)
        except Stale:  # its words name the file
            raise Problem(409, "not-reviewed") from None

    seat = await service.at_desk(seated)
    ticket = service.doors.ticket(seat, shown_place(store_place(service.config)))
    response.headers["cache-control"] = "no-store"
    address = f"/review/enter?ticket={ticket}"
    return LinkModel(record=seat.record.id, link=address, seconds=TICKET_SECONDS)


async def read(given: Upload, service: Service) -> tuple[Paper, ...]:
    """Return the documents of a bundle as read and judged by the workers."""
    profile, day = given.words.get("profile", ""), service.today()
    await service.profile(profile)
    jobs = [Job(file.name, file.data, profile, day) for file in given.files]
    work = asyncio.gather(*map(service.pool.read, jobs))
    return tuple(await service.with_room(service.taken(jobs), work))
