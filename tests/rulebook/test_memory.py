"""What is known of patterns is kept between runs, and nothing else comes from there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secreview.rulebook.builtin import folder
from secreview.rulebook.load import Files, load
from secreview.rulebook.memory import Memory


def double(text, *, more=""):
    double.asked.append(text)
    return [text, [text + more]]


@pytest.fixture(autouse=True)
def asked():
    double.asked = []
    return double.asked


def test_a_question_is_worked_out_once_and_kept_for_the_next_run(tmp_path, asked):
    path = tmp_path / "patterns.json"
    first = Memory(path)
    assert first.answer(double, "密级") == first.answer(double, "密级") == ["密级", ["密级"]]
    assert first.answer(double, "密级", more="！") == ["密级", ["密级！"]]
    first.keep()
    second = Memory(path)
    assert second.answer(double, "密级") == ["密级", ["密级"]]
    assert second.answer(double, "编号") == ["编号", ["编号"]]
    second.keep()
    assert asked == ["密级", "密级", "编号"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["patterns.json"]
    assert len(json.loads(path.read_text("utf-8"))) == 3


@given(st.binary(max_size=40))
def test_a_damaged_file_is_taken_for_none(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("memory") / "patterns.json"
    path.write_bytes(data)
    memory = Memory(path)
    assert memory.answer(double, "密级") == ["密级", ["密级"]]
    memory.keep()
    assert json.loads(path.read_bytes())


def test_rules_are_the_same_from_memory(tmp_path):
    shared = [*folder().glob("*.toml"), *folder().rglob("*.txt")]
    paths = [*shared, *(folder() / "tamper").glob("*.toml")]
    files = Files((folder(),), {path: path.read_bytes() for path in paths})
    memory = Memory(tmp_path / "patterns.json")
    fresh = load(files, memory)
    memory.keep()
    again = load(files, Memory(tmp_path / "patterns.json"))
    assert fresh.rules
    assert fresh.rules == again.rules == load(files).rules
