"""``secreview rules``: list, show, lint, test rules, and start a new one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from secreview.cli import CLEAR, FINDINGS, USAGE
from secreview.cli.explain import explained
from secreview.cli.settings import add_rule_flags, settings_of
from secreview.cli.terms import say, write
from secreview.errors import UsageError
from secreview.outputs.messages import message
from secreview.rulebook.rule import Rulebook

TEMPLATE = """\
id       = "{id}"
category = "{category}"
title    = {{ zh = "{id}", en = "{id}" }}
severity = "review"
basis    = ["disclosure.review"]
suggest  = {{ zh = "请核实后再公开。", en = "Verify before publishing." }}

[find]
words = ["要查找的词语"]

[unless]
words = ["包含要查找的词语的无害短语"]

[examples]
hit  = ["请注意[[要查找的词语]]。"]
miss = ["包含要查找的词语的无害短语", "与此无关的文字"]
"""


def run(argv: Sequence[str], lang: str) -> int:
    """Run one of the actions on rules."""
    parser = argparse.ArgumentParser(
        prog="secreview rules", description=message("help.command.rules", lang)
    )
    parser.add_argument("action", choices=("list", "show", "lint", "test", "new"))
    parser.add_argument("name", nargs="?", default="", help=message("help.rule-name", lang))
    add_rule_flags(parser, lang)
    arguments = parser.parse_args(argv)
    if arguments.action == "new":
        return new(arguments.name, arguments.rules, lang)
    settings = settings_of(arguments, lang, Path())
    rulebook = settings.options.rulebook
    assert rulebook is not None
    match arguments.action:
        case "list":
            return listing(rulebook, settings.lang)
        case "show":
            return show(rulebook, arguments.name, settings.lang)
        case "lint":
            return lint(rulebook, settings.lang)
        case _:
            return test(rulebook, settings.lang)


def listing(rulebook: Rulebook, lang: str) -> int:
    """Print one line for each rule."""
    for rule in rulebook.rules:
        name = f"{rule.name:<38}"
        severity = message(f"severity.{rule.severity}", lang)
        write(f"{name} {severity:<6} {rule.title.in_(lang)}\n", sys.stdout)
    write(f"{len(rulebook.rules)}  {rulebook.digest[:12]}\n", sys.stdout)
    return CLEAR


def show(rulebook: Rulebook, name: str, lang: str) -> int:
    """Print a rule as written, after its explanation."""
    rule = rulebook.by_name.get(name)
    if rule is None:
        say("cli.no-rule", lang, name=name or "?", hint="rules list")
        return USAGE
    write(explained(rule, rulebook, lang), sys.stdout)
    write(f"\n# {rule.source}\n{Path(rule.source).read_text('utf-8')}", sys.stdout)
    return CLEAR


def lint(rulebook: Rulebook, lang: str) -> int:
    """Print advice on rules; 1 when there is any."""
    from secreview.rulebook.lint import advice

    remarks = advice(rulebook)
    for remark in remarks:
        write(f"{remark}\n", sys.stdout)
    say("cli.lint-result", lang, count=len(remarks), rules=len(rulebook.rules))
    return FINDINGS if remarks else CLEAR


def test(rulebook: Rulebook, lang: str) -> int:
    """Run every example of every rule; 1 when one does not hold."""
    from secreview.engine.examples import failures

    count = 0
    for rule, what, example in failures(rulebook, date.today()):
        count += 1
        write(f"{rule.source}: {what}: {example.text!r}\n", sys.stdout)
    examples = sum(len(rule.hits) + len(rule.misses) for rule in rulebook.rules)
    say("cli.test-result", lang, count=count, examples=examples, rules=len(rulebook.rules))
    return FINDINGS if count else CLEAR


def new(name: str, folders: Sequence[str], lang: str) -> int:
    """Write a rule file to fill in: ``rules new personal/my-rule --rules DIR``."""
    category, _, rule_id = name.partition("/")
    if not category or not rule_id or len(folders) != 1:
        raise UsageError("write: secreview rules new CATEGORY/ID --rules DIR")
    path = Path(folders[0]) / category / f"{rule_id}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.format(id=rule_id, category=category))
    except FileExistsError as error:
        raise UsageError(f"{path}: exists already and was left as it is") from error
    say("cli.rule-written", lang, path=path)
    return CLEAR
