"""The documents say what is true: examples load, commands agree, links lead somewhere."""

import re
from pathlib import Path

import pytest

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
