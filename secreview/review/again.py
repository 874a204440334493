"""What has to be looked at again, and when: what was withheld, terms that end, rules that changed.

Sources: 政府信息公开条例 art. 18 (what is withheld is assessed at regular intervals, whose length
the organ sets); 保守国家秘密法 art. 24 (secrets are looked at every year, and end with their
term); local rules on the clean-up of published documents every two years.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from secreview.review.calendar import day_of
from secreview.review.event import Event
from secreview.review.record import Decision, Phase, Record, Ruling
from secreview.review.terms import Terms

CLOSED = frozenset({Decision.WITHHOLD, Decision.INTERNAL, Decision.ON_REQUEST})
RULEBOOK = "rulebook"  # the kind of entry in which a log keeps the terms of its rules


class Cause(StrEnum):
    """Why something is looked at again."""

    EMERGENCY = "emergency"  # 应急发布后尚未补审
    UNTIL = "until"  # 决定中写明的日期，如保密期限届满
    RULES = "rules"  # 规则能查到的内容有变化
    MEANING = "meaning"  # 级别、事由或者依据有变化
    WITHHELD = "withheld"  # 不予公开、依申请公开、内部公开的定期评估
    CLEAN_UP = "clean-up"  # 已公开信息的定期清理


@dataclass(frozen=True, slots=True)
class Policy:
    """How many months after a decision it is looked at again."""

    withheld: int = 12
    published: int = 24


@dataclass(frozen=True, slots=True)
class Due:
    """One record that is looked at again on a day, why, and which rules made it so."""

    record: str
    title: str
    cause: Cause
    day: date
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """The terms of rules that reports were made under: when, the rulebook, and its rules."""

    at: str
    digest: str
    terms: Mapping[str, Terms]


def memories(events: Iterable[Event]) -> list[Memory]:
    """Return what a log remembers of rulebooks, in order."""
    found = []
    for event in events:
        rules, digest = event.body["rules"], event.body["digest"]
        if isinstance(rules, Mapping) and isinstance(digest, str):
            terms = {name: pair_of(pair) for name, pair in rules.items()}
            found.append(Memory(event.at, digest, terms))
    return found


def pair_of(value: object) -> Terms:
    """Return terms as a log keeps them; terms that nothing equals for anything else."""
    if not isinstance(value, (list, tuple)) or len(value) != len(Terms._fields):
        return Terms("", "")
    return Terms(str(value[0]), str(value[1]))


def due(
    records: Iterable[Record],
    known: Sequence[Memory],
    terms: Mapping[str, Terms],
    *,
    until: date,
    policy: Policy | None = None,
) -> list[Due]:
    """Return what is due up to a day, the longest overdue first.

    ``terms`` are those of today's rules. A record is named once for each cause.
    """
    policy = policy or Policy()
    found = [
        item
        for record in records
        for item in causes(record, known, terms, policy)
        if item.day <= until
    ]
    return sorted(found, key=lambda item: (item.day, item.record, item.cause))


def causes(
    record: Record, known: Sequence[Memory], terms: Mapping[str, Terms], policy: Policy
) -> Iterator[Due]:
    """Yield every cause to look at a record again, with its day."""
    title, ruling = record.submission.title, record.decision
    hurried = record.emergency
    if hurried is not None and hurried.is_complete and not hurried.reviewed:
        yield Due(record.id, title, Cause.EMERGENCY, day_of(hurried.at))
    if ruling is None or record.phase not in (Phase.DECIDED, Phase.PUBLISHED):
        return
    decided = day_of(ruling.at)
    if ruling.until:
        yield Due(record.id, title, Cause.UNTIL, date.fromisoformat(ruling.until))
    if ruling.decision in CLOSED:
        yield Due(record.id, title, Cause.WITHHELD, later(decided, policy.withheld))
    else:
        yield Due(record.id, title, Cause.CLEAN_UP, later(decided, policy.published))
    for cause, rules in changes(record, ruling, known, terms):
        yield Due(record.id, title, cause, decided, rules)


def changes(
    record: Record, ruling: Ruling, known: Sequence[Memory], terms: Mapping[str, Terms]
) -> Iterator[tuple[Cause, tuple[str, ...]]]:
    """Yield how the rules changed since, where that can change what was decided.

    A rule that finds other things matters wherever something is open to readers, a rule that is
    gone or means something else only where it found something. Rules that nobody remembers count
    as changed.
    """
    hits = {f.rule for report in record.version.reports for f in report.findings}
    finds: set[str] = set()
    means: set[str] = set()
    is_unknown = False
    for report in record.version.reports:
        before = remembered(known, report.rulebook, record.version.at)
        if before is None:
            is_unknown = True
            continue
        for name in before.keys() | terms.keys():
            old, new = before.get(name), terms.get(name)
            if new is None or old is None or old.finds != new.finds:
                is_seen = new is not None and ruling.decision not in CLOSED
                if name in hits or is_seen:
                    finds.add(name)
            elif old.means != new.means and name in hits:
                means.add(name)
    if finds or is_unknown:
        yield Cause.RULES, tuple(sorted(finds))
    if means:
        yield Cause.MEANING, tuple(sorted(means))


def remembered(known: Sequence[Memory], digest: str, at: str) -> Mapping[str, Terms] | None:
    """Return the terms of a rulebook as they were at a time, None when nobody kept them."""
    fitting = [memory for memory in known if memory.digest == digest]
    earlier = [memory for memory in fitting if memory.at <= at]
    chosen = earlier[-1:] or fitting[:1]
    return chosen[0].terms if chosen else None


def later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where it has no such day.

    >>> later(date(2024, 2, 29), 12).isoformat()
    '2025-02-28'
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
