"""The flow as a state machine: random walks, an oracle, counts of states reached, killed mutants."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview.errors import ReviewError
from secreview.review import disposing, fold, may, signing, step
from secreview.review.flow import Flow
from secreview.review.record import Emergency, Phase, Version
from tests.review.walk import Walk

STEPS, WALKS = 40, 150
STATES = {
    "refused", "decided: publish", "decided: partial", "decided: withhold", "published", "certified",
    "emergency release", "emergency reviewed", "approvals voided by new bytes", "sent back to a stage",
    "held and resumed", "signed for another", "block overridden", "looked at unread", "upheld",
    "taken back and released",
}  # fmt: skip


def walk(seed: int) -> Counter[str]:
    """Return the states that one random walk reaches; fails where the oracle does."""
    chance = random.Random(seed)
    taken = Walk(chance.choice)
    for _ in range(STEPS):
        taken.go()
    taken.end()
    return taken.reached


def test_random_walks_reach_every_interesting_state_and_break_no_promise():
    reached: Counter[str] = Counter()
    for seed in range(WALKS):
        reached += walk(seed)
    missing = {state for state in STATES if not reached[state]}
    assert not missing, f"never reached: {missing}; reached: {dict(reached)}"


@settings(max_examples=40)
@given(st.data())
def test_no_sequence_of_steps_breaks_a_promise(data):
    taken = Walk(lambda options: data.draw(st.sampled_from(options)))
    for _ in range(12):
        taken.go()
    taken.end()


def blind(record, stage, actor, behalf, *, fields):
    """Return what the real rule says of a record that lacks some fields."""
    return OBJECTION(replace(record, **fields), stage, actor, behalf)


OBJECTION, SIGNED, DELEGATED, POWER = may.objection, signing.signed, signing.delegated, may.power
REVISED, RETURNED, STEP, PUBLISHED = fold.revised, fold.returned, step.step, step.published


def keeps_opinions(change):
    """Return a change that forgets to void opinions."""

    def changed(record, event):
        after = change(record, event)
        return replace(after, standing=record.standing)

    return changed


def everything(version, decision):
    """Let out the originals whatever was decided."""
    return version.originals


def no_review(record, actor):
    """Let anybody review."""


MUTANTS = {
    "new bytes keep the approvals": lambda m: m.setitem(fold.CHANGES, "revised", keeps_opinions(REVISED)),
    "a return keeps the approvals": lambda m: m.setitem(fold.CHANGES, "returned", keeps_opinions(RETURNED)),
    "authors may sign": lambda m: m.setattr(
        may, "objection", lambda *a: blind(*a, fields={"authors": frozenset()})),
    "authors may waive": lambda m: m.setattr(disposing, "reviewer", no_review),
    "authors may sign through others": lambda m: (
        m.setattr(may, "objection", lambda r, s, a, b: OBJECTION(r, s, a, "")),
        m.setattr(step, "delegated", lambda r, c, a: DELEGATED(
            replace(r, authors=r.authors - {a.id}), c, a))),
    "one person signs stages kept apart": lambda m: m.setattr(
        may, "objection", lambda *a: blind(*a, fields={"standing": ()})),
    "anybody signs": lambda m: m.setattr(signing, "power", lambda record, stage, actor: ""),
    "a power is handed on again": lambda m: m.setattr(step, "delegated", lambda r, c, a: DELEGATED(
        r, c, replace(a, roles=r.flow.roles) if any(n.to == a.id for n in r.delegations) else a)),
    "unread parts are let out": lambda m: m.setattr(may, "unread_of", lambda record, decision: ()),
    "blocks are let out": lambda m: m.setattr(may, "is_waived", lambda record, finding, waivers: True),
    "what is upheld is let out": lambda m: m.setattr(may, "upheld_in", lambda record, decision: ()),
    "what was taken back still counts": lambda m: m.setitem(fold.CHANGES, "retracted", lambda r, e: r),
    "one person overrides a block": lambda m: m.setattr(may, "has_one_of_each", lambda w, roles: bool(w)),
    "opinions against it do not count": lambda m: m.setattr(signing, "supported", lambda record, decision: None),
    "stages need not wait": lambda m: m.setattr(Flow, "is_open", lambda f, stage, done: stage.id not in done),
    "what was seen may be old": lambda m: m.setattr(step, "signed", lambda r, c, *a: SIGNED(
        r, replace(c, digest=r.version.digest), *a)),
    "one person breaks the glass": lambda m: m.setattr(Emergency, "is_complete", property(lambda e: bool(e.by))),
    "a partial release lets out the original": lambda m: m.setattr(Version, "released", everything),
    "everything may be certified": lambda m: m.setattr(step, "released", lambda r: r.version.originals),
    "anything may be published": lambda m: m.setattr(step, "published", lambda r, c, at: [
        ("published", {"url": c.url, "sha256": c.sha256})]),
    "the clock may run backwards": lambda m: m.setattr(step, "fold", lambda events: replace(
        fold.fold(events), last="")),
    "a withdrawn document stays released": lambda m: m.setitem(
        fold.CHANGES, "reopened", lambda r, e: replace(r, phase=Phase.DECIDED)),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_the_walks_kill_the_mutant(name, monkeypatch):
    MUTANTS[name](monkeypatch)
    for seed in range(WALKS):
        try:
            walk(seed)
        except AssertionError:
            return
        except (ReviewError, IndexError, KeyError) as crash:
            pytest.fail(f"crashed instead of being judged: {crash}")
    pytest.fail("survived")
