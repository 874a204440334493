"""One step of a review: events so far and what a person asks give new events, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import assert_never

from secreview.errors import NotAllowed, NotCleared, Stale, WrongStage
from secreview.review import commands as ask
from secreview.review.body import written
from secreview.review.calendar import day_of
from secreview.review.commands import Actor, Command
from secreview.review.disposing import OPEN, inspected, retracted, upheld, waived
from secreview.review.event import Event, Json
from secreview.review.flow import Flow, table_of
from secreview.review.fold import bundle_digest, fold
from secreview.review.may import reasoned, releasable, reviewer, within
from secreview.review.record import (
    AUDIENCE,
    Attribute,
    Decision,
    File,
    Machine,
    Phase,
    Record,
    Role,
    Submission,
)
from secreview.review.refusals import refused
from secreview.review.signing import delegated, signed, stage_of
from secreview.review.titles import PHASES

RULES = "secreview"  # who speaks when the rules of practice do, not a person
CLOSED = (Phase.DECIDED, Phase.PUBLISHED, Phase.WITHDRAWN)


def step(
    flow: Flow, events: Sequence[Event], command: Command, actor: Actor, now: datetime
) -> tuple[Event, ...]:
    """Return the events that a command adds to a record, to be written together or not at all.

    ``flow`` is used by a submission, which keeps it: a record ends in the flow it began in. Raises
    ReviewError (WrongStage, NotAllowed, Stale, NotCleared) when the flow does not allow the step.
    """
    if isinstance(command, ask.Submit):
        if events:
            raise refused(WrongStage, "begun", record=command.record)
        return begin(flow, command, actor, stamp(now))
    return following(fold(events), command, actor, now)


def following(record: Record, command: Command, actor: Actor, now: datetime) -> tuple[Event, ...]:
    """Return the events that a command adds to a record that was folded before; raises the same."""
    at = stamp(now)
    if at < record.last:
        raise refused(Stale, "clock", now=at, last=record.last)
    return tuple(
        Event(
            record.id,
            kind,
            at,
            actor.id if kind != "returned" or body.get("stage") else RULES,
            body,
        )
        for kind, body in answers(record, command, actor, at)
    )


def stamp(now: datetime) -> str:
    """Return a moment as events write it: RFC 3339, UTC, whole seconds."""
    return now.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


Said = tuple[str, dict[str, Json]]


def answers(  # noqa: C901  # one case for each command
    record: Record, command: Command, actor: Actor, at: str
) -> list[Said]:
    """Return the kinds and bodies of the events that a command adds."""
    match command:
        case ask.Submit():
            raise refused(WrongStage, "begun", record=record.id)
        case ask.Revise():
            return revised(record, command)
        case ask.Sign():
            return signed(record, command, actor, at)
        case ask.Waive():
            return waived(record, command, actor)
        case ask.Uphold():
            return upheld(record, command, actor)
        case ask.Retract():
            return retracted(record, command, actor)
        case ask.Inspect():
            return inspected(record, command, actor)
        case ask.Delegate():
            return delegated(record, command, actor)
        case ask.Resume():
            return resumed(record, command, actor)
        case ask.Escalate():
            return escalated(record, command, at)
        case ask.BreakGlass():
            return broken(record, command, actor)
        case ask.Certify():
            return certified(record, command)
        case ask.Publish():
            return published(record, command, at)
        case ask.Withdraw():
            return withdrawn(record, command, actor)
        case ask.Reopen():
            return reopened(record, command, actor)
    assert_never(command)


def begin(flow: Flow, command: ask.Submit, actor: Actor, at: str) -> tuple[Event, ...]:
    """Return the events of a submission; an incomplete one is returned at once."""
    body: dict[str, Json] = {
        "flow": table_of(flow),
        "submission": written(command.submission),
        **bundle(command.files, command.reports),
    }
    handed = Event(command.record, "submitted", at, actor.id, body)
    back = [
        Event(command.record, kind, at, RULES, body) for kind, body in lacking(command.submission)
    ]
    return (handed, *back)


def bundle(files: Sequence[File], reports: Sequence[Machine]) -> dict[str, Json]:
    """Return the part of a body that describes files; raise WrongStage when it does not add up."""
    if not any(file.role is not Role.COPY for file in files):
        raise refused(WrongStage, "no-files")
    originals = {file.sha256 for file in files if file.role is not Role.COPY}
    known = {report.file for report in reports}
    for file in files:
        if file.sha256 not in known:
            raise refused(WrongStage, "unreported", file=file.name)
        if file.role is Role.COPY and (file.of not in originals or file.sha256 in originals):
            raise refused(WrongStage, "no-original")
    version: dict[str, Json] = {
        "digest": bundle_digest(files),
        "files": written(tuple(files)),
        "reports": written(tuple(reports)),
    }
    digests: list[Json] = [*dict.fromkeys(file.sha256 for file in files)]
    return {"version": version, "digests": digests}


def lacking(submission: Submission) -> list[Said]:
    """Return the return of a form that lacks what the rules of practice ask for, else nothing.

    The drafter states the attribute, and the reasons of any that is not public.
    """
    missing = [name for name in ("title", "unit") if not getattr(submission, name).strip()]
    if submission.attribute is None:
        missing.append("attribute")
    elif submission.attribute is not Attribute.ACTIVE and not submission.reason.strip():
        missing.append("reason")
    if not missing:
        return []
    body: dict[str, Json] = {"stage": "", "to": "", "reason": "", "missing": [*missing]}
    return [("returned", body)]


def revised(record: Record, command: ask.Revise) -> list[Said]:
    """Return the events of a new version."""
    within(record, Phase.RETURNED, Phase.REVIEW, Phase.HELD, Phase.DECIDED, Phase.PUBLISHED)
    body: dict[str, Json] = {
        "submission": written(command.submission),
        "kept": written(command.kept),
        "proposed": written(command.proposed),
        **bundle(command.files, command.reports),
    }
    return [("revised", body), *lacking(command.submission)]


def resumed(record: Record, command: ask.Resume, actor: Actor) -> list[Said]:
    """Return the event of an answer from outside, noted by somebody who reviews."""
    within(record, Phase.HELD)
    reviewer(record, actor)
    return [("resumed", {"answer": reasoned(record, command.answer)})]


def escalated(record: Record, command: ask.Escalate, at: str) -> list[Said]:
    """Return the note that a stage is late; once for each time it opens."""
    stage = stage_of(record, command.stage)
    if (
        not any(moment.stage == stage.id for moment in record.opened)
        or day_of(at).isoformat() <= command.due
    ):
        raise refused(WrongStage, "not-late", stage=stage.title)
    if stage.id in record.escalated:
        raise refused(WrongStage, "told-already", stage=stage.title)
    return [("escalated", {"stage": stage.id, "due": command.due})]


def broken(record: Record, command: ask.BreakGlass, actor: Actor) -> list[Said]:
    """Return the event of one of two people asking for release in an emergency.

    Neither unread parts nor blocks that are not waived can be let out in this way.
    """
    within(record, *OPEN)
    if not actor.roles & set(record.flow.emergency):
        raise refused(NotAllowed, "no-emergency", who=actor.id)
    if actor.id in record.authors:
        raise refused(NotAllowed, "own-draft", who=actor.id)
    old, digest = record.emergency, record.version.digest
    if old is not None and old.digest == digest and actor.id in old.by:
        raise refused(NotAllowed, "emergency-twice")
    releasable(record, Decision.PUBLISH, reviews=False)
    return [("emergency", {"reason": reasoned(record, command.reason), "digest": digest})]


def released(record: Record) -> tuple[File, ...]:
    """Return the files that the present decision, or an emergency, lets out; empty for none."""
    decision, digest = record.decision, record.version.digest
    if record.phase in (Phase.DECIDED, Phase.PUBLISHED) and decision is not None:
        if decision.decision in AUDIENCE and decision.digest == digest:
            return record.version.released(decision.decision)
        return ()
    if is_emergency(record):
        return record.version.released(Decision.PUBLISH)
    return ()


def is_emergency(record: Record) -> bool:
    """Return whether two people have let out the present version before its review is done."""
    emergency = record.emergency
    return (
        emergency is not None
        and emergency.is_complete
        and not emergency.reviewed
        and emergency.digest == record.version.digest
        and record.phase in OPEN
    )


def certified(record: Record, command: ask.Certify) -> list[Said]:
    """Return the event of a certificate on exactly what was decided."""
    files = released(record)
    if not files:
        raise refused(NotCleared, "not-cleared")
    if set(command.subjects) != {file.sha256 for file in files}:
        raise refused(NotCleared, "wrong-subjects")
    body: dict[str, Json] = {
        "envelope": command.envelope,
        "digest": record.version.digest,
        "subjects": [*command.subjects],
        "digests": [*command.subjects],
        "until": command.until,
        "is_emergency": is_emergency(record),
    }
    return [("certified", body)]


def published(record: Record, command: ask.Publish, at: str) -> list[Said]:
    """Return the event of a publication of bytes that a certificate in force covers."""
    let_out = {file.sha256 for file in released(record)}
    covered = any(
        command.sha256 in issued.subjects
        for issued in record.certificates
        if issued.digest == record.version.digest and at <= issued.until
    )
    if not covered or command.sha256 not in let_out:
        raise refused(NotCleared, "not-certified", sha256=command.sha256[:12])
    sha256 = command.sha256
    return [("published", {"url": command.url, "sha256": sha256, "digests": [sha256]})]


def withdrawn(record: Record, command: ask.Withdraw, actor: Actor) -> list[Said]:
    """Return the event of a document taken back by its drafter or down by a reviewer."""
    if record.phase is Phase.WITHDRAWN:
        raise refused(WrongStage, "phase", phase=PHASES[record.phase])
    if actor.id not in record.authors:
        reviewer(record, actor)
    return [("withdrawn", {"reason": reasoned(record, command.reason)})]


def reopened(record: Record, command: ask.Reopen, actor: Actor) -> list[Said]:
    """Return the event of a closed record that is looked at again."""
    within(record, *CLOSED)
    if actor.id not in record.authors:
        reviewer(record, actor)
    return [("reopened", {"reason": reasoned(record, command.reason)})]
