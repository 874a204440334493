"""``python -m benchmarks.fixtures [FOLDER]``: is what real files hide found in a part of its kind?

The folder holds real files and a ``MANIFEST.md`` that says what must be found in each. Prints a row
for each file and fails when one does not hold.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from secreview.api import read
from secreview.errors import ReadError
from secreview.model import Document, PartKind, Why

FOLDER = Path(__file__).parent.parent.parent / "shared/fixtures"
ROW = re.compile(r"^\| (?P<file>[^|]+?) \| (?:[^|]*\|){4} (?P<where>.*?) \| (?P<must>[^|]*?) \|$")
CALLED = re.compile(r"`([^`]+)`")
NEGATIVE = "NEGATIVE"
ALLOWED_WORDS = {"ok_words.pdf": "Privilege"}  # a word that the box itself shows as its reason
SPECIAL = {
    "<!ENTITY": "refused or told",
    "%%EOF x4": "earlier revisions",
    "<empty text layer>": "a page of pictures",
}


class Case(NamedTuple):
    """One row of the manifest."""

    path: Path
    must: tuple[str, ...]
    is_negative: bool


def cases(folder: Path) -> Iterator[Case]:
    """Yield the rows of a manifest."""
    kind = ""
    for line in (folder / "MANIFEST.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:].strip()
        row = ROW.match(line)
        if row and row["file"] not in ("file", "---"):
            must = tuple(CALLED.findall(row["must"]))
            yield Case(folder / kind / row["file"], must, NEGATIVE in row["where"])


def problems(case: Case) -> list[str]:
    """Return what does not hold for a file."""
    try:
        document = read(case.path)
    except ReadError as error:
        return [] if "<!ENTITY" in case.must else [f"not read: {error}"]
    if case.is_negative:
        hidden = " ".join(p.text for p in document.parts if p.kind is PartKind.HIDDEN_TEXT)
        for word in ALLOWED_WORDS.get(case.path.name, "").split():
            hidden = hidden.replace(word, "")
        return [f"reported as hidden: {hidden[:40]!r}"] if hidden.strip() else []
    return [text for text in case.must if not holds(text, document)]


def holds(text: str, document: Document) -> bool:
    """Return whether a document gives what the manifest asks for."""
    if text == "<!ENTITY":
        return any("DTD" in gap.detail for gap in document.gaps)
    if text == "<empty text layer>":
        return bool({gap.why for gap in document.gaps} & {Why.PICTURE, Why.APPROXIMATE})
    if text == "%%EOF x4":
        return sum("revision" in row.locator for row in document.coverage) >= 2  # and the newest
    told = (*(part.text for part in document.parts), *(row.locator for row in document.coverage))
    return any(text.strip() in " ".join(words.split()) or text in words for words in told)


def main() -> int:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not folder.is_dir():
        print(f"{folder}: not here; nothing to compare with")
        return 0
    failed = 0
    for case in cases(folder):
        wrong = problems(case)
        failed += bool(wrong)
        asked = "nothing hidden" if case.is_negative else "; ".join(case.must)
        verdict = "ok" if not wrong else f"MISSING {'; '.join(wrong)}"
        print(f"{case.path.parent.name + '/' + case.path.name:<48} {asked[:60]:<60} {verdict}")
    print(f"{failed} rows do not hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
