"""Disguises say the same thing otherwise, and the rules still hear it."""

from dataclasses import replace
from datetime import date

import pytest

from secreview.api import load_rulebook
from secreview.bulk.attack import trials
from secreview.bulk.disguises import IN_HTML, PLAIN
from secreview.cli.rules import ENOUGH
from secreview.engine.findings import Telling
from secreview.model import PartKind
from secreview.rulebook.rule import Unless
from secreview.text.normal import fold

NUMBER = "11010519491231002X"


def test_at_least_25_disguises_are_tried():
    assert len(PLAIN) + len(IN_HTML) >= 25


@pytest.mark.parametrize("name", PLAIN)
def test_each_disguise_applies_to_something_and_changes_it(name):
    made = [PLAIN[name](value) for value in (NUMBER, "13812345678", "内部资料", "★机密：")]
    changed = [text for text in made if text is not None]
    assert changed
    assert not {NUMBER, "13812345678", "内部资料", "★机密："} & set(changed)


@pytest.mark.parametrize("name", PLAIN)
def test_an_identity_number_is_one_again_after_folding(name):
    made = PLAIN[name](NUMBER)
    if made is not None:
        assert NUMBER in fold(f"有关人员名单见后，其中身份证号为{made}，请核对").text


def test_nearly_every_disguised_example_of_every_rule_is_found():
    """One example of each rule; docs/quality.md tells of all of them."""
    whole = load_rulebook()
    rules = tuple(replace(rule, hits=rule.hits[-1:]) for rule in whole.rules)
    rulebook = replace(whole, rules=rules, digest="one example each")
    tried = list(trials(rulebook, Telling(rulebook, date(2026, 11, 24), b"key")))
    escaped = [trial for trial in tried if not trial.is_found]
    assert len({trial.rule for trial in tried}) >= 300
    assert len(escaped) <= (1 - ENOUGH) * len(tried), escaped[:5]


def test_an_example_that_is_not_found_is_counted_as_escaped():
    rulebook = load_rulebook()
    rule = next(rule for rule in rulebook.rules if rule.name == "personal/plate")
    nowhere = Unless(parts=frozenset(PartKind))
    deaf = replace(rulebook, rules=(replace(rule, unless=nowhere),), digest="deaf")
    tried = list(trials(deaf, Telling(deaf, date(2026, 11, 24), b"key")))
    assert tried
    assert not any(trial.is_found for trial in tried)
