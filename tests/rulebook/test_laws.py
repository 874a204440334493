"""Provisions: dated without overlap, in force, and quoted word for word from their article."""

import itertools
import os
import re
from datetime import date
from pathlib import Path

import pytest

from secreview.api import load_rulebook

TODAY = date(2026, 11, 24)
TEXTS = Path(os.environ.get("SECREVIEW_LAW_DIR", Path(__file__).parents[3] / "shared/law"))
EDITIONS = [
    pytest.param(name, edition, id=f"{name}@{edition.edition}")
    for name, editions in load_rulebook().laws.items()
    for edition in editions
]
ARTICLE = r"\**第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?\**"


def article_of(text: str, name: str) -> str:
    """Return the wording of an article of a statute text."""
    found = re.search(rf"^\**{name}\**[　 ](.*?)(?=^{ARTICLE}[　 ]|\Z)", text, re.DOTALL | re.M)
    return found[1] if found else ""


def number_of(article: str) -> int:
    """Return the number of an article written in hanzi."""
    total = digit = 0
    for letter in article.strip("第条"):
        if letter in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[letter]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(letter)
    return total + digit


def test_every_provision_is_in_force_and_its_editions_follow_one_another():
    for name, editions in load_rulebook().laws.items():
        assert load_rulebook().provision(name, TODAY), name
        for earlier, later in itertools.pairwise(editions):
            assert earlier.start < earlier.end <= later.start, name
        assert not editions[-1].end, name


def test_every_rule_that_may_stop_a_document_rests_on_a_provision():
    rulebook = load_rulebook()
    for rule in rulebook.rules:
        assert rule.basis, rule.name
        assert all(rulebook.provision(name, TODAY) for name in rule.basis), rule.name


@pytest.mark.parametrize(("name", "edition"), EDITIONS)
def test_every_edition_is_complete(name, edition):
    assert edition.quote, name
    assert edition.file, name
    assert edition.edition <= edition.start, name
    assert re.fullmatch(ARTICLE, edition.article.zh), edition.article.zh
    assert edition.article.en == f"Article {number_of(edition.article.zh)}"


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the statute texts are not beside this checkout")
@pytest.mark.parametrize(("name", "edition"), EDITIONS)
def test_the_quote_stands_in_that_article_of_that_edition(name, edition):
    text = (TEXTS / edition.file).read_text("utf-8")
    assert edition.quote in article_of(text, edition.article.zh), (name, edition.article.zh)


def test_an_article_ends_where_the_next_one_begins():
    text = "**第九条**　甲的规定。\n\n乙款。\n\n**第十条**　丙的规定。\n"
    assert "乙款" in article_of(text, "第九条")
    assert "丙" not in article_of(text, "第九条")
    assert article_of(text, "第八条") == ""
