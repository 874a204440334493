"""The documents say what is true: examples load, commands agree, links lead somewhere."""

import re
from pathlib import Path

import pytest

from secreview import Verdict, check
from secreview.rulebook.builtin import folder
from secreview.rulebook.load import load, read_files
from secreview.rulebook.schema import FindTable, KeepTable, RuleFile, UnlessTable
from secreview.text.numbers import VALIDATORS

ROOT = Path(__file__).parent.parent
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_the_example_of_the_grammar_is_a_rule_that_loads(tmp_path):
    path = tmp_path / "personal/resident-id.toml"
    path.parent.mkdir()
    path.write_text(blocks("docs/rules.md", "toml")[0], "utf-8")
    rulebook = load(read_files((folder(), tmp_path)))
    assert "六位" in rulebook.by_name["personal/resident-id"].suggest.zh


@pytest.mark.parametrize("table", [RuleFile, FindTable, KeepTable, UnlessTable])
def test_every_key_of_the_grammar_is_written_down(table):
    text = (ROOT / "docs/rules.md").read_text("utf-8")
    keys = {field.alias or name for name, field in table.model_fields.items()}
    assert {key for key in keys if f"`{key}" not in text and f"[{key}]" not in text} <= {"escalate"}
    assert all(f"`{name}`" in text for name in VALIDATORS)


def test_both_readmes_have_the_same_commands_and_sections():
    english, chinese = "README.md", "README.zh.md"
    assert blocks(english, "sh") == blocks(chinese, "sh")
    assert len(blocks(english, "sh")) == 2
    sections = [
        re.findall(r"^## ", (ROOT / name).read_text("utf-8"), re.M) for name in (english, chinese)
    ]
    assert len(sections[0]) == len(sections[1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_repository_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def examples_of(name: str, mark: str) -> list[tuple[str, str]]:
    """Return (category, example) of every example of a page for reviewers."""
    found, category = [], ""
    for line in (ROOT / name).read_text("utf-8").splitlines():
        heading = re.match(r"## .*?([a-z-]+)[)）]$", line)
        category = heading[1] if heading else category
        example = re.fullmatch(rf"- {mark}`(.+)`", line)
        if example:
            found.append((category, example[1]))
    return found


@pytest.mark.parametrize(
    ("name", "mark"), [("docs/reviewers.md", "found: "), ("docs/reviewers.zh.md", "找出：")]
)
def test_what_the_page_for_reviewers_calls_found_is_found(name, mark):
    examples = examples_of(name, mark)
    assert len({category for category, _ in examples}) >= 10
    for category, text in examples:
        assert category in {finding.category for finding in check(text=text).findings}, text


@pytest.mark.parametrize(
    ("name", "mark"), [("docs/reviewers.md", "silent: "), ("docs/reviewers.zh.md", "放过：")]
)
def test_what_the_page_for_reviewers_calls_silent_is_clear(name, mark):
    examples = examples_of(name, mark)
    assert len(examples) >= 15
    for _, text in examples:
        assert check(text=text).verdict is Verdict.CLEAR, text


def test_both_pages_for_reviewers_give_the_same_examples():
    for english, chinese in (("found: ", "找出："), ("silent: ", "放过：")):
        assert examples_of("docs/reviewers.md", english) == examples_of(
            "docs/reviewers.zh.md", chinese
        )


def test_the_page_on_formats_is_what_the_code_says():
    from benchmarks.formats_page import PAGE, page

    assert PAGE.read_text("utf-8") == page()


def test_the_page_on_hiding_places_is_what_the_table_of_the_tests_says():
    from benchmarks.hiding_page import PAGE, page

    assert PAGE.read_text("utf-8") == page()
