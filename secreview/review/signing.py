"""Opinions of stages, the decision of the last one, and stages handed to another person."""

from __future__ import annotations

from dataclasses import replace

from secreview.errors import NotAllowed, NotCleared, Stale, WrongStage
from secreview.review.commands import Actor, Delegate, Sign
from secreview.review.event import Json
from secreview.review.flow import Stage
from secreview.review.may import power, reasoned, releasable, supported, within
from secreview.review.record import (
    AUDIENCE,
    HOLDING,
    OPENNESS,
    Decision,
    Opinion,
    Phase,
    Record,
)
from secreview.review.refusals import refused
from secreview.review.titles import DECISIONS, joined

Said = tuple[str, dict[str, Json]]
SPEAKS_FOR_ITSELF = frozenset({Decision.PUBLISH, Decision.PARTIAL})


def signed(record: Record, command: Sign, actor: Actor, at: str) -> list[Said]:
    """Return the events of an opinion: it stands, sends back, holds, or decides."""
    stage = ready(record, command.stage)
    behalf = power(record, stage, actor)
    if command.digest != record.version.digest:
        raise refused(Stale, "stale")
    opinion = Opinion(
        stage.id, actor.id, stage.role, command.decision, at, command.digest,
        remark_of(record, command), ground_of(command), actor.name, actor.unit, behalf, actor.auth,
    )  # fmt: skip
    said: list[Said] = [("signed", body_of(opinion))]
    if command.decision is Decision.RETURN:
        return [*said, sent_back(record, stage, command)]
    if command.decision in HOLDING:
        hold: dict[str, Json] = {"stage": stage.id, "decision": command.decision.value}
        return [*said, ("held", {**hold, "reason": opinion.remark})]
    if command.decision not in OPENNESS:
        raise refused(WrongStage, "no-opinion", decision=DECISIONS[command.decision])
    if command.decision is Decision.PARTIAL and not record.version.copies:
        raise refused(NotCleared, "no-copy")
    if stage.decides:
        said.append(decided(record, opinion, command.until))
    return said


def ready(record: Record, name: str) -> Stage:
    """Return a stage that can be signed now; raise WrongStage saying what it waits for."""
    stage = stage_of(record, name)
    if record.phase is Phase.HELD:
        raise refused(WrongStage, "held", decision=DECISIONS[record.holds[-1].decision])
    within(record, Phase.REVIEW)
    given = next((o for o in record.standing if o.stage == stage.id), None)
    if given is not None:
        raise refused(WrongStage, "signed-already", stage=stage.title, who=given.actor)
    if not record.flow.is_open(stage, record.done):
        waiting = joined([s.title for s in record.flow.stages if s.id in stage.after])
        raise refused(WrongStage, "not-open", stage=stage.title, waiting=waiting)
    return stage


def stage_of(record: Record, name: str) -> Stage:
    """Return a stage of a record's flow; raise WrongStage naming those there are."""
    stage = record.flow.stage(name)
    if stage is None:
        known = ", ".join(s.id for s in record.flow.stages)
        raise refused(WrongStage, "no-stage", flow=record.flow.id, stage=name, known=known)
    return stage


def remark_of(record: Record, command: Sign) -> str:
    """Return the remark of an opinion; all but publication ask for a reason."""
    if command.decision in SPEAKS_FOR_ITSELF:
        return command.remark.strip()
    return reasoned(record, command.remark)


def ground_of(command: Sign) -> str:
    """Return the code of the ground; withholding takes one."""
    if command.decision is Decision.WITHHOLD and not command.ground.strip():
        raise refused(NotAllowed, "ground")
    return command.ground.strip()


def body_of(opinion: Opinion) -> dict[str, Json]:
    """Return the body of the event of an opinion; actor and time are the event's own."""
    return {
        "stage": opinion.stage,
        "role": opinion.role,
        "decision": opinion.decision.value,
        "digest": opinion.digest,
        "remark": opinion.remark,
        "ground": opinion.ground,
        "person": opinion.person,
        "unit": opinion.unit,
        "behalf": opinion.behalf,
        "auth": opinion.auth,
    }


def sent_back(record: Record, stage: Stage, command: Sign) -> Said:
    """Return the event of a return, to the drafter or to an earlier stage."""
    if command.to and command.to not in record.flow.before(stage.id):
        raise refused(WrongStage, "return-to", stage=stage.title, to=command.to)
    reason = command.remark.strip()
    return "returned", {"stage": stage.id, "to": command.to, "reason": reason, "missing": []}


def decided(record: Record, opinion: Opinion, until: str) -> Said:
    """Return the event of the decision; a release is checked against everything before it."""
    if opinion.decision in AUDIENCE:
        whole = replace(record, standing=(*record.standing, opinion))
        supported(whole, opinion.decision)
        releasable(record, opinion.decision)
    return "decided", {
        "decision": opinion.decision.value,
        "digest": opinion.digest,
        "ground": opinion.ground,
        "reason": opinion.remark,
        "until": until,
    }


def delegated(record: Record, command: Delegate, actor: Actor) -> list[Said]:
    """Return the event of a stage handed on by somebody who holds it in their own right."""
    stage = stage_of(record, command.stage)
    within(record, Phase.REVIEW, Phase.HELD)
    if stage.role not in actor.roles:
        if any(note.to == actor.id for note in record.delegations):
            raise refused(NotAllowed, "delegate-depth")
        raise refused(NotAllowed, "role", who=actor.id, role=stage.role, stage=stage.title)
    if actor.id == command.to:
        raise refused(NotAllowed, "delegate-self")
    if stage.same_unit and actor.unit != record.submission.unit:
        raise refused(
            NotAllowed, "unit", stage=stage.title, unit=record.submission.unit, who=actor.id
        )
    for person in (actor.id, command.to):
        if person in record.authors:
            raise refused(NotAllowed, "own-draft", who=person)
    reason = reasoned(record, command.reason)
    return [("delegated", {"stage": stage.id, "to": command.to, "reason": reason})]
