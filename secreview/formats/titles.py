"""Row and column titles: which cells of a table name the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Row = Sequence[tuple[int, str]]  # (1-based column, text) of the cells of a row

TOP = 10  # rows that may hold the titles
LOOK = 40  # rows that are looked at to tell a form from a list
TITLE_LENGTH = 40

NUMBER = re.compile(r"[\s\d.,，:：/%％¥$()（）+\-年月日时分元个人号*Xx]*")
LONG_DIGITS = re.compile(r"\d{5}")
LABEL = re.compile(
    r"[（(]?[\s*]*(?:.{0,8}(?:姓\s*名|名\s*称|性\s*别|民\s*族|籍\s*贯|生日|出生年月|出生日期|年\s*龄"
    r"|身份证.{0,4}|证件.{0,4}|证照.{0,4}|信用代码|电\s*话|手\s*机.{0,2}|联系方式|邮\s*箱|传\s*真"
    r"|地\s*址|住\s*址|户\s*籍.{0,3}|单\s*位|职\s*务|职\s*称|学\s*历|政治面貌|开户.{0,3}|账\s*号|帐\s*号"
    r"|账\s*户|卡\s*号|户\s*名|金\s*额|密\s*码|用户名|日\s*期|时\s*间|序\s*号|编\s*号|备\s*注|事\s*项"
    r"|项\s*目|内\s*容|原\s*因|病\s*种|诊\s*断|负责人|联系人|经办人|申请人|法定代表人|邮\s*编))"
    r"[\s:：）)*]*"
)
PERSON = re.compile(r"姓\s*名|人员|申请人|当事人|户主|学生|患者|联系人|负责人|name", re.IGNORECASE)
COUNTER = re.compile(r"序\s*号|编\s*号|no\.?|id|#", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of a table: by column, and whether (and how) cells at the left name a row.

    ``last`` is the index of the last title row, -1 without one.
    """

    columns: Mapping[int, str] = field(default_factory=dict)
    last: int = -1
    has_row_titles: bool = False
    is_form: bool = False

    def of(self, index: int, row: Row, nth: int) -> tuple[str, ...]:
        """Return the titles of the nth cell of a row: of its column, then of its row."""
        if index <= self.last or not row:
            return ()
        if self.is_form:
            return label_before(row, nth)
        column = self.columns.get(row[nth][0], "")
        named = row[0][1][:TITLE_LENGTH] if self.has_row_titles and nth else ""
        return tuple(title for title in (column, named) if title)


def titles(rows: Sequence[Row]) -> Titles:
    """Return the titles of a table given its first rows.

    >>> titles([[(1, "姓名"), (2, "身份证号")], [(1, "张三"), (2, "1")]]).columns[2]
    '身份证号'
    """
    rows = rows[:LOOK]
    if is_form(rows):
        return Titles(has_row_titles=True, is_form=True)
    first = next((n for n, row in enumerate(rows[:TOP]) if is_heading(row)), -1)
    if first < 0:
        return Titles(has_row_titles=has_row_titles("", rows))
    names = {column: tidy(text) for column, text in rows[first] if tidy(text)}
    last = first
    if first + 1 < len(rows) and is_second(rows[first], rows[first + 1]):
        last = first + 1
        names = two_storeys(rows[first], rows[last])
    start = rows[first][0][0]
    return Titles(names, last, has_row_titles(names.get(start, ""), rows[last + 1 :]))


def is_heading(row: Row) -> bool:
    """Return whether a row may be column titles: two or more cells, none of them a number."""
    texts = [text.strip() for _, text in row if text.strip()]
    return len(texts) >= 2 and all(map(is_title, texts))


def is_title(text: str) -> bool:
    """Return whether a text may be a title: short, and not numeric."""
    return len(text) <= TITLE_LENGTH and not NUMBER.fullmatch(text) and not LONG_DIGITS.search(text)


def is_form(rows: Iterable[Row]) -> bool:
    """Return whether labels stand to the left of values, as in a form.

    One row of labels among other titles is the heading of a list.
    """
    paired: list[int] = []
    for row in rows:
        texts = [text.strip() for _, text in row if text.strip()]
        labels = [bool(LABEL.fullmatch(text)) for text in texts]
        if len(labels) >= 2 and all(labels):
            return False
        paired.append(sum(a and not b for a, b in pairwise(labels)))
    return sum(paired) >= 2 and (len(paired) == 1 or sum(map(bool, paired)) >= 2)


def is_second(first: Row, second: Row) -> bool:
    """Return whether the second row carries sub-titles below group titles of the first."""
    blank = [column for column, text in first if not text.strip()]
    below = {column: text.strip() for column, text in second if text.strip()}
    covered = {column for column, text in first if text.strip()}
    extra = set(below) - covered
    return (
        bool(extra or set(blank) & set(below))
        and len(covered & set(below)) <= len(extra)
        and all(map(is_title, below.values()))
    )


def two_storeys(first: Row, second: Row) -> dict[int, str]:
    """Return titles put together from group titles and sub-titles."""
    groups = {column: tidy(text) for column, text in first if tidy(text)}
    below = {column: tidy(text) for column, text in second if tidy(text)}
    names: dict[int, str] = {}
    group = ""
    for column in sorted(groups.keys() | below.keys()):
        group = groups.get(column, group)
        names[column] = f"{group} {below[column]}".strip() if column in below else group
    return names


def has_row_titles(title: str, rows: Sequence[Row]) -> bool:
    """Return whether first cells name their rows; the name of a person is no title."""
    if PERSON.search(title) or COUNTER.fullmatch(title.strip()):
        return False
    firsts = [row[0][1].strip() for row in rows if len(row) > 1]
    named = sum(bool(text) and is_title(text) for text in firsts)
    return bool(firsts) and named * 2 > len(firsts)


def label_before(row: Row, nth: int) -> tuple[str, ...]:
    """Return the nearest label to the left of a cell of a form."""
    for _, text in reversed(row[:nth]):
        if LABEL.fullmatch(text.strip()):
            return (tidy(text),)
    first = tidy(row[0][1])
    return (first,) if nth and first and is_title(first) else ()


def tidy(text: str) -> str:
    """Return a title on one line, without the spaces that stretch it and without its colon."""
    joined = " ".join(text.split())
    if re.fullmatch(r"(?:[\u4e00-\u9fff] ?)+", joined):
        joined = joined.replace(" ", "")
    return joined.rstrip(":： ")[:TITLE_LENGTH]
