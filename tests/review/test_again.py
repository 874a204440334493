"""What is looked at again, and what is left in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from secreview.review.again import Cause, Memory, Policy, due, later, memories
from secreview.review.chain import LOG
from secreview.review.commands import BreakGlass, Waive
from secreview.review.event import Event
from secreview.review.record import Decision
from secreview.review.terms import Terms
from tests.review.build import HEAD, LEADER, LEGAL, SECRECY, Case, file, finding, report

RULE = "internal/x"  # the rule of the findings of tests.review.build
TERMS = {RULE: Terms("f", "m"), "internal/y": Terms("f", "m")}
KNOWN = [Memory("2026-03-01T00:00:00Z", "sha256:0", TERMS)]
SOON, YEARS = date(2026, 4, 1), date(2030, 1, 1)


def decided(decision=Decision.PUBLISH, ground="", **more):
    case = Case()
    case.sign(HEAD, "section", decision, ground=ground)
    case.sign(SECRECY, "secrecy", decision, ground=ground)
    case.sign(LEGAL, "legal", decision, ground=ground)
    return case.sign(LEADER, "leader", decision, ground=ground, **more)


def causes(records, known=KNOWN, terms=TERMS, until=SOON, **more):
    return [
        (item.cause, item.day, item.rules)
        for item in due(records, known, terms, until=until, **more)
    ]


def test_what_is_decided_under_todays_rules_is_left_in_peace():
    assert causes([decided()]) == []


def test_what_is_under_review_is_not_due():
    assert causes([Case().record], until=YEARS) == []


@pytest.mark.parametrize(
    ("decision", "cause", "day"),
    [
        (Decision.WITHHOLD, Cause.WITHHELD, date(2027, 3, 2)),
        (Decision.ON_REQUEST, Cause.WITHHELD, date(2027, 3, 2)),
        (Decision.INTERNAL, Cause.WITHHELD, date(2027, 3, 2)),
        (Decision.PUBLISH, Cause.CLEAN_UP, date(2028, 3, 2)),
    ],
)
def test_decisions_come_back_after_the_months_of_the_policy(decision, cause, day):
    ground = "G6" if decision in (Decision.WITHHOLD, Decision.INTERNAL) else ""
    record = decided(decision, ground)
    assert causes([record], until=YEARS) == [(cause, day, ())]
    assert causes([record], until=date.fromordinal(day.toordinal() - 1)) == []
    sooner = Policy(withheld=1, published=1)
    assert causes([record], until=date(2026, 4, 2), policy=sooner) == [
        (cause, date(2026, 4, 2), ())
    ]


def test_a_day_named_in_the_decision_comes_first():
    record = decided(Decision.WITHHOLD, "G1", until="2026-06-30")
    found = causes([record], until=YEARS)
    assert found[0] == (Cause.UNTIL, date(2026, 6, 30), ())
    assert [cause for cause, *_ in found] == [Cause.UNTIL, Cause.WITHHELD]


def test_a_rule_that_finds_other_things_touches_what_is_published_only():
    changed = {**TERMS, "internal/y": Terms("other", "m")}
    assert causes([decided()], terms=changed) == [(Cause.RULES, date(2026, 3, 2), ("internal/y",))]
    assert causes([decided(Decision.WITHHOLD, "G6")], terms=changed) == []


def test_a_new_rule_touches_what_is_published():
    added = {**TERMS, "internal/z": Terms("f", "m")}
    assert [rules for *_, rules in causes([decided()], terms=added)] == [("internal/z",)]


def with_finding():
    page = file("一月")
    case = Case(report(page, finding("a", page)), files=[page])
    case.do(SECRECY, Waive("a", "内容已经公开过"))
    case.approve()
    return case.record


def test_a_rule_that_is_gone_or_means_something_else_touches_its_own_findings_only():
    gone = {"internal/y": TERMS["internal/y"]}
    softer = {**TERMS, RULE: Terms("f", "other basis")}
    assert causes([decided()], terms=gone) == []
    assert causes([decided()], terms=softer) == []
    record = with_finding()
    assert [(c, r) for c, _, r in causes([record], terms=gone)] == [(Cause.RULES, (RULE,))]
    assert [(c, r) for c, _, r in causes([record], terms=softer)] == [(Cause.MEANING, (RULE,))]


def test_rules_that_nobody_remembers_count_as_changed():
    assert [(c, r) for c, _, r in causes([decided()], known=[])] == [(Cause.RULES, ())]


def test_of_two_memories_of_a_rulebook_the_one_of_that_time_counts():
    later_on = Memory("2026-08-15T00:00:00Z", "sha256:0", {**TERMS, RULE: Terms("f", "new law")})
    record = with_finding()
    assert causes([record], known=[*KNOWN, later_on]) == []
    found = causes([record], known=[*KNOWN, later_on], terms=later_on.terms)
    assert [cause for cause, *_ in found] == [Cause.MEANING]


def test_an_emergency_release_is_due_until_it_is_reviewed():
    case = Case()
    case.do(SECRECY, BreakGlass("汛情紧急，先行发布"))
    case.do(LEADER, BreakGlass("同意先行发布，随后补审"))
    assert causes([case.record]) == [(Cause.EMERGENCY, date(2026, 3, 2), ())]
    case.approve()
    assert causes([case.record]) == []


def test_the_longest_overdue_comes_first():
    one, other = decided(Decision.WITHHOLD, "G6"), replace(decided(), id="r2")
    days = [item.day for item in due([other, one], KNOWN, TERMS, until=YEARS)]
    assert days == sorted(days)


def test_memories_survive_the_log():
    body = {"digest": "sha256:0", "rules": {RULE: ["f", "m"], "broken": "?"}}
    (memory,) = memories([Event(LOG, "rulebook", "2026-03-01T00:00:00Z", "x", body)])
    assert memory.terms[RULE] == TERMS[RULE]
    assert memory.terms["broken"] == Terms("", "")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2024-02-29", 24, "2026-02-28"),
    ],
)
def test_months_end_where_the_month_ends(start, months, end):
    assert later(date.fromisoformat(start), months).isoformat() == end
