"""Texts to measure on: built from real or invented reports, varied, the same in every run."""

import os
import random
import re
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = Path(os.environ.get("SECREVIEW_SOURCES", HERE.parent.parent / "shared/source-documents"))
MEGABYTE = 1_000_000
FROM_DICTIONARY = 20_000


def texts() -> list[tuple[str, str]]:
    """Return the reports the corpora are built from by name; an invented one where there are none."""
    files = sorted(SOURCES.glob("*.txt")) if SOURCES.is_dir() else []
    files = files or [HERE / "report.txt"]
    return [(path.name, path.read_text("utf-8")) for path in files]


def base_text() -> str:
    """Return all of these reports."""
    return "\n".join(text for _, text in texts())


@lru_cache(maxsize=4)
def prose(size: int = 10 * MEGABYTE) -> str:
    """Return ordinary Chinese text of about ``size`` bytes: lines shuffled, numbers changed.

    Numbers left open in a report (20XX年) are filled in, as they are before it is published.
    """
    choice = random.Random(20261124)
    paragraphs = [p for p in base_text().splitlines() if p.strip()]
    made: list[str] = []
    total = 0
    while total < size:
        choice.shuffle(paragraphs)
        for paragraph in paragraphs:
            filled = re.sub(r"(?<=\d)X{1,2}", lambda m: "1" * len(m[0]), paragraph)
            varied = re.sub(r"\d{1,4}", lambda m: str(choice.randrange(10 ** len(m[0]))), filled)
            made.append(varied)
            total += len(varied.encode()) + 1
            if total >= size:
                break
    return "\n".join(made)


@lru_cache(maxsize=2)
def table(size: int = 10 * MEGABYTE, separator: str = "\t") -> str:
    """Return rows of numbers of one to eight digits."""
    choice = random.Random(1124)
    rows: list[str] = []
    total = 0
    while total < size:
        row = separator.join(str(choice.randrange(10 ** choice.randint(1, 8))) for _ in range(10))
        rows.append(row)
        total += len(row) + 1
    return "\n".join(rows)


@lru_cache(maxsize=2)
def dense(size: int = MEGABYTE) -> str:
    """Return prose with something that looks like an identifier in most lines (all invented)."""
    choice = random.Random(7)
    lines = []
    for line in prose(size).splitlines():
        number = "".join(choice.choices("0123456789", k=choice.choice((11, 15, 16, 18, 19))))
        mail = f"u{choice.randrange(10**6)}@mail.example.com"
        lines.append(
            choice.choice((line, f"{line}电话1{number[:10]}", f"{line} {number}", f"{line}{mail}"))
        )
    return "\n".join(lines)


@lru_cache(maxsize=4)
def words(count: int) -> tuple[str, ...]:
    """Return words like those of a body's own lists: three to eight characters, not in the text.

    The first are rare words of jieba's dictionary, the rest are put together from its characters
    as names are. A list whose words stood in every text would flood any reviewer; what findings
    cost is measured by itself.
    """
    import jieba

    path = Path(jieba.__file__).with_name("dict.txt")
    rows = [line.split(" ") for line in path.read_text("utf-8").splitlines()]
    text = base_text()
    rare = [row[0] for row in rows if 3 <= len(row[0]) <= 8 and int(row[1]) < 50]
    choice = random.Random(11)
    choice.shuffle(rare)
    found = dict.fromkeys(word for word in rare[:FROM_DICTIONARY] if word not in text)
    letters = "".join(rare[FROM_DICTIONARY : 2 * FROM_DICTIONARY])
    while len(found) < count:
        word = "".join(choice.choices(letters, k=choice.choice((3, 4, 4, 5, 6))))
        if word not in text:
            found[word] = None
    return tuple(found)[:count]
