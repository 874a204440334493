"""The list of the review page: what was not read, then findings by rule and by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from secreview.api.at_hand import Item
from secreview.api.seat import Seat, Standing
from secreview.model import Severity
from secreview.outputs.details import why_unread
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.words import cited, evidence, harmless
from secreview.review.record import Spotted, Unread

CONTEXT = 24  # characters on each side of a value


@dataclass(frozen=True, slots=True)
class Line:
    """One finding or unread piece; ``group`` numbers those of the same value.

    ``said`` is who said what about it, ``doubt`` why it cannot be shown in the document.
    """

    number: int
    id: str
    group: int
    standing: Standing
    said: str
    asks: bool
    is_new: bool
    place: str
    headers: str = ""
    before: str = ""
    value: str = ""
    after: str = ""
    proposal: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """An unread piece: its line, why it was not read, and what to do next."""

    line: Line
    why: str
    do: str
    is_closed_to_people: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one value."""

    number: int
    value: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Findings of one rule, explained once; ``basis`` pairs citations with the words of the law."""

    severity: Severity
    title: str
    rule: str
    groups: tuple[Group, ...]
    reason: str = ""
    basis: tuple[tuple[str, str], ...] = ()
    suggest: str = ""
    clues: str = ""

    @property
    def count(self) -> int:
        """Return how many findings there are."""
        return sum(len(group.lines) for group in self.groups)


class Listing:
    """Makes lines of the items of a seat, in one language."""

    def __init__(self, seat: Seat, lang: str) -> None:
        """Gather what was said and what is proposed."""
        self.seat, self.lang = seat, lang
        self.standings = seat.standings()
        self.said = words_said(seat, lang)
        self.proposed: Mapping[str, str] = {p.finding: p.reason for p in seat.record.proposed}

    def gaps(self) -> tuple[Gap, ...]:
        """Return what was not read."""
        return tuple(
            self.gap(number, item)
            for number, item in enumerate(self.seat.items)
            if isinstance(item.kept, Unread)
        )

    def kinds(self) -> tuple[Kind, ...]:
        """Return the findings by rule, and those of one rule by value."""
        rows = [
            (number, item)
            for number, item in enumerate(self.seat.items)
            if isinstance(item.kept, Spotted)
        ]
        return tuple(
            self.kind_of(list(alike)) for _, alike in groupby(rows, key=lambda row: row[1].kind)
        )

    def kind_of(self, rows: list[tuple[int, Item]]) -> Kind:
        """Return findings that are explained in the same words."""
        groups = []
        for _, alike in groupby(rows, key=lambda row: row[1].value):
            same = list(alike)
            first = same[0][0]
            lines = tuple(self.line(number, item, first) for number, item in same)
            groups.append(Group(first, lines[0].value, lines))
        first_item = rows[0][1]
        kept, finding = first_item.kept, first_item.finding
        assert isinstance(kept, Spotted)
        kind = Kind(kept.severity, harmless(kept.title.in_(self.lang)), kept.rule, tuple(groups))
        if finding is None:
            return kind
        reason, lang = finding.reason, self.lang
        return Kind(
            kind.severity,
            kind.title,
            kind.rule,
            kind.groups,
            reason.text.in_(lang),
            tuple((cited(provision, lang), provision.text) for provision in reason.basis),
            reason.suggest.in_(lang),
            harmless(evidence(finding, lang)),
        )

    def line(self, number: int, item: Item, group: int) -> Line:
        """Return the line of a finding, its value masked."""
        kept, finding, lang = item.kept, item.finding, self.lang
        assert isinstance(kept, Spotted)
        where = label(finding.place, finding.kind, lang) if finding else kept.place.in_(lang)
        key = "page.elsewhere" if item.paper < 0 else "page.not-found-today"
        return Line(
            number, item.id, group, self.standings[number], self.said.get(item.id, ""),
            item.asks, item.is_new, harmless(where),
            headers=harmless(" / ".join(finding.place.headers)) if finding else "",
            before=harmless(finding.before)[-CONTEXT:] if finding else "",
            value=harmless(" ".join(kept.masked.split()) if finding is None else shown(item)),
            after=harmless(finding.after)[:CONTEXT] if finding else "",
            proposal=self.proposed.get(item.id, ""),
            doubt="" if finding else message(key, lang),
        )  # fmt: skip

    def gap(self, number: int, item: Item) -> Gap:
        """Return the line of an unread piece."""
        kept, gap, lang = item.kept, item.gap, self.lang
        assert isinstance(kept, Unread)
        place = harmless(kept.part or (gap.part if gap else ""))
        line = Line(
            number, item.id, number, self.standings[number], self.said.get(item.id, ""),
            item.asks, item.is_new, place,
            doubt=message("page.elsewhere", lang) if item.paper < 0 else "",
        )  # fmt: skip
        why = why_unread(gap, lang) if gap else message(f"why.{kept.why}", lang)
        return Gap(line, why, message(f"next.{kept.why}", lang), item.is_closed_to_people)


def shown(item: Item) -> str:
    """Return the masked value of a finding on one line."""
    assert item.finding is not None
    return " ".join(item.finding.masked.split())


def words_said(seat: Seat, lang: str) -> dict[str, str]:
    """Return who said what about findings and unread pieces, in words."""
    found: dict[str, list[str]] = {}

    def note(name: str, key: str, actor: str, reason: str) -> None:
        person = seat.desk.people.get(actor)
        who = person.name if person and person.name else actor
        words = message(key, lang, who=who, reason=reason).rstrip(" ：:")
        found.setdefault(name, []).append(words)

    for waiver in seat.record.waived:
        note(waiver.finding, "page.said-waive", waiver.actor, waiver.reason)
    for look in seat.record.inspected:
        note(look.unread, "page.said-look", look.actor, look.reason)
    for word in seat.record.upheld:
        note(word.finding, "page.said-uphold", word.actor, word.reason)
    return {name: "；".join(words) if lang == "zh" else "; ".join(words)
            for name, words in found.items()}  # fmt: skip
