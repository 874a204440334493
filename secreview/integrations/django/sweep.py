"""What is public and should not be: found by looking at everything that is public now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.apps import apps

from secreview.api.policy import Answer, Standing, asked
from secreview.config import OnError
from secreview.integrations.django import conf, gate
from secreview.integrations.django.guard import Watching, watching
from secreview.model import Severity


class Fault(StrEnum):
    """Why something public is on the list."""

    UNSEEN = "unseen"  # 未经放行：went around the gate
    CHANGED = "changed"  # 内容已改动：the content is not what was let through
    ENDED = "ended"  # 审定已撤销：the clearance no longer stands
    RULES = "rules"  # 现行规则有新发现：rules of today find more than people had before them
    OPENED = "opened"  # 未审先发：went out unreviewed, and still is
    UNKNOWN = "unknown"  # 不能判断
    UNREADABLE = "unreadable"  # 无法读取


TAKE_DOWN = frozenset({Fault.UNSEEN, Fault.CHANGED, Fault.ENDED, Fault.RULES, Fault.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Listed:
    """One public object that is on the list: why, where it is, and what was asked about it."""

    fault: Fault
    model: str
    key: str
    path: str
    asked: gate.Asked
    instance: Any

    @property
    def is_to_go(self) -> bool:
        """Return whether it is to be taken down now."""
        return self.fault in TAKE_DOWN


def sweep() -> Iterator[Listed]:
    """Yield every public object that the gate has not let through as it is, or would not today."""
    for model, guard in guarded_models():
        for instance in guard.live(model):
            found = fault(instance, guard)
            if found is not None:
                name = gate.name_of(instance, guard)
                kind, given = found
                yield Listed(
                    kind, name["model"], name["key"], guard.path(instance), given, instance
                )


def guarded_models() -> Iterator[tuple[Any, Watching]]:
    """Yield each guarded model with its guard, once."""
    for model in apps.get_models():
        guard = watching(model)
        if guard is not None and not model._meta.proxy and guard.model(model()) is model:
            yield model, guard


def fault(instance: Any, guard: Watching) -> tuple[Fault, gate.Asked] | None:
    """Return why an object is on the list and what was asked, None where all is well."""
    try:
        given = gate.question(instance, guard)
    except gate.Held as error:
        return Fault.UNREADABLE, error.asked
    row = gate.cleared_row(instance, guard)
    if row is not None and row.digest == given.item.digest:
        return again(row, given)
    closed = replace(given, column=replace(given.column, on_error=OnError.CLOSED))
    try:
        gate.keep(instance, guard, gate.answered(instance, guard, closed))
    except gate.Held as error:
        return (Fault.UNSEEN if row is None else Fault.CHANGED), gate.explained(error.asked)
    return None  # exactly these bytes were cleared, whatever brought them here


def again(row: Any, given: gate.Asked) -> tuple[Fault, gate.Asked] | None:
    """Return whether what was let through would be today: its record, and the rules as they are."""
    reviewer, seconds = conf.reviewer(), conf.conf().seconds
    if row.record:
        stands = asked(lambda: reviewer.clearance(given.item, at=row.at), seconds)
        if stands.standing is not Standing.CLEARED:
            kind = Fault.ENDED if stands.standing is Standing.HELD else Fault.UNKNOWN
            return kind, replace(given, answer=stands)
    said = asked(lambda: reviewer.verdict(given.item, given.column.profile), seconds)
    given = replace(given, answer=said)
    if said.standing is Standing.UNKNOWN:
        return Fault.UNKNOWN, given
    if row.standing == Standing.OPENED.value:
        return Fault.OPENED if said.goes_out else Fault.RULES, given
    if said.standing is Standing.CLEARED or not is_new(said, row.record):
        return None
    return Fault.RULES, given


def is_new(said: Answer, record: str) -> bool:
    """Return whether there is a finding that the people of a record did not have before them."""
    if not record:
        return True
    reviewer = conf.reviewer()
    try:
        known = reviewer.known(record)
    except Exception:  # a desk that is down: what is not known is new
        return True
    counts = [f for r in said.reports for f in r.findings if f.severity is not Severity.NOTE]
    return any(finding.fingerprint not in known for finding in counts)
