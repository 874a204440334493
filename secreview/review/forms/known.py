"""What records know of the numbers of a statistics form: counted, never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from secreview.review.calendar import day_of
from secreview.review.forms.form import Form
from secreview.review.record import OPENNESS, Decision, Publication, Record, Ruling

CHANNELS: Mapping[str, tuple[str, ...]] = {
    "gazette": ("公报",),
    "weibo": ("weibo.", "微博"),
    "wechat": ("weixin.", "微信"),
    "website": ("http://", "https://", "网站", "门户"),
}  # the first whose words stand in the address
OTHER = "other"
PUBLIC = frozenset({Decision.PUBLISH, Decision.PARTIAL})
GRANTED = frozenset({Decision.PUBLISH, Decision.ON_REQUEST})


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both inclusive, in China."""

    since: date
    until: date

    def holds(self, at: str) -> bool:
        """Return whether a moment as events write it lies in the period."""
        return self.since <= day_of(at) <= self.until


@dataclass(frozen=True, slots=True)
class Kept:
    """Records, and how far they can be relied on to be all there are.

    ``since`` is the first day from which every item passes through the records (None: the day of
    the first of them), ``erased`` how many records can no longer be read, ``today`` the day on
    which is counted.
    """

    records: Sequence[Record]
    today: date
    since: date | None = None
    erased: int = 0

    @property
    def begun(self) -> date | None:
        """Return the day from which on records are kept; None when there are none."""
        first = min((day_of(record.begun) for record in self.records), default=None)
        return self.since or first

    def covers(self, period: Period) -> bool:
        """Return whether the records hold all there is to know about a period."""
        begun = self.begun
        return (
            begun is not None
            and begun <= period.since
            and period.until < self.today
            and not self.erased
        )


@dataclass(frozen=True, slots=True)
class Known:
    """Numbers by cell: ``values`` fill the form, ``hints`` are what records show of the rest."""

    values: Mapping[str, int]
    hints: Mapping[str, int]


def known(form: Form, kept: Kept, period: Period) -> Known:
    """Return what records know of the numbers of a form in a period.

    A number fills the form only when the records cover the whole period; else it is a hint, as
    are applications, of which records see only those that were reviewed.
    """
    values: dict[str, int] = {}
    hints: dict[str, int] = {}
    is_whole = kept.covers(period)
    for name, _, line, column in form.cells():
        source = line.sources.get(column.id)
        if source is None:
            continue
        count, is_certain = counted(source, kept.records, period)
        (values if is_whole and is_certain else hints)[name] = count
    for block in form.blocks:
        if block.source == "applications":
            seen = applications(kept.records, period)
            for name, line, column in block.cells():
                number = seen[line.id, column.id] + seen[line.id, column.zh]
                if number:
                    hints[name] = number
    return Known(values, hints)


def counted(source: str, records: Iterable[Record], period: Period) -> tuple[int, bool]:
    """Return the number of a source, and whether the records say enough to be certain of it.

    A source is ``published``, ``published:website`` (a channel) or ``published:type=规章`` (what
    the drafter stated). The same item published in several ways counts once, in the period in
    which it was first published.
    """
    _, _, which = source.partition(":")
    key, _, value = which.partition("=")
    if value:
        items = [r for r in records if first(publications(r), period)]
        stated = [r.submission.more.get(key, "").strip() for r in items]
        return stated.count(value), all(stated)
    channel = which
    number = sum(
        first((p for p in publications(r) if not channel or channel_of(p.url) == channel), period)
        for r in records
    )
    return number, True


def first(publications: Iterable[Publication], period: Period) -> bool:
    """Return whether the first of some publications lies in a period."""
    earliest = min((p.at for p in publications), default="")
    return bool(earliest) and period.holds(earliest)


def publications(record: Record) -> Iterator[Publication]:
    """Yield what was published to everybody, not what stayed inside."""
    for publication in record.publications:
        ruling = ruling_at(record, publication.at)
        if ruling is None or ruling.decision in PUBLIC:
            yield publication


def ruling_at(record: Record, at: str) -> Ruling | None:
    """Return the last decision before a moment; None where an emergency came before any."""
    before = [ruling for ruling in record.decisions if ruling.at <= at]
    return before[-1] if before else None


def channel_of(url: str) -> str:
    """Return the channel of the statistics that a place of publication belongs to.

    >>> channel_of("https://www.example.gov.cn/a.html"), channel_of("本机关公开栏")
    ('website', 'other')
    """
    for channel, words in CHANNELS.items():
        if any(word in url.lower() for word in words):
            return channel
    return OTHER


def applications(records: Iterable[Record], period: Period) -> Counter[tuple[str, str]]:
    """Return how many reviewed applications there are by line and kind of applicant."""
    found: Counter[tuple[str, str]] = Counter()
    for record in records:
        more = record.submission.more
        if not more.get("application", "").strip():
            continue
        columns = ["total", more.get("applicant", "").strip()]
        if period.holds(record.begun):
            found.update(("new", column) for column in columns)
        closed = [r for r in record.decisions if r.decision in OPENNESS and period.holds(r.at)]
        if closed:
            found.update((result_of(closed[-1]), column) for column in columns)
    return found


def result_of(ruling: Ruling) -> str:
    """Return the line of results that a decision on an application counts in."""
    if ruling.decision in GRANTED:
        return "granted"
    return "partial" if ruling.decision is Decision.PARTIAL else ruling.ground
