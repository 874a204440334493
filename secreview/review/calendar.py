"""Working days of China, with 调休, from a data file that each year's notice replaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from secreview.errors import UsageError
from secreview.review.record import Phase, Record

CHINA = timezone(timedelta(hours=8))
SATURDAY = 5
LONGEST = 400  # days that are looked through before giving up


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and working weekends of the years it knows; any other year is an error."""

    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]
    source: str = ""

    def is_working(self, day: date) -> bool:
        """Return whether people work on a day; raise UsageError for a year it does not know."""
        if day.year not in self.years:
            known = ", ".join(map(str, sorted(self.years))) or "-"
            raise UsageError(
                f"the calendar of working days has no year {day.year} (it has {known}); "
                "add the year from the notice of the State Council and name the file as "
                "records.calendar"
            )
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def after(self, start: date, days: int) -> date:
        """Return the last of so many working days after a day, which itself does not count."""
        day = start
        for _ in range(LONGEST):
            if days <= 0:
                return day
            day += timedelta(days=1)
            days -= self.is_working(day)
        raise UsageError(f"no {days} working days within {LONGEST} days after {start}")


def calendar_of(table: Mapping[str, Any], name: str) -> Calendar:
    """Return the calendar of a parsed file; raise UsageError naming the year that is wrong.

    Each year has ``off`` and ``work``: dates, or pairs of the first and the last day.
    """
    years, off, work = set(), set(), set()
    for key, row in table.get("year", {}).items():
        try:
            year = int(key)
            days_off, days_on = spread(row.get("off", ())), spread(row.get("work", ()))
            if any(day.year != year for day in (*days_off, *days_on)) or set(row) - {"off", "work"}:
                raise ValueError(key)
        except (ValueError, TypeError, AttributeError) as error:
            raise UsageError(
                f"{name}: year {key}: write off and work as dates of that year or [first, last]"
            ) from error
        years.add(year)
        off |= days_off
        work |= days_on
    if not years:
        raise UsageError(f"{name}: has no [year.NNNN]; see the calendar that ships with secreview")
    return Calendar(frozenset(years), frozenset(off), frozenset(work), str(table.get("source", "")))


def spread(items: Any) -> set[date]:
    """Return the days of a list of dates and of [first, last] pairs."""
    days: set[date] = set()
    for item in items:
        first, last = item if isinstance(item, list) else (item, item)
        if type(first) is not date or type(last) is not date or last < first:
            raise ValueError(str(item))
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return days


@dataclass(frozen=True, slots=True)
class Open:
    """What waits for somebody: the stage, who signs it, since when, due on which day."""

    record: str
    stage: str
    role: str
    since: str
    due: date
    is_late: bool


def waiting(record: Record, calendar: Calendar, now: datetime) -> tuple[Open, ...]:
    """Return what a record waits for and until when; the clock never approves anything."""
    today = now.astimezone(CHINA).date()
    rows = []
    for moment in record.opened:
        stage = record.flow.stage(moment.stage)
        if stage is None:
            continue
        role, since, days = stage.role, moment.at, stage.days
        if record.phase is Phase.HELD and record.holds[-1].stage == stage.id:
            hold = record.holds[-1]
            since, days = hold.at, record.flow.waits.get(hold.decision.value, days)
        due = calendar.after(day_of(since), days)
        rows.append(Open(record.id, stage.id, role, since, due, today > due))
    return tuple(rows)


def day_of(at: str) -> date:
    """Return the day, in China, of a moment as events write it.

    >>> day_of("2026-03-02T17:00:00Z").isoformat()
    '2026-03-03'
    """
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return moment.astimezone(CHINA).date()
