"""``python -m benchmarks.learn [FOLDER …]``: learn the tables of wording from labelled drafts.

Each table (``rules/wording/CATEGORY.txt``) tells how much a sentence reads like those marked in
the drafts. Sentences of statutes, where the texts are at hand, count as innocent.
"""

import argparse
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from benchmarks import drafts
from secreview.engine.view import View
from secreview.model import Part, PartKind
from secreview.rulebook.frequency import frequency
from secreview.text.normal import fold
from secreview.text.wording import AROUND, SAID, grams, plain, surroundings

HERE = Path(__file__).parent
TARGET = HERE.parent / "rules" / "wording"
CATEGORIES = (
    "commercial",
    "enforcement",
    "internal",
    "process",
    "public-safety",
    "work-secret",
)
KEPT = 3_000  # strings of a table
SEEN = 3  # drafts that a string is in at least
STATUTES = 8  # every so many sentences of statutes
LAW = 60_000  # characters of a statute
COVERED = 4  # cues that each marked sentence holds, where it can
MOST_CUES = 400
COMMON = 40.0  # in a million characters; what no cue is more common than
RARE = 20.0  # in a million characters; what no cue is rarer than
HEADER = "# How much a sentence reads like {} information: learned by python -m benchmarks.learn."
MARKED_WEIGH = 5  # a marked sentence counts as so many others


@dataclass
class Sentence:
    """A sentence of a draft with what marks overlap it."""

    draft: str
    said: str
    around: list[str]
    marks: dict[str, bool]  # category: must it be found?


def sentences(name: str, text: str, spans: Sequence[drafts.Span] = ()) -> Iterable[Sentence]:
    """Yield the sentences of a text as the engine sees them."""
    part = Part("body", PartKind.BODY, text, first_line=1)
    view = View(part, fold(text))
    at = 0
    while at < len(view.text):
        low, high = view.unit(at, at)
        if len(plain(view.text[low:high])) >= 4:
            start, end = view.span(low, high)
            marks: dict[str, bool] = {}
            for span in spans:
                if span.start < end and start < span.end:
                    marks[span.category] = marks.get(span.category, False) or span.is_must
            around = surroundings(view.text, low, high, view.head)
            yield Sentence(name, plain(view.text[low:high]), around, marks)
        at = max(high, at) + 1


def matrix(pieces: Iterable[Sequence[str]], lengths: tuple[int, ...], index: dict[str, int]):
    """Return a row of features for each list of pieces, as ``Strings.weight`` weighs them."""
    data, columns, ends = [], [], [0]
    for row in pieces:
        count = sum(max(0, len(p) - n + 1) for p in row for n in lengths)
        found = {index[g] for p in row for g in grams(p, lengths) if g in index}
        columns.extend(sorted(found))
        data.extend([1 / np.sqrt(count)] * len(found))
        ends.append(len(columns))
    return csr_matrix((data, columns, ends), shape=(len(ends) - 1, len(index)))


def index_of(
    pieces: Iterable[Sequence[str]], drafts_of: Iterable[str], lengths: tuple[int, ...]
) -> dict[str, int]:
    """Return a number for every string that is in enough drafts."""
    found: dict[str, set[str]] = defaultdict(set)
    for row, draft in zip(pieces, drafts_of, strict=True):
        for piece in row:
            for gram in grams(piece, lengths):
                found[gram].add(draft)
    return {g: n for n, g in enumerate(sorted(g for g, seen in found.items() if len(seen) >= SEEN))}


class Corpus:
    """Sentences as rows of features."""

    def __init__(self, rows: list[Sentence]) -> None:
        self.rows = rows
        said = [[row.said] for row in rows]
        around = [row.around for row in rows]
        of = [row.draft for row in rows]
        self.said, self.around = index_of(said, of, SAID), index_of(around, of, AROUND)
        self.x = hstack(
            [matrix(said, SAID, self.said), 0.5 * matrix(around, AROUND, self.around)]
        ).tocsr()

    def labels(self, category: str):
        """Return 1 for sentences that must be found, 0 for innocent ones, -1 for those between."""
        return np.array(
            [
                (1 if row.marks[category] else -1) if category in row.marks else 0
                for row in self.rows
            ]
        )


