"""Patterns that would hang are refused; ordinary ones are not."""

import re
import time

import pytest

from benchmarks.redos import EVIL
from secreview.rulebook.linear import objection


@pytest.mark.parametrize(
    "pattern",
    [
        r"[1-8]\d{5}(?:18|19|20)\d{9}[\dX]",
        r"(?:绝密|机密|秘密)级?\s{0,3}[★*＊]\s{0,3}(?:\d{1,2}年|长期)?",
        r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,20}){1,4}",
        r"身份证(?:号码|号)?[:：\s]{0,4}(?P<hit>\d{15})",
        r"(?:[一-鿿]{1,20}[，、]){1,5}。",
        r"postgres(?:ql)?://[^\s:@]{1,40}:[^\s@]{1,60}@[\w.-]{1,60}",
    ],
)
def test_bounded_patterns_are_accepted(pattern):
    assert objection(pattern) == ""


@pytest.mark.parametrize("pattern", EVIL)
def test_patterns_that_backtrack_without_end_are_refused(pattern):
    assert objection(pattern)


@pytest.mark.parametrize(
    "pattern", ["(", "a{2,1}", r"(a)\1", "(?=a)b", "a*", "", "(?:)", "(?<!x)a"]
)
def test_what_the_engine_cannot_run_is_refused_with_a_reason(pattern):
    assert objection(pattern)


def test_an_accepted_pattern_costs_little_at_one_start():
    pattern = r"(?:[一-鿿]{1,20}[，、]){1,5}。"
    text = "一" * 5000
    started = time.process_time()
    assert re.compile(pattern).match(text) is None
    assert time.process_time() - started < 1
