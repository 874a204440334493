"""Lines that text and HTML share: basis, evidence, counts, what a reviewer may see."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from secreview.model import Finding, Provision, Report, Severity, Status
from secreview.outputs import Options
from secreview.outputs.messages import known, message


def harmless(words: str) -> str:
    r"""Return document text without control, bidi and line-breaking characters.

    >>> harmless("a\x1b[31mb")
    'a·[31mb'
    """
    return "".join("·" if unicodedata.category(c) in CONTROL else c for c in words)


CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def hit(finding: Finding, options: Options) -> str:
    """Return the finding in its context, 【】 around it, masked unless revealed."""
    shown = finding.text if options.reveal and finding.text else finding.masked
    if not shown:
        size = next((e for e in finding.evidence if e.startswith("characters:")), "characters:0")
        return message("label.whole", options.lang, n=size.partition(":")[2])
    return harmless(f"{finding.before}【{' '.join(shown.split())}】{finding.after}").strip()


def cited(provision: Provision, lang: str) -> str:
    """Return law and article with the edition, as a reviewer would cite it."""
    law = provision.law.in_(lang)
    named = f"《{law}》" if lang == "zh" else f"{law}, "
    return (
        f"{named}{provision.article.in_(lang)}（{provision.edition}）"
        if lang == "zh"
        else (f"{named}{provision.article.in_(lang)} ({provision.edition})")
    )


def evidence(finding: Finding, lang: str) -> str:
    """Return the evidence of a finding in words."""
    return ("；" if lang == "zh" else "; ").join(clue(item, lang) for item in finding.evidence)


def clue(item: str, lang: str) -> str:
    """Return one piece of evidence in words; an unknown one as it is.

    >>> clue("near:身份证", "zh")
    '附近有“身份证”'
    """
    key, _, value = item.partition(":")
    if not known(f"evidence.{key}"):
        return item
    if key == "zone":
        value = message(f"zone.{value}", lang)
    elif key == "part":
        value = message(f"kind.{value}", lang)
    return message(f"evidence.{key}", lang, v=value) if value else message(f"evidence.{key}", lang)


def counts(reports: Iterable[Report], lang: str) -> str:
    """Return how many findings of each severity, gaps and hidden ones there are."""
    tally: Counter[str] = Counter()
    for report in reports:
        tally.update(finding.severity.value for finding in report.findings)
        tally.update({"gaps": len(report.gaps), "decided": report.decided})
        tally["allowed"] += len(report.allowed)
    order = (*(s.value for s in (Severity.BLOCK, Severity.REVIEW, Severity.NOTE)),
             "gaps", "decided", "allowed")  # fmt: skip
    return "  ".join(message(f"count.{key}", lang, n=tally[key]) for key in order if tally[key])


def parts_read(report: Report, lang: str) -> str:
    """Return the kinds of parts that were read, each once."""
    kinds = dict.fromkeys(part.kind for part in report.parts if part.inspected)
    return ("、" if lang == "zh" else ", ").join(message(f"kind.{kind}", lang) for kind in kinds)


def coverage_counts(report: Report, lang: str) -> str:
    """Return how many pieces of the file have each status."""
    tally = Counter(row.status for row in report.coverage)
    return "  ".join(
        message(f"status.{status}", lang) + f" {tally[status]}"
        for status in Status
        if tally[status]
    )


def grouped(findings: Sequence[Finding], most: int) -> list[tuple[list[Finding], int]]:
    """Return findings by rule and part in order: those to show, and how many more there are."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, finding.part), []).append(finding)
    return [(group[:most], max(0, len(group) - most)) for group in groups.values()]
