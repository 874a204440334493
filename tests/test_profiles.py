"""Profiles: each loads, says why, and changes what it says it changes."""

import json
from pathlib import Path

import pytest

from secreview.api import Options, check, load_rulebook, shipped_profiles
from secreview.cli import main
from secreview.errors import UsageError
from secreview.model import Severity

NAMES = "eia intranet legacy news official-document penalty procurement public-list site".split()
MINUTES = "内部会议纪要\n\n与会人员认为方案尚不成熟。\n"
NUMBER = "11010519491231002X"


def severities(text: str, profile: str) -> dict[str, Severity]:
    options = Options(rulebook=load_rulebook(profile=profile), key=b"key")
    return {f.rule: f.severity for f in check(text=text, options=options).findings}


def test_the_shipped_profiles_are_these_and_say_why_in_both_languages():
    found = shipped_profiles()
    assert sorted(found) == NAMES
    assert all(profile.reason.zh != profile.reason.en for profile in found.values())


@pytest.mark.parametrize("name", NAMES)
def test_no_profile_lets_an_identity_number_or_a_marking_through(name):
    text = f"机密★10年\n\n名单：甲，身份证号{NUMBER}\n"
    found = severities(text, name)
    assert found["personal/resident-id"] is Severity.BLOCK
    assert found["state-secret/classification-mark"] is Severity.BLOCK


def test_news_reports_on_meetings_are_notes():
    assert Severity.REVIEW in severities(MINUTES, "").values()
    assert set(severities(MINUTES, "news").values()) == {Severity.NOTE}


def test_stock_of_the_old_law_is_given_its_grounds():
    rulebook = load_rulebook(profile="legacy")
    assert rulebook.by_name["personal/resident-id"].ground == "L3"
    assert rulebook.by_name["state-secret/level-label"].ground == "L1"
    assert {g.code for g in rulebook.grounds} >= {"L1", "L2", "L3", "L4"}


def test_an_unknown_profile_names_the_known_ones():
    with pytest.raises(UsageError, match="Known profiles: default, eia, intranet"):
        load_rulebook(profile="nwes")


def test_each_column_of_a_website_has_its_profile(tmp_path: Path, capsys):
    config = """
[[columns]]
paths = ["news/*"]
profile = "news"

[[columns]]
paths = ["lists/*"]
profile = "own"

[profiles.own]
reason = "姓名以外一律不公示"
severity = { "process/*" = "block" }
"""
    (tmp_path / "secreview.toml").write_text(config, "utf-8")
    for name in ("news/a.txt", "lists/b.txt", "c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(MINUTES, "utf-8")
    main(["check", str(tmp_path), "--include", "*.txt", "--format", "jsonl", "--lang", "en"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    verdicts = {Path(row["document"]["path"]).name: row["verdict"] for row in rows}
    assert verdicts == {"a.txt": "clear", "b.txt": "block", "c.txt": "review"}
