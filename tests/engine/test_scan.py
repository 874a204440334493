"""Scanning: what is found, what stays silent, and that plans change nothing."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secreview.engine.findings import Telling
from secreview.engine.scan import Cut, naive, planned, scan
from secreview.model import Document, Finding, Part, PartKind, Place, PlaceIndex, Severity
from secreview.rulebook.load import load, read_files
from secreview.rulebook.rule import Rulebook
from tests.rules_for_tests import EXAMPLES, HEAD, write_pack

DAY = date(2026, 11, 24)
ID = "11010519491231002X"


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    with TemporaryDirectory() as folder:
        return load(read_files([write_pack(Path(folder))]))


def found(
    text: str, kind: PartKind = PartKind.BODY, ways=planned, rules: Rulebook | None = None, **more
) -> list[Finding]:
    part = Part("body", kind, text, first_line=1)
    document = Document("x.txt", "", len(text), "text/plain", (part,))
    telling = Telling(rules or rulebook(), DAY, b"key", reveal=True)
    return scan(document, telling, ways=ways, **more)[0]


def texts(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings]


@pytest.mark.parametrize(
    "innocent",
    [
        "合同编号110105194912310021，金额1,234.50元。",
        "合同编号11010519491231002X7",
        "咨询热线13812345678",
        "加强内部控制，建设内部网站。",
        "《内部资料管理办法》规定“内部资料”四字应当印在封面。",
        "保守国家秘密是公民的义务，机密级文件另行保管。",
        "项目目标 底数清楚",
        "账户信息见附件，另有编号 123。",
    ],
)
def test_what_a_reviewer_would_wave_through_stays_silent(innocent):
    assert texts(found(innocent)) == []


def test_a_marking_alone_on_its_line_is_in_use():
    assert texts(found("【机　密】\n\n关于某事的通知")) == ["机　密"]


def test_a_marking_in_a_header_is_in_use():
    assert texts(found("某局 机密 文件", PartKind.HEADER)) == ["机密"]


@pytest.mark.parametrize(
    "text",
    [
        f"身份证：{ID}", "身份证１１０１０５１９４９１２３１００２Ｘ。", "110105 19491231 002X",
        "1101051949\n1231002X，住某地", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", f"号码\u200b{ID}",
    ],
)  # fmt: skip
def test_an_identity_number_is_found_in_every_dress(text):
    (finding,) = [f for f in found(text) if f.rule == "personal/resident-id"]
    assert "1101" in finding.masked or "１１０" in finding.masked or "1 1" in finding.masked
    assert finding.text == text[finding.start : finding.end]


def test_a_name_stops_at_the_end_of_its_line():
    assert texts(found("姓名：张三\n电话面议")) == ["张三"]


def test_the_longest_word_is_reported_once():
    assert texts(found("本件为内部资料")) == ["内部资料"]


def test_a_word_split_by_a_blank_is_found_only_where_it_is_a_word():
    assert texts(found("属于内部 资料，请收好")) == ["内部 资料"]


def test_many_findings_of_a_rule_raise_their_severity():
    two = found("电话13812345678、13912345678")
    three = found("电话13812345678、13912345678、13712345678")
    assert {f.severity for f in two} == {Severity.REVIEW}
    assert {f.severity for f in three} == {Severity.BLOCK}


def test_two_kinds_on_one_line_raise_the_severity():
    apart = found("姓名：张三\n\n电话13812345678")
    together = found("姓名：张三，电话13812345678")
    assert {f.severity for f in apart if f.rule == "personal/mobile"} == {Severity.REVIEW}
    assert {f.severity for f in together if f.rule == "personal/mobile"} == {Severity.BLOCK}


def test_a_column_title_is_context_for_every_cell_below_it():
    text = "序号\t工资卡\n1\t123456789012\n2\t223456789012\n合计\t2"
    starts, places, at = [], [], 0
    for line in text.split("\n"):
        for column, cell in enumerate(line.split("\t")):
            starts.append(at)
            places.append(Place(headers=(("序号", "工资卡")[column],)))
            at += len(cell) + 1
    part = Part("t", PartKind.BODY, text, PlaceIndex(tuple(starts), tuple(places)))
    document = Document("x", "", 0, "", (part,))
    findings, _ = scan(document, Telling(rulebook(), DAY, b"k", reveal=True))
    assert texts(findings) == ["123456789012", "223456789012"]
    assert "header:工资卡" in findings[0].evidence


def test_a_whole_part_is_one_finding_without_its_words():
    (finding,) = found("拟给予某人处分，待定。", PartKind.DELETED)
    assert (finding.rule, finding.masked) == ("work-secret/deleted", "")
    assert "characters:11" in finding.evidence


def test_a_finding_cites_the_edition_in_force_on_the_day():
    part = Part("b", PartKind.BODY, ID)
    document = Document("x", "", 0, "", (part,))
    editions = {}
    for day in (date(2020, 6, 1), date(2021, 10, 31), date(2021, 11, 1)):
        (finding,) = scan(document, Telling(rulebook(), day, b"k"))[0]
        editions[day] = finding.reason.basis[0].edition
    assert list(editions.values()) == ["2020-01-01", "2020-01-01", "2021-08-20"]


def test_context_never_shows_another_finding():
    (first, second) = found("电话13812345678、13912345678")
    assert first.text not in second.before
    assert second.text not in first.after


def test_the_same_fingerprint_needs_the_same_key():
    document = Document("x", "", 0, "", (Part("b", PartKind.BODY, ID),))
    one, two, other = (
        scan(document, Telling(rulebook(), DAY, key))[0][0].fingerprint
        for key in (b"a", b"a", b"b")
    )
    assert one == two != other


WORDS = st.sampled_from(
    [
        ID, "１１０１０５１９４９１２３１００２Ｘ", "13812345678", "138 1234 5678", "热线", "内部资料", "内 部",
        "内部", "控制", "网站", "《", "》", "“", "”", "机密", "秘密", "姓名：", "信访人", "张三", "李小明", "电话",
        "账号", "工资卡", "123456789012", "\n", "\n\n", "\t", " ", "，", "。", "注意\n保存", "Internal Use",
        "AB123", "公开", "某市", "x", "9", "機密", "☆", "一三八一二三四五六七八", "👍", "\ud800",
    ]
)  # fmt: skip
DRAFTS = st.lists(WORDS, max_size=25).map("".join)


def shape(findings: list[Finding]) -> list[tuple]:
    return [(f.rule, f.start, f.end, f.severity, f.evidence, f.fingerprint) for f in findings]


@given(DRAFTS)
@settings(max_examples=400, deadline=None)
def test_plans_find_exactly_what_trying_every_position_finds(text):
    assert shape(found(text)) == shape(found(text, ways=naive))


@given(st.lists(DRAFTS, min_size=2, max_size=12), st.integers(40, 200))
@settings(max_examples=150, deadline=None)
def test_pieces_find_exactly_what_the_whole_finds(drafts, size):
    text = ("\n\n" + "今年以来认真落实各项工作部署。" * 9 + "\n\n").join(drafts)
    assert shape(found(text)) == shape(found(text, cut=Cut(size, 160)))


HARMLESS = st.sampled_from(
    [
        "今年以来，全局上下认真落实各项工作部署。",
        "Weather is fine today.",
        "2024年共办结25件。",
        "——",
        "",
    ]
)


@given(DRAFTS, HARMLESS, HARMLESS)
@settings(max_examples=200, deadline=None)
def test_harmless_text_never_removes_a_finding(text, before, after):
    lead = before + "\n\n"
    alone = {(f.rule, f.start + len(lead), f.end + len(lead)) for f in found(text)}
    among = {(f.rule, f.start, f.end) for f in found(lead + text + "\n\n" + after)}
    assert alone <= among


@given(DRAFTS)
@settings(max_examples=200, deadline=None)
def test_spans_are_true_and_masks_hold(text):
    for finding in found(text):
        if finding.masked:
            assert finding.text == text[finding.start : finding.end]
            assert finding.text not in finding.masked
            assert finding.text not in finding.before + "\0" + finding.after


WORDING = (
    "bias\t-3\ncue\t主张\ncue\t再议\ncue\t工期\nsaid\t主张\t12\nsaid\t再议\t12\nsaid\t公布\t-30\n"
    "around\t会上\t4\n"
)


@lru_cache(maxsize=1)
def worded() -> Rulebook:
    """A rule that finds by wording, and one that doubts what reads innocent."""
    with TemporaryDirectory() as name:
        folder = write_pack(Path(name))
        (folder / "wording").mkdir()
        (folder / "wording" / "work-secret.txt").write_text(WORDING, "utf-8")
        add_rule(
            folder,
            "work-secret/wording",
            "[find]\nwording = true\nclause = 'sentence'\n[keep]\nlike = 0.6\n"
            "[unless]\nfound = ['work-secret/*']\n",
        )
        add_rule(folder, "work-secret/doubted", "doubt = 0.1\n[find]\nwords = ['工期提前']\n")
        return load(read_files([folder]))


def add_rule(folder: Path, name: str, body: str) -> None:
    category, _, rule = name.partition("/")
    text = HEAD.format(id=rule, category=category, severity="review") + body + EXAMPLES
    (folder / category / f"{rule}.toml").write_text(text, "utf-8")


def test_a_sentence_worded_like_those_marked_is_found_and_says_by_what_words():
    (finding,) = found("以上公布。两位主张下次再议。此后公布", rules=worded())
    assert (finding.text, finding.rule) == ("两位主张下次再议", "work-secret/wording")
    assert any("主张" in clue and "再议" in clue for clue in finding.evidence)


@pytest.mark.parametrize(
    "innocent", ["下次再议。", "两位主张下次再议后公布。", f"主张{'某' * 61}再议。"]
)
def test_one_cue_or_words_against_it_find_nothing(innocent):
    assert found(innocent, rules=worded()) == []


def test_a_sentence_that_reads_innocent_makes_a_finding_a_note():
    doubted, held = found("工期提前，已公布。主张工期提前，再议。", rules=worded())
    assert (doubted.severity, held.severity) == (Severity.NOTE, Severity.REVIEW)
    assert "unlike" in doubted.evidence
    assert "unlike" not in held.evidence


def test_wording_gives_way_to_any_rule_of_its_category():
    rules = {f.rule for f in found("主张工期提前，再议。", rules=worded())}
    assert rules == {"work-secret/doubted"}


@given(
    st.lists(
        st.sampled_from(["主张", "再议", "公布", "会上", "。", "\n", "工期提前", "某"]), max_size=40
    )
)
@settings(max_examples=150)
def test_wording_is_judged_alike_by_plans_and_in_pieces(words):
    text = "".join(words)
    planned_ = found(text, rules=worded())
    assert found(text, ways=naive, rules=worded()) == planned_
    cut = Cut(size=90, margin=400)
    long = f"{text}\n" * 8
    assert found(long, rules=worded(), cut=cut) == found(long, rules=worded())
