"""Reports for a terminal: what, where, why and what to do, the verdict last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.style import Style

from secreview.engine.verdict import worst
from secreview.model import SEVERITY_ORDER, Finding, Gap, Report, Severity
from secreview.outputs import Options
from secreview.outputs.details import covered_line, why_unread
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.shape import shown_name
from secreview.outputs.words import (
    cited,
    counts,
    coverage_counts,
    evidence,
    grouped,
    harmless,
    hit,
    parts_read,
)

SHOWN = 5  # findings of one rule in one part, the rest is counted
INDENT = 3
COLORS = {Severity.BLOCK: "bold red", Severity.REVIEW: "bold yellow", Severity.NOTE: "cyan"}


def render(reports: Sequence[Report], options: Options) -> str:
    """Return the reports as text that holds at the given width."""
    lines = [line for report in reports for line in document(report, options)]
    if len(reports) > 1:
        lines += list(overview(reports, options))
    return "\n".join(lines).rstrip("\n")


def document(report: Report, options: Options) -> Iterator[str]:
    """Yield the lines of one report."""
    if options.quiet:
        yield from closing(report, options, name=True)
        return
    yield from heading(report, options)
    number = 0
    most = len(report.findings) if options.verbose else SHOWN
    ordered = sorted(report.findings, key=lambda f: -SEVERITY_ORDER[f.severity])
    for group, more in grouped(ordered, most):
        for finding in group:
            number += 1
            is_first = finding is group[0] or options.verbose
            yield from card(finding, number, options, is_first=is_first)
        if more:
            yield from wrapped(message("label.more", options.lang, n=more), options, INDENT)
            yield ""
    for gap in report.gaps:
        number += 1
        yield from unread(gap, number, options)
    if report.parts:
        name = message("label.read", options.lang)
        yield from wrapped(f"{name}  {parts_read(report, options.lang)}", options, 0, INDENT + 3)
    yield from covered(report, options)
    yield from closing(report, options)


def covered(report: Report, options: Options) -> Iterator[str]:
    """Yield how many pieces of the file were read and not; with verbose, each of them."""
    if len(report.coverage) < 2:
        return
    lang = options.lang
    name = message("label.coverage", lang)
    yield from wrapped(f"{name}  {coverage_counts(report, lang)}", options, 0, INDENT + 3)
    for row in report.coverage if options.verbose else ():
        yield from wrapped(covered_line(row, lang), options, INDENT, INDENT + 2)


def heading(report: Report, options: Options) -> Iterator[str]:
    """Yield the tool, the rules and the document."""
    rules = message(
        "label.rules", options.lang, count=report.rules, digest=report.rulebook_digest[:8]
    )
    yield from wrapped(f"secreview {report.version} · {rules}", options, 0)
    name = harmless(shown_name(report, report.path, reveal=options.reveal))
    size = message("label.size", options.lang, n=report.size)
    yield from wrapped(f"{name}  {report.sha256[:8]}  {size}", options, 0, INDENT)
    yield ""


def card(finding: Finding, number: int, options: Options, *, is_first: bool) -> Iterator[str]:
    """Yield one finding; reason, basis and next step are told once for findings of a kind."""
    lang = options.lang
    mark = message(f"severity.{finding.severity}", lang)
    where = harmless(label(finding.place, finding.kind, lang))
    if finding.place.headers:
        where += f"〔{harmless(' / '.join(finding.place.headers))}〕"
    head = f"[{number}] {mark} {finding.title.in_(lang)}  {where}  #{finding.id}"
    yield from painted(wrapped(head, options, 0, INDENT), finding.severity, options)
    yield from wrapped("│ " + hit(finding, options), options, INDENT, INDENT + 2)
    if is_first:
        yield from field("label.why", finding.reason.text.in_(lang), options)
        basis = ("；" if lang == "zh" else "; ").join(cited(p, lang) for p in finding.reason.basis)
        yield from field("label.basis", basis, options)
        yield from field("label.do", finding.reason.suggest.in_(lang), options)
    if options.verbose and finding.evidence:
        yield from field("label.evidence", harmless(evidence(finding, lang)), options)
    yield ""


def unread(gap: Gap, number: int, options: Options) -> Iterator[str]:
    """Yield one gap, as loud as a finding."""
    lang = options.lang
    head = f"[{number}] {message('label.unread', lang)} {harmless(gap.part)}"
    yield from painted(wrapped(head, options, 0, INDENT), Severity.REVIEW, options)
    yield from field("label.why", why_unread(gap, lang), options)
    yield from field("label.do", message(f"next.{gap.why}", lang), options)
    yield ""


def closing(report: Report, options: Options, *, name: bool = False) -> Iterator[str]:
    """Yield the verdict with the counts."""
    lang = options.lang
    head = f"{message('label.verdict', lang)} {message(f'verdict.{report.verdict}', lang)}"
    tail = counts([report], lang)
    shown = f"  {harmless(shown_name(report, report.path, reveal=options.reveal))}" if name else ""
    yield from wrapped(f"{head}{shown}  {tail}".rstrip(), options, 0, INDENT)
    if not name:
        yield ""


def overview(reports: Sequence[Report], options: Options) -> Iterator[str]:
    """Yield a line for each document and the worst verdict last."""
    lang = options.lang
    if not options.quiet:
        for report in reports:
            name = harmless(shown_name(report, report.path, reveal=options.reveal))
            line = f"{message(f'verdict.{report.verdict}', lang)}  {name}  {counts([report], lang)}"
            yield from wrapped(line.rstrip(), options, 0, INDENT)
    total = message(f"verdict.{worst(r.verdict for r in reports)}", lang)
    number = message("label.documents", lang, n=len(reports))
    line = f"{message('label.verdict', lang)} {total}  {number}  {counts(reports, lang)}"
    yield from wrapped(line.rstrip(), options, 0, INDENT)


def field(key: str, words: str, options: Options) -> Iterator[str]:
    """Yield a labelled field under a finding."""
    name = message(key, options.lang)
    pad = " " * max(1, 6 - cell_len(name))
    yield from wrapped(f"{name}{pad}{words}", options, INDENT, INDENT + 6)


def wrapped(words: str, options: Options, indent: int, hanging: int | None = None) -> list[str]:
    """Return words as lines no wider than the terminal, counted in cells."""
    hanging = indent if hanging is None else hanging
    lines: list[str] = []
    line, size = " " * indent, indent
    for piece in pieces(words):
        width = cell_len(piece)
        if size + width > options.width and line.strip():
            lines.append(line.rstrip())
            line, size = " " * hanging, hanging
            piece = piece.lstrip(" ")
            width = cell_len(piece)
        line += piece
        size += width
    lines.append(line.rstrip())
    return lines


def pieces(words: str) -> Iterator[str]:
    """Yield what may not be broken: ASCII words up to 30 long, every other character alone."""
    word = ""
    for letter in words:
        if letter.isascii() and letter != " " and len(word) < 30:
            word += letter
            continue
        if word:
            yield word
        word = letter if letter.isascii() and letter != " " else ""
        if not word:
            yield letter
    if word:
        yield word


def painted(lines: list[str], severity: Severity, options: Options) -> list[str]:
    """Return lines in the colour of a severity when colour is wanted."""
    if not options.color:
        return lines
    style = Style.parse(COLORS[severity])
    return [style.render(line) for line in lines]
