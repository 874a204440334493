"""The verbs of a record: submit, revise, sign, and everything else people ask of it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from secreview.api.bundle import Checked, Papers, filled, gathered, lines_of, submission_of
from secreview.api.carried import carried
from secreview.api.desk import Desk, desk_of
from secreview.api.kept import Cleaner
from secreview.errors import Stale, UsageError, WrongStage
from secreview.review import commands as ask
from secreview.review.certificate import Certificate, issue
from secreview.review.commands import Actor, Command
from secreview.review.event import Event
from secreview.review.fold import after, fold
from secreview.review.gate import in_force
from secreview.review.hand import by_hand, genuine
from secreview.review.record import Decision, Phase, Record, Role
from secreview.review.refusals import refused
from secreview.review.step import following, released, step


def submit(
    papers: str | os.PathLike[str] | Papers | Checked,
    *,
    by: str | Actor,
    unit: str = "",
    attribute: str = "",
    desk: Desk | None = None,
    **form: str,
) -> Record:
    """Return a new record of a document: checked, kept in masked form, waiting for review.

    ``attribute`` is active, on-request or withheld; an incomplete form comes back in the phase
    ``returned``. Further lines of the form: title, reason, column, channel, drafter, number, index,
    summary, made … Raises UsageError, and WrongStage when the same page is in another open record.
    """
    with at(desk) as here:
        actor = here.actor(by)
        bundle = gathered(papers, here)
        earlier = open_record(bundle.files[0].sha256, here, role=Role.PAGE)
        if earlier is not None:
            raise refused(WrongStage, "handed-in", name=bundle.files[0].name, record=earlier.id)
        lines = filled(form, unit=unit or actor.unit, attribute=attribute)
        submission = submission_of(lines, actor, bundle)
        remembered(here, actor)
        name = new_id(here.clock())
        command = ask.Submit(name, submission, bundle.files, bundle.machines)
        return written(here, name, command, actor)


def revise(
    record: Record | str,
    papers: str | os.PathLike[str] | Papers | Checked,
    *,
    by: str | Actor,
    desk: Desk | None = None,
    **form: str,
) -> Record:
    """Return a record with new files or a completed form: all approvals fall.

    Lines of the form that are not given stay as they were.
    """
    with at(desk) as here:
        actor, old = here.actor(by), loaded(record, here)
        bundle = gathered(papers, here)
        lines = {**lines_of(old.submission), **{k: v for k, v in form.items() if v}}
        submission = submission_of(filled(lines), actor, bundle)
        submission = replace(submission, drafter=old.submission.drafter)
        day = here.clock().date().isoformat()
        kept, proposed = carried(old, bundle.seen, submission, day)
        remembered(here, actor)
        command = ask.Revise(submission, bundle.files, bundle.machines, kept, proposed)
        return written(here, old.id, command, actor)


def sign(
    record: Record | str,
    *,
    stage: str,
    by: str | Actor,
    decision: str | Decision,
    remark: str = "",
    ground: str = "",
    to: str = "",
    until: str = "",
    desk: Desk | None = None,
) -> Record:
    """Return a record after the opinion of a stage; the last one decides and is certified.

    A record given as an object is what the signer has seen: when it has changed since, the opinion
    is refused as Stale. ``to`` names the stage that a return goes to, ``until`` a day (ISO) on
    which to look at the decision again. Raises ReviewError.
    """
    with at(desk) as here:
        actor, present = here.actor(by), loaded(record, here)
        if isinstance(record, Record) and record.version.digest != present.version.digest:
            raise refused(Stale, "stale")
        if ground and ground not in grounds(here):
            known = ", ".join(grounds(here))
            raise UsageError(f"no ground {ground!r}; the grounds are: {known}")
        words, choice = typed(remark, here), decision_of(decision)
        if choice is Decision.WITHDRAW:
            return written(here, present.id, ask.Withdraw(words), actor)
        digest = present.version.digest
        command = ask.Sign(stage, choice, digest, words, ground, to, day_in(until))
        now = written(here, present.id, command, actor)
        return certify(now, by=actor, desk=here) if released(now) and here.signer else now


def act(
    record: Record | str, command: Command, *, by: str | Actor, desk: Desk | None = None
) -> Record:
    """Return a record after any other command: a waiver, a look, a delegation, an answer."""
    with at(desk) as here:
        present = loaded(record, here)
        command = with_clean_words(command, here)
        if isinstance(command, ask.Delegate):
            here.actor(command.to)
        now = written(here, present.id, command, here.actor(by))
        is_release = isinstance(command, ask.BreakGlass) and released(now) and here.signer
        return certify(now, by=by, desk=here) if is_release else now


def follow(record: Record, commands: Iterable[Command], *, by: Actor, desk: Desk) -> Record:
    """Return a record after several commands, kept together or not at all.

    The record is taken as it was seen, not read again: raises Conflict when somebody has written
    to it meanwhile. Words are kept as they are given; clean them first.
    """
    now = record
    fresh: list[Event] = []
    for command in commands:
        made = by_hand(following(now, command, by, desk.clock()), by, desk.hand)
        for event in made:
            now = after(now, event)
        fresh.extend(made)
    desk.log.append(fresh, known=record.events)
    return now


def certify(record: Record | str, *, by: str | Actor, desk: Desk | None = None) -> Record:
    """Return a decided record with a certificate in force; one that is there already stays.

    Raises NotCleared when nothing was decided that may be released, UsageError without a key.
    """
    with at(desk) as here:
        present = loaded(record, here)
        if certificate_in(present) is not None:
            return present
        genuine(here.log.events(present.id), here.people)
        if here.signer is None:
            raise UsageError("there is no key to sign certificates with")
        made: Certificate = issue(present, here.log.head(), here.signer, here.clock())
        names = tuple(subject.sha256 for subject in made.subjects)
        command = ask.Certify(made.envelope.decode(), names, made.until)
        return written(here, present.id, command, here.actor(by))


def certificate_in(record: Record) -> bytes | None:
    """Return the envelope of the certificate that a record stands by, None when there is none."""
    files = released(record)
    if not files or not record.certificates:
        return None
    from secreview.errors import NotCleared
    from secreview.review.certificate import Subject

    try:
        return in_force(record, Subject(files[0].name, files[0].sha256)).envelope.encode()
    except NotCleared:
        return None


def loaded(record: Record | str, desk: Desk) -> Record:
    """Return a record as the log has it now, by the record, its id, or a file it holds."""
    name = record.id if isinstance(record, Record) else record
    events = desk.log.events(name)
    if events:
        return fold(events)
    if Path(name).is_file():
        from secreview.formats.protocol import Source

        sha256 = Source(Path(name).name, path=Path(name)).sha256()
        found = open_record(sha256, desk, role=Role.PAGE) or open_record(sha256, desk)
        if found is not None:
            return found
        raise refused(Stale, "unknown-bytes", name=Path(name).name, sha256=sha256[:12])
    raise UsageError(f"{name}: no such record and no such file")


def records_with(sha256: str, desk: Desk) -> Iterator[Record]:
    """Yield the records whose present version holds these bytes, the latest first."""
    lookup = getattr(desk.log, "records_of", None)
    names = lookup(sha256) if lookup else desk.log.records()
    records = (fold(desk.log.events(name)) for name in names)
    holding = [r for r in records if any(file.sha256 == sha256 for file in r.version.files)]
    yield from sorted(holding, key=lambda record: record.begun, reverse=True)


def open_record(sha256: str, desk: Desk, *, role: Role | None = None) -> Record | None:
    """Return the latest record not withdrawn that holds these bytes, in a role if one is given."""
    for record in records_with(sha256, desk):
        roles = {file.role for file in record.version.files if file.sha256 == sha256}
        if record.phase is not Phase.WITHDRAWN and (role is None or role in roles):
            return record
    return None


def written(desk: Desk, name: str, command: Command, actor: Actor) -> Record:
    """Return a record after a command whose events were kept; nothing is kept when refused."""
    events = desk.log.events(name)
    fresh = by_hand(step(desk.flow, events, command, actor, desk.clock()), actor, desk.hand)
    desk.log.append(fresh, known=len(events))
    return fold((*events, *fresh))


@contextmanager
def at(desk: Desk | None) -> Iterator[Desk]:
    """Give the desk of the caller, or the configured one for as long as it takes."""
    if desk is not None:
        yield desk
        return
    with desk_of() as own:
        yield own


def remembered(desk: Desk, actor: Actor) -> None:
    """Note in the log which rules and provisions reports are made under, where it can hold that."""
    from secreview.store.log import Store

    if isinstance(desk.log, Store):
        from secreview.api.audit import remember

        remember(desk.log, desk.options, actor=actor.id, now=desk.clock())


def typed(words: str, desk: Desk) -> str:
    """Return words that a person typed, with what the rules find in them masked."""
    return Cleaner((), desk.options)(words)


def with_clean_words(command: Command, desk: Desk) -> Command:
    """Return a command whose reason or answer holds no value that the rules find."""
    match command:
        case ask.Resume(answer=words):
            return replace(command, answer=typed(words, desk))
        case (
            ask.Waive(reason=words)
            | ask.Uphold(reason=words)
            | ask.Inspect(reason=words)
            | ask.Delegate(reason=words)
            | ask.BreakGlass(reason=words)
            | ask.Withdraw(reason=words)
            | ask.Reopen(reason=words)
        ):
            return replace(command, reason=typed(words, desk))
    return command


def grounds(desk: Desk) -> tuple[str, ...]:
    """Return the codes of the statutory grounds that the rules know."""
    from secreview.api import rulebook_of

    rulebook = desk.options.rulebook or rulebook_of()
    return tuple(ground.code for ground in rulebook.grounds)


def decision_of(word: str | Decision) -> Decision:
    """Return a decision by its word; raise UsageError naming those there are."""
    try:
        return Decision(word)
    except ValueError as error:
        raise UsageError(f"no decision {word!r}; there are: {', '.join(Decision)}") from error


def day_in(word: str) -> str:
    """Return a day as it is written, or nothing; raise UsageError for what is no day."""
    try:
        return date.fromisoformat(word).isoformat() if word else ""
    except ValueError as error:
        raise UsageError(f"{word!r} is no day; write it as 2026-12-31") from error


def new_id(now: datetime) -> str:
    """Return a new id of a record: the day, and letters nobody can guess."""
    return f"{now:%Y%m%d}-{secrets.token_hex(4)}"
