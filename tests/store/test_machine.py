"""A log under any order of writers, refusals, erasures, reopenings: it is what a list would be."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from secreview.errors import Conflict, StoreError, Tampered
from secreview.review.chain import LOG
from secreview.review.event import Event
from secreview.store.check import verify
from secreview.store.export import lines, verify_lines
from secreview.store.log import CLOCK
from secreview.store.open import open_log
from secreview.store.retention import Erasure, erase

REACHED: Counter[str] = Counter()
RECORDS = st.sampled_from(["a", "b", "c"])


def at(minute: int) -> str:
    return f"2026-11-25T{minute // 60:02}:{minute % 60:02}:00Z"


class Logged(RuleBasedStateMachine):
    """Two handles on one store, and a plain model of what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.place = str(Path(self.folder.name) / "records.db")
        self.handles = [open_log(self.place) for _ in range(2)]
        self.logs = [handle.__enter__() for handle in self.handles]
        self.model: dict[str, list[Event]] = {}
        self.erased: set[str] = set()
        self.heads: dict[int, str] = {}
        self.minute = 10
        self.remarks = 0

    def teardown(self) -> None:
        for handle in self.handles:
            handle.__exit__(None, None, None)
        self.folder.cleanup()

    @property
    def total(self) -> int:
        return sum(map(len, self.model.values())) + self.remarks

    @rule(writer=st.integers(0, 1), record=RECORDS, count=st.integers(1, 3), step=st.integers(0, 2))
    def append(self, writer, record, count, step):
        now = self.minute + step
        events = [Event(record, "signed", at(now), "x", {"n": n}) for n in range(count)]
        known = len(self.model.get(record, ()))
        if record in self.erased:
            return
        head = self.logs[writer].append(events, known=known)
        self.minute = now
        self.model.setdefault(record, []).extend(events)
        self.heads[head.count] = head.digest
        REACHED["append"] += 1

    @precondition(lambda self: self.model)
    @rule(writer=st.integers(0, 1), data=st.data())
    def append_with_old_knowledge(self, writer, data):
        record = data.draw(st.sampled_from(sorted(self.model)))
        if record in self.erased:
            return
        known = data.draw(st.integers(0, len(self.model[record]) - 1))
        try:
            self.logs[writer].append([Event(record, "x", at(self.minute), "x", {})], known=known)
            raise AssertionError("old knowledge was accepted")
        except Conflict:
            REACHED["conflict"] += 1

    @precondition(lambda self: self.model)
    @rule(back=st.integers(6, 9))
    def append_in_the_past(self, back):
        try:
            self.logs[0].append([Event("z", "x", at(self.minute - back), "x", {})], known=0)
            raise AssertionError("the past was accepted")
        except StoreError:
            REACHED["clock backwards"] += 1

    @precondition(lambda self: set(self.model) - self.erased)
    @rule(data=st.data())
    def erase(self, data):
        record = data.draw(st.sampled_from(sorted(set(self.model) - self.erased)))
        head = erase(self.logs[0], Erasure(record, "到期", "x", at(self.minute)))
        self.erased.add(record)
        self.remarks += 1
        self.heads[head.count] = head.digest
        REACHED["erase"] += 1

    @precondition(lambda self: self.erased)
    @rule(data=st.data())
    def append_to_what_is_erased(self, data):
        record = data.draw(st.sampled_from(sorted(self.erased)))
        event = Event(record, "x", at(self.minute), "x", {})
        try:
            self.logs[0].append([event], known=len(self.model[record]))
            raise AssertionError("an erased record went on")
        except StoreError as error:
            assert not isinstance(error, Conflict)
            REACHED["append to erased"] += 1

    @rule(writer=st.integers(0, 1), remarks=st.booleans())
    def reopen(self, writer, remarks):
        if remarks:
            self.logs[1].remark(Event(LOG, CLOCK, at(self.minute), "x", {"reason": "校时"}))
            self.remarks += 1
            REACHED["clock"] += 1
        self.handles[writer].__exit__(None, None, None)
        self.handles[writer] = open_log(self.place)
        self.logs[writer] = self.handles[writer].__enter__()
        REACHED["reopen"] += 1

    @invariant()
    def it_holds_what_the_model_holds(self):
        for log in self.logs:
            assert set(log.records()) == set(self.model) - self.erased
            for record in set(self.model) - self.erased:
                assert log.events(record) == self.model[record]
            assert log.head().count == self.total

    @invariant()
    def it_verifies_back_to_every_head_it_ever_had(self):
        found = verify(self.logs[0], self.heads)
        assert found.head.count == self.total
        assert found.erased == sum(len(self.model[record]) for record in self.erased)
        assert verify_lines(lines(self.logs[1]), self.heads) == found
        try:
            verify(self.logs[0], {self.total + 1: "0" * 64})
            raise AssertionError("a longer log was not missed")
        except Tampered:
            pass


def test_a_log_behaves_as_a_list_that_forgets_only_what_it_says():
    from hypothesis.stateful import run_state_machine_as_test

    REACHED.clear()
    run_state_machine_as_test(
        Logged,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,  # so that what is reached is reached each time
            suppress_health_check=list(HealthCheck),  # a busy disk is no fault
        ),
    )
    for state in (
        "append",
        "append to erased",
        "conflict",
        "clock backwards",
        "erase",
        "clock",
        "reopen",
    ):
        assert REACHED[state] > 0, (state, REACHED)
