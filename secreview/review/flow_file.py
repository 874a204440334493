"""Flow files and files of people as written: checked whole, every fault named at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from secreview.errors import UsageError
from secreview.review.commands import Actor
from secreview.review.flow import Flow, flow_of

Model = TypeVar("Model", bound=BaseModel)
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
Days = Annotated[int, Field(ge=1, le=365)]


class Strict(BaseModel):
    """A table that allows no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Words(Strict):
    """The same words in Chinese and English."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class StageTable(Strict):
    """One stage of a flow."""

    id: Name
    title: Words
    role: Name
    days: Days
    after: list[Name] = []
    need: Annotated[int, Field(ge=0)] = 0
    apart: list[Name] = []
    decides: bool = False
    same_unit: bool = False


class FlowTable(Strict):
    """The whole of a flow file."""

    id: Name
    title: Words
    override: list[Name] = []
    emergency: list[Name] = []
    emergency_days: Days = 3
    valid_days: Annotated[int, Field(ge=1, le=3650)] = 365
    reason_length: Annotated[int, Field(ge=2)] = 4
    waits: dict[Literal["consult", "refer", "defer"], Days] = {}
    stage: Annotated[list[StageTable], Field(min_length=1)]


class PersonTable(Strict):
    """One person who may hand in, sign or publish."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]*$")]
    name: str = ""
    unit: str = ""
    roles: list[Name] = []
    keys: list[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = []
    signs_from: date | None = None


class PeopleTable(Strict):
    """The whole of a file of people."""

    person: Annotated[list[PersonTable], Field(min_length=1)]


def checked_flow(table: Mapping[str, Any], path: PurePath) -> Flow:
    """Return the flow of a parsed file; raise UsageError naming every fault and what to write."""
    whole = validated(FlowTable, table, path)
    faults = list(disorder(whole))
    if faults:
        raise UsageError("\n".join(f"{path}: {fault}" for fault in faults))
    return flow_of(whole.model_dump())


def checked_people(table: Mapping[str, Any], path: PurePath) -> dict[str, Actor]:
    """Return people by id; raise UsageError naming every fault."""
    people: dict[str, Actor] = {}
    for row in validated(PeopleTable, table, path).person:
        if row.id in people:
            raise UsageError(f"{path}: person {row.id!r} is listed twice")
        day = row.signs_from.isoformat() if row.signs_from else ""
        people[row.id] = Actor(
            row.id, frozenset(row.roles), row.name, row.unit, keys=tuple(row.keys), signs_from=day
        )
    return people


def validated(model: type[Model], table: Any, path: PurePath) -> Model:
    """Return a table as a model; raise UsageError naming the file and every faulty key."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        faults = "\n".join(
            f"{path}: {'.'.join(map(str, item['loc']))}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)
        )
        raise UsageError(faults) from error


def disorder(flow: FlowTable) -> list[str]:
    """Return what keeps the stages of a flow from being followed at all."""
    names = [stage.id for stage in flow.stage]
    faults = [
        f"stage {name}: named twice" for name in dict.fromkeys(names) if names.count(name) > 1
    ]
    for stage in flow.stage:
        for key in ("after", "apart"):
            for name in getattr(stage, key):
                if name not in names or name == stage.id:
                    known = ", ".join(n for n in names if n != stage.id)
                    faults.append(f"stage {stage.id}: {key}: no stage {name!r} (known: {known})")
        if stage.need > len(stage.after):
            faults.append(
                f"stage {stage.id}: need: {stage.need} of {len(stage.after)} can never be done"
            )
    if not faults:
        ways = flow_of(flow.model_dump())
        faults += [f"stage {n}: after: leads back to itself" for n in names if n in ways.before(n)]
    last = [stage.id for stage in flow.stage if stage.decides]
    if len(last) != 1:
        faults.append(f"exactly one stage has decides = true, not {len(last)}")
    return faults
