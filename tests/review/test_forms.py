"""Statistics forms: the numbers are found, and what does not hold together is told."""

import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secreview.api import paper
from secreview.errors import UsageError
from secreview.review.forms.balance import balance
from secreview.review.forms.form import SHIPPED, form_named, form_of
from secreview.review.forms.formula import formula_of, outcome
from secreview.review.forms.grid import MANUAL, filled
from secreview.review.forms.said import figure
from tests.review.source_forms import S002_TEXT, S003_TEXT, rows_for, s002, s003

DOCUMENTS = Path(os.environ.get("SECREVIEW_FIXTURES", "none")).parent / "source-documents"


def checked(name, cells, text="", last=None):
    form = form_named(name)
    return balance(filled(form, rows_for(form, cells), text), last)


def told(result):
    return [(d.check, d.is_hard, d.equation) for d in result.discrepancies]


def test_the_form_of_huairou_breaks_one_sum_and_raises_four_doubts():
    result = checked("2018", s002(), S002_TEXT)
    assert told(result) == [
        ("K8", True, "0 = 1"),
        ("K11", False, "0 ≤ 106 ≤ 0"),
        ("T1", False, "105 ≠ 106"),
        ("T2", False, "0"),
        ("T3", False, "3 ≠ 0"),
    ]
    assert (result.blank, result.missing, result.bad, result.undecided) == (("G",), (), (), ())


def test_the_form_of_henan_balances_in_all_seven_columns():
    result = checked("2019", s003())
    assert told(result) == []
    assert result.passed == 7 + 7 + 23 + 3
    assert result.is_whole


def test_a_list_in_the_text_of_henan_leaves_131_items_unexplained():
    assert told(checked("2019", s003(), S003_TEXT)) == [
        ("T2", False, "5060 ≠ 4929 = 1322 + 501 + 2844 + 262")
    ]


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the published reports are not here")
@pytest.mark.parametrize(("name", "form", "found"), [
    ("S002", "2018", ["K8", "K11", "T1", "T2", "T3"]),
    ("S003", "2019", ["T2"]),
])  # fmt: skip
def test_the_published_reports_themselves_give_the_same(name, form, found):
    result = paper.check_form(DOCUMENTS / f"{name}.txt")
    assert result.form.id == form
    assert [d.check for d in result.discrepancies] == found
    assert (result.missing, result.bad, result.undecided) == ((), (), ())


CHECKED_CELLS = [
    name for name, block, *_ in form_named("2019").cells()
    if block.id in ("applications", "disputes")
]  # fmt: skip


def test_no_single_number_of_the_balanced_table_can_change_unseen():
    for name in CHECKED_CELLS:
        cells = s003()
        cells[name] = str(int(cells[name]) + 1)
        assert any(d.is_hard for d in checked("2019", cells).discrepancies), name


def test_an_empty_cell_is_no_zero_and_its_checks_stay_undecided():
    cells = s003()
    cells["G1.natural"] = MANUAL
    result = checked("2019", cells)
    assert result.blank == ("G1.natural",)
    assert result.undecided == ("B2 自然人", "B3 1.属于国家秘密")
    assert not result.discrepancies
    assert not result.is_whole


@pytest.mark.parametrize(("cell", "text"), [
    ("new.total", "94.5"), ("G1.total", "-1"), ("bought.amount", "-3"), ("licences.change", "1.5"),
])  # fmt: skip
def test_a_number_that_its_column_cannot_hold_is_told(cell, text):
    cells = s003()
    cells[cell] = text
    assert ("K0", True, text) in told(checked("2019", cells))


def test_last_years_open_applications_are_this_years_carried_over():
    last = filled(form_named("2019"), rows_for(form_named("2019"), s003())).values
    found = told(checked("2019", s003(), last=last))
    assert found == [("B4", True, "0 = 1"), ("B4", True, "0 = 1"), ("B4", True, "1 = 3")]


def test_without_last_years_form_nothing_is_said_about_it():
    assert not any(d.check == "B4" for d in checked("2019", s003()).discrepancies)


def test_a_line_that_is_not_there_is_missing_and_not_zero():
    form = form_named("2018")
    rows = [row for row in rows_for(form, s002()) if row[0] != "1.当面申请数"]
    result = balance(filled(form, rows))
    assert result.missing == ("C1a",)
    assert "K1 (一)收到申请数" in result.undecided


