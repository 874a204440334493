"""A report as plain values, and back: the one JSON that machines read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from secreview.engine.verdict import worst
from secreview.model import (
    Bilingual,
    Covered,
    Finding,
    Gap,
    PartKind,
    PartSummary,
    Place,
    Provision,
    Reason,
    Report,
    Severity,
    Status,
    Step,
    Unit,
    Verdict,
    Why,
)
from secreview.outputs.messages import message
from secreview.outputs.places import label

SCHEMA = "secreview.report/1"


def as_dict(reports: Sequence[Report], *, lang: str = "zh", reveal: bool = False) -> dict[str, Any]:
    """Return reports as JSON-ready values; matched text only with ``reveal``."""
    first = reports[0] if reports else None
    return {
        "schema": SCHEMA,
        "tool": {"name": "secreview", "version": first.version if first else ""},
        "rulebook": {
            "digest": f"sha256:{first.rulebook_digest}" if first else "",
            "rules": first.rules if first else 0,
        },
        "reports": [report_dict(report, lang, reveal) for report in reports],
        "summary": summary(reports),
    }


def summary(reports: Sequence[Report]) -> dict[str, Any]:
    """Return the counts over all documents and the worst verdict."""
    counts = Counter(finding.severity for report in reports for finding in report.findings)
    return {
        "documents": len(reports),
        "block": counts[Severity.BLOCK],
        "review": counts[Severity.REVIEW],
        "note": counts[Severity.NOTE],
        "gaps": sum(len(report.gaps) for report in reports),
        "decided": sum(report.decided for report in reports),
        "allowed": sum(len(report.allowed) for report in reports),
        "verdict": worst(report.verdict for report in reports).value,
    }


def shown_name(report: Report, name: str, *, reveal: bool) -> str:
    """Return a name or path of a document with what was found in the file name masked."""
    if reveal:
        return name
    head, base = name[: len(name) - len(report.name)], name[len(name) - len(report.name) :]
    if base != report.name:
        return name
    found = [f for f in report.findings if f.kind is PartKind.NAME and f.masked]
    for finding in sorted(found, key=lambda f: f.start, reverse=True):
        base = base[: finding.start] + finding.masked + base[finding.end :]
    return head + base


def report_dict(report: Report, lang: str, reveal: bool) -> dict[str, Any]:
    """Return one report as JSON-ready values."""
    return {
        "document": {
            "path": shown_name(report, report.path, reveal=reveal),
            "name": shown_name(report, report.name, reveal=reveal),
            "sha256": report.sha256,
            "size": report.size,
            "media_type": report.media_type,
        },
        "verdict": report.verdict.value,
        "findings": [finding_dict(finding, lang, reveal) for finding in report.findings],
        "gaps": [gap_dict(gap, lang) for gap in report.gaps],
        "allowed": [gap_dict(gap, lang) for gap in report.allowed],
        "decided": report.decided,
        "parts": [
            {
                "id": part.id,
                "kind": part.kind.value,
                "characters": part.characters,
                "inspected": part.inspected,
            }
            for part in report.parts
        ],
        "coverage": [covered_dict(row) for row in report.coverage],
    }


def covered_dict(row: Covered) -> dict[str, Any]:
    """Return one row of the coverage list as JSON-ready values."""
    return {
        "locator": row.locator,
        "kind": row.kind,
        "status": row.status.value,
        "bytes": row.size,
        "reader": row.reader,
        "reason": row.reason,
    }


def finding_dict(finding: Finding, lang: str, reveal: bool) -> dict[str, Any]:
    """Return one finding as JSON-ready values."""
    reason = finding.reason
    made: dict[str, Any] = {
        "id": finding.id,
        "fingerprint": finding.fingerprint,
        "near": list(finding.near),
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "title": both(finding.title),
        "place": {
            "part": finding.part,
            "kind": finding.kind.value,
            "label": label(finding.place, finding.kind, lang),
            **place_dict(finding.place),
            "start": finding.start,
            "end": finding.end,
        },
        "masked": finding.masked,
        "context": {"before": finding.before, "after": finding.after},
        "reason": {
            **both(reason.text),
            "ground": reason.ground,
            "basis": [
                {
                    "id": provision.id,
                    "law": both(provision.law),
                    "article": both(provision.article),
                    "edition": provision.edition,
                    "text": provision.text,
                }
                for provision in reason.basis
            ],
            "suggest": both(reason.suggest),
        },
        "evidence": list(finding.evidence),
    }
    if reveal:
        made["text"] = finding.text
    return made


def place_dict(place: Place) -> dict[str, Any]:
    """Return the numbers, steps and titles of a place."""
    return {
        "page": place.page,
        "line": place.line,
        "column": place.column,
        "steps": [[unit.value, value] for unit, value in place.steps],
        "headers": list(place.headers),
    }


def gap_dict(gap: Gap, lang: str) -> dict[str, Any]:
    """Return one gap as JSON-ready values."""
    return {
        "part": gap.part,
        "why": gap.why.value,
        "detail": gap.detail,
        "label": label(gap.place, PartKind.BODY, lang) if gap.place != Place() else "",
        "place": place_dict(gap.place),
        "message": {lng: message(f"why.{gap.why}", lng) for lng in ("zh", "en")},
    }


def both(words: Bilingual) -> dict[str, str]:
    """Return words in two languages as an object."""
    return {"zh": words.zh, "en": words.en}


def from_dict(data: Mapping[str, Any]) -> list[Report]:
    """Return the reports of a JSON object; raise KeyError or ValueError when it is none."""
    if data["schema"] != SCHEMA:
        raise ValueError(f"not a {SCHEMA}: {data['schema']}")
    return [report_of(row, data) for row in data["reports"]]


def report_of(row: Mapping[str, Any], data: Mapping[str, Any]) -> Report:
    """Return one report."""
    document = row["document"]
    return Report(
        path=document["path"],
        name=document["name"],
        sha256=document["sha256"],
        size=document["size"],
        media_type=document["media_type"],
        verdict=Verdict(row["verdict"]),
        findings=tuple(finding_of(f) for f in row["findings"]),
        gaps=gaps_of(row["gaps"]),
        parts=tuple(
            PartSummary(p["id"], PartKind(p["kind"]), p["characters"], p["inspected"])
            for p in row["parts"]
        ),
        coverage=tuple(
            Covered(
                c["locator"], c["kind"], Status(c["status"]), c["bytes"], c["reader"], c["reason"]
            )
            for c in row["coverage"]
        ),
        allowed=gaps_of(row["allowed"]),
        decided=row["decided"],
        rulebook_digest=data["rulebook"]["digest"].removeprefix("sha256:"),
        rules=data["rulebook"]["rules"],
        version=data["tool"]["version"],
    )


def gaps_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Gap, ...]:
    """Return gaps."""
    return tuple(Gap(r["part"], Why(r["why"]), r["detail"], place_of(r["place"])) for r in rows)


def place_of(row: Mapping[str, Any]) -> Place:
    """Return a place."""
    steps = tuple(Step(Unit(unit), value) for unit, value in row["steps"])
    return Place(steps, row["page"], tuple(row["headers"]), row["line"], row["column"])


def finding_of(row: Mapping[str, Any]) -> Finding:
    """Return one finding."""
    place, reason = row["place"], row["reason"]
    basis = tuple(
        Provision(
            p["id"], Bilingual(**p["law"]), Bilingual(**p["article"]), p["edition"], p["text"]
        )
        for p in reason["basis"]
    )
    words = Bilingual(reason["zh"], reason["en"])
    return Finding(
        id=row["id"],
        fingerprint=row["fingerprint"],
        rule=row["rule"],
        category=row["category"],
        severity=Severity(row["severity"]),
        confidence=row["confidence"],
        title=Bilingual(**row["title"]),
        part=place["part"],
        kind=PartKind(place["kind"]),
        place=place_of(place),
        start=place["start"],
        end=place["end"],
        masked=row["masked"],
        reason=Reason(basis, reason["ground"], words, Bilingual(**reason["suggest"])),
        before=row["context"]["before"],
        after=row["context"]["after"],
        evidence=tuple(row["evidence"]),
        text=row.get("text", ""),
        near=tuple(row["near"]),
    )
