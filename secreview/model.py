"""The nouns of a review: documents, parts, places, gaps, findings, reasons, reports."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol


class Severity(StrEnum):
    """What a finding asks people to do."""

    BLOCK = "block"  # 不得公开
    REVIEW = "review"  # 待人工研判
    NOTE = "note"  # 提示


SEVERITY_ORDER: Mapping[Severity, int] = {Severity.NOTE: 0, Severity.REVIEW: 1, Severity.BLOCK: 2}


class Verdict(StrEnum):
    """The machine's advice on a whole document."""

    CLEAR = "clear"  # 未发现
    REVIEW = "review"  # 待核
    BLOCK = "block"  # 阻断
    INCOMPLETE = "incomplete"  # 未查全


VERDICT_ORDER: Mapping[Verdict, int] = {
    Verdict.CLEAR: 0,
    Verdict.INCOMPLETE: 1,
    Verdict.REVIEW: 2,
    Verdict.BLOCK: 3,
}


class PartKind(StrEnum):
    """What sort of place in a file a text comes from."""

    BODY = "body"  # 正文
    NAME = "name"  # 文件名
    SHEET = "sheet"  # 工作表
    HEADER = "header"  # 页眉
    FOOTER = "footer"  # 页脚
    FOOTNOTE = "footnote"  # 脚注
    ENDNOTE = "endnote"  # 尾注
    TEXTBOX = "textbox"  # 文本框
    COMMENT = "comment"  # 批注
    NOTES = "notes"  # 演讲者备注
    INSERTED = "inserted"  # 修订插入
    DELETED = "deleted"  # 修订删除
    HIDDEN_TEXT = "hidden-text"  # 隐藏文字
    HIDDEN_SHEET = "hidden-sheet"  # 隐藏工作表
    HIDDEN_CELLS = "hidden-cells"  # 隐藏行列
    PROPERTY = "property"  # 文档属性
    ALT_TEXT = "alt-text"  # 替代文字
    LINK = "link"  # 链接
    FIELD = "field"  # 域代码、公式、定义名称
    FORM = "form"  # 表单
    ANNOTATION = "annotation"  # PDF 注释
    MARKUP = "markup"  # 网页注释、属性
    SCRIPT = "script"  # 网页脚本
    ATTACHMENT = "attachment"  # 附件、嵌入对象
    DATA = "data"  # 文件内部的其他数据


HIDDEN_KINDS: frozenset[PartKind] = frozenset(
    {
        PartKind.COMMENT,
        PartKind.NOTES,
        PartKind.INSERTED,
        PartKind.DELETED,
        PartKind.HIDDEN_TEXT,
        PartKind.HIDDEN_SHEET,
        PartKind.HIDDEN_CELLS,
        PartKind.PROPERTY,
    }
)


class Unit(StrEnum):
    """One kind of step on the way to a place, from coarse to fine."""

    FILE = "file"  # 文件名或内嵌文件名
    PAGE = "page"  # 第 n 页
    SLIDE = "slide"  # 第 n 张幻灯片
    SHEET = "sheet"  # 工作表名
    HEADER = "header"  # 页眉
    FOOTER = "footer"  # 页脚
    TEXTBOX = "textbox"  # 文本框 n
    TABLE = "table"  # 表 n
    ROW = "row"  # 第 n 行
    COLUMN = "column"  # 第 n 列
    CELL = "cell"  # 单元格 B7
    PARAGRAPH = "paragraph"  # 第 n 段
    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"
    COMMENT = "comment"
    INSERTED = "inserted"
    DELETED = "deleted"
    HIDDEN = "hidden"
    PROPERTY = "property"  # 属性名
    ELEMENT = "element"  # 网页元素、XML 部件
    LINE = "line"  # 第 n 行（纯文本）
    CAUSE = "cause"  # 为什么看不见，或者怎样读出


class Step(NamedTuple):
    """One step of a place: a unit and its number or name (0 or "" when it has none)."""

    unit: Unit
    value: int | str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, in steps a person follows; headers are row and column titles."""

    steps: tuple[Step, ...] = ()
    page: int | None = None
    headers: tuple[str, ...] = ()
    line: int | None = None
    column: int | None = None


class Places(Protocol):
    """An index from an offset into a part's text to the place it stands for."""

    def at(self, offset: int) -> Place:
        """Return the place of the character at offset (code points into the part's text)."""


@dataclass(frozen=True, slots=True)
class PlaceIndex:
    """Places given by sorted start offsets; each holds until the next one."""

    starts: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, Place]]) -> PlaceIndex:
        """Return an index of (offset, place) pairs given in rising order of offset."""
        pairs = tuple(pairs)
        return cls(tuple(start for start, _ in pairs), tuple(place for _, place in pairs))

    def at(self, offset: int) -> Place:
        """Return the last place that starts at or before offset."""
        index = bisect_right(self.starts, offset) - 1
        return self.places[index] if index >= 0 else Place()


