"""Labelled drafts: invented texts in which what a careful reviewer would point at is marked.

A draft is one file. Its first line says ``#! kind=planted tags=evasion,table``; in the text after it
``⟦category/subtype|…⟧`` marks what must be found, ``⟦?category/subtype|…⟧`` what reasonable
reviewers differ on. A folder of ``docs/NAME.txt`` with ``labels.jsonl`` is read too.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MARK = re.compile(r"⟦(\??)([a-z-]+)/([a-z_0-9-]+)\|(.*?)⟧", re.DOTALL)
PEOPLE_WEIGH = frozenset({"commercial", "internal", "process", "enforcement"})


@dataclass(frozen=True)
class Span:
    """A marked stretch of a draft: code-point offsets, end exclusive."""

    start: int
    end: int
    category: str
    subtype: str
    is_must: bool


@dataclass(frozen=True)
class Draft:
    """A labelled draft."""

    name: str
    text: str
    spans: tuple[Span, ...]
    tags: frozenset[str]

    @property
    def must(self) -> tuple[Span, ...]:
        """Return the spans that must be found."""
        return tuple(span for span in self.spans if span.is_must)

    @property
    def expected(self) -> str:
        """Return the verdict that the labels ask for."""
        if not self.must:
            return "clear"
        return "review" if {span.category for span in self.must} <= PEOPLE_WEIGH else "block"


def parse(name: str, source: str) -> Draft:
    """Return a draft from its marked text; raise ValueError when it is not well formed."""
    header, _, body = source.partition("\n")
    found = re.fullmatch(r"#! kind=(planted|clean) tags=([a-z_,]*)", header.strip())
    if not found:
        raise ValueError(f"{name}: the first line is not '#! kind=… tags=…'")
    pieces, spans, at, size = [], [], 0, 0
    for match in MARK.finditer(body):
        pieces += [body[at : match.start()], match[4]]
        size += match.start() - at
        spans.append(Span(size, size + len(match[4]), match[2], match[3], not match[1]))
        size += len(match[4])
        at = match.end()
    text = "".join((*pieces, body[at:]))
    draft = Draft(name, text, tuple(spans), frozenset(filter(None, found[2].split(","))))
    if "⟦" in text or "⟧" in text:
        raise ValueError(f"{name}: a mark is not closed or holds another one")
    if (found[1] == "planted") != bool(draft.must):
        raise ValueError(f"{name}: kind={found[1]} does not agree with its marks")
    return draft


def load(folder: Path) -> list[Draft]:
    """Return the drafts of a folder in order of name, in either form."""
    labels = folder / "labels.jsonl"
    if not labels.exists():
        return [parse(path.stem, read(path)) for path in sorted(folder.glob("*.txt"))]
    rows = [json.loads(line) for line in labels.read_text("utf-8").splitlines()]
    return [
        Draft(
            row["doc"],
            read(folder / "docs" / f"{row['doc']}.txt"),
            tuple(
                Span(s["start"], s["end"], s["category"], s["subtype"], s["must"])
                for s in row["spans"]
            ),
            frozenset(row.get("tags", ())),
        )
        for row in rows
    ]


def read(path: Path) -> str:
    """Return a text with its line ends as they are."""
    with path.open(encoding="utf-8", newline="") as stream:
        return stream.read()


def export(drafts: Iterable[Draft], folder: Path) -> None:
    """Write drafts as ``docs/NAME.txt`` and ``labels.jsonl``, for other programs to be measured."""
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    with (folder / "labels.jsonl").open("w", encoding="utf-8") as stream:
        for draft in drafts:
            (folder / "docs" / f"{draft.name}.txt").write_text(draft.text, "utf-8", newline="")
            spans = [
                {"start": s.start, "end": s.end, "text": draft.text[s.start : s.end],
                 "category": s.category, "subtype": s.subtype, "must": s.is_must}
                for s in draft.spans
            ]  # fmt: skip
            row = {
                "doc": draft.name,
                "kind": "planted" if draft.must else "clean",
                "expected_verdict": draft.expected,
                "tags": sorted(draft.tags),
                "spans": spans,
            }
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
