"""What is weak about rules that load: advice to their authors, one line each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from secreview.errors import Fault
from secreview.rulebook.rule import Rule, Rulebook

COMMON = 3_000  # occurrences in jieba's dictionary, of about sixty million words
LONG_VALUE = 4  # a shorter hit may well be a word of its own title
CHINESE_TWIN = {":": "：", "(": "（", ",": "，"}


def advice(rulebook: Rulebook) -> list[Fault]:
    """Return advice on every rule of a rulebook, in the order of file and line."""
    found: list[Fault] = []
    for rule in rulebook.rules:
        found.extend(Fault(rule.source, 1, key, what, hint) for key, what, hint in remarks(rule))
    found.extend(repeated_words(rulebook))
    return found


def remarks(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Yield (key, what, hint) for one rule."""
    find = rule.find
    if find.regex and find.plan.kind == "scan" and not find.plan.rare:
        hint = "begin with literal words, add bounds, or require keep.near or keep.context"
        yield "find.regex", "has no plan: every position is tried", hint
    for word in () if find.wording else find.words:
        if len(word) < 2:
            yield "find.words", f"{word!r} is a single character", "use a longer word"
        elif not is_narrowed(rule) and frequency(word) > COMMON:
            yield "find.words", f"{word!r} is a common word", "add keep.near or keep.zone"
    if contradiction(rule):
        yield "keep", f"can never find anything: {contradiction(rule)}", "take one of them out"
    if has_short_word(rule) and not find.wording and not is_narrowed(rule):
        hint = "add near, zone or unless.words"
        yield "find.words", "two-character words stand inside many others", hint
    for ascii_mark, twin in CHINESE_TWIN.items():
        if lacks_twin(find.regex, ascii_mark, twin):
            yield (
                "find.regex",
                f"has {ascii_mark!r} but not {twin!r}",
                f"write [{ascii_mark}{twin}]",
            )
    for example in rule.hits:
        for start, end in example.spans:
            value = example.text[start:end]
            if len(value) > LONG_VALUE and any(
                value in words for words in (*rule.title, *rule.suggest)
            ):
                hint = "a masked report would show it"
                yield "title", "title or suggest holds what the rule finds", hint


def contradiction(rule: Rule) -> str:
    """Return why a rule is dead: what it keeps it drops again; an empty string when it is not."""
    keep, unless = rule.keep, rule.unless
    if keep.parts and keep.parts <= unless.parts:
        return "unless.parts has all of keep.parts"
    if keep.headers and set(keep.headers) <= set(unless.headers):
        return "unless.headers has all of keep.headers"
    if keep.near.words and set(keep.near.words) <= set(unless.near.words):
        return "unless.near has all of keep.near"
    if set(keep.validate) & set(unless.validate):
        return "unless.validate has what keep.validate asks for"
    if rule.since and rule.until and rule.until < rule.since:
        return "until is before since"
    return ""


@lru_cache(maxsize=4096)
def frequency(word: str) -> int:
    """Return how often a word stands in the texts that jieba's dictionary was counted on."""
    from secreview.text.words import tokenizer

    return int(tokenizer().FREQ.get(word, 0))


def has_short_word(rule: Rule) -> bool:
    """Return whether a rule finds a word of two characters."""
    return any(
        len(word) == 2 and all("\u4e00" <= c <= "\u9fff" for c in word) for word in rule.find.words
    )


def is_narrowed(rule: Rule) -> bool:
    """Return whether anything keeps a rule's words from being found inside longer ones."""
    keep = rule.keep
    excuses = (rule.unless.words, rule.unless.near.is_given)
    narrowing = (*excuses, keep.zone, keep.near.is_given, keep.headers, keep.parts)
    return any(narrowing) or keep.whole_word


def lacks_twin(pattern: str, mark: str, twin: str) -> bool:
    """Return whether a pattern matches a mark as itself but nowhere its Chinese form."""
    literal = rf"\{mark}" if mark == "(" else mark
    plain = re.sub(r"\(\?(?::|P<\w+>)|\{\d*,?\d*\}", "", pattern)
    return literal in plain and twin not in pattern and bool(re.search("[\u4e00-\u9fff]", pattern))


def repeated_words(rulebook: Rulebook) -> Iterator[Fault]:
    """Yield a remark for each word that several rules of one category find."""
    rules: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rulebook.rules:
        for word in () if rule.find.wording else rule.find.words:
            rules[rule.category, word].append(rule)
    for (_, word), group in rules.items():
        if len(group) > 1:
            names = ", ".join(rule.name for rule in group)
            yield Fault(group[0].source, 1, "find.words", f"{word!r} is also found by {names}")
