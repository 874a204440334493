"""The opinions of the review page: the stages of the flow, and what this person may say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from secreview.api import rulebook_of
from secreview.api.seat import Seat
from secreview.errors import ReviewError
from secreview.outputs.messages import message
from secreview.review.calendar import day_of
from secreview.review.certificate import verified
from secreview.review.may import power, reviewer, within
from secreview.review.record import Decision, Opinion, Phase
from secreview.review.titles import DECISIONS

OPEN = (Phase.REVIEW, Phase.HELD)


@dataclass(frozen=True, slots=True)
class Station:
    """One stage: who said what there and when, or that it is open."""

    title: str
    who: str = ""
    decision: str = ""
    day: str = ""
    remark: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What this person may say now: stages and decisions by id, or why nothing."""

    stages: tuple[tuple[str, str], ...] = ()
    decisions: tuple[tuple[str, str], ...] = ()
    grounds: tuple[tuple[str, str], ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate that can be downloaded: of which file, until when."""

    name: str
    until: str


def in_words(error: ReviewError, lang: str) -> str:
    """Return a refusal in a language."""
    return error.zh if lang == "zh" else str(error)


def stations(seat: Seat, lang: str) -> Iterator[Station]:
    """Yield the stages of the flow in order."""
    record = seat.record
    given = {opinion.stage: opinion for opinion in record.standing}
    opened = {moment.stage for moment in record.opened}
    for stage in record.flow.stages:
        title = stage.title.in_(lang)
        opinion = given.get(stage.id)
        if opinion is None:
            yield Station(title, is_open=stage.id in opened)
        else:
            yield station(title, opinion, lang)


def station(title: str, opinion: Opinion, lang: str) -> Station:
    """Return a stage that was signed."""
    return Station(
        title,
        opinion.person or opinion.actor,
        DECISIONS[opinion.decision].in_(lang),
        day_of(opinion.at).isoformat(),
        opinion.remark,
    )


def choices(seat: Seat, lang: str) -> Choices:
    """Return what the person at a seat may say now."""
    record, refusal = seat.record, ""
    if record.phase is not Phase.REVIEW:
        return Choices()
    stages = []
    for moment in record.opened:
        stage = record.flow.stage(moment.stage)
        if stage is None:
            continue
        try:
            power(record, stage, seat.actor)
        except ReviewError as error:
            refusal = refusal or in_words(error, lang)
        else:
            stages.append((stage.id, stage.title.in_(lang)))
    if not stages:
        return Choices(refusal=refusal)
    offered = [d for d in Decision if d is not Decision.WITHDRAW]
    if not record.version.copies:
        offered.remove(Decision.PARTIAL)
    rulebook = seat.desk.options.rulebook or rulebook_of()
    return Choices(
        tuple(stages),
        tuple((decision.value, DECISIONS[decision].in_(lang)) for decision in offered),
        tuple((ground.code, ground.title.in_(lang)) for ground in rulebook.grounds),
    )


def refusal_to_dispose(seat: Seat, lang: str) -> str:
    """Return why the person at a seat may not dispose of findings, nothing when they may."""
    try:
        within(seat.record, *OPEN)
        reviewer(seat.record, seat.actor)
    except ReviewError as error:
        return in_words(error, lang)
    return message("page.outdated", lang) if seat.is_outdated else ""


def certificate_of(seat: Seat) -> Paper | None:
    """Return the certificate that the record stands by, None when there is none."""
    envelope = seat.certificate()
    if envelope is None:
        return None
    made = verified(envelope, seat.desk.keys)
    return Paper(made.subjects[0].name, day_of(made.until).isoformat())