def fit(x, y) -> LogisticRegression:
    """Return a fitted model."""
    weights = {0: 1, 1: MARKED_WEIGH}
    return LogisticRegression(C=10, class_weight=weights, max_iter=300).fit(x, y)


def pruned(x, y) -> tuple[np.ndarray, LogisticRegression]:
    """Return the columns that matter most, and a model of them alone."""
    whole = fit(x, y)
    size = np.sqrt(np.asarray(x.multiply(x).sum(0)).ravel())
    columns = np.sort(np.argsort(-np.abs(whole.coef_[0]) * size)[:KEPT])
    return columns, fit(x[:, columns], y)


def cues(rows: Sequence[str], weights: dict[str, float]) -> list[str]:
    """Return strings of which marked sentences hold some each, rare ones first."""
    able = {g: frequency(g) + RARE for g, w in weights.items() if w > 0 and is_cue(g)}
    holds = {g: [n for n, row in enumerate(rows) if g in row] for g in able}
    need = [COVERED] * len(rows)
    chosen: list[str] = []
    while able:
        gain = {g: sum(need[n] > 0 for n in holds[g]) / cost for g, cost in able.items()}
        best = max(sorted(gain), key=lambda g: gain[g])
        if not gain[best] or len(chosen) >= MOST_CUES:
            break
        chosen.append(best)
        del able[best]
        for number in holds[best]:
            need[number] -= 1
    return sorted(chosen)


def is_cue(gram: str) -> bool:
    """Return whether a string may be one that an automaton looks for."""
    is_word = len(gram) > 1 and gram.isalpha() and not gram.isascii()
    return is_word and frequency(gram) < COMMON


def table(corpus: Corpus, category: str) -> str:
    """Return the table of wording of a category."""
    y = corpus.labels(category)
    known = y >= 0
    columns, model = pruned(corpus.x[known], y[known])
    strings = [*corpus.said, *corpus.around]
    said: dict[str, float] = {}
    around: dict[str, float] = {}
    for column, weight in zip(columns, model.coef_[0], strict=True):
        is_said = column < len(corpus.said)
        (said if is_said else around)[strings[column]] = weight if is_said else weight / 2
    marked = [row.said for row, is_marked in zip(corpus.rows, y, strict=True) if is_marked == 1]
    lines = [HEADER.format(category), f"bias\t{model.intercept_[0]:.4f}"]
    lines += [f"cue\t{cue}" for cue in cues(marked, said)]
    lines += [f"said\t{g}\t{w:.3f}" for g, w in sorted(said.items())]
    lines += [f"around\t{g}\t{w:.3f}" for g, w in sorted(around.items())]
    return "\n".join(lines) + "\n"


def gather(folders: Iterable[Path]) -> list[Sentence]:
    """Return the sentences of labelled drafts, and of statutes where they are at hand."""
    rows = [
        row
        for folder in folders
        for d in drafts.load(folder)
        for row in sentences(d.name, d.text, d.spans)
    ]
    laws = Path(os.environ.get("SECREVIEW_LAW_DIR", HERE.parent.parent / "shared/law"))
    for path in sorted((*laws.rglob("*.md"), *laws.rglob("*.txt"))):
        text = path.read_text("utf-8", errors="replace")[:LAW]
        rows += list(sentences(path.stem, text))[::STATUTES]
    return rows


def main() -> None:
    """Learn all tables and write them."""
    parser = argparse.ArgumentParser(prog="benchmarks.learn", description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[HERE / "drafts/tuning"])
    parser.add_argument("--out", type=Path, default=TARGET, help="where the tables go")
    given = parser.parse_args()
    corpus = Corpus(gather(given.folders))
    given.out.mkdir(parents=True, exist_ok=True)
    for category in CATEGORIES:
        made = table(corpus, category)
        (given.out / f"{category}.txt").write_text(made, "utf-8")
        count = sum(label == 1 for label in corpus.labels(category))
        print(
            f"{category}: {count} marked sentences of {len(corpus.rows)}, {made.count(chr(10))} lines"
        )


if __name__ == "__main__":
    main()