def test_lines_of_the_same_name_are_told_apart_by_their_order():
    cells = {**s002(), "D": "5", "D2": "5", "E": "7", "E2": "7"}
    values = filled(form_named("2018"), rows_for(form_named("2018"), cells)).values
    assert (values["D2"], values["E2"]) == (5, 7)


def test_a_row_with_too_few_numbers_is_read_by_the_columns_of_the_full_rows():
    form = form_named("2019")
    rows = rows_for(form, s003())
    row = next(row for row in rows if row[0] == "1.属于国家秘密")
    row[1] = ""
    assert filled(form, rows).values["G1.natural"] is None
    row[:] = [row[0], "0", "x", "0", "0", "0", "0", "0"]
    assert filled(form, rows).bad == ("G1.commercial",)


def test_a_row_shorter_than_the_table_is_told_and_not_guessed():
    form = form_named("2019")
    rows = rows_for(form, s003())
    row = next(row for row in rows if row[0] == "1.属于国家秘密")
    row[:] = [row[0], "0", "0", "0"]
    assert set(filled(form, rows).bad) == {f"G1.{c.id}" for c in form.block("applications").columns}


def test_a_label_that_a_page_breaks_over_lines_is_put_together():
    form = form_named("2019")
    rows = rows_for(form, s003())
    place = next(n for n, row in enumerate(rows) if row[0].startswith("（二）部分公开"))
    label, numbers = rows[place][0], rows[place][1:]
    rows[place : place + 1] = [
        ["三、本年度办理结果", label[:9]],
        [label[9:20]],
        [label[20:], *numbers],
    ]
    assert balance(filled(form, rows)).is_whole
    rows[place + 1] = ["另一句话"]
    assert "partial.total" in balance(filled(form, rows)).missing


@pytest.mark.parametrize("word", ["无", "/", "待定", "1 2"])
def test_a_word_where_a_number_belongs_is_told(word):
    form = form_named("2018")
    result = balance(filled(form, rows_for(form, {**s002(), "F": word})))
    assert result.bad == ("F",)
    assert not result.is_whole


def test_numbers_as_people_type_them_are_read():
    cells = {**s002(), "A1": "１，０６６", "G": "12.50"}
    values = filled(form_named("2018"), rows_for(form_named("2018"), cells)).values
    assert (values["A1"], values["G"]) == (1066, Decimal("12.50"))


def test_labels_are_known_whatever_brackets_and_blanks_they_are_typed_with():
    form = form_named("2019")
    rows = [[cell.replace("（", "( ").replace("）", ") ") for cell in row]
            for row in rows_for(form, s003())]  # fmt: skip
    assert balance(filled(form, rows)).is_whole


@pytest.mark.parametrize("name", SHIPPED)
def test_the_forms_that_ship_hold_together_and_have_both_languages(name):
    form = form_named(name)
    for title in (form.title, *(check.title for check in form.checks)):
        assert title.zh
        assert title.en.isascii()


def test_every_ground_of_refusal_has_its_line_in_both_national_forms():
    for name in ("2019", "2021"):
        lines = {line.id for line in form_named(name).block("applications").lines}
        assert {f"G{n}" for n in range(1, 9)} <= lines
        assert {"N1", "N2", "N3", "P1", "P2", "P3", "P4", "P5"} <= lines


def test_the_form_of_2021_splits_other_results_and_drops_procurement():
    lines = {line.id for block in form_named("2021").blocks for line in block.lines}
    assert {"O1", "O2", "O3"} <= lines
    assert not {"O", "bought", "matters"} & lines


TABLE = {
    "id": "own", "title": {"zh": "表", "en": "form"},
    "block": [{"id": "b", "columns": [{"id": "n", "zh": "数"}],
               "lines": [{"id": "a", "zh": "甲"}, {"id": "c", "zh": "乙", "of": "a"}]}],
    "check": [{"id": "k", "rule": "a == parts(a)", "title": {"zh": "和", "en": "sum"}}],
}  # fmt: skip


def test_an_office_can_have_a_form_of_its_own():
    form = form_of(TABLE)
    assert told(balance(filled(form, [["甲", "3"], ["乙", "2"]]))) == [("k", False, "3 = 2")]


