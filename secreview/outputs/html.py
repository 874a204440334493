"""Reports as one self-contained HTML page: no script, nothing from a network, prints to A4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from secreview.model import Finding, Gap, Report
from secreview.outputs import Options
from secreview.outputs.details import why_covered, why_unread
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.shape import shown_name
from secreview.outputs.words import cited, counts, evidence, harmless, hit

STYLE = Path(__file__).with_name("report.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
ROLES = ("drafter", "section", "secrecy", "leader")


def render(reports: Sequence[Report], options: Options) -> str:
    """Return the page of all reports."""
    lang = options.lang
    title = message("html.title", lang)
    body = "\n".join(line for report in reports for line in document(report, options))
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE.read_text('utf-8')}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>"
    )


def document(report: Report, options: Options) -> Iterator[str]:
    """Yield the sections of one report."""
    lang = options.lang
    name = told(shown_name(report, report.path, reveal=options.reveal))
    rules = message("label.rules", lang, count=report.rules, digest=report.rulebook_digest[:12])
    yield f'<article><header class="verdict {report.verdict}">'
    yield f"<h2>{name}</h2><p class=big>{message(f'verdict.{report.verdict}', lang)}</p>"
    yield f"<p>{told(counts([report], lang))}</p>"
    yield f"<p class=small>{message('html.digest', lang)} SHA-256 <code>{report.sha256}</code><br>"
    yield f"secreview {told(report.version)} · {rules}"
    yield f" · {message('html.advice', lang)}</p></header>"
    yield from findings(report, options)
    yield from unread(report, lang)
    yield from scope(report, lang)
    yield from signatures(lang)
    yield "</article>"


def findings(report: Report, options: Options) -> Iterator[str]:
    """Yield the findings, grouped by title with their number."""
    lang = options.lang
    yield f"<section><h3>{message('html.findings', lang)}</h3>"
    if not report.findings:
        yield f"<p>{message('html.none', lang)}</p>"
    numbers = Counter(finding.rule for finding in report.findings)
    seen: set[str] = set()
    for finding in sorted(report.findings, key=lambda f: (f.category, f.rule)):
        if finding.rule not in seen:
            seen.add(finding.rule)
            title = told(finding.title.in_(lang))
            yield f"<h4>{title} <span class=count>{numbers[finding.rule]}</span></h4>"
        yield card(finding, options)
    yield "</section>"


def card(finding: Finding, options: Options) -> str:
    """Return the card of one finding."""
    lang = options.lang
    where = told(label(finding.place, finding.kind, lang))
    titles = told(" / ".join(finding.place.headers))
    basis = "".join(
        f"<details><summary>{told(cited(provision, lang))}</summary>"
        f"<blockquote>{told(provision.text)}</blockquote></details>"
        for provision in finding.reason.basis
    )
    clues = told(evidence(finding, lang))
    if clues:
        clues = f"<dt>{message('label.evidence', lang)}<dd>{clues}"
    shown = told(hit(finding, options)).replace("【", "<mark>【").replace("】", "】</mark>")
    return (
        f'<div class="card {finding.severity}" id="{told(finding.id)}">'
        f"<p class=head><b>{message(f'severity.{finding.severity}', lang)}</b> {where}"
        f"{f' 〔{titles}〕' if titles else ''} <code>#{told(finding.id)}</code></p>"
        f"<p class=hit>{shown}</p><dl>"
        f"<dt>{message('label.why', lang)}<dd>{told(finding.reason.text.in_(lang))}"
        f"<dt>{message('label.basis', lang)}<dd>{basis}"
        f"<dt>{message('label.do', lang)}<dd>{told(finding.reason.suggest.in_(lang))}"
        f"{clues}</dl></div>"
    )


def unread(report: Report, lang: str) -> Iterator[str]:
    """Yield what was not inspected, as loud as the findings."""
    yield f"<section><h3>{message('html.gaps', lang)}</h3>"
    if not report.gaps:
        yield f"<p>{message('html.no-gaps', lang)}</p>"
    for gap in (*report.gaps, *report.allowed):
        yield gap_card(gap, lang)
    yield "</section>"


def gap_card(gap: Gap, lang: str) -> str:
    """Return the card of one gap."""
    return (
        f"<div class='card gap'><p class=head><b>{message('label.unread', lang)}</b> "
        f"{told(gap.part)}</p><dl><dt>{message('label.why', lang)}"
        f"<dd>{told(why_unread(gap, lang))}"
        f"<dt>{message('label.do', lang)}<dd>{message(f'next.{gap.why}', lang)}</dl></div>"
    )


def scope(report: Report, lang: str) -> Iterator[str]:
    """Yield the table of the parts that were read."""
    yield f"<section><h3>{message('html.scope', lang)}</h3><table><thead><tr>"
    yield "".join(f"<th>{message(f'html.{key}', lang)}" for key in ("part", "kind", "characters"))
    yield "</thead><tbody>"
    for part in report.parts:
        kind = message(f"kind.{part.kind}", lang)
        yield f"<tr><td>{told(part.id)}<td>{kind}<td class=number>{part.characters}"
    yield "</tbody></table>"
    if len(report.coverage) > 1:
        yield from covered(report, lang)
    yield "</section>"


def covered(report: Report, lang: str) -> Iterator[str]:
    """Yield the table of every piece of the file and how far it was read."""
    yield f"<h3>{message('html.coverage', lang)}</h3><table><thead><tr>"
    keys = ("locator", "status", "bytes", "reason")
    yield "".join(f"<th>{message(f'html.{key}', lang)}" for key in keys)
    yield "</thead><tbody>"
    for row in report.coverage:
        why = told(why_covered(row, lang))
        status = message(f"status.{row.status}", lang)
        yield f"<tr><td>{told(row.locator)}<td>{status}<td class=number>{row.size or ''}<td>{why}"
    yield "</tbody></table>"


def signatures(lang: str) -> Iterator[str]:
    """Yield the table for opinions and signatures by hand."""
    yield f"<section class=sign><h3>{message('html.sign', lang)}</h3><table><thead><tr><th>"
    yield f"<th>{message('html.opinion', lang)}<th>{message('html.signature', lang)}</thead><tbody>"
    for role in ROLES:
        yield f"<tr><th>{message(f'html.role.{role}', lang)}<td><td>"
    yield "</tbody></table></section>"


def told(words: str) -> str:
    """Return document text, harmless and escaped."""
    return escape(harmless(words))
