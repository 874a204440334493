"""Files at hand beside what a record holds of them: what there is to decide on, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from secreview import formats
from secreview.api import Options, judge, rulebook_of, unread, with_passwords
from secreview.api.kept import is_suspected_secret, spotted
from secreview.errors import ReadError, UsageError
from secreview.formats.protocol import Source
from secreview.model import SEVERITY_ORDER, Document, Finding, Gap, Report, Severity
from secreview.review.may import BEYOND_PEOPLE
from secreview.review.record import Record, Spotted, Unread


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as read and judged, with what was found in it revealed."""

    document: Document
    report: Report


@dataclass(frozen=True, slots=True)
class Item:
    """Something to decide on: a finding or an unread piece of the record, and as it was read.

    ``finding`` and ``gap`` are None where the file is not at hand, or today's rules do not find it.
    ``value`` tells findings of the same value of one rule from others; ``is_new`` is what the
    version before did not have.
    """

    kept: Spotted | Unread
    paper: int
    finding: Finding | None = None
    gap: Gap | None = None
    value: str = ""
    is_new: bool = False

    @property
    def id(self) -> str:
        """Return the id in the record."""
        return self.kept.id

    @property
    def kind(self) -> tuple[str, ...]:
        """Return what items that are explained in the same words have in common."""
        if isinstance(self.kept, Unread):
            return ("unread",)
        reason = self.finding.reason.text.zh if self.finding else ""
        return self.kept.severity, self.kept.rule, reason

    @property
    def asks(self) -> bool:
        """Return whether a person has to decide on it before a release."""
        return isinstance(self.kept, Unread) or self.kept.severity is not Severity.NOTE

    @property
    def is_closed_to_people(self) -> bool:
        """Return whether a person cannot say that they have seen what was not read."""
        return isinstance(self.kept, Unread) and self.kept.why in BEYOND_PEOPLE


def papers_of(paths: Iterable[Path], options: Options) -> tuple[Paper, ...]:
    """Return files as read and judged; raise UsageError for one that does not exist."""
    return tuple(paper_of(path, options) for path in paths)


def paper_of(path: Path, options: Options) -> Paper:
    """Return one file as read and judged; what cannot be read is a gap."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    return paper_in(Source(path.name, path=path), options, shown=str(path))


def paper_in(source: Source, options: Options, *, shown: str) -> Paper:
    """Return a source as read and judged under a name, revealed; what cannot be read is a gap."""
    try:
        document = formats.read(source, with_passwords(options.limits, options.passwords))
    except ReadError as error:
        document = unread(source, error)
    seeing = replace(options, reveal=True)
    rulebook = options.rulebook or rulebook_of()
    return Paper(document, judge(document, rulebook, shown=shown, options=seeing))


def not_kept(record: Record, papers: Sequence[Paper]) -> int:
    """Return how many findings and gaps of today the record does not hold."""
    items = tuple(matched(record, papers))
    seen = sum(item.finding is not None or item.gap is not None for item in items)
    files = {file.sha256 for file in record.version.files}
    reports = [paper.report for paper in papers if paper.report.sha256 in files]
    return sum(len(report.findings) + len(report.gaps) for report in reports) - seen


def matched(
    record: Record, papers: Sequence[Paper], known: frozenset[str] = frozenset()
) -> Iterator[Item]:
    """Yield what a record holds beside what was read today, in the order of the record.

    Prints are keyed for each user, so findings are matched by rule, place and mask, in order.
    ``known`` are prints that are no news.
    """
    numbers = {paper.report.sha256: number for number, paper in enumerate(papers)}
    old = {f.fingerprint for v in record.versions[-2:-1] for r in v.reports for f in r.findings}
    is_compared = len(record.versions) > 1 or bool(known)
    for machine in record.version.reports:
        number = numbers.get(machine.file, -1)
        report = papers[number].report if number >= 0 else None
        found = places_of(report) if report else {}
        gaps = list(report.gaps) if report else []
        for gap in machine.unread:
            mate = next((g for g in gaps if g.why == gap.why and gap.part in ("", g.part)), None)
            if mate is not None:
                gaps.remove(mate)
            yield Item(gap, number, gap=mate, value=gap.id)
        for kept in machine.findings:
            waiting = found.get(key_of(kept))
            finding = waiting.pop(0) if waiting else None
            value = f"{kept.rule}\0{finding.text if finding else kept.masked}"
            is_new = is_compared and kept.fingerprint not in old | known
            yield Item(kept, number, finding, value=value, is_new=is_new)


def ordered(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items as people go through them: what was not read, then the gravest rule first.

    What a rule found stands together, and within it what has the same value.
    """
    found = list(items)
    kinds: dict[tuple[str, ...], int] = {}
    values: dict[str, int] = {}
    for number, item in enumerate(found):
        kinds.setdefault(item.kind, number)
        values.setdefault(item.value, number)

    def rank(item: Item) -> tuple[int, int, int]:
        kept = item.kept
        grave = 9 if isinstance(kept, Unread) else SEVERITY_ORDER[kept.severity]
        return -grave, kinds[item.kind], values[item.value]

    return tuple(sorted(found, key=rank))


def places_of(report: Report) -> dict[tuple[str, str, str], list[Finding]]:
    """Return the findings of a report by what a record keeps of them, in order."""
    is_bare = is_suspected_secret(report)
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(key_of(spotted(finding, report, is_bare)), []).append(finding)
    return found


def key_of(kept: Spotted) -> tuple[str, str, str]:
    """Return what a kept finding is recognised by."""
    return kept.rule, kept.place.zh, kept.masked
