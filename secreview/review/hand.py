"""Events signed by the person who caused them, so that nobody else can have put them there."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from secreview.errors import NotAllowed, NotCleared
from secreview.review.canonical import canonical
from secreview.review.commands import Actor
from secreview.review.envelope import pae
from secreview.review.event import Event
from secreview.review.keys import PrivateKey, PublicKey
from secreview.review.refusals import refused

EVENT = "application/vnd.secreview.event+json"
SIGNATURE = "signature"


def message_of(event: Event) -> bytes:
    """Return the bytes of an event that its person signs: everything but the signature."""
    body = {key: value for key, value in event.body.items() if key != SIGNATURE}
    return pae(EVENT, canonical([event.record, event.kind, event.at, event.actor, body]))


def by_hand(events: Sequence[Event], actor: Actor, hand: PrivateKey | None) -> tuple[Event, ...]:
    """Return events signed by a person who has a key; raise NotAllowed when it is not at hand.

    Events of people without a key, and those by the rules of practice, stay as they are.
    """
    if not actor.keys:
        return tuple(events)
    if hand is None or hand.public.raw.hex() != actor.keys[0]:
        raise refused(NotAllowed, "key", who=actor.id)
    return tuple(signed(event, hand) if event.actor == actor.id else event for event in events)


def signed(event: Event, hand: PrivateKey) -> Event:
    """Return an event with a signature in its body."""
    mark = base64.b64encode(hand.sign(message_of(event))).decode("ascii")
    return replace(event, body={**event.body, SIGNATURE: mark})


def genuine(events: Iterable[Event], people: Mapping[str, Actor]) -> None:
    """Raise NotCleared unless every event of a person who has a key was signed with it.

    Events before the day from which a person signs are taken as they are.
    """
    for number, event in enumerate(events, 1):
        person = people.get(event.actor)
        if person is None or not person.keys or event.at[:10] < person.signs_from:
            continue
        if not is_signed(event, person.keys):
            raise refused(NotCleared, "forged", who=event.actor, entry=event.kind, number=number)


def is_signed(event: Event, keys: Iterable[str]) -> bool:
    """Return whether one of a person's keys signed an event."""
    try:
        mark = base64.b64decode(str(event.body.get(SIGNATURE, "")), validate=True)
    except (ValueError, binascii.Error):
        return False
    message = message_of(event)
    return any(PublicKey("", bytes.fromhex(key)).verifies(mark, message) for key in keys)
