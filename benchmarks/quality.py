"""``python -m benchmarks.quality [FOLDER …]``: how well the rules judge labelled drafts.

Without folders: the drafts in ``benchmarks/drafts`` that rules are tuned on and those set aside.
``--list`` shows every miss and every false finding, ``--export DIR`` writes the drafts as
``docs/`` and ``labels.jsonl``, ``--table FILE`` keeps the figures, so that a drop is seen.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import mean

from benchmarks import drafts
from benchmarks.drafts import Draft, Span
from secreview.api import Options, check, rulebook_of
from secreview.bulk.attack import trials
from secreview.engine.findings import Telling
from secreview.model import Finding, Report, Severity

HERE = Path(__file__).parent
SETS = (HERE / "drafts/tuning", HERE / "drafts/aside")
ROOMY = 60  # characters by which a finding may exceed four times what it points at
AROUND = 18
NOTE = """# How well the rules judge

`python -m benchmarks.quality --table docs/quality.md` writes this page. All drafts are invented. Rules
were written, and tables of wording learned, from *tuning*; *aside* was written by others, without sight of the rules, and
no rule was changed because of it: it says what to expect on new documents.

- recall: the share of marked leaks found in their category;
- precision: the share of findings that point at a marked leak;
- clean: drafts in which a careful reviewer finds nothing, many of them *about* secrecy;
- disguise: leaks written with blanks, full-width forms, other scripts, broken lines.
"""


@dataclass
class Score:
    """What is counted over a set of drafts."""

    must: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    def recall(self) -> float:
        """Return the share of must-spans found in their category."""
        return ratio(self.hit.total(), self.must.total())

    def macro(self) -> float:
        """Return the mean recall over the categories."""
        return mean(ratio(self.hit[c], self.must[c]) for c in self.must) if self.must else 1.0

    def precision(self) -> float:
        """Return the share of findings that touch a label."""
        return ratio(self.right.total(), self.found.total())

    def parts(self) -> dict[str, float]:
        """Return the six figures whose mean is the total."""
        kinds = self.kinds
        return {
            "recall": self.recall(),
            "macro recall": self.macro(),
            "precision": self.precision(),
            "clean drafts clear": ratio(kinds["clear"], kinds["clean"]),
            "planted drafts flagged": ratio(kinds["flagged"], kinds["planted"]),
            "recall under disguise": ratio(kinds["evasion hit"], kinds["evasion must"]),
        }

    def total(self) -> float:
        """Return the total, 0 to 100."""
        return 100 * mean(self.parts().values())


def ratio(part: float, whole: float) -> float:
    """Return a share; of nothing it is 1."""
    return part / whole if whole else 1.0


def measure(labelled: Iterable[Draft], options: Options) -> Score:
    """Return the score over some drafts."""
    score = Score()
    for draft in labelled:
        report = check(data=draft.text.encode(), name="draft.txt", options=options)
        findings = [f for f in report.findings if f.severity is not Severity.NOTE]
        findings = [f for f in findings if f.part.startswith("body")]
        count(score, draft, report, findings)
    return score


def count(score: Score, draft: Draft, report: Report, findings: list[Finding]) -> None:
    """Add one draft to a score."""
    verdict = report.verdict.value
    if draft.must:
        score.kinds["planted"] += 1
        score.kinds["flagged"] += verdict != "clear"
        score.kinds["exact"] += verdict == draft.expected
    else:
        score.kinds["clean"] += 1
        score.kinds["clear"] += verdict == "clear"
        score.kinds["clean characters"] += len(draft.text)
    for span in draft.must:
        is_hit = 2 * len(covered(span, findings)) >= span.end - span.start
        score.must[span.category] += 1
        score.hit[span.category] += is_hit
        if "evasion" in draft.tags:
            score.kinds["evasion must"] += 1
            score.kinds["evasion hit"] += is_hit
        if not is_hit:
            what = f"{span.category}/{span.subtype}"
            score.remarks.append(f"MISS  {draft.name} {what}: {shown(draft, span.start, span.end)}")
    for finding in findings:
        is_right = any(touches(finding, span) for span in draft.spans)
        score.found[finding.category] += 1
        score.right[finding.category] += is_right
        if not is_right:
            where = shown(draft, finding.start, finding.end)
            score.remarks.append(f"FALSE {draft.name} [{finding.rule}]: {where}")


def covered(span: Span, findings: Iterable[Finding]) -> set[int]:
    """Return the characters of a span that findings of its category cover."""
    inside: set[int] = set()
    for finding in findings:
        if finding.category == span.category and touches(finding, span):
            inside |= set(range(max(finding.start, span.start), min(finding.end, span.end)))
    return inside


def touches(finding: Finding, span: Span) -> bool:
    """Return whether a finding points at a span and is not far larger."""
    is_over = finding.start < span.end and span.start < finding.end
    return is_over and finding.end - finding.start <= 4 * (span.end - span.start) + ROOMY


def shown(draft: Draft, start: int, end: int) -> str:
    """Return a stretch of an invented draft with what stands around it."""
    text = draft.text
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"{before}«{text[start:end]}»{after}".replace("\n", "⏎")


def table(name: str, score: Score, size: int) -> str:
    """Return the figures of a set as a Markdown table."""
    lines = [f"## {name}: {size} drafts, total {score.total():.1f}", ""]
    lines += ["| category | must | recall | findings | precision |", "|---|---|---|---|---|"]
    for category in sorted(score.must | score.found):
        recall = f"{ratio(score.hit[category], score.must[category]):.3f}"
        precision = f"{ratio(score.right[category], score.found[category]):.3f}"
        row = (category, score.must[category], recall, score.found[category], precision)
        lines.append(f"| {' | '.join(map(str, row))} |")
    lines.append("")
    lines += [f"- {what}: {value:.3f}" for what, value in score.parts().items()]
    kinds = score.kinds
    lines.append(f"- verdict as labelled: {ratio(kinds['exact'], kinds['planted']):.3f}")
    return "\n".join((*lines, ""))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=list(SETS))
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only", default="", help="with --list: one category")
    parser.add_argument("--export", type=Path)
    parser.add_argument("--table", type=Path)
    arguments = parser.parse_args()
    tables = []
    for folder in arguments.folders:
        labelled = drafts.load(folder)
        score = measure(labelled, Options(key=b"quality"))
        tables.append(table(folder.name, score, len(labelled)))
        print(tables[-1])
        if arguments.list:
            print(*(r for r in score.remarks if f"{arguments.only}/" in r), sep="\n")
        if arguments.export:
            drafts.export(labelled, arguments.export / folder.name)
    if arguments.table:
        arguments.table.write_text("\n".join((NOTE, *tables, disguises())), "utf-8")
    return 0


def disguises() -> str:
    """Return, as a Markdown table, how many disguised examples of the rules are still found."""
    telling = Telling(rulebook_of(kind="examples"), date.today(), b"quality")
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for trial in trials(telling.rulebook, telling):
        tried[trial.disguise] += 1
        found[trial.disguise] += trial.is_found
    share = found.total() / tried.total()
    lines = [f"## Disguises: {tried.total()} trials, {share:.2%} still found", ""]
    lines += ["| disguise of a rule's example | trials | still found |", "|---|---|---|"]
    lines += [f"| {name} | {count} | {found[name] / count:.1%} |" for name, count in tried.items()]
    return "\n".join((*lines, ""))


if __name__ == "__main__":
    sys.exit(main())
