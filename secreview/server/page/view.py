"""What the review page shows, in one language; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from secreview.api.seat import Seat, Standing
from secreview.engine.verdict import worst
from secreview.model import PartKind, Verdict
from secreview.outputs.as_read import Section, merged, sections
from secreview.outputs.details import covered_line
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.words import harmless
from secreview.review.record import Spotted, Unread
from secreview.review.titles import DECISIONS, PHASES, ROLES
from secreview.server.page.listing import Gap, Kind, Listing
from secreview.server.page.opinions import (
    Choices,
    Paper,
    Station,
    certificate_of,
    choices,
    refusal_to_dispose,
    stations,
)

SHORT = 12  # characters of a digest that people compare


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it was read: its text, the parts of it, and how far each piece was read."""

    name: str
    role: str
    sections: tuple[Section, ...]
    parts: tuple[tuple[str, str, int], ...]
    coverage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person had typed when something was refused, and the words of the refusal."""

    refusal: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.words.get(name, "")


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of pieces that were not read; loud until a person has seen all of them."""

    words: str
    is_loud: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows of a seat."""

    name: str
    digest: str
    record: str
    phase: str
    flow: str
    is_alone: bool
    who: str
    place: str
    rules: str
    verdict: Verdict
    total: int
    done: int
    fresh: int
    is_compared: bool
    gaps: tuple[Gap, ...]
    unread: Told | None
    kinds: tuple[Kind, ...]
    standings: tuple[Standing, ...]
    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...]
    no_disposing: str
    stations: tuple[Station, ...]
    choices: Choices
    decision: str
    certificate: Paper | None
    reason_length: int


def page_of(seat: Seat, lang: str, place: str) -> Page:
    """Return the page of a seat; ``place`` says where its record is kept."""
    record = seat.record
    listing = Listing(seat, lang)
    gaps = listing.gaps()
    page, machines = record.version.files[0], record.version.reports
    digests = sorted({machine.rulebook[:SHORT] for machine in machines})
    done, total = progress(seat, listing.standings)
    return Page(
        name=harmless(seat.papers[0].report.name),
        digest=page.sha256[:SHORT],
        record=record.id,
        phase=PHASES[record.phase].in_(lang),
        flow=record.flow.title.in_(lang),
        is_alone=len(record.flow.roles | {*record.flow.override}) == 1,
        who=seat.actor.name or seat.actor.id,
        place=place,
        rules=message("label.rules", lang, count=machines[0].rules, digest=", ".join(digests)),
        verdict=worst(machine.verdict for machine in machines),
        total=total,
        done=done,
        fresh=sum(item.is_new for item in seat.items),
        is_compared=seat.is_compared,
        gaps=gaps,
        unread=unread_told(seat, listing.standings, lang),
        kinds=listing.kinds(),
        standings=listing.standings,
        sheets=tuple(sheets(seat, lang)),
        notices=tuple(notices(seat, lang)),
        no_disposing=refusal_to_dispose(seat, lang),
        stations=tuple(stations(seat, lang)),
        choices=choices(seat, lang),
        decision=DECISIONS[record.decision.decision].in_(lang) if record.decision else "",
        certificate=certificate_of(seat),
        reason_length=record.flow.reason_length,
    )


def progress(seat: Seat, standings: tuple[Standing, ...]) -> tuple[int, int]:
    """Return how many of the things that ask for a decision have one, and how many there are."""
    asked = [standings[number] for number, item in enumerate(seat.items) if item.asks]
    return sum(standing is not Standing.OPEN for standing in asked), len(asked)


def unread_told(seat: Seat, standings: tuple[Standing, ...], lang: str) -> Told | None:
    """Return what is told of the pieces that were not read, None where all was."""
    pieces = [standings[n] for n, item in enumerate(seat.items) if isinstance(item.kept, Unread)]
    unseen = sum(standing is not Standing.WAIVED for standing in pieces)
    if not pieces:
        return None
    key, n = ("page.unread", unseen) if unseen else ("page.unread-seen", len(pieces))
    return Told(message(key, lang, n=n), bool(unseen))


def sheets(seat: Seat, lang: str) -> Iterator[Sheet]:
    """Yield the files at hand, with the numbers of findings where they stand."""
    roles = {file.sha256: ROLES[file.role].in_(lang) for file in seat.record.version.files}
    for number, paper in enumerate(seat.papers):
        report = paper.report
        found = {
            n: item.finding
            for n, item in enumerate(seat.items)
            if item.paper == number and item.finding is not None
        }
        yield Sheet(
            harmless(report.name),
            roles.get(report.sha256, ""),
            tuple(merged(sections(paper.document.parts, found))),
            tuple(
                (harmless(p.id), message(f"kind.{p.kind}", lang), p.characters)
                for p in report.parts
            ),
            tuple(covered_line(row, lang) for row in report.coverage),
        )


def notices(seat: Seat, lang: str) -> Iterator[str]:
    """Yield what a reviewer has to know before anything else."""
    if seat.is_outdated:
        yield message("page.outdated", lang)
    for file in seat.absent():
        yield message("page.absent", lang, name=harmless(file.name))
    missed = seat.not_kept()
    if missed:
        yield message("page.not-kept", lang, n=missed)
    lost = sum(
        isinstance(i.kept, Spotted) and i.finding is None and i.paper >= 0 for i in seat.items
    )
    if lost:
        yield message("page.lost", lang, n=lost)


def heading(section: Section, lang: str) -> str:
    """Return what a part of the document is called, empty for the plain body."""
    if section.kind is PartKind.BODY and not section.place.steps and not section.place.page:
        return ""
    return harmless(label(section.place, section.kind, lang))
