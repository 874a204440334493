"""Plans: every possible start of a pattern is among the starts its plan names."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from secreview.rulebook.linear import objection
from secreview.rulebook.plan import is_rare, plan_of
from secreview.rulebook.rule import Bounds

ATOMS = st.sampled_from(
    [
        "机密",
        "秘",
        "ab",
        "[甲乙丙]",
        "[0-9]",
        "(?:会议|纪要)",
        "x?",
        "[a-c]{1,3}",
        "密?",
        "★",
        "[:：]",
        "(?:甲[0-9]{0,2}密|乙[a-c]{1,2}会议)",
        "(?:秘[0-9]?){1,2}",
    ]
)
PATTERNS = st.lists(ATOMS, min_size=1, max_size=5).map("".join)


@given(PATTERNS, st.text(st.sampled_from("机密秘ab甲乙0会议纪要x★:：c"), max_size=40))
@settings(max_examples=500)
def test_every_match_begins_where_the_plan_says(pattern, text):
    assume(not objection(pattern))
    plan = plan_of(pattern)
    compiled = re.compile(pattern)
    starts = {i for i in range(len(text)) if compiled.match(text, i)}
    if plan.kind == "scan":
        return
    assert plan.kind == "anchor"
    planned = {
        at - back
        for anchor, (low, high) in zip(plan.anchors, plan.offsets, strict=True)
        for at in range(len(text))
        if text.startswith(anchor, at)
        for back in range(low, high + 1)
    }
    assert starts <= planned


@pytest.mark.parametrize(
    ("pattern", "bounds", "kind"),
    [
        (r"[1-8]\d{5}(?:18|19|20)\d{9}[\dX]", Bounds.ALNUM, "run"),
        (r"1[3-9]\d{9}", Bounds.DIGITS, "run"),
        (r"AKIA[0-9A-Z]{16}", Bounds.ALNUM, "anchor"),
        (r"(?:密码|口令)[:：]\S{4,20}", Bounds.NONE, "anchor"),
        (r"[A-Za-z0-9.]{1,64}@[a-z0-9]{1,20}\.com", Bounds.NONE, "anchor"),
        (r"[0-9]{3,4}", Bounds.NONE, "scan"),
        (r".{1,9}", Bounds.NONE, "scan"),
    ],
)
def test_the_plan_fits_the_pattern(pattern, bounds, kind):
    assert plan_of(pattern, bounds).kind == kind


def test_a_pattern_without_literals_is_planned_by_its_context_words():
    assert plan_of(r"\d{5,9}", Bounds.DIGITS, near=(("账号",), 10)).kind == "near"


def test_the_rarer_of_pattern_and_context_words_is_looked_for():
    assert plan_of("[的了]{1,2}人", near=(("标底",), 10)).kind == "near"
    assert plan_of("标底[的了]{1,2}", near=(("人民",), 10)).kind == "anchor"


def test_each_alternative_is_planned_by_its_own_rare_part():
    plan = plan_of("(?:的[一二三]{1,2}标底|人[一二三]{1,3}雷管)")
    assert dict(zip(plan.anchors, plan.offsets, strict=True)) == {"标底": (2, 3), "雷管": (2, 4)}


def test_anchors_stand_for_every_case_of_their_letters():
    assert (
        plan_of("secret", ignore_case=True).anchors == plan_of("SeCrEt", ignore_case=True).anchors
    )
    assert plan_of("secret").anchors != plan_of("SeCrEt").anchors


@pytest.mark.parametrize(
    "pattern", [r"\t[一-龥]{2,8}\t[0-9]{4}", r"[一-龥]{2,20}\t[0-9]{1,3}\t[0-9]"]
)
def test_the_cells_of_tables_are_no_anchors(pattern):
    """Every cell of a table of numbers would be a start to look at."""
    plan = plan_of(pattern)
    assert plan.kind == "scan"
    assert plan_of(pattern, near=(("工资",), 10)).kind == "near"
    assert is_rare(("工资发放",), plan)
    assert not is_rare((), plan)
