"""The way of a record through the hands of people, as data: stages, roles, separations, days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from secreview.model import Bilingual
from secreview.review.event import Json

DRAFTER = "drafter"  # the role of people who write documents, where a file of people names it


@dataclass(frozen=True, slots=True)
class Stage:
    """One station: who signs there, within how many working days, after which other stages.

    ``need`` of the stages in ``after`` open this one (0 = all of them); ``apart`` names the stages
    whose signer may not sign here as well, the drafter never may; ``same_unit`` asks for a signer
    of the unit that hands in.
    """

    id: str
    title: Bilingual
    role: str
    days: int
    after: tuple[str, ...] = ()
    need: int = 0
    apart: tuple[str, ...] = ()
    decides: bool = False
    same_unit: bool = False

    @property
    def needed(self) -> int:
        """Return how many of the stages before this one have to be done."""
        return self.need or len(self.after)


@dataclass(frozen=True, slots=True)
class Flow:
    """Stages in the order people read them, and what holds for all of them.

    ``override`` lists the roles each of which has to waive a blocking finding, by different people;
    ``emergency`` the roles of the two people who may break the glass (none: nobody may); ``waits``
    how many working days an answer from outside may take; ``valid_days`` how long a certificate
    holds; ``reason_length`` the least characters of a reason.
    """

    id: str
    title: Bilingual
    stages: tuple[Stage, ...]
    override: tuple[str, ...] = ()
    emergency: tuple[str, ...] = ()
    emergency_days: int = 3
    valid_days: int = 365
    reason_length: int = 4
    waits: Mapping[str, int] = field(default_factory=dict)

    def stage(self, name: str) -> Stage | None:
        """Return a stage by its id, None when the flow has no such stage."""
        return next((stage for stage in self.stages if stage.id == name), None)

    @property
    def last(self) -> Stage:
        """Return the stage that decides."""
        return next(stage for stage in self.stages if stage.decides)

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles that sign somewhere in this flow."""
        return frozenset(stage.role for stage in self.stages)

    def before(self, name: str) -> frozenset[str]:
        """Return the ids of all stages that come before a stage, directly or not."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            stage = self.stage(waiting.pop())
            fresh = set(stage.after) - found if stage else set()
            found |= fresh
            waiting += fresh
        return frozenset(found)

    def behind(self, name: str) -> frozenset[str]:
        """Return the ids of all stages that come after a stage, directly or not."""
        return frozenset(stage.id for stage in self.stages if name in self.before(stage.id))

    def is_open(self, stage: Stage, done: Iterable[str]) -> bool:
        """Return whether enough stages are done for a stage to be signed."""
        finished = set(done)
        return stage.id not in finished and len(finished & set(stage.after)) >= stage.needed


def flow_of(table: Mapping[str, Any]) -> Flow:
    """Return the flow that a table as written by ``table_of`` describes."""
    return Flow(
        id=table["id"],
        title=Bilingual(table["title"]["zh"], table["title"]["en"]),
        stages=tuple(stage_of(row) for row in table["stage"]),
        override=tuple(table.get("override", ())),
        emergency=tuple(table.get("emergency", ())),
        emergency_days=table.get("emergency_days", 3),
        valid_days=table.get("valid_days", 365),
        reason_length=table.get("reason_length", 4),
        waits=dict(table.get("waits", {})),
    )


def stage_of(row: Mapping[str, Any]) -> Stage:
    """Return the stage that one row of a flow's table describes."""
    return Stage(
        id=row["id"],
        title=Bilingual(row["title"]["zh"], row["title"]["en"]),
        role=row["role"],
        days=row["days"],
        after=tuple(row.get("after", ())),
        need=row.get("need", 0),
        apart=tuple(row.get("apart", ())),
        decides=row.get("decides", False),
        same_unit=row.get("same_unit", False),
    )


def table_of(flow: Flow) -> dict[str, Json]:
    """Return a flow as the JSON that a record keeps, so that it can be read years later.

    >>> flow = Flow("f", Bilingual("流程", "flow"), ())
    >>> flow_of(table_of(flow)) == flow
    True
    """
    return {
        "id": flow.id,
        "title": {"zh": flow.title.zh, "en": flow.title.en},
        "override": list(flow.override),
        "emergency": list(flow.emergency),
        "emergency_days": flow.emergency_days,
        "valid_days": flow.valid_days,
        "reason_length": flow.reason_length,
        "waits": dict(flow.waits),
        "stage": [
            {
                "id": stage.id,
                "title": {"zh": stage.title.zh, "en": stage.title.en},
                "role": stage.role,
                "days": stage.days,
                "after": list(stage.after),
                "need": stage.need,
                "apart": list(stage.apart),
                "decides": stage.decides,
                "same_unit": stage.same_unit,
            }
            for stage in flow.stages
        ],
    }