@dataclass(frozen=True, slots=True)
class Grid:
    """Places of a table whose text is rows joined by newlines, cells by tabs.

    ``rows`` holds the start offset of each row, ``numbers`` its 1-based row number in the
    document, ``columns`` (by row index) the 1-based column numbers of rows with holes; other
    rows count from ``first_column``. ``titles`` maps a column number to its heading;
    ``row_titles`` says whether the first cell of a row names the row.
    """

    text: str
    rows: Sequence[int]
    numbers: Sequence[int]
    base: tuple[Step, ...] = ()
    titles: Mapping[int, str] = field(default_factory=dict)
    columns: Mapping[int, Sequence[int]] = field(default_factory=dict)
    first_column: int = 1
    row_titles: bool = False
    cells: bool = False  # name cells as B7 instead of row and column
    page: int | None = None

    def at(self, offset: int) -> Place:
        """Return the cell that holds offset, with its row and column titles."""
        index = max(0, bisect_right(self.rows, offset) - 1)
        if not self.rows:
            return Place(self.base, self.page)
        start = self.rows[index]
        nth = self.text.count("\t", start, max(start, offset))
        holes = self.columns.get(index)
        column = holes[min(nth, len(holes) - 1)] if holes else self.first_column + nth
        number = self.numbers[index]
        headers = tuple(h for h in (self.titles.get(column, ""), self.row_title(index)) if h)
        if self.cells:
            named = f"{column_letters(column)}{number}"
            return Place((*self.base, Step(Unit.CELL, named)), self.page, headers)
        steps = (*self.base, Step(Unit.ROW, number), Step(Unit.COLUMN, column))
        return Place(steps, self.page, headers)

    def row_title(self, index: int) -> str:
        """Return the first cell of a row when it names the row, else an empty string."""
        if not self.row_titles:
            return ""
        start = self.rows[index]
        line = self.text[start : start + 80].split("\n", 1)[0]
        return line.split("\t", 1)[0]


def column_letters(number: int) -> str:
    """Return the spreadsheet letters of a 1-based column number.

    >>> column_letters(1), column_letters(28), column_letters(16384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of text of one kind, as large as it reads.

    ``core`` limits findings to those that start in it (a piece of a longer text carries some
    context on both sides); ``start`` is the offset of ``text`` in the whole; ``first_line`` is
    the number of its first line when lines mean something to a reader, else 0.
    """

    id: str
    kind: PartKind
    text: str
    places: Places = PlaceIndex()
    start: int = 0
    first_line: int = 0
    core: tuple[int, int] | None = None

    def place_at(self, offset: int) -> Place:
        """Return the place of an offset into the text, with line and column where they exist."""
        place = self.places.at(offset)
        if not self.first_line:
            return place
        line = self.first_line + self.text.count("\n", 0, offset)
        column = offset - (self.text.rfind("\n", 0, offset) + 1) + 1
        steps = place.steps or (Step(Unit.LINE, line),)
        return Place(steps, place.page, place.headers, line, column)


class Why(StrEnum):
    """Why something was not read."""

    ENCRYPTED = "encrypted"  # 已加密
    DAMAGED = "damaged"  # 已损坏
    UNKNOWN_FORMAT = "unknown-format"  # 格式不能识别
    UNSUPPORTED = "unsupported"  # 暂不支持读取
    READER_MISSING = "reader-missing"  # 缺少读取组件
    PICTURE = "picture"  # 图片，未做文字识别
    LIMIT = "limit"  # 超过限制
    CRASHED = "crashed"  # 读取程序出错
    RULE_CRASHED = "rule-crashed"  # 规则执行出错
    EMPTY = "empty"  # 没有可读内容
    APPROXIMATE = "approximate"  # 由文字识别读出，可能有遗漏
    DISAGREE = "disagree"  # 两种读法结果不一致


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not read: which part, why, and a detail without any document text."""

    part: str
    why: Why
    detail: str = ""
    place: Place = Place()


class Status(StrEnum):
    """How far one piece of a file was looked at."""

    READ = "read"  # 已检查
    APPROXIMATE = "approximate"  # 近似检查：文字识别等
    UNREAD = "unread"  # 未检查
    SKIPPED = "skipped"  # 按规定略过：字体等不含文字的内容


class Covered(NamedTuple):
    """One row of the coverage list: a member, page, stream or byte range of a file.

    ``locator`` names it (``word/document.xml``, ``page 3``, ``bytes 512-1023``), ``size`` is in
    bytes (0 where it has none of its own), ``reason`` says why it was not read or skipped.
    """

    locator: str
    kind: str
    status: Status
    size: int = 0
    reader: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: what it says, in parts, what could not be read, and what that covers."""

    name: str
    sha256: str
    size: int
    media_type: str
    parts: Sequence[Part]
    gaps: tuple[Gap, ...] = ()
    coverage: tuple[Covered, ...] = ()


class Bilingual(NamedTuple):
    """The same words in Chinese and English."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """Return the words in one language, ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of law: where it stands and which edition is in force on the review date."""

    id: str
    law: Bilingual
    article: Bilingual
    edition: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is a finding: provisions, statutory ground, words, and what to do next."""

    basis: tuple[Provision, ...]
    ground: str
    text: Bilingual
    suggest: Bilingual


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspected (疑似) problem; ``text`` is empty unless the caller asked to reveal it.

    ``start`` and ``end`` are code-point offsets into the part's text, end exclusive. ``before``
    and ``after`` are short contexts in which every finding is masked.
    """

    id: str
    fingerprint: str
    rule: str
    category: str
    severity: Severity
    confidence: float
    title: Bilingual
    part: str
    kind: PartKind
    place: Place
    start: int
    end: int
    masked: str
    reason: Reason
    before: str = ""
    after: str = ""
    evidence: tuple[str, ...] = ()
    text: str = ""
    near: tuple[str, ...] = ()  # weaker keyed prints that find it again after an edit nearby


@dataclass(frozen=True, slots=True)
class PartSummary:
    """One row of the coverage list: a part that was read."""

    id: str
    kind: PartKind
    characters: int
    inspected: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """The result for one document.

    ``allowed`` are gaps that the configuration allows with a reason; ``decided`` counts findings
    hidden by a baseline. ``path`` is what the caller named.
    """

    path: str
    name: str
    sha256: str
    size: int
    media_type: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    parts: tuple[PartSummary, ...] = ()
    coverage: tuple[Covered, ...] = ()
    allowed: tuple[Gap, ...] = ()
    decided: int = 0
    rulebook_digest: str = ""
    rules: int = 0
    version: str = ""
