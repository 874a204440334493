"""The gate in front of the database: whatever saves an object as public is asked for its clearance.

``pre_save`` is the one place that every ordinary way to publish goes through. What goes around it
(``update()``, ``bulk_create()``, SQL) is found by ``sweep`` and not served by what asks ``stands``.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from secreview.api.policy import Answer, Opening, Standing, asked, unknown
from secreview.config import Column
from secreview.errors import NotCleared
from secreview.integrations.django import conf
from secreview.integrations.django.collected import Collected, known, whole
from secreview.integrations.django.guard import Watching, watching
from secreview.integrations.reviewer import Item, decided

LOG = logging.getLogger("secreview.gate")
PENDING = "_secreview_cleared"
held = Signal()  # sent with: instance, answer
opened = Signal()  # sent with: opening


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about an object: its bytes, its column, what people call it, the answer."""

    title: str
    collected: Collected
    item: Item
    column: Column
    answer: Answer


class Held(NotCleared):
    """An object is not published; ``asked`` says what was asked and answered."""

    def __init__(self, asked: Asked) -> None:
        """Take what was asked; the words are those of the answer."""
        self.asked = asked
        super().__init__(asked.answer.why.en, asked.answer.why.zh)


class DatabaseOpenings:
    """Notes of what went out unreviewed, in the database of the site."""

    def note(self, opening: Opening) -> None:
        """Keep an opening in the same transaction as what goes out."""
        from secreview.integrations.django.models import Opening as Row

        Row.objects.create(
            name=opening.name[:200],
            column=opening.column[:100],
            digests=list(opening.digests),
            why=opening.why,
        )
        opened.send(sender=type(self), opening=opening)


def before_save(
    sender: Any,
    instance: Any,
    update_fields: Collection[str] | None = None,
    *,
    raw: bool = False,
    **_: object,
) -> None:
    """Raise Held when an object would be saved as public and is not cleared."""
    guard = watching(sender)
    if guard is None:
        return
    if update_fields is not None and not guard.touches(update_fields):
        return
    present = as_loaded(instance) if raw else as_stored(instance, update_fields)
    if not guard.is_live(present):
        return
    given = question(present, guard)
    if not (is_unchanged(present, guard, given.item) or given.answer.goes_out):
        given = answered(present, guard, given)
    setattr(instance, PENDING, given)


def after_save(sender: Any, instance: Any, **_: object) -> None:
    """Keep what was let through, or forget it when the object is no longer public."""
    from secreview.integrations.django.models import Cleared

    guard = watching(sender)
    if guard is None:
        return
    given: Asked | None = instance.__dict__.pop(PENDING, None)
    if given is not None and given.answer.goes_out:
        keep(instance, guard, given)
    elif not guard.is_live(instance):
        Cleared.objects.filter(**name_of(instance, guard)).delete()


def after_delete(sender: Any, instance: Any, **_: object) -> None:
    """Forget an object that is gone."""
    from secreview.integrations.django.models import Cleared, Handed

    guard = watching(sender)
    if guard is not None:
        for rows in (Cleared, Handed):
            rows.objects.filter(**name_of(instance, guard)).delete()


def as_stored(instance: Any, update_fields: Collection[str] | None) -> Any:
    """Return an object as it will be stored: where only some fields are saved, the rest as it is.

    What is in memory but not saved must not be reviewed in place of what is in the table.
    """
    model = type(instance)
    if update_fields is None or instance.pk is None:
        return instance
    stored = model._base_manager.filter(pk=instance.pk).first()
    if stored is None:
        return instance
    for name in update_fields:
        column = model._meta.get_field(name)
        if column.concrete:
            setattr(stored, column.attname, getattr(instance, column.attname))
        else:  # children that are saved with their parent
            setattr(stored, name, list(getattr(instance, name).all()))
    return stored


def as_loaded(instance: Any) -> Any:
    """Return an object as a fixture leaves it: a row of one table, the rest as it is stored."""
    model = type(instance)
    if not model._meta.parents:
        return instance
    stored = model._base_manager.filter(pk=instance.pk).first()
    if stored is None:
        stored = model()
        for parent in model._meta.get_parent_list():
            row = parent._base_manager.filter(pk=instance.pk).first()
            for column in parent._meta.local_concrete_fields if row is not None else ():
                setattr(stored, column.attname, getattr(row, column.attname))
    for column in model._meta.local_concrete_fields:
        setattr(stored, column.attname, getattr(instance, column.attname))
    return stored


