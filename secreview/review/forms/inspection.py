"""Self-inspection: what the records of a period add up to, and what went wrong in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from secreview.model import Severity
from secreview.review.forms.known import Period, channel_of, publications
from secreview.review.record import OPENNESS, Decision, Phase, Record


class Problem(StrEnum):
    """What somebody who inspects wants to hear about a record."""

    INCOMPLETE = "incomplete"  # 报送材料不全被退回
    TAKEN_DOWN = "taken-down"  # 公开后撤下
    EMERGENCY = "emergency"  # 紧急放行
    UNREVIEWED = "unreviewed"  # 紧急放行后尚未补审
    WAIVED = "waived"  # 机器阻断由人放行
    LATE = "late"  # 超过期限仍未办理


@dataclass(frozen=True, slots=True)
class Inspection:
    """The records of a period in numbers; problems hold the ids of the records.

    ``returned`` counts returns, ``returned_records`` the records that went back at least once.
    """

    period: Period
    reviewed: int
    decided: Mapping[Decision, int]
    returned: int
    returned_records: int
    withheld: Mapping[str, int]
    published: int
    channels: Mapping[str, int]
    open: int
    categories: Mapping[str, int]
    unread: int
    problems: Mapping[Problem, Sequence[str]]


def inspection(
    records: Sequence[Record], period: Period, *, late: Iterable[str] = ()
) -> Inspection:
    """Return what the records of a period add up to; ``late`` are ids of overdue records."""
    begun = [record for record in records if period.holds(record.begun)]
    rulings = [ruling for ruling in (closing(r, period) for r in records) if ruling]
    returns = [sum(period.holds(note.at) for note in r.returns) for r in records]
    out = [{channel_of(p.url) for p in publications(r) if period.holds(p.at)} for r in records]
    return Inspection(
        period=period,
        reviewed=len(begun),
        decided=Counter(decision for decision, _ in rulings),
        returned=sum(returns),
        returned_records=sum(map(bool, returns)),
        withheld=Counter(ground for decision, ground in rulings if decision is Decision.WITHHOLD),
        published=sum(map(bool, out)),
        channels=Counter(channel for channels in out for channel in channels),
        open=sum(r.phase in (Phase.REVIEW, Phase.HELD, Phase.RETURNED) for r in begun),
        categories=categories(begun),
        unread=sum(any(report.unread for report in r.versions[0].reports) for r in begun),
        problems=gathered(records, period, frozenset(late)),
    )


def closing(record: Record, period: Period) -> tuple[Decision, str] | None:
    """Return the last decision that closed a record in a period, with its ground."""
    last = [r for r in record.decisions if r.decision in OPENNESS and period.holds(r.at)]
    return (last[-1].decision, last[-1].ground) if last else None


def categories(records: Iterable[Record]) -> Counter[str]:
    """Return in how many drafts, as first handed in, each category was suspected."""
    found: Counter[str] = Counter()
    for record in records:
        reports = record.versions[0].reports
        found.update(
            {
                spotted.category
                for report in reports
                for spotted in report.findings
                if spotted.severity is not Severity.NOTE
            }
        )
    return found


def gathered(
    records: Sequence[Record], period: Period, late: frozenset[str]
) -> dict[Problem, tuple[str, ...]]:
    """Return the ids of the records that have each problem."""
    found: dict[Problem, list[str]] = {}
    for record in records:
        for problem in problems(record, period):
            found.setdefault(problem, []).append(record.id)
        if record.id in late:
            found.setdefault(Problem.LATE, []).append(record.id)
    return {problem: tuple(ids) for problem, ids in found.items()}


def problems(record: Record, period: Period) -> Iterator[Problem]:
    """Yield what went wrong with a record in a period, or out of the ordinary."""
    if any(note.missing and period.holds(note.at) for note in record.returns):
        yield Problem.INCOMPLETE
    down = [r for r in record.decisions if r.decision is Decision.WITHDRAW and period.holds(r.at)]
    if down and any(publication.at <= down[-1].at for publication in record.publications):
        yield Problem.TAKEN_DOWN
    emergency = record.emergency
    if emergency is not None and emergency.is_complete and period.holds(emergency.at):
        yield Problem.EMERGENCY
        if not emergency.reviewed:
            yield Problem.UNREVIEWED
    blocks = {
        spotted.id
        for version in record.versions
        for report in version.reports
        for spotted in report.findings
        if spotted.severity is Severity.BLOCK
    }
    if any(waiver.finding in blocks and period.holds(waiver.at) for waiver in record.waivers):
        yield Problem.WAIVED
