"""Flow files: what loads, what is refused, what is remarked, how it is drawn."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from secreview.errors import UsageError
from secreview.review.draw import mermaid, plain
from secreview.review.flow import flow_of, table_of
from secreview.review.flow_file import checked_flow, checked_people
from secreview.review.flow_lint import remarks
from tests.review.build import FLOWS, HEAD, LEADER, LEGAL, PEOPLE, SECRECY, WRITER, flow

NAMES = sorted(path.stem for path in FLOWS.glob("*.toml"))
EDITORS = """
[[person]]
id = "a"
roles = ["drafter"]
[[person]]
id = "b"
roles = ["editor", "proofreader"]
[[person]]
id = "c"
roles = ["senior-editor", "proofreader"]
[[person]]
id = "d"
roles = ["chief-editor", "proofreader"]
[[person]]
id = "e"
roles = ["secrecy-office"]
"""


def changed(old: str, new: str, name: str = "bureau"):
    text = (FLOWS / f"{name}.toml").read_text("utf-8")
    assert old in text
    return checked_flow(tomllib.loads(text.replace(old, new)), Path("flow.toml"))


def people(*actors):
    return {actor.id: actor for actor in actors}


@pytest.mark.parametrize("name", NAMES)
def test_flows_that_ship_load_without_remarks_and_survive_json(name):
    made = flow(name)
    assert remarks(made) == ()
    assert flow_of(table_of(made)) == made


def test_the_flows_that_ship_can_be_filled_by_few_people():
    assert remarks(flow(), people(WRITER, HEAD, SECRECY, LEGAL, LEADER)) == ()
    editors = checked_people(tomllib.loads(EDITORS), Path("people.toml"))
    assert remarks(flow("three-reviews"), editors) == ()
    boss = replace(LEADER, roles=frozenset({"approver"}))
    assert remarks(flow("company"), people(WRITER, boss)) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('after = ["section"]\napart', 'after = ["sektion"]\napart', "no stage 'sektion'"),
        ("decides = true", "decides = false", "exactly one stage"),
        (
            'role      = "section-head"',
            'role = "section-head"\nafter = ["leader"]',
            "back to itself",
        ),
        ('after   = ["secrecy", "legal"]', 'after = ["secrecy", "legal"]\nneed = 3', "3 of 2"),
        ("days  = 2", "dais = 2", "dais"),
        ("days  = 2", "days = 0", "greater than or equal to 1"),
        ('id    = "legal"', 'id = "secrecy"', "named twice"),
        ("consult = 15", 'consult = "15"', "valid integer"),
    ],
)
def test_a_fault_in_a_flow_file_is_named(old, new, said):
    with pytest.raises(UsageError, match=said) as fault:
        changed(old, new)
    assert "flow.toml" in str(fault.value)


def test_a_stage_that_the_decision_does_not_wait_for_is_remarked():
    made = changed('after   = ["secrecy", "legal"]', 'after = ["secrecy"]')
    assert [(r.stage, "never counts" in r.what.en) for r in remarks(made)] == [("legal", True)]


def test_a_stage_that_waits_for_itself_is_remarked_as_out_of_reach():
    first, *rest = flow().stages
    made = replace(flow(), stages=(replace(first, after=("leader",)), *rest))
    assert {r.stage for r in remarks(made) if "reached" in r.what.en} == {s.id for s in made.stages}


def test_a_join_that_cannot_complete_is_remarked():
    *rest, last = flow().stages
    made = replace(flow(), stages=(*rest, replace(last, need=3)))
    assert [r.stage for r in remarks(made)] == ["leader"]


def test_too_few_people_for_stages_kept_apart_are_remarked():
    both = replace(SECRECY, roles=frozenset({"secrecy-office", "legal-office", "leader"}))
    found = remarks(flow(), people(WRITER, HEAD, both))
    assert ["too few people" in r.what.en for r in found] == [True]
    assert "lin" in found[0].what.zh


def test_a_role_that_nobody_holds_is_remarked():
    found = remarks(flow(), people(*(p for p in PEOPLE if p is not LEGAL)))
    assert [(r.stage, "legal-office" in r.what.en) for r in found] == [("legal", True)]


def test_a_flow_without_override_is_remarked():
    assert "waive" in remarks(replace(flow(), override=()))[0].what.en


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_drawing_names_every_stage_and_every_way(lang):
    made = flow()
    drawn, lines = mermaid(made, lang), plain(made, lang)
    assert all(
        stage.title.in_(lang) in drawn and stage.title.in_(lang) in lines for stage in made.stages
    )
    for arrow in ("start --> section", "section --> legal", "legal --> leader", "leader --> done"):
        assert arrow in drawn
    assert "∥" in lines
    assert lines.encode("gbk")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "person"),
        ("[[person]]\nid = 'a b'", "pattern"),
        ("[[person]]\nid = 'a'\n[[person]]\nid = 'a'", "twice"),
        ("[[person]]\nid = 'a'\nrolls = []", "rolls"),
    ],
)
def test_a_fault_in_a_file_of_people_is_named(text, said):
    with pytest.raises(UsageError, match=said):
        checked_people(tomllib.loads(text), Path("people.toml"))