def question(instance: Any, guard: Watching, *, take: Any = whole) -> Asked:
    """Return what is to be asked about an object; nobody has answered yet.

    Raises Held when it cannot be read, under whatever policy.
    """
    column = conf.config().column_of(guard.path(instance))
    title = guard.title(instance)
    nothing = Answer(Standing.HELD, unknown(KeyError()).why)
    try:
        made = guard.collected(instance, take)
        return Asked(title, made, made.item(), column, nothing)
    except Exception as error:  # a file that is gone, a block of a type that is no more
        empty = Collected("")
        answer = Answer(Standing.HELD, unknown(error).why)
        raise Held(Asked(title, empty, empty.item(), column, answer)) from error


def answered(instance: Any, guard: Watching, given: Asked) -> Asked:
    """Return a question with its answer; raise Held when that is no."""
    answer = decided(
        given.item,
        conf.reviewer(),
        given.column,
        openings=DatabaseOpenings(),
        seconds=conf.conf().seconds,
    )
    made = replace(given, answer=answer)
    if not answer.goes_out:
        LOG.warning("held: %s (%s)", given.item.name, answer.why.en)
        held.send(sender=type(instance), instance=instance, answer=answer)
        raise Held(made)
    return made


def explained(given: Asked) -> Asked:
    """Return a question with what the machine finds, for people who have to correct it."""
    if given.answer.reports or given.answer.standing is Standing.UNKNOWN:
        return given
    reviewer, profile = conf.reviewer(), given.column.profile
    said = asked(lambda: reviewer.verdict(given.item, profile), conf.conf().seconds)
    return replace(given, answer=replace(given.answer, reports=said.reports))


def is_unchanged(instance: Any, guard: Watching, item: Item) -> bool:
    """Return whether an object is public already, with exactly these bytes, and was let through."""
    row = cleared_row(instance, guard)
    if row is None or row.digest != item.digest:
        return False
    stored = guard.model(instance)._base_manager.filter(pk=instance.pk).first()
    return stored is not None and guard.is_live(stored)


def stands(instance: Any, guard: Watching) -> bool:
    """Return whether an object is, byte by byte, what the gate let through; never raises."""
    row = cleared_row(instance, guard)
    if row is None:
        return False
    try:
        return bool(question(instance, guard, take=known).item.digest == row.digest)
    except Held:
        return False


def cleared_row(instance: Any, guard: Watching) -> Any:
    """Return what the gate let through of an object last, None for nothing."""
    from secreview.integrations.django.models import Cleared

    if instance.pk is None:
        return None
    return Cleared.objects.filter(**name_of(instance, guard)).first()


def name_of(instance: Any, guard: Watching) -> dict[str, str]:
    """Return model and key of an object as rows name it."""
    return {"model": guard.model(instance)._meta.label_lower, "key": str(instance.pk)}


@transaction.atomic
def keep(instance: Any, guard: Watching, given: Asked) -> None:
    """Keep what was let through of an object, with its files."""
    from secreview.integrations.django.models import Cleared, ClearedFile

    row, _ = Cleared.objects.update_or_create(
        **name_of(instance, guard),
        defaults={
            "digest": given.item.digest,
            "standing": given.answer.standing.value,
            "column": given.column.name[:100],
            "record": given.answer.record,
            "until": given.answer.until,
        },
    )
    if given.answer.record:
        transaction.on_commit(lambda: noted(given, address(instance, guard)))
    row.files.all().delete()
    digests = dict.fromkeys(given.item.digests[1:])
    ClearedFile.objects.bulk_create(ClearedFile(cleared=row, sha256=digest) for digest in digests)


def noted(given: Asked, url: str) -> None:
    """Note in the record what was published where; it is public by now, so a failure is logged."""
    try:
        conf.reviewer().note(given.answer.record, given.item, url)
    except Exception as error:  # a desk that is down meanwhile
        kind = type(error).__name__
        LOG.warning("publication not noted in record %s: %s", given.answer.record, kind)


def address(instance: Any, guard: Watching) -> str:
    """Return the address of an object, as far as it is known."""
    return str(getattr(instance, "full_url", None) or guard.path(instance))
