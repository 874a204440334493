"""What stands beside what: company that is dropped is no company."""

from dataclasses import replace

from secreview import load_rulebook
from secreview.engine.keep import UNLIKE, Hit
from secreview.engine.weigh import weigh
from secreview.model import Place, Severity


def rules(*companions):
    """Return rules of which each asks for one of another: their ids by the order given."""
    model = next(rule for rule in load_rulebook().rules if rule.name == "personal/plate")
    return [
        replace(model, id=name, keep=replace(model.keep, together=wanted), escalate=())
        for name, wanted in companions
    ]


def standing(*made):
    """Return the ids that stand when every rule has one hit, all on one line."""
    hits = [
        Hit(rule, 0, at, at + 1, 0, "x", "", "", (), "x", "", "", Place())
        for at, rule in enumerate(made)
    ]
    return [item.hit.rule.id for item in weigh(hits, {})]


def test_company_that_is_dropped_for_want_of_company_is_none():
    chain = rules(("a", ("personal/b",)), ("b", ("personal/c",)), ("c", ("personal/d",)))
    assert standing(*chain) == []
    assert standing(*chain, *rules(("d", ()))) == ["a", "b", "c", "d"]


def test_two_that_ask_for_each_other_are_company():
    assert standing(*rules(("a", ("personal/b",)), ("b", ("personal/a",)))) == ["a", "b"]


def test_nothing_gives_way_to_a_finding_that_is_doubted():
    sure, shy = rules(("sure", ()), ("shy", ()))
    shy = replace(shy, unless=shy.unless._replace(found=("personal/sure",)))

    def weighed(*evidence):
        hits = [
            Hit(rule, 0, start, start + 4, 0, "x", "", "", why, "x", "", "", Place())
            for rule, start, why in ((sure, 0, evidence), (shy, 2, ()))
        ]
        return {item.hit.rule.id: item.severity for item in weigh(hits, {})}

    assert weighed() == {"sure": sure.severity}
    assert weighed(UNLIKE) == {"sure": Severity.NOTE, "shy": shy.severity}
