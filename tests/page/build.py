"""Drafts with as many findings as a test wants, and seats at records of them; all invented."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

from docx import Document
from stdnum.cn import ric

from secreview.api import Options, rulebook_of
from secreview.api.at_hand import papers_of
from secreview.api.desk import Desk, flow_named, people_in
from secreview.api.seat import ALONE, Seat, lone_actor, record_alone
from secreview.api.stores import opened
from secreview.review.keys import new_key, private_key

KEY = b"key of the tests"
REASON = "虚构的示例号码，不是本人信息"
REGION = 522601
PEOPLE = """
[[person]]
id = "lin"
name = "林一"
unit = "水环境科"
roles = ["drafter"]
[[person]]
id = "shao"
name = "邵四"
unit = "办公室"
roles = ["secrecy-office"]
[[person]]
id = "gu"
name = "顾六"
unit = "局领导"
roles = ["leader"]
"""


def number(nth: int) -> str:
    """Return the nth invented resident number, with its check digit."""
    year, rest = divmod(nth, 27_000)
    day, serial = divmod(rest, 1000)
    body = f"{REGION}{1970 + year}01{day + 1:02}{serial:03}"
    return body + ric.calc_check_digit(f"{body}0")


def draft(findings: int = 30, same: int = 5) -> bytes:
    """Return a Word draft: some of the numbers in a table, ``same`` times the first one."""
    made = Document()
    made.add_paragraph("关于临时救助对象的公示")
    numbers = [number(0)] * same + [number(n) for n in range(1, findings - same + 1)]
    half = findings // 2
    for nth, value in enumerate(numbers[:half], 1):
        made.add_paragraph(f"材料{nth}所附证件号为{value}，请核对。")
    table = made.add_table(rows=0, cols=2)
    for nth, value in enumerate(numbers[half:], 1):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"材料{nth}", value
    made.core_properties.author = ""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def lines(findings: int) -> str:
    """Return a text with a number on each line."""
    return "".join(f"材料{n}所附证件号为{number(n)}，请核对。\n" for n in range(findings))


@cache
def signer():
    """Return the key that certificates of the tests are signed with."""
    return private_key(new_key()[0])


@contextmanager
def desk_in(folder: Path, flow: str = ALONE):
    """Give a desk with a store in a folder, and three people where the flow is not for one."""
    people = {}
    if flow != ALONE:
        path = folder / "people.toml"
        path.write_text(PEOPLE, "utf-8")
        people = people_in(path)
    options = Options(rulebook=rulebook_of(), key=KEY)
    with opened(str(folder / "records.db")) as log:
        key = signer()
        yield Desk(log, flow_named(flow), people, options, key, (key.public,))


def alone_at(desk: Desk, *paths: Path, known: frozenset[str] = frozenset()) -> Seat:
    """Return the seat of one person alone at the record of files."""
    papers = papers_of(paths, desk.options)
    return Seat(desk, lone_actor("she"), record_alone(papers, desk), papers, known)


def seat_at(desk: Desk, record, by: str, *paths: Path) -> Seat:
    """Return the seat of somebody at a record."""
    return Seat(desk, replace(desk.people[by], auth="host"), record, papers_of(paths, desk.options))


NAMES = count(1)


def written(folder: Path, data: bytes | str, name: str = "") -> Path:
    """Return a new file of a folder."""
    path = folder / (name or f"draft-{next(NAMES)}.txt")
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path
