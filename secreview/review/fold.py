"""The state of a record: the fold of its events, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from secreview.errors import StoreError
from secreview.review.body import read, written
from secreview.review.canonical import digest
from secreview.review.event import Event
from secreview.review.flow import flow_of
from secreview.review.record import (
    OPENNESS,
    Decision,
    Delegation,
    Emergency,
    File,
    Hold,
    Inspected,
    Issued,
    Moment,
    Opinion,
    Phase,
    Proposal,
    Publication,
    Record,
    Return,
    Ruling,
    Submission,
    Upheld,
    Version,
    Waiver,
)


def fold(events: Sequence[Event]) -> Record:
    """Return the record that events make; raise StoreError for none or for what is no event.

    The order of opinions of parallel stages makes no difference to where the record stands.
    """
    if not events or events[0].kind != "submitted":
        raise StoreError("a record begins with what was submitted")
    record = begun(events[0])
    for event in events[1:]:
        record = after(record, event)
    return record


def begun(event: Event) -> Record:
    """Return the record that a submission begins."""
    body: Mapping[str, Any] = event.body
    try:
        flow = flow_of(body["flow"])
        submission = read(Submission, body["submission"])
        version = read(Version, {**body["version"], "by": event.actor, "at": event.at})
    except (KeyError, TypeError, StopIteration) as error:
        raise StoreError("an event does not hold a valid submission") from error
    record = Record(
        event.record,
        flow,
        submission,
        (version,),
        Phase.REVIEW,
        authors=frozenset({event.actor, submission.drafter}),
        begun=event.at,
        last=event.at,
        events=1,
    )
    return opening(record, event.at)


def after(record: Record, event: Event) -> Record:
    """Return a record after one more event."""
    change = CHANGES.get(event.kind)
    if change is None:
        raise StoreError(f"an event of kind {event.kind!r} is not known to this version")
    try:
        record = change(record, event)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise StoreError(f"an event of kind {event.kind!r} does not hold together") from error
    return opening(replace(record, last=event.at, events=record.events + 1), event.at)


def opening(record: Record, at: str) -> Record:
    """Return a record with the moment at which each stage that can be signed now was opened."""
    if record.phase not in (Phase.REVIEW, Phase.HELD):
        return replace(record, opened=())
    ready = {stage.id for stage in record.flow.stages if record.flow.is_open(stage, record.done)}
    known = {moment.stage: moment for moment in record.opened}
    opened = tuple(
        known.get(stage.id, Moment(stage.id, at))
        for stage in record.flow.stages
        if stage.id in ready
    )
    escalated = frozenset(name for name in record.escalated if name in ready)
    return replace(record, opened=opened, escalated=escalated)


def bundle_digest(files: Sequence[File]) -> str:
    """Return the digest of a bundle: what its files are and their bytes, not their names."""
    return digest(sorted([file.role.value, file.sha256, file.of] for file in files))


def made(kind: type[Any], event: Event, **more: object) -> Any:
    """Return a noun from the body of an event, its actor and its time."""
    return read(kind, {**event.body, "at": event.at, **{k: written(v) for k, v in more.items()}})


def signed(record: Record, event: Event) -> Record:
    """Return a record with one more opinion; one that closes a review stands at its stage."""
    opinion: Opinion = made(Opinion, event, actor=event.actor)
    stands = opinion.decision in OPENNESS
    return replace(
        record,
        opinions=(*record.opinions, opinion),
        standing=(*record.standing, opinion) if stands else record.standing,
    )


def returned(record: Record, event: Event) -> Record:
    """Return a record sent back: to the drafter all opinions fall, else those from there on."""
    note: Return = made(Return, event, by=event.actor)
    record = replace(record, returns=(*record.returns, note))
    if not note.to:
        return voided(record, Phase.RETURNED)
    fallen = {note.to, *record.flow.behind(note.to)}
    kept = tuple(opinion for opinion in record.standing if opinion.stage not in fallen)
    opened = tuple(moment for moment in record.opened if moment.stage not in fallen)
    return replace(
        record, standing=kept, opened=opened, phase=Phase.REVIEW, emergency=ended(record)
    )


def voided(record: Record, phase: Phase) -> Record:
    """Return a record whose opinions, decision and powers handed on no longer count."""
    return replace(
        record,
        phase=phase,
        standing=(),
        delegations=(),
        decision=None,
        emergency=ended(record),
        opened=(),
    )


def ended(record: Record) -> Emergency | None:
    """Return what stays visible of an emergency whose release no longer holds."""
    if record.emergency is None or not record.emergency.is_complete:
        return None
    return replace(record.emergency, digest="")


def revised(record: Record, event: Event) -> Record:
    """Return a record with new bytes: every approval falls, waivers that were carried stay."""
    body: Mapping[str, Any] = event.body
    version = read(Version, {**body["version"], "by": event.actor, "at": event.at})
    kept = tuple(read(Waiver, row) for row in body.get("kept", ()))
    proposed = tuple(read(Proposal, row) for row in body.get("proposed", ()))
    submission = read(Submission, body["submission"])
    return replace(
        voided(record, Phase.REVIEW),
        submission=submission,
        versions=(*record.versions, version),
        waived=kept,
        upheld=still_upheld(record, version),
        proposed=proposed,
        inspected=(),
        authors=record.authors | {event.actor, submission.drafter},
    )


def still_upheld(record: Record, version: Version) -> tuple[Upheld, ...]:
    """Return what was held to be right and stands in a later version exactly as it stood."""
    said = {(item.fingerprint, item.actor): item for item in record.upheld if item.fingerprint}
    return tuple(
        replace(item, finding=finding.id)
        for report in version.reports
        for finding in report.findings
        for (fingerprint, _), item in said.items()
        if fingerprint == finding.fingerprint
    )


def waived(record: Record, event: Event) -> Record:
    """Return a record with one more waiver."""
    waiver: Waiver = made(Waiver, event, actor=event.actor)
    left = tuple(
        item
        for item in record.proposed
        if (item.finding, item.actor) != (waiver.finding, waiver.actor)
    )
    return replace(
        record,
        waivers=(*record.waivers, waiver),
        waived=(*record.waived, waiver),
        proposed=left,
    )


def upheld(record: Record, event: Event) -> Record:
    """Return a record in which a person holds a finding to be right; ends an emergency release."""
    said: Upheld = made(Upheld, event, actor=event.actor)
    return replace(record, upheld=(*record.upheld, said), emergency=ended(record))


def retracted(record: Record, event: Event) -> Record:
    """Return a record in which a person has taken back what they said about a finding.

    An emergency release that may have rested on it ends.
    """
    name, who = text(event, "finding"), event.actor
    return replace(
        record,
        waived=tuple(w for w in record.waived if (w.finding, w.actor) != (name, who)),
        upheld=tuple(u for u in record.upheld if (u.finding, u.actor) != (name, who)),
        inspected=tuple(i for i in record.inspected if (i.unread, i.actor) != (name, who)),
        emergency=ended(record),
    )


def inspected(record: Record, event: Event) -> Record:
    """Return a record in which a person has looked at what was not read."""
    looked: Inspected = made(Inspected, event, actor=event.actor)
    return replace(record, inspected=(*record.inspected, looked))


def delegated(record: Record, event: Event) -> Record:
    """Return a record in which a signer has handed on a stage."""
    note: Delegation = made(Delegation, event, by=event.actor)
    return replace(record, delegations=(*record.delegations, note))


def held(record: Record, event: Event) -> Record:
    """Return a record that waits for somebody outside."""
    hold: Hold = made(Hold, event, by=event.actor)
    return replace(record, holds=(*record.holds, hold), phase=Phase.HELD)


def resumed(record: Record, event: Event) -> Record:
    """Return a record that goes on after an answer."""
    hold = replace(record.holds[-1], answer=text(event, "answer"), answered=event.at)
    return replace(record, holds=(*record.holds[:-1], hold), phase=Phase.REVIEW)


def decided(record: Record, event: Event) -> Record:
    """Return a record whose review is closed; that also is the review after an emergency."""
    ruling: Ruling = made(Ruling, event, by=event.actor)
    emergency = record.emergency
    if emergency is not None:
        emergency = replace(emergency, reviewed=True)
    return replace(
        record,
        phase=Phase.DECIDED,
        decision=ruling,
        decisions=(*record.decisions, ruling),
        emergency=emergency,
    )


def escalated(record: Record, event: Event) -> Record:
    """Return a record in which somebody above was told that a stage is late."""
    return replace(record, escalated=record.escalated | {text(event, "stage")})


def broken(record: Record, event: Event) -> Record:
    """Return a record in which one more person broke the glass."""
    old = record.emergency
    if old is None or old.is_complete or old.digest != text(event, "digest"):
        old = Emergency((), (), event.at, text(event, "digest"))
    now = replace(
        old, by=(*old.by, event.actor), reasons=(*old.reasons, text(event, "reason")), at=event.at
    )
    return replace(record, emergency=now)


def certified(record: Record, event: Event) -> Record:
    """Return a record with one more certificate."""
    issued: Issued = made(Issued, event)
    return replace(record, certificates=(*record.certificates, issued))


def published(record: Record, event: Event) -> Record:
    """Return a record whose bytes were published; in an emergency the review goes on."""
    note: Publication = made(Publication, event, by=event.actor)
    phase = Phase.PUBLISHED if record.phase is Phase.DECIDED else record.phase
    return replace(record, publications=(*record.publications, note), phase=phase)


def withdrawn(record: Record, event: Event) -> Record:
    """Return a record taken back or taken down."""
    ruling = Ruling(
        Decision.WITHDRAW,
        event.actor,
        event.at,
        record.version.digest,
        reason=text(event, "reason"),
    )
    record = voided(record, Phase.WITHDRAWN)
    return replace(record, decision=ruling, decisions=(*record.decisions, ruling))


def reopened(record: Record, event: Event) -> Record:
    """Return a record that is looked at again from the first stage on."""
    text(event, "reason")
    return voided(record, Phase.REVIEW)


def text(event: Event, key: str) -> str:
    """Return a string of an event's body; raise TypeError when it is none."""
    value = event.body[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


CHANGES: Mapping[str, Callable[[Record, Event], Record]] = {
    "returned": returned,
    "revised": revised,
    "signed": signed,
    "held": held,
    "resumed": resumed,
    "decided": decided,
    "waived": waived,
    "upheld": upheld,
    "retracted": retracted,
    "inspected": inspected,
    "delegated": delegated,
    "escalated": escalated,
    "emergency": broken,
    "certified": certified,
    "published": published,
    "withdrawn": withdrawn,
    "reopened": reopened,
}
