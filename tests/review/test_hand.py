"""Entries signed by the person they name."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from secreview.errors import NotAllowed, NotCleared, UsageError
from secreview.review.commands import Sign, Submit
from secreview.review.fold import fold
from secreview.review.hand import by_hand, genuine
from secreview.review.keys import new_key, private_key
from secreview.review.record import Decision
from secreview.review.step import step
from tests.review.build import FORM, SECRECY, WRITER, file, flow, report

HAND, STRANGER = private_key(new_key()[0]), private_key(new_key()[0])
SHAO = replace(SECRECY, keys=(HAND.public.raw.hex(),))
PEOPLE = {"shao": SHAO, "lin": WRITER}
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def history():
    """Return a submission by somebody without a key and an opinion by somebody with one."""
    page = file("文")
    events = step(flow("office"), (), Submit("r", FORM, (page,), (report(page),)), WRITER, NOW)
    digest = fold(events).version.digest
    fresh = step(flow("office"), events, Sign("secrecy", Decision.PUBLISH, digest), SHAO, NOW)
    return events, by_hand(fresh, SHAO, HAND)


def test_an_entry_of_a_person_with_a_key_takes_the_key():
    events, opinion = history()
    genuine((*events, *opinion), PEOPLE)
    assert "signature" not in events[0].body
    assert fold((*events, *opinion)).done == {"secrecy"}
    for hand in (None, STRANGER):
        with pytest.raises(NotAllowed, match="--key"):
            by_hand(opinion, SHAO, hand)


@pytest.mark.parametrize(
    "forge",
    [
        lambda e: replace(e, body={k: v for k, v in e.body.items() if k != "signature"}),
        lambda e: replace(e, body={**e.body, "decision": "withhold"}),
        lambda e: replace(e, body={**e.body, "auth": "host"}),
        lambda e: replace(e, body={**e.body, "signature": "no base64!"}),
        lambda e: replace(e, at="2026-03-02T01:00:01Z"),
        lambda e: replace(e, record="r2"),
        lambda e: replace(e, kind="waived"),
        lambda e: by_hand([replace(e)], replace(SHAO, keys=(STRANGER.public.raw.hex(),)), STRANGER)[
            0
        ],
    ],
)
def test_an_entry_that_was_changed_or_signed_by_another_does_not_pass(forge):
    events, (opinion,) = history()
    with pytest.raises(NotCleared, match="not signed by them"):
        genuine((*events, forge(opinion)), PEOPLE)


def test_an_earlier_key_and_the_time_before_keys_are_known():
    events, (opinion,) = history()
    later = replace(SHAO, keys=(STRANGER.public.raw.hex(), *SHAO.keys))
    genuine((*events, opinion), {"shao": later})
    with pytest.raises(NotAllowed):
        by_hand([opinion], later, HAND)
    bare = replace(opinion, body={**opinion.body, "signature": ""})
    genuine((*events, bare), {"shao": replace(SHAO, signs_from="2026-03-03")})
    with pytest.raises(NotCleared):
        genuine((*events, bare), {"shao": replace(SHAO, signs_from="2026-03-02")})


def test_a_key_in_a_file_of_people_is_checked():
    from pathlib import Path

    from secreview.review.flow_file import checked_people

    table = {"person": [{"id": "shao", "keys": ["abc"]}]}
    with pytest.raises(UsageError, match="keys"):
        checked_people(table, Path("people.toml"))
