"""What the words of the grammar mean, each on both sides: found and silent."""

from datetime import date

import pytest

from secreview.engine.examples import shadowed, spans
from secreview.engine.find import Matcher
from secreview.engine.findings import Telling
from secreview.engine.scan import scan
from secreview.errors import RuleError
from secreview.model import Document, Part, PartKind
from secreview.rulebook.lint import advice
from secreview.rulebook.load import load, read_files
from secreview.rulebook.rule import Example, Rulebook
from tests.rules_for_tests import HEAD, write_pack

DAY = date(2026, 1, 1)
EXAMPLES = "[examples]\nhit = ['[[{hit}]]']\nmiss = ['甲', '乙']\n"


def rulebook(
    tmp_path, body: str, *, patterns: str = "", papers: str = "", hit: str = "x", **more: str
) -> Rulebook:
    """Return a rulebook of one rule, and of further ones by id."""
    pack = write_pack(tmp_path)
    for path in (pack / "personal").glob("*.toml"):
        path.unlink()
    for path in (pack / "work-secret").glob("*.toml"):
        path.unlink()
    for name, text in {"rule": body, **more}.items():
        head = HEAD.format(id=name, category="personal", severity="review")
        text = text if "[examples]" in text else text + EXAMPLES.format(hit=hit)
        (pack / "personal" / f"{name}.toml").write_text(head + text, "utf-8")
    if papers:
        (pack / "words").mkdir(exist_ok=True)
        (pack / "words" / "papers.txt").write_text(papers, "utf-8")
    if patterns:
        (pack / "patterns.toml").write_text(patterns, "utf-8")
    return load(read_files([pack]))


def found(book: Rulebook, text: str) -> list[str]:
    """Return what the rule named ``rule`` finds in a text, by itself."""
    rule = book.by_name["personal/rule"]
    ready = Matcher([rule])
    return [text[a:b] for a, b in spans(ready, Example(text), DAY)]


def test_every_group_of_context_words_must_stand_near(tmp_path):
    body = """[find]
words = ["底价"]
[keep]
near = [{ words = ["开标"], within = 10 }, { regex = '\\d{2,4}万', within = 10 }]
"""
    book = rulebook(tmp_path, body)
    assert found(book, "开标前不得泄露底价320万元") == ["底价"]
    assert found(book, "开标前不得泄露底价") == []
    assert found(book, "底价320万元") == []


def test_a_look_into_the_sentence_ends_with_the_sentence(tmp_path):
    body = '[find]\nwords = ["名单"]\n[keep]\nnear = { words = ["保密"], within = "sentence" }\n'
    book = rulebook(tmp_path, body)
    assert found(book, "请各单位对随文附上的这份名单，按照前述要求严格保密。") == ["名单"]
    assert found(book, "请保密。名单附后") == []
    assert found(book, "请保密\n名单附后") == []


def test_an_excuse_in_another_sentence_excuses_nothing(tmp_path):
    body = '[find]\nwords = ["名单"]\n[unless]\nnear = { words = ["公示"], within = "sentence" }\n'
    book = rulebook(tmp_path, body)
    assert found(book, "获奖名单予以公示。") == []
    assert found(book, "予以公示。名单附后。") == ["名单"]


@pytest.mark.parametrize(("step", "is_found"), [("keep", True), ("unless", False)])
def test_context_looks_at_the_whole_part(tmp_path, step, is_found):
    body = f'[find]\nwords = ["征求意见稿"]\n[{step}]\ncontext = ["向社会公开征求"]\n'
    book = rulebook(tmp_path, body)
    far = "现向社会公开征求意见。\n" + "正文。\n" * 200 + "附：征求意见稿"
    assert bool(found(book, far)) is is_found
    assert bool(found(book, "附：征求意见稿")) is not is_found


