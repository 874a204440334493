"""Who may do what: roles, separation of duties, powers handed on, findings and gaps still open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

from secreview.errors import NotAllowed, NotCleared, WrongStage
from secreview.model import Severity, Why
from secreview.review.commands import Actor
from secreview.review.flow import Stage
from secreview.review.record import (
    AUDIENCE,
    OPENNESS,
    Decision,
    Opinion,
    Phase,
    Record,
    Spotted,
    Unread,
    Waiver,
)
from secreview.review.refusals import refused
from secreview.review.titles import DECISIONS, PHASES, joined

BEYOND_PEOPLE = frozenset(
    {Why.ENCRYPTED, Why.DAMAGED, Why.CRASHED, Why.RULE_CRASHED, Why.LIMIT, Why.UNKNOWN_FORMAT}
)  # a person who opens such a file cannot say that all of it was seen


def within(record: Record, *phases: Phase) -> None:
    """Raise WrongStage unless a record is in one of the phases."""
    if record.phase not in phases:
        raise refused(WrongStage, "phase", phase=PHASES[record.phase])


def power(record: Record, stage: Stage, actor: Actor) -> str:
    """Return in whose place a person signs a stage, empty for the own; raise NotAllowed."""
    refusals = []
    for behalf in ways(record, stage, actor):
        refusal = objection(record, stage, actor, behalf)
        if refusal is None:
            return behalf
        refusals.append(refusal)
    if refusals:
        raise refusals[0]
    raise refused(NotAllowed, "role", who=actor.id, role=stage.role, stage=stage.title)


def ways(record: Record, stage: Stage, actor: Actor) -> Iterable[str]:
    """Yield in whose place a person could sign: empty for the own, then powers handed on."""
    if stage.role in actor.roles:
        yield ""
    for note in record.delegations:
        if note.stage == stage.id and note.to == actor.id:
            yield note.by


def objection(record: Record, stage: Stage, actor: Actor, behalf: str) -> NotAllowed | None:
    """Return why a person may not sign a stage in that way, None when nothing is against it.

    Own drafts and stages kept apart bind both the person and whose power is used.
    """
    people = {actor.id, behalf} - {""}
    own = people & record.authors
    if own:
        return refused(NotAllowed, "own-draft", who=min(own))
    if stage.same_unit and not behalf and actor.unit != record.submission.unit:
        return refused(
            NotAllowed, "unit", stage=stage.title, unit=record.submission.unit, who=actor.id
        )
    for opinion in record.standing:
        other = record.flow.stage(opinion.stage)
        if other is None or not (other.id in stage.apart or stage.id in other.apart):
            continue
        same = people & {opinion.actor, opinion.behalf}
        if same:
            return refused(NotAllowed, "apart", who=min(same), other=other.title, stage=stage.title)
    return None


def reviewer(record: Record, actor: Actor) -> None:
    """Raise NotAllowed unless a person reviews in this flow and did not write this document."""
    if actor.id in record.authors:
        raise refused(NotAllowed, "own-draft", who=actor.id)
    handed = any(note.to == actor.id for note in record.delegations)
    if not (handed or actor.roles & (record.flow.roles | set(record.flow.override))):
        raise refused(NotAllowed, "any-role", who=actor.id)


def reasoned(record: Record, reason: str) -> str:
    """Return a reason without blanks around it; raise NotAllowed when it is too short."""
    reason = reason.strip()
    if len("".join(reason.split())) < record.flow.reason_length:
        raise refused(NotAllowed, "reason", length=record.flow.reason_length)
    return reason


def findings_of(record: Record, decision: Decision) -> tuple[Spotted, ...]:
    """Return the findings in the files that a decision lets out."""
    files = {file.sha256 for file in record.version.released(decision)}
    return tuple(f for r in record.version.reports if r.file in files for f in r.findings)


def unread_of(record: Record, decision: Decision) -> tuple[Unread, ...]:
    """Return what neither the machine nor a person has read in the files a decision lets out."""
    seen = {item.unread for item in record.inspected}
    files = {file.sha256 for file in record.version.released(decision)}
    return tuple(
        gap
        for report in record.version.reports
        if report.file in files
        for gap in report.unread
        if gap.id not in seen
    )


def upheld_in(record: Record, decision: Decision) -> tuple[str, ...]:
    """Return the ids of what people hold to be right in the files that a decision lets out."""
    names = {finding.id for finding in findings_of(record, decision)}
    files = {file.sha256 for file in record.version.released(decision)}
    names |= {gap.id for r in record.version.reports if r.file in files for gap in r.unread}
    return tuple(dict.fromkeys(item.finding for item in record.upheld if item.finding in names))


def waivers_by_finding(record: Record) -> dict[str, list[Waiver]]:
    """Return the waivers that count, by the finding they are for."""
    given: dict[str, list[Waiver]] = {}
    for waiver in record.waived:
        given.setdefault(waiver.finding, []).append(waiver)
    return given


def is_waived(record: Record, finding: Spotted, waivers: Sequence[Waiver]) -> bool:
    """Return whether enough people hold, with reasons, that a finding may stand.

    A block takes one of each role of ``override``, all different people; the rest takes one.
    ``waivers`` are those for this finding.
    """
    if finding.severity is Severity.NOTE:
        return True
    if finding.severity is not Severity.BLOCK:
        return bool(waivers)
    return bool(record.flow.override) and has_one_of_each(waivers, record.flow.override)


def has_one_of_each(waivers: Iterable[Waiver], roles: tuple[str, ...]) -> bool:
    """Return whether different people stand for all of the roles."""
    held: dict[str, set[str]] = {}
    for waiver in waivers:
        held.setdefault(waiver.actor, set()).add(waiver.role)
    return any(
        all(role in held[person] for role, person in zip(roles, order, strict=True))
        for order in permutations(held, len(roles))
    )


def releasable(record: Record, decision: Decision, *, reviews: bool = True) -> None:
    """Raise NotCleared unless what a decision lets out was read, and its findings were decided.

    ``reviews`` says whether findings for review count too (in an emergency they wait).
    """
    files = record.version.released(decision)
    if not files:
        raise refused(NotCleared, "no-copy")
    for file in files:
        if record.version.report_on(file) is None:
            raise refused(NotCleared, "unreported", file=file.name)
    unread = unread_of(record, decision)
    if unread:
        ids = ", ".join(gap.id for gap in unread)
        raise refused(NotCleared, "unread", count=len(unread), ids=ids)
    upheld = upheld_in(record, decision)
    if upheld:
        raise refused(NotCleared, "upheld", count=len(upheld), ids=", ".join(upheld))
    given = waivers_by_finding(record)
    left = [
        f for f in findings_of(record, decision) if not is_waived(record, f, given.get(f.id, ()))
    ]
    blocks = [f.id for f in left if f.severity is Severity.BLOCK]
    if blocks:
        roles = ", ".join(record.flow.override) or "-"
        raise refused(NotCleared, "blocked", count=len(blocks), ids=", ".join(blocks), roles=roles)
    if left and reviews:
        ids = ", ".join(f.id for f in left)
        raise refused(NotCleared, "undecided", count=len(left), ids=ids)


def supported(record: Record, decision: Decision) -> None:
    """Raise NotCleared unless the opinions before the last stage allow what it decides."""
    against: set[str] = set()
    if decision in AUDIENCE and not carries(record, record.flow.last, decision, against):
        titles = [s.title for s in record.flow.stages if s.id in against]
        stages = joined(titles)
        raise refused(NotCleared, "unsupported", stages=stages, decision=DECISIONS[decision])


def allows(opinion: Opinion, record: Record, decision: Decision) -> bool:
    """Return whether an opinion is about the present version and as open as a decision."""
    is_present = opinion.digest == record.version.digest
    return is_present and OPENNESS[opinion.decision] >= OPENNESS[decision]


def carries(record: Record, stage: Stage, decision: Decision, against: set[str]) -> bool:
    """Return whether enough stages before one allow a decision; collects those that do not."""
    given = {opinion.stage: opinion for opinion in record.standing}
    count = 0
    for name in stage.after:
        before = record.flow.stage(name)
        opinion = given.get(name)
        if before is None or opinion is None or not allows(opinion, record, decision):
            against.add(name)
        elif carries(record, before, decision, against):
            count += 1
    return count >= stage.needed
