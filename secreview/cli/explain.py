"""``secreview explain``: what a rule finds, leaves alone, rests on and asks for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from secreview.cli import CLEAR, USAGE
from secreview.cli.settings import add_rule_flags, settings_of
from secreview.cli.terms import say, write
from secreview.outputs.messages import message
from secreview.rulebook.rule import Rule, Rulebook


def run(argv: Sequence[str], lang: str) -> int:
    """Explain a rule by its category/id, its id, or the id of a finding's rule."""
    parser = argparse.ArgumentParser(
        prog="secreview explain", description=message("help.command.explain", lang)
    )
    parser.add_argument("rule", metavar="RULE")
    add_rule_flags(parser, lang)
    arguments = parser.parse_args(argv)
    settings = settings_of(arguments, lang, Path(), "examples")
    rulebook = settings.options.rulebook
    assert rulebook is not None
    found = [r for r in rulebook.rules if arguments.rule in (r.name, r.id, r.family)]
    if not found:
        from difflib import get_close_matches

        names = [name for r in rulebook.rules for name in (r.name, r.id)]
        close = ", ".join(get_close_matches(arguments.rule, names, 3))
        say("cli.no-rule", settings.lang, name=arguments.rule, hint=close or "rules list")
        return USAGE
    for rule in found:
        write(explained(rule, rulebook, settings.lang) + "\n", sys.stdout)
    return CLEAR


def explained(rule: Rule, rulebook: Rulebook, lang: str) -> str:
    """Return a rule in words for a reviewer."""
    category = next(c for c in rulebook.categories if c.id == rule.category)
    ground = next((g for g in rulebook.grounds if g.code == rule.ground), None)
    lines = [
        f"{rule.title.in_(lang)}  ({rule.name})",
        f"{message('explain.category', lang)}  {category.title.in_(lang)}",
        f"{message('explain.severity', lang)}  {message(f'severity.{rule.severity}', lang)}",
        f"{message('explain.why', lang)}  {rule.why.in_(lang)}",
        f"{message('explain.suggest', lang)}  {rule.suggest.in_(lang)}",
    ]
    if ground:
        lines.append(f"{message('explain.ground', lang)}  {ground.code} {ground.title.in_(lang)}")
    for name in rule.basis:
        provision = rulebook.provision(name, date.today())
        if provision:
            law = f"{provision.law.in_(lang)} {provision.article.in_(lang)}"
            quote = f"：{provision.text}" if provision.text else ""
            lines.append(f"{message('explain.basis', lang)}  {law} ({provision.edition}){quote}")
    lines.append(message("explain.finds", lang))
    lines += [f"  + {example.text!r}" for example in rule.hits]
    lines.append(message("explain.leaves", lang))
    lines += [f"  - {example.text!r}" for example in rule.misses]
    return "\n".join((*lines, ""))