def test_a_companion_must_stand_on_the_same_line(tmp_path):
    name = '[find]\nwords = ["乔小平"]\n[keep]\ntogether = ["personal/number"]\n'
    book = rulebook(tmp_path, name, number="[find]\nwords = ['123456']\n")
    telling = Telling(book, DAY, b"key")

    def rules(text: str) -> list[str]:
        part = Part("body", PartKind.BODY, text)
        findings, _ = scan(Document("x.txt", "", 0, "text/plain", (part,)), telling)
        return [finding.rule for finding in findings]

    assert rules("乔小平 123456") == ["personal/rule", "personal/number"]
    assert rules("乔小平\n123456") == ["personal/number"]
    assert rules("乔小平") == []


def test_a_piece_stands_for_its_pattern(tmp_path):
    patterns = "[patterns]\nmoney = '\\d{1,6}万元'\n"
    book = rulebook(tmp_path, "[find]\nregex = '底价(?&money)'\n", patterns=patterns)
    assert found(book, "底价320万元") == ["底价320万元"]
    with pytest.raises(RuleError, match="did you mean money"):
        rulebook(tmp_path / "b", "[find]\nregex = '底价(?&mony)'\n", patterns=patterns)


def test_a_companion_that_does_not_exist_is_a_fault(tmp_path):
    with pytest.raises(RuleError, match="no rule personal/nobody"):
        rulebook(tmp_path, "[find]\nwords = ['某某词']\n[keep]\ntogether = ['personal/nobody']\n")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("[find]\nwords = ['密']\n", "single character"),
        ("[find]\nwords = ['经济']\n", "common word"),
        (
            "[find]\nwords = ['某某词']\n[keep]\nheaders = ['姓名']\n[unless]\nheaders = ['姓名']\n",
            "never find",
        ),
        ("[find]\nregex = '[0-9]{1,3}[a-z]'\n", "no plan"),
    ],
)
def test_lint_names_what_is_weak(tmp_path, body, says):
    remarks = [str(fault) for fault in advice(rulebook(tmp_path, body, hit="某某词"))]
    assert any(says in remark for remark in remarks)


def test_lint_is_silent_on_a_sound_rule(tmp_path):
    book = rulebook(tmp_path, "[find]\nwords = ['内部掌握']\n", hit="内部掌握")
    assert advice(book) == []
    assert list(shadowed(book, DAY)) == []


def test_a_rule_whose_examples_another_one_covers_is_shadowed(tmp_path):
    book = rulebook(
        tmp_path,
        "[find]\nwords = ['内部掌握']\n",
        hit="内部掌握",
        wider="[find]\nregex = '内部(?:掌握|使用)'\n[examples]\nhit = ['[[内部使用]]', '[[内部掌握]]']\nmiss = ['甲', '乙']\n",
    )
    assert [(rule.name, other) for rule, other in shadowed(book, DAY)] == [
        ("personal/rule", "personal/wider")
    ]


@pytest.mark.parametrize(
    ("clause", "reported"),
    [
        ("false", "调离"),
        ("true", "拟将他调离教学岗"),
        ('"sentence"', "因家长投诉，拟将他调离教学岗，聘期届满不再续签"),
    ],
)
def test_a_rule_reports_a_word_its_clause_or_its_sentence(tmp_path, clause, reported):
    book = rulebook(tmp_path, f'[find]\nwords = ["调离"]\nclause = {clause}\n', hit="调离")
    text = "会议通报情况。因家长投诉，拟将他调离教学岗，聘期届满不再续签。请保密。"
    assert found(book, text) == [reported]


def test_a_sentence_without_end_is_cut_at_a_comma_in_reach(tmp_path):
    book = rulebook(tmp_path, '[find]\nwords = ["调离"]\nclause = "sentence"\n', hit="调离")
    text = "认真落实各项工作，" * 20 + "拟调离" + "，认真落实各项工作" * 20
    (sentence,) = found(book, text)
    assert 90 < len(sentence) < 190
    assert sentence.startswith("认真落实")
    assert sentence.endswith("各项工作")


def test_signs_of_a_kind_of_paper_stand_once_in_a_word_list(tmp_path):
    body = "[find]\nwords = ['拟调离']\n[unless]\ncontext_from = ['papers']\n"
    book = rulebook(tmp_path, body, hit="拟调离", papers="本报讯\n")
    assert found(book, "拟调离一人") == ["拟调离"]
    assert found(book, "拟调离一人。本报讯") == []
