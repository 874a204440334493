"""The terms on which a finding was judged: what its rule finds, and what that means in law."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from secreview.review.canonical import digest
from secreview.review.event import Json
from secreview.rulebook.rule import Rule, Rulebook, as_plain


class Terms(NamedTuple):
    """Digests of a rule: of what it finds, and of severity, ground and the editions it cites.

    Titles, advice, examples and what is derived from the pattern are in neither.
    """

    finds: str
    means: str


@lru_cache(maxsize=8)
def terms_of(rulebook: Rulebook, day: date) -> Mapping[str, Terms]:
    """Return the terms of each rule by its name, with the provisions in force on a day."""
    return {rule.name: Terms(finds(rule), means(rule, rulebook, day)) for rule in rulebook.rules}


def finds(rule: Rule) -> str:
    """Return the digest of what a rule finds."""
    find = {k: v for k, v in as_plain(rule.find).items() if k not in ("plan", "width")}
    keep = as_plain(rule.keep)
    if "like" in keep:  # a fraction has no canonical form
        keep["like"] = str(keep["like"])
    unless: Json = as_plain(rule.unless)
    return short([find, keep, unless, rule.family, rule.since, rule.until])


def means(rule: Rule, rulebook: Rulebook, day: date) -> str:
    """Return the digest of what it means that a rule finds something."""
    basis: list[Json] = []
    for name in rule.basis:
        provision = rulebook.provision(name, day)
        basis.append([name, provision.edition, provision.article.zh] if provision else [name])
    steps: Json = [as_plain(step) for step in rule.escalate]
    return short([rule.severity.value, rule.ground, basis, steps])


def short(value: Json) -> str:
    """Return the first sixteen digits of a digest: enough to notice a change."""
    return digest(value)[:16]
