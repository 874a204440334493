"""Every output: masked, well-formed, the same in both languages."""

import json
import re
from datetime import date
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from lxml import etree, html
from rich.cells import cell_len
from sarif_pydantic import Sarif

import secreview
from secreview.api import load_rulebook
from secreview.outputs import FORMATS, Options, render
from secreview.outputs.messages import message
from secreview.outputs.messages.catalogue import CATALOGUE
from secreview.outputs.schema import ReportsModel, report_schema
from secreview.outputs.shape import as_dict, from_dict
from tests.build import resident_id

DAY = date(2026, 11, 24)
ID = resident_id("522601", "19850312", "101")
HOSTILE = "a\nb\x1b[31m<script>alert(1)</script>%0A]]>\"'&::error::,\u202e.txt"
LOOKS = [Options(lang, verbose=v, quiet=q) for lang in ("zh", "en") for v in (0, 1) for q in (0, 1)]


def check(text: str, name: str = "a.txt") -> secreview.Report:
    options = secreview.Options(day=DAY, key=b"k", reveal=True)
    return secreview.check(text=text, name=name, options=options)


@lru_cache(maxsize=1)
def sample() -> secreview.Report:
    return check(f"身份证号：{ID}，电话13900001234\n内部资料 注意保存\n密码：Qj2026@mz\n")


numbers = st.builds(
    lambda birth, sequence: resident_id("522601", birth, f"{sequence:03d}"),
    st.dates(date(1950, 1, 1), date(2010, 1, 1)).map(lambda d: d.strftime("%Y%m%d")),
    st.integers(0, 999),
)
leaks = st.one_of(
    numbers.map(lambda n: f"身份证号：{n}"),
    st.integers(0, 99_999_999).map(lambda n: f"电话139{n:08d}"),
    st.text("abcdefgXYZ0123456789@#", min_size=6, max_size=20).map(lambda s: f"密码：{s}1aA"),
    st.sampled_from(["信访人：乔小平", "银行卡号6212266234109412113", "联系 a_secret01@qq.com"]),
    st.integers(1, 99).map(lambda n: f"家庭住址：清江镇下营村{n}组{n}号"),
)


@given(st.lists(leaks, min_size=1, max_size=5), st.sampled_from(["\n", "，", "\t"]))
@settings(max_examples=60, deadline=None)
def test_no_masked_output_holds_what_was_found(drafts, separator):
    report = check(separator.join(drafts))
    values = [f.text for f in report.findings if len(f.text) > 4 or f.text.isdigit()]
    for name in FORMATS:
        for look in LOOKS if name == "text" else LOOKS[::4]:
            shown = render(name, [report], look)
            assert not [value for value in values if value in shown], name


@pytest.mark.parametrize("name", FORMATS)
def test_a_value_in_the_file_name_is_masked_too(name):
    report = check("今年共办结25件。", f"{ID}的材料.txt")
    assert report.verdict == "block"
    assert ID not in render(name, [report], Options())
    assert "5226" in render(name, [report], Options())


@given(st.lists(leaks, max_size=4).map("\n".join))
@settings(max_examples=40, deadline=None)
def test_json_comes_back_as_the_same_report(text):
    report = check(text)
    table = json.loads(json.dumps(as_dict([report], reveal=True)))
    assert from_dict(table) == [report]
    ReportsModel.model_validate(table)


def test_the_schema_describes_what_is_written():
    schema = report_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    table = json.loads(render("json", [sample()], Options()))
    ReportsModel.model_validate(table)
    assert set(table) == set(schema["required"])
    assert "text" not in table["reports"][0]["findings"][0]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_and_text_break_no_format(name, lang):
    report = check(f"{HOSTILE} 身份证号：{ID}", HOSTILE)
    shown = render(name, [report, sample()], Options(lang))
    assert "\x1b" not in shown
    match name:
        case "json" | "sarif":
            assert json.loads(shown)
        case "jsonl":
            assert len([json.loads(line) for line in shown.splitlines()]) == 2
        case "junit":
            assert etree.fromstring(shown.encode()).tag == "testsuites"
        case "github":
            assert all(re.match(r"::(error|warning|notice) file=", x) for x in shown.split("\n"))
        case "html":
            assert "<script" not in shown


def test_the_page_loads_nothing_and_shows_every_section():
    page = render("html", [sample()], Options())
    root = html.document_fromstring(page)
    assert not root.xpath("//script | //link | //img | //iframe | //@src | //@href")
    assert "default-src 'none'" in page
    assert not re.search(r"url\(|@import", page)
    titles = [h.text for h in root.iter("h3")]
    assert titles == ["发现的问题", "未检查的内容", "检查范围", "审查意见"]
    assert root.get("lang") == "zh-CN"


def test_no_label_in_the_page_stands_without_words():
    bare = check(f"经群众龚玉莲反映，夜间有噪声。\n身份证号：{ID}\n")
    assert {bool(finding.evidence) for finding in bare.findings} == {True, False}
    root = html.document_fromstring(render("html", [bare], Options(lang="zh")))
    assert all(item.text_content().strip() for item in root.iter("dd"))
    labels = [item.text_content() for item in root.iter("dt")]
    assert 0 < labels.count("线索") < labels.count("原因")


def test_sarif_has_our_own_fingerprint_and_rules_for_every_result():
    run = json.loads(render("sarif", [sample()], Options()))["runs"][0]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert list(result["partialFingerprints"]) == ["secreview/v1"]


def test_others_read_our_sarif_and_junit_as_the_standards_say():
    reports = [check(f"{HOSTILE} 身份证号：{ID}", HOSTILE), sample(), check("今年共办结25件。")]
    log = Sarif.model_validate_json(render("sarif", reports, Options()))
    results = [result for run in log.runs for result in run.results]
    assert len(results) == sum(len(report.findings) for report in reports)
    assert {result.level.value for result in results} <= {"error", "warning", "note"}
    suites = JUnitXml.fromstring(render("junit", reports, Options()).encode())
    failed = [case for suite in suites for case in suite if not case.is_passed]
    assert (suites.failures + suites.errors, len(failed)) == (len(results), len(results))


@given(
    st.lists(leaks, max_size=3).map("\n".join), st.integers(40, 120), st.sampled_from(["zh", "en"])
)
@settings(max_examples=40, deadline=None)
def test_text_holds_at_any_width(text, width, lang):
    shown = render("text", [check(text)], Options(lang, verbose=True, width=width))
    assert max(map(cell_len, shown.splitlines())) <= width


def test_many_findings_of_a_kind_are_counted_not_listed():
    report = check(
        "\n".join(f"身份证号：{resident_id('522601', '19850312', f'{n:03d}')}" for n in range(30))
    )
    short, full = (render("text", [report], Options(verbose=v)) for v in (False, True))
    assert "另有 25 处同类问题" in short
    assert full.count("[") > short.count("[")
    assert "阻断 30" in short


def test_our_own_words_can_be_said_in_gbk():
    for pair in CATALOGUE.values():
        for words in pair:
            words.encode("gbk")
    for rule in load_rulebook().rules:
        for words in (*rule.title, *rule.suggest, *rule.why):
            words.encode("gbk")


def test_every_message_has_the_same_fields_in_both_languages():
    fields = re.compile(r"\{(\w+)(?:![rs])?\}")
    for key, (zh, en) in CATALOGUE.items():
        assert set(fields.findall(zh)) == set(fields.findall(en)), key
    assert message("unit.page", "zh", v=6) == "第6页"
