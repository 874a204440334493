"""What people say about single findings and unread pieces, and what they take back of it."""

from __future__ import annotations

from secreview.errors import NotAllowed, WrongStage
from secreview.review import commands as ask
from secreview.review.commands import Actor
from secreview.review.event import Json
from secreview.review.may import BEYOND_PEOPLE, reasoned, reviewer, within
from secreview.review.record import Phase, Record, Spotted, Unread
from secreview.review.refusals import refused

Said = tuple[str, dict[str, Json]]
OPEN = (Phase.REVIEW, Phase.HELD)


def finding_of(record: Record, name: str) -> Spotted | None:
    """Return a finding of the present version, None when it has no such finding."""
    found = (f for report in record.version.reports for f in report.findings)
    return next((f for f in found if f.id == name), None)


def unread_of(record: Record, name: str) -> Unread | None:
    """Return something unread of the present version, None when there is no such piece."""
    gaps = (gap for report in record.version.reports for gap in report.unread)
    return next((gap for gap in gaps if gap.id == name), None)


def is_upheld_by(record: Record, name: str, actor: Actor) -> bool:
    """Return whether a person holds a finding to be right."""
    return any(u.finding == name and u.actor == actor.id for u in record.upheld)


def waived(record: Record, command: ask.Waive, actor: Actor) -> list[Said]:
    """Return the event of a waiver; for a block it counts for one of the roles of override."""
    within(record, *OPEN)
    reviewer(record, actor)
    finding = finding_of(record, command.finding)
    if finding is None:
        raise refused(WrongStage, "no-finding", finding=command.finding)
    given = [w for w in record.waived if w.finding == finding.id]
    if any(w.actor == actor.id for w in given):
        raise refused(WrongStage, "waived-already", who=actor.id, finding=finding.id)
    if is_upheld_by(record, finding.id, actor):
        raise refused(WrongStage, "upheld-already", who=actor.id, finding=finding.id)
    taken = {w.role for w in given}
    roles = sorted(actor.roles & set(record.flow.override), key=lambda role: role in taken)
    roles += sorted(actor.roles & record.flow.roles)
    body: dict[str, Json] = {
        "finding": finding.id,
        "fingerprint": finding.fingerprint,
        "role": roles[0] if roles else "",
        "reason": reasoned(record, command.reason),
        "digest": record.version.digest,
    }
    return [("waived", body)]


def inspected(record: Record, command: ask.Inspect, actor: Actor) -> list[Said]:
    """Return the event of a person having looked at what was not read."""
    within(record, *OPEN)
    reviewer(record, actor)
    gap = unread_of(record, command.unread)
    if gap is None:
        raise refused(WrongStage, "no-unread", unread=command.unread)
    if gap.why in BEYOND_PEOPLE:
        raise refused(NotAllowed, "not-seen", unread=gap.id, why=gap.why)
    if is_upheld_by(record, gap.id, actor):
        raise refused(WrongStage, "upheld-already", who=actor.id, finding=gap.id)
    reason = reasoned(record, command.reason)
    return [("inspected", {"unread": gap.id, "reason": reason, "digest": record.version.digest})]


def upheld(record: Record, command: ask.Uphold, actor: Actor) -> list[Said]:
    """Return the event of a finding, or something unread, that has to be dealt with."""
    within(record, *OPEN)
    reviewer(record, actor)
    finding = finding_of(record, command.finding)
    if finding is None and unread_of(record, command.finding) is None:
        raise refused(WrongStage, "no-finding", finding=command.finding)
    if (command.finding, actor.id) in spoken(record):
        raise refused(WrongStage, "said-already", who=actor.id, finding=command.finding)
    body: dict[str, Json] = {
        "finding": command.finding,
        "fingerprint": finding.fingerprint if finding else "",
        "reason": command.reason.strip(),
        "digest": record.version.digest,
    }
    return [("upheld", body)]


def retracted(record: Record, command: ask.Retract, actor: Actor) -> list[Said]:
    """Return the event of a person taking back their own word on a finding or an unread piece."""
    within(record, *OPEN)
    if (command.finding, actor.id) not in spoken(record):
        raise refused(WrongStage, "nothing-said", who=actor.id, finding=command.finding)
    return [("retracted", {"finding": command.finding, "digest": record.version.digest})]


def spoken(record: Record) -> set[tuple[str, str]]:
    """Return who has said something that counts about which finding or unread piece."""
    found = {(item.finding, item.actor) for item in record.waived}
    found |= {(item.finding, item.actor) for item in record.upheld}
    return found | {(item.unread, item.actor) for item in record.inspected}
