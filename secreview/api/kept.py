"""What of a report and of the words around it a record may keep: masked, and often less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath

from secreview.api import Options, check
from secreview.engine.findings import Scrubber
from secreview.model import Bilingual, Finding, PartKind, Place, Report, Severity
from secreview.outputs.places import label
from secreview.review.record import File, Machine, Role, Spotted, Submission, Unread
from secreview.review.terms import Terms
from secreview.text.mask import STAR

STATE = "state-secret"
SPEAKING = frozenset({"personal", "credential", "commercial", "public-safety", STATE})
UNNAMED = "疑似涉密文件（名称不记录）"


def is_suspected_secret(report: Report) -> bool:
    """Return whether a report suspects a genuine marking: then the least possible is kept."""
    return any(f.category == STATE and f.severity is Severity.BLOCK for f in report.findings)


def machine_of(report: Report, taken: set[str], terms: Mapping[str, Terms]) -> Machine:
    """Return a report as a record keeps it; ``taken`` holds ids that are used already.

    ``terms`` are those of the rules that found something.
    """
    is_bare = is_suspected_secret(report)
    return Machine(
        file=report.sha256,
        verdict=report.verdict,
        rulebook=report.rulebook_digest,
        rules=report.rules,
        version=report.version,
        findings=tuple(
            replace(spotted(f, report, is_bare), id=fresh(f.id, taken), terms=tuple(terms[f.rule]))
            for f in report.findings
        ),
        unread=tuple(
            Unread(fresh("unread", taken), report.sha256, "" if is_bare else gap.part, gap.why)
            for gap in report.gaps
        ),
        allowed=len(report.allowed),
    )


def fresh(name: str, taken: set[str]) -> str:
    """Return an id that is not taken yet: the given one, or one with a number behind it.

    >>> fresh("k3v9", {"k3v9"})
    'k3v9-2'
    """
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    taken.add(candidate)
    return candidate


def spotted(finding: Finding, report: Report, is_bare: bool) -> Spotted:
    """Return a finding as a record keeps it; bare, only the rule and where it stands."""
    place = numbered(finding.place) if is_bare else finding.place
    kind = finding.kind
    return Spotted(
        id=finding.id,
        file=report.sha256,
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        category=finding.category,
        severity=finding.severity,
        title=finding.title,
        place=Bilingual(label(place, kind, "zh"), label(place, kind, "en")),
        masked="" if is_bare else finding.masked,
        ground=finding.reason.ground,
        basis=tuple(provision.id for provision in finding.reason.basis),
        near=() if is_bare else finding.near,
    )


def numbered(place: Place) -> Place:
    """Return a place without any name that a document gives: pages, tables, rows, numbers."""
    steps = tuple(step for step in place.steps if isinstance(step.value, int))
    return replace(place, steps=steps, headers=())


def file_of(report: Report, name: str, role: Role, of: str = "") -> File:
    """Return a file of a bundle under the name it may be kept under."""
    if is_suspected_secret(report):
        name = f"document{PurePath(name).suffix[:8]}"
    return File(name, report.sha256, report.size, report.media_type, role, of)


class Cleaner:
    """Masks in words that people type what a document of theirs gave away, or they do now."""

    def __init__(self, reports: Iterable[Report], options: Options) -> None:
        """Remember the values found; the reports must have been made with ``reveal``."""
        values = (f.text for r in reports for f in r.findings if f.category in SPEAKING)
        self.scrub = Scrubber(values)
        self.options = replace(options, reveal=False)

    def __call__(self, text: str) -> str:
        """Return the words with values masked; characters that no text holds are replaced."""
        text = text.encode("utf-8", "replace").decode("utf-8")
        return cleaned(self.scrub(text), self.options)


def cleaned(text: str, options: Options) -> str:
    """Return words that a person typed with whatever the rules find in them masked."""
    if not text.strip():
        return text
    report = check(text=text, name="note.txt", options=options)
    letters = list(text)
    for finding in report.findings:
        if finding.category in SPEAKING and finding.kind is PartKind.BODY:
            span = slice(finding.start, finding.end)
            letters[span] = STAR * len(letters[span])
    return "".join(letters)


def form_of(form: Submission, clean: Cleaner, *, is_bare: bool) -> Submission:
    """Return a form as a record may keep it; of a suspected secret not even the title."""
    if is_bare:
        reason = "（不记录）" if form.reason.strip() else ""
        return replace(form, title=UNNAMED, reason=reason, more={})
    return replace(
        form,
        title=clean(form.title),
        reason=clean(form.reason),
        column=clean(form.column),
        channel=clean(form.channel),
        more={key: clean(value) for key, value in form.more.items()},
    )
