"""Every hiding place of the six formats: the leak is found with its place, or a gap says why not."""

import pytest

import secreview
from secreview.model import Verdict
from secreview.outputs.places import label
from tests.formats.hiding import RULE, Outcome
from tests.formats.hiding.table import TABLE

CASES = [
    pytest.param(extension, row, id=f"{extension}: {row.en}")
    for extension, rows in TABLE.items()
    for row in rows
    if row.outcome is not Outcome.NO_ROOM
]


@pytest.fixture(autouse=True)
def in_process(monkeypatch):
    """Read here: a child process for each example would only make the tests slow."""
    monkeypatch.setenv("SECREVIEW_IN_PROCESS", "1")


@pytest.mark.parametrize(("extension", "row"), CASES)
def test_a_leak_in_a_hiding_place_is_found_or_told(extension, row):
    name = row.name if "." in row.name else f"{row.name or 'a'}.{extension}"
    report = secreview.check(data=row.build(), name=name)
    found = {(f.kind, label(f.place, f.kind, "zh")) for f in report.findings if f.rule == RULE}
    told = {(gap.why, gap.part) for gap in report.gaps}
    match row.outcome:
        case Outcome.FOUND:
            assert any(k is row.kind and row.label in words for k, words in found), (found, told)
        case Outcome.GAP:
            assert any(why in row.whys and row.label in part for why, part in told), (found, told)
            assert report.verdict is not Verdict.CLEAR
        case _:
            assert not found
            assert not told, "accounted for by now: say so in its row"
