"""Working days with 调休, and when something is due."""

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secreview.errors import UsageError
from secreview.review.calendar import calendar_of, waiting
from secreview.review.record import Decision
from tests.review.build import FLOWS, HEAD, SECRECY, Case

FILE = FLOWS.parent / "data/working-days.toml"
CALENDAR = calendar_of(tomllib.loads(FILE.read_text("utf-8")), FILE.name)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02", 1, "2026-03-03"),  # Monday, Tuesday
        ("2026-03-06", 1, "2026-03-09"),  # over a weekend
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday at work
        ("2026-02-14", 1, "2026-02-24"),  # over the spring festival
        ("2026-09-30", 2, "2026-10-09"),  # over the national day
        ("2026-10-09", 1, "2026-10-10"),  # a Saturday at work
        ("2026-09-18", 15, "2026-10-15"),  # fifteen days to answer, across two holidays
    ],
)
def test_a_due_day_counts_working_days_only(start, days, due):
    assert CALENDAR.after(date.fromisoformat(start), days) == date.fromisoformat(due)


def test_2026_has_the_days_of_the_notice():
    days = [date(2026, 1, 1) + timedelta(n) for n in range(365)]
    assert sum(map(CALENDAR.is_working, days)) == 248


@given(st.dates(date(2026, 1, 1), date(2026, 9, 1)), st.integers(1, 30))
def test_so_many_working_days_lie_between(start, days):
    due = CALENDAR.after(start, days)
    between = [start + timedelta(n) for n in range(1, (due - start).days + 1)]
    assert sum(map(CALENDAR.is_working, between)) == days
    assert CALENDAR.is_working(due)


def test_a_year_that_is_missing_is_a_clear_error():
    with pytest.raises(UsageError, match=r"no year 2027 \(it has 2026\)"):
        CALENDAR.after(date(2026, 12, 30), 5)


@pytest.mark.parametrize(
    "text",
    ["", "[year.x]\noff = []", "[year.2026]\noff = [2025-01-01]", "[year.2026]\noff = ['x']",
     "[year.2026]\noff = [[2026-01-03, 2026-01-01]]", "[year.2026]\nholidays = []"],
)  # fmt: skip
def test_a_calendar_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        calendar_of(tomllib.loads(text), "days.toml")


def test_everything_open_has_an_owner_and_a_due_day_and_lateness_decides_nothing():
    case = Case()
    (section,) = waiting(case.record, CALENDAR, case.now)
    assert (section.role, section.due, section.is_late) == ("section-head", date(2026, 3, 3), False)
    case.sign(HEAD, "section")
    now = datetime(2026, 3, 20, tzinfo=UTC)
    assert [(o.stage, o.is_late) for o in waiting(case.record, CALENDAR, now)] == [
        ("secrecy", True), ("legal", True),
    ]  # fmt: skip
    assert case.record.done == {"section"}


def test_an_answer_from_outside_has_its_own_term():
    case = Case()
    case.sign(HEAD, "section")
    case.sign(SECRECY, "secrecy", Decision.CONSULT, remark="征求第三方意见")
    due = {o.stage: o.due for o in waiting(case.record, CALENDAR, case.now)}
    assert due == {"secrecy": date(2026, 3, 23), "legal": date(2026, 3, 4)}
