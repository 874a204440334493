"""Switch rules off and change severities, as a configuration or a profile asks, with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from fnmatch import fnmatchcase

from secreview.errors import UsageError
from secreview.model import SEVERITY_ORDER, Severity
from secreview.rulebook.rule import Rule, Rulebook


def adjusted(
    rulebook: Rulebook,
    off: Iterable[tuple[str, str]],
    severity: Mapping[str, str],
    ground: Mapping[str, str] | None = None,
) -> Rulebook:
    """Return a rulebook without some rules (rule, reason), with other severities and grounds.

    A severity that is not above the rule's own is the last word: the rule's escalations go.
    Severities name rules, or whole categories as ``process/*``; grounds name categories. Raises
    UsageError for a name that does not exist, so that a typing error changes nothing.
    """
    off, ground = tuple(off), ground or {}
    if not off and not severity and not ground:
        return rulebook
    gone = {name for pattern, _ in off for name in meant(rulebook, pattern)}
    severities = {
        name: Severity(to) for pattern, to in severity.items() for name in meant(rulebook, pattern)
    }
    check_grounds(rulebook, ground)
    rules = tuple(
        replace(
            with_severity(rule, severities.get(rule.name)),
            ground=ground.get(rule.category, rule.ground),
        )
        for rule in rulebook.rules
        if rule.name not in gone
    )
    stamp = repr((rulebook.digest, *map(sorted, (off, severity.items(), ground.items()))))
    digest = hashlib.sha256(stamp.encode()).hexdigest()
    return replace(rulebook, rules=rules, digest=digest, off=(*rulebook.off, *off))


def with_severity(rule: Rule, severity: Severity | None) -> Rule:
    """Return a rule with another severity."""
    if severity is None:
        return rule
    is_raised = SEVERITY_ORDER[severity] > SEVERITY_ORDER[rule.severity]
    kept = rule.escalate if is_raised else ()
    return replace(rule, severity=severity, escalate=kept)


def meant(rulebook: Rulebook, pattern: str) -> list[str]:
    """Return the rules that a name or ``category/*`` means; raise UsageError for none."""
    names = [name for name in rulebook.by_name if fnmatchcase(name, pattern)]
    if not names:
        close = get_close_matches(pattern, rulebook.by_name, 1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise UsageError(f"the configuration names a rule that does not exist: {pattern}.{hint}")
    return names


def check_grounds(rulebook: Rulebook, ground: Mapping[str, str]) -> None:
    """Raise UsageError for a category or ground that does not exist."""
    categories = {category.id for category in rulebook.categories}
    codes = {known.code for known in rulebook.grounds}
    for category, code in ground.items():
        if category not in categories or code not in codes:
            raise UsageError(f"no such category or ground: {category} = {code!r}")
