"""Switch rules off and change severities, as a configuration or a profile asks, with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from secreview.errors import UsageError
from secreview.model import Severity
from secreview.rulebook.rule import Rulebook


def adjusted(
    rulebook: Rulebook, off: Iterable[tuple[str, str]], severity: Mapping[str, str]
) -> Rulebook:
    """Return a rulebook without some rules (rule, reason) and with other severities.

    Raises UsageError for a rule that does not exist, so that a typing error switches nothing off.
    """
    off = tuple(off)
    if not off and not severity:
        return rulebook
    for name in (*(rule for rule, _ in off), *severity):
        if name not in rulebook.by_name:
            close = get_close_matches(name, rulebook.by_name, 1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise UsageError(f"the configuration names a rule that does not exist: {name}.{hint}")
    gone = {rule for rule, _ in off}
    rules = tuple(
        replace(rule, severity=Severity(severity.get(rule.name, rule.severity)))
        for rule in rulebook.rules
        if rule.name not in gone
    )
    stamp = repr((rulebook.digest, sorted(off), sorted(severity.items())))
    digest = hashlib.sha256(stamp.encode()).hexdigest()
    return replace(rulebook, rules=rules, digest=digest, off=(*rulebook.off, *off))
