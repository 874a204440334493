"""Decisions follow their findings over edits, and never cover what nobody decided on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from secreview import Options, check, load_rulebook
from secreview.engine.sketch import overlap
from secreview.model import Severity
from secreview.review.carry import Carried, Decided, Doubt, Present, carry, doubt
from secreview.review.terms import Terms, terms_of
from tests.build import resident_id

DAY = date(2026, 11, 25)
KEY = b"a key for tests"
OPTIONS = Options(day=DAY, key=KEY)
IDS = [resident_id("522601", f"19{year}0307", "012") for year in (75, 81, 88, 94)]
WORDS = "本局 对照 要求 组织 开展 巡查 发现 问题 督促 整改 企业 负责 污水 处理 设施 运行 记录 完整 联系 群众".split()


@pytest.fixture(scope="module")
def rulebook():
    return load_rulebook()


@pytest.fixture(scope="module")
def present(rulebook):
    return Present(terms_of(rulebook, DAY), "public", DAY.isoformat())


def found(text):
    return check(text=text, name="draft.txt", options=OPTIONS).findings


def decided(findings, present, reason="已核实可公开"):
    return [
        Decided(
            f.fingerprint, f.rule, f.near, f.masked, reason,
            present.terms[f.rule], present.audience,
        )
        for f in findings
    ]  # fmt: skip


def carried(old, new, present) -> Carried:
    return carry(decided(found(old), present), found(new), present)


def test_an_untouched_finding_keeps_its_decision_wherever_it_moves(present):
    line = f"经办人王某某，身份证号：{IDS[0]}，已核实。\n"
    result = carried(line, "新增一段。\n" * 3 + line, present)
    assert result.kept
    assert not result.proposed
    assert not result.fresh
    assert not result.gone


def test_an_edit_on_one_side_proposes_the_decision_for_confirmation(present):
    old = f"本次检查的现场负责人身份证号：{IDS[0]}，特此公示。"
    new = f"本次检查的现场负责人身份证号：{IDS[0]}。另行通知其他事项。"
    result = carried(old, new, present)
    assert not result.kept
    assert [p.doubt for p in result.proposed] == [Doubt.EDITED]
    assert not result.fresh


def test_another_value_in_the_same_place_is_new(present):
    result = carried("身份证号：" + IDS[0], "身份证号：" + IDS[1], present)
    assert not result.kept
    assert not result.proposed
    assert len(result.fresh) == len(result.gone) == 1


def test_the_same_value_copied_to_another_place_is_new(present):
    line = f"值班电话负责人的身份证号：{IDS[0]}，已征得本人同意。"
    result = carried(line, line + f"\n举报人住址信息及其证件为{IDS[0]}（原件）", present)
    assert len(result.kept) == 1
    assert len(result.fresh) == 1
    assert not result.proposed


def test_one_decision_is_proposed_for_one_finding_only(present):
    value = IDS[0]
    old = f"现场负责人身份证号：{value}，特此公示。"
    new = f"现场负责人身份证号：{value}。甲\n现场负责人身份证号：{value}。乙"
    result = carried(old, new, present)
    assert len(result.proposed) == 1
    assert len(result.fresh) == 1


def test_a_decision_whose_finding_is_gone_is_listed(present):
    result = carried("身份证号：" + IDS[0], "没有证件号码。", present)
    assert [item.rule for item in result.gone] == ["personal/resident-id"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"terms": Terms("x", "")}, Doubt.RULE),
        ({"rule": "personal/never-was"}, Doubt.RULE),
        ({"audience": "intranet"}, Doubt.AUDIENCE),
        ({"until": "2026-11-24"}, Doubt.TIME),
        ({"until": "2026-11-25"}, None),
    ],
)
def test_a_decision_on_other_terms_does_not_simply_stand(present, change, why):
    findings = found("身份证号：" + IDS[0])
    item = replace(decided(findings, present)[0], **change)
    assert doubt(item, present) is why
    result = carry([item], findings, present)
    assert bool(result.kept) is (why is None)
    assert [p.doubt for p in result.proposed] == ([why] if why else [])


def test_another_meaning_in_law_is_a_doubt_about_the_basis(rulebook, present):
    rule = rulebook.by_name["personal/resident-id"]
    softer = replace(rulebook, rules=(replace(rule, severity=Severity.NOTE),), digest="softer")
    item = decided(found("身份证号：" + IDS[0]), present)[0]
    later = Present(terms_of(softer, DAY), "public", present.day)
    assert doubt(item, later) is Doubt.BASIS


def test_titles_advice_and_examples_are_no_terms(rulebook, present):
    rule = rulebook.by_name["personal/resident-id"]
    other = replace(rule, title=rule.why, suggest=rule.why, hits=(), misses=(), source="x")
    book = replace(rulebook, rules=(other,), digest="other")
    assert terms_of(book, DAY)[rule.name] == present.terms[rule.name]


def test_how_alike_a_wording_must_be_is_one_of_the_terms(rulebook, present):
    rule = next(rule for rule in rulebook.rules if rule.keep.like)
    surer = replace(rule, keep=replace(rule.keep, like=rule.keep.like + 0.125))
    terms = terms_of(replace(rulebook, rules=(surer,), digest="surer"), DAY)[rule.name]
    assert terms.finds != present.terms[rule.name].finds
    assert terms.means == present.terms[rule.name].means


def test_without_the_key_prints_of_the_same_text_differ():
    text = "身份证号：" + IDS[0]
    one, other = (
        check(text=text, options=replace(OPTIONS, key=k)).findings[0] for k in (b"a", b"b")
    )
    assert one.near[0] != other.near[0]
    assert overlap(one.near[1], other.near[1]) == 0


def test_marks_of_the_same_words_beside_two_values_have_nothing_in_common():
    """Otherwise counting marks over many findings would bring back the words."""
    first, second = found(
        f"经办人的身份证号：{IDS[0]}，特此公示\n经办人的身份证号：{IDS[1]}，特此公示"
    )
    assert overlap(first.near[1], second.near[1]) < 0.2


def sentence(chance, number):
    before, after = (chance.sample(WORDS, 6) for _ in range(2))
    return f"{''.join(before)}，身份证号：{number}，{''.join(after)}。"


def edits(chance, lines):
    """(name, edited lines): the edits of drafts between two rounds of a review."""
    yield "insert", ["新增说明。"] * 3 + lines
    yield "move", chance.sample(lines, len(lines))
    yield "delete", lines[1:]
    yield "punctuation", [line.replace("，", ",").replace("。", ".") for line in lines]
    half = list(lines)
    half[0] = (
        half[0].split("，身份证号")[0]
        + "，身份证号"
        + half[0].split("，身份证号")[1][:20]
        + "不再另行通知"
    )
    yield "edit", half


def test_decisions_survive_the_edits_of_ordinary_drafts(present):
    """Of planted findings at least 95 % follow every edit, as kept or proposed."""
    chance = random.Random(3)
    followed = total = 0
    for _ in range(6):
        lines = [sentence(chance, number) for number in IDS]
        old = found("\n".join(lines))
        for _name, edited in edits(chance, lines):
            new = found("\n".join(edited))
            result = carry(decided(old, present), new, present)
            total += len(new)
            followed += len(result.kept) + len(result.proposed)
    assert total > 80
    assert followed >= 0.95 * total


def test_no_decision_is_inherited_by_a_value_in_another_context(present):
    chance = random.Random(4)
    inherited = 0
    for _ in range(30):
        first, *rest = [sentence(chance, number) for number in IDS]
        copied = (
            f"举报人{''.join(chance.sample('甲乙丙丁戊己庚辛', 6))}身份证号：{IDS[1]}请保密处理"
        )
        result = carried(first, "\n".join([first, *rest, copied]), present)
        inherited += len(result.kept) + len(result.proposed) - 1
    assert inherited == 0
