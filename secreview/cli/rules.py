"""``secreview rules``: list, show, lint, test, attack rules, count their noise, start one."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from secreview.api import shipped_profiles
from secreview.cli import CLEAR, FINDINGS, USAGE
from secreview.cli.explain import explained
from secreview.cli.settings import Settings, add_rule_flags, settings_of
from secreview.cli.terms import say, write
from secreview.engine.findings import Telling
from secreview.errors import UsageError
from secreview.outputs.messages import message
from secreview.rulebook.rule import Rulebook

ACTIONS = ("list", "show", "profiles", "lint", "test", "attack", "noise", "new")
ENOUGH = 0.99  # share of disguised examples that must still be found
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
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=message("help.rule-name", lang))
    add_rule_flags(parser, lang)
    arguments = parser.parse_args(argv)
    name = arguments.names[0] if arguments.names else ""
    if arguments.action == "new":
        return new(name, arguments.rules, lang)
    settings = settings_of(arguments, lang, Path(), "examples")
    rulebook = settings.options.rulebook
    assert rulebook is not None
    match arguments.action:
        case "list":
            return listing(rulebook, settings.lang)
        case "show":
            return show(rulebook, name, settings.lang)
        case "profiles":
            return profiles(settings, arguments.rules)
        case "lint":
            return lint(rulebook, settings.lang)
        case "attack":
            return attack(rulebook, settings.lang)
        case "noise":
            return noise(arguments.names, settings)
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


def profiles(settings: Settings, folders: Sequence[str]) -> int:
    """Print the name of each profile with what it is for."""
    found = shipped_profiles((*settings.config.rules, *map(Path, folders)))
    for name, profile in {**found, **settings.config.profiles}.items():
        write(f"{name:<18} {profile.reason.in_(settings.lang)}\n", sys.stdout)
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
    from secreview.engine.examples import shadowed
    from secreview.errors import Fault
    from secreview.rulebook.lint import advice

    remarks = advice(rulebook)
    for rule, other in shadowed(rulebook, date.today()):
        what = f"finds nothing that {other} does not find"
        remarks.append(Fault(rule.source, 1, "find", what, "merge them, or show what it adds"))
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


def attack(rulebook: Rulebook, lang: str) -> int:
    """Disguise every example in every way that applies; 1 when too many escape."""
    from secreview.bulk.attack import trials

    telling = Telling(rulebook, date.today(), b"attack")
    tried: Counter[str] = Counter()
    escaped: Counter[str] = Counter()
    names: Counter[tuple[str, str]] = Counter()
    for trial in trials(rulebook, telling):
        tried[trial.disguise] += 1
        if not trial.is_found:
            escaped[trial.disguise] += 1
            names[trial.rule, trial.disguise] += 1
    write(message("attack.head", lang) + "\n| --- | ---: | ---: | ---: |\n", sys.stdout)
    for disguise, count in tried.items():
        rate = escaped[disguise] / count
        write(f"| {disguise} | {count} | {escaped[disguise]} | {rate:.1%} |\n", sys.stdout)
    for (rule, disguise), count in sorted(names.items()):
        write(f"{rule}: {disguise}: {count}\n", sys.stdout)
    share = 1 - escaped.total() / max(1, tried.total())
    say("cli.attack-result", lang, share=f"{share:.2%}", trials=tried.total(), kinds=len(tried))
    return CLEAR if share >= ENOUGH else FINDINGS


def noise(paths: Sequence[str], settings: Settings) -> int:
    """Count findings per 10,000 characters on published text, by rule."""
    from secreview.bulk.files import files_of
    from secreview.bulk.local import check_files

    if not paths:
        raise UsageError("write: secreview rules noise PATH …")
    found: Counter[str] = Counter()
    characters = documents = 0
    for report in check_files(files_of(paths), settings.options):
        found.update(finding.rule for finding in report.findings)
        characters += sum(part.characters for part in report.parts)
        documents += 1
    for rule, count in found.most_common():
        write(f"{count * 10_000 / characters:8.3f}  {count:6}  {rule}\n", sys.stdout)
    rate = f"{found.total() * 10_000 / max(1, characters):.3f}"
    say("cli.noise-result", settings.lang, rate=rate, characters=characters, documents=documents)
    return CLEAR


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