@pytest.mark.parametrize(("change", "word"), [
    ({"check": [{"id": "k", "rule": "a == z", "title": {"zh": "", "en": ""}}]}, "z"),
    ({"check": [{"id": "k", "rule": "a == 1", "block": "q", "title": {"zh": "", "en": ""}}]}, "q"),
    ({"said": [{"id": "t", "kind": "equals", "line": "q", "title": {"zh": "", "en": ""}}]}, "q"),
    ({"block": [{"id": "b", "columns": [{"id": "n", "zh": "数"}],
                 "lines": [{"id": "a", "zh": "甲"}, {"id": "a", "zh": "乙"}]}], "check": []}, "twice"),
    ({"block": [{"id": "b", "lines": []}]}, "columns"),
    ({"title": "表"}, "together"),
])  # fmt: skip
def test_a_form_that_names_what_it_does_not_have_is_refused(change, word):
    with pytest.raises(UsageError, match=word):
        form_of({**TABLE, **change})


@pytest.mark.parametrize("text", [
    "", "a", "a +", "a == b == ", "a != b", "a < b", "a * 2 == b", "f(a) == b", "a.b == c",
    "parts(a + b) == c", "parts(a, b) == c", "last() == a", "__import__('os') == a", "a == 1.5",
    "a == 'x'", "a == (lambda: 1)", "a == b if c else d", "(" * 3000, "a == " + "+" * 1500 + "b",
    "parts(a)(b) == c", "a == True", "\0",
])  # fmt: skip
def test_what_is_no_plain_equation_is_no_rule(text):
    with pytest.raises(UsageError):
        formula_of(text)


class Sheet:
    """Numbers for a formula: a and b, and the parts p."""

    def __init__(self, a, b, parts):
        self.numbers = {"a": a, "b": b}
        self.p = parts

    def value(self, name):
        return self.numbers[name]

    def parts(self, name):
        return self.p

    def last(self, name):
        return self.numbers[name]


NUMBERS = st.integers(-50, 50).map(Decimal)


@given(NUMBERS, NUMBERS, st.lists(NUMBERS, max_size=4))
def test_equations_mean_what_they_say(a, b, parts):
    sheet = Sheet(a, b, parts)
    for text, holds in {
        "a == b": a == b,
        "a <= b": a <= b,
        "a + 3 >= b - a": a + 3 >= b - a,
        "a == parts(p)": a == sum(parts),
        "largest(p) <= a <= parts(p)": max(parts, default=0) <= a <= sum(parts),
        "a == last(b)": a == b,
    }.items():
        assert outcome(formula_of(text), sheet).holds is holds


@given(st.sampled_from(["a == b", "a == parts(p)", "largest(p) <= b"]))
def test_an_equation_with_a_number_missing_is_neither_true_nor_false(text):
    assert outcome(formula_of(text), Sheet(None, None, [Decimal(1), None])).holds is None


@given(st.integers(0, 9999))
def test_chinese_numerals_are_read(number):
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    text = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            text = digits[int(digit)] + units[place] + text
    assert figure(text or "零") == number


def test_the_text_may_name_the_number_of_the_form_beside_others():
    text = "主动公开信息20条用于专栏。全年主动公开政府信息106条。"
    assert "T1" not in [d.check for d in checked("2018", s002(), text).discrepancies]


def test_one_number_named_twice_in_two_ways_is_a_doubt():
    text = "全年收到依申请公开信息25件，均已答复。我局共受理依申请公开信息30件。"
    assert ("T4", False, "25 ≠ 30") in told(checked("2018", s002(), text))


@pytest.mark.parametrize("text", [
    "主动公开信息5800余条,其中,网站信息4630余条,公文信息320余条,其他渠道公开850余条。",
    "接收举报1266件,其中已办结1197件,办理中69件。",
    "收到申请30件，其中网上申请10件。",
    "共印发文件12件。其中：重要。",
])  # fmt: skip
def test_lists_that_add_up_or_are_none_raise_no_doubt(text):
    assert told(checked("2019", s003(), text)) == []


@given(st.lists(st.lists(st.text(max_size=8), max_size=9), max_size=12), st.text(max_size=200))
def test_any_rows_and_any_text_give_a_result(rows, text):
    for name in SHIPPED:
        result = balance(filled(form_named(name), rows, text))
        assert not result.is_whole
