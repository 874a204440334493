"""Handing a page in at the desk, and the opinions of those who review it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Q

from secreview.api.policy import Answer, Standing, unknown, words
from secreview.errors import NotAllowed, ReviewError
from secreview.integrations.django import conf, gate
from secreview.integrations.django.guard import watching
from secreview.integrations.django.models import Handed
from secreview.integrations.reviewer import Opinion
from secreview.outputs.shape import as_dict, from_dict
from secreview.review.commands import Actor
from secreview.review.record import Attribute, Decision

Result = TypeVar("Result")


def latest(instance: Any) -> Any:
    """Return an object as its latest revision has it."""
    whole = getattr(instance, "specific", instance)
    return whole.get_latest_revision_as_object()


def question(instance: Any) -> gate.Asked:
    """Return what would be asked about the latest revision of an object."""
    draft = latest(instance)
    guard = watching(type(draft))
    assert guard is not None
    return gate.question(draft, guard)


def name_of(instance: Any) -> dict[str, str]:
    """Return model and key of an object as rows name it."""
    guard = watching(type(instance))
    assert guard is not None
    return gate.name_of(instance, guard)


def hand_in(instance: Any, user: Any) -> bool:
    """Hand in the latest revision of an object; return False when exactly that was handed in.

    Raises ReviewError when the desk refuses it or cannot be asked.
    """
    given, name = question(instance), name_of(instance)
    row = Handed.objects.filter(**name).first()
    if row is not None and row.digest == given.item.digest:
        return False
    form = {
        "title": given.title[:200],
        "unit": conf.conf().unit or given.column.name or "-",
        "attribute": Attribute.ACTIVE.value,
        "column": given.column.name,
    }
    reviewer, actor = conf.reviewer(), actor_of(user)
    earlier = row.record if row is not None else ""
    record = at_desk(lambda: reviewer.hand_in(given.item, form, actor, record=earlier))
    said = at_desk(lambda: reviewer.verdict(given.item, given.column.profile))
    Handed.objects.update_or_create(
        **name,
        defaults={
            "digest": given.item.digest,
            "record": record,
            "reports": as_dict(said.reports, lang="zh") if said.reports else {},
        },
    )
    return True


def opine(instance: Any, user: Any, opinion: Opinion) -> None:
    """Give an opinion on the latest revision of an object; raise ReviewError when refused.

    Whoever wrote any revision since the object was last published may not approve it, whatever
    their rights.
    """
    if opinion.decision is not Decision.RETURN and user.pk in authors(instance):
        why = words("gate.own-draft", who=str(user))
        raise NotAllowed(why.en, why.zh)
    given = question(instance)
    row = Handed.objects.filter(**name_of(instance)).first()
    if row is None or row.digest != given.item.digest:
        why = words("policy.changed")
        raise ReviewError(why.en, why.zh)
    at_desk(lambda: conf.reviewer().opine(row.record, given.item, opinion))


def authors(instance: Any) -> frozenset[Any]:
    """Return the keys of those who wrote any revision since an object was last published."""
    revisions = instance.revisions.all()
    since = instance.last_published_at
    if since is not None:
        revisions = revisions.filter(created_at__gt=since)
    wrote = set(revisions.exclude(Q(user=None)).values_list("user_id", flat=True))
    owner = getattr(instance, "owner_id", None)
    if since is None and owner is not None:
        wrote.add(owner)
    return frozenset(wrote)


def actor_of(user: Any) -> Actor:
    """Return a user of the site as records know people: with the roles of their groups."""
    if user is None:
        return Actor("site", auth="host")
    groups = user.groups.values_list("name", flat=True)
    roles = conf.conf().roles
    held = frozenset(role for group in groups for role in roles.get(group, ()))
    return Actor(user.get_username(), held, user.get_full_name(), conf.conf().unit, auth="host")


def told(instance: Any) -> gate.Asked | None:
    """Return what the machine said of the version that was handed in; None for nothing to tell."""
    row = Handed.objects.filter(**name_of(instance)).first()
    if row is None or not row.reports:
        return None
    given = question(instance)
    reports = tuple(from_dict(row.reports))
    if row.digest != given.item.digest or not any(r.findings or r.gaps for r in reports):
        return None
    answer = Answer(Standing.HELD, words("policy.held", n=len(reports), of=len(reports)), reports)
    return replace(given, answer=answer)


def at_desk(ask: Callable[[], Result]) -> Result:
    """Return what the desk answers; raise ReviewError when it refuses or cannot be asked."""
    try:
        return ask()
    except ReviewError:
        raise
    except Exception as error:  # told by its type: messages of libraries quote what they choke on
        why = unknown(error).why
        raise ReviewError(why.en, why.zh) from error
