"""Two published forms typed in again, with the sentences of their reports that name numbers."""

from __future__ import annotations

from collections.abc import Mapping

from secreview.review.forms.form import Form, form_named

S002_NUMBERS: Mapping[str, int | None] = {
    "A1": 106, "H3b": 1, "I1": 3, "I2": 2, "I3": 18, "G": None,
}  # fmt: skip
S002_TEXT = """2018年政府信息公开工作年度报告
可以在三个场所进行政府公开信息查阅。
重点领域信息公开落实情况
2018年经审查确定的主动公开信息数量105条。"""

S003_ROWS: Mapping[str, tuple[str, ...]] = {
    "regulations": ("0", "0", "0"),
    "normative": ("2", "2", "25"),
    "licences": ("2229", "-516", "1530"),
    "matters": ("0", "0", "0"),
    "penalties": ("5", "2", "7"),
    "coercion": ("0", "0", "0"),
    "charges": ("0", "0"),
    "bought": ("133", "18028.5825"),
    "new": ("54", "2", "19", "7", "12", "0", "94"),
    "carried": ("1", "0", "0", "0", "0", "0", "1"),
    "granted": ("16", "1", "11", "2", "2", "0", "32"),
    "partial": ("0", "0", "3", "2", "1", "0", "6"),
    "N1": ("35", "1", "3", "2", "9", "0", "50"),
    "N2": ("0", "0", "1", "0", "0", "0", "1"),
    "N3": ("3", "0", "0", "0", "0", "0", "3"),
    "done": ("54", "2", "18", "6", "12", "0", "92"),
    "open": ("1", "0", "1", "1", "0", "0", "3"),
    "review": ("2", "0", "0", "0", "2"),
    "direct": ("0", "0", "0", "0", "0"),
    "after": ("7", "0", "0", "1", "8"),
}
S003_TEXT = (
    "2019年共发布信息5060件，其中：各类公告公示1322件、省市县工作动态501件、"
    "其他环境管理信息2844件、国内环保动态262件，网站点击率达448万次。"
)


def s002() -> dict[str, str]:
    """Return the cells of the form of 2018 as they were printed; most of them are 0."""
    cells = {name: "0" for name, *_ in form_named("2018").cells()}
    given = {k: "" if v is None else str(v) for k, v in S002_NUMBERS.items()}
    return {**cells, **given}


def s003() -> dict[str, str]:
    """Return the cells of the form of 2019 as they were printed; lines not listed are 0."""
    form, cells = form_named("2019"), {}
    for block in form.blocks:
        for line in block.counted:
            row = S003_ROWS.get(line.id, ("0",) * len(block.columns))
            for column, text in zip(block.columns, row, strict=True):
                cells[block.cell(line.id, column.id)] = text
    return cells


def rows_for(form: Form, cells: Mapping[str, str]) -> list[list[str]]:
    """Return a form as plain rows: label, unit, numbers; strips as titles and one row."""
    rows: list[list[str]] = []
    for block in form.blocks:
        rows.append([block.title])
        if block.anchor:
            rows.append([line.zh for line in block.lines])
            rows.append([cells[name] for name, *_ in block.cells()])
            continue
        for line in block.lines:
            numbers = (
                [] if line.heading else [cells[block.cell(line.id, c.id)] for c in block.columns]
            )
            rows.append([line.zh, *([line.unit] if line.unit else []), *numbers])
    return rows
