"""Files and a form as people hand them in, made into what a record may keep."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from secreview.api import check
from secreview.api.carried import Seen, terms_in
from secreview.api.desk import Desk
from secreview.api.kept import Cleaner, file_of, form_of, is_suspected_secret, machine_of
from secreview.errors import UsageError
from secreview.model import Report
from secreview.review.commands import Actor
from secreview.review.record import Attribute, File, Machine, Role, Submission

Paths = Sequence[str | os.PathLike[str]]
MORE = frozenset(
    "number index summary made planned carrier original source class type involves third-party "
    "validity application applicant note".split()
)  # further lines of the paper form


@dataclass(frozen=True, slots=True)
class Papers:
    """The files of a bundle: the page, its attachments, redacted copies by their original."""

    page: str | os.PathLike[str]
    attachments: Paths = ()
    copies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """The reports of a bundle that was checked elsewhere, made with ``reveal``; the page first."""

    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files as a record keeps them, the machine's reports, and a cleaner for words about them.

    ``seen`` pairs each finding with what is kept of it.
    """

    files: tuple[File, ...]
    machines: tuple[Machine, ...]
    clean: Cleaner
    is_bare: bool
    seen: Seen


def gathered(papers: str | os.PathLike[str] | Papers | Checked, desk: Desk) -> Bundle:
    """Return the files of a bundle, each checked; raise UsageError for a missing one."""
    if isinstance(papers, Checked):
        roles = (Role.PAGE, *[Role.ATTACHMENT] * (len(papers.reports) - 1))
        pairs = zip(papers.reports, roles, strict=True)
        return bundled([Given(report, report.name, role) for report, role in pairs], desk)
    whole = papers if isinstance(papers, Papers) else Papers(papers)
    seeing = replace(desk.options, reveal=True)
    given = [(Path(whole.page), Role.PAGE, "")]
    given += [(Path(path), Role.ATTACHMENT, "") for path in whole.attachments]
    reports = {path: check(path, options=seeing) for path, _, _ in given}
    for original, copy in whole.copies.items():
        if Path(original) not in reports:
            raise UsageError(f"{original}: is not among the files handed in")
        reports[Path(copy)] = check(copy, options=seeing)
        given.append((Path(copy), Role.COPY, reports[Path(original)].sha256))
    return bundled([Given(reports[path], path.name, role, of) for path, role, of in given], desk)


class Given(NamedTuple):
    """One file that was handed in: its report, its name and role, the original of a copy."""

    report: Report
    name: str
    role: Role
    of: str = ""


def bundled(given: Sequence[Given], desk: Desk) -> Bundle:
    """Return checked files as a record keeps them."""
    reports = [file.report for file in given]
    clean = Cleaner(reports, desk.options)
    taken: set[str] = set()
    files = [file_of(file.report, clean(file.name), file.role, file.of) for file in given]
    once = {report.sha256: report for report in reports}
    terms = terms_in([*once.values()], desk.options, desk.clock().date().isoformat())
    machines = tuple(machine_of(report, taken, terms) for report in once.values())
    seen = tuple(
        pair
        for report, machine in zip(once.values(), machines, strict=True)
        for pair in zip(report.findings, machine.findings, strict=True)
    )
    return Bundle(tuple(files), machines, clean, any_secret(reports), seen)


def any_secret(reports: Iterable[Report]) -> bool:
    """Return whether one of the reports suspects a genuine marking."""
    return any(is_suspected_secret(report) for report in reports)


def filled(form: Mapping[str, str], **more: str) -> dict[str, str]:
    """Return the lines of a form; raise UsageError for one that no form has."""
    lines = {**form, **more}
    known = {"title", "unit", "drafter", "attribute", "column", "channel", "reason", *MORE}
    for name in lines:
        if name not in known:
            raise UsageError(f"the form has no line {name!r}; it has: {', '.join(sorted(known))}")
    return lines


def lines_of(form: Submission) -> dict[str, str]:
    """Return a form as the lines it was filled with."""
    attribute = form.attribute.value if form.attribute else ""
    plain = {name: getattr(form, name) for name in ("title", "unit", "column", "channel", "reason")}
    return {**plain, "attribute": attribute, **form.more}


def submission_of(lines: Mapping[str, str], actor: Actor, bundle: Bundle) -> Submission:
    """Return a form as a record may keep it; raise UsageError for an unknown attribute."""
    given = lines.get("attribute", "")
    try:
        attribute = Attribute(given) if given else None
    except ValueError as error:
        raise UsageError(f"no attribute {given!r}; there are: {', '.join(Attribute)}") from error
    form = Submission(
        title=lines.get("title") or Path(bundle.files[0].name).stem,
        unit=lines.get("unit", ""),
        drafter=lines.get("drafter") or actor.id,
        attribute=attribute,
        column=lines.get("column", ""),
        channel=lines.get("channel", ""),
        reason=lines.get("reason", ""),
        more={name: lines[name] for name in sorted(MORE & set(lines)) if lines[name]},
    )
    return form_of(form, bundle.clean, is_bare=bundle.is_bare)
