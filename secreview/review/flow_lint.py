"""Remarks on a flow: stages that never count, joins and separations that cannot come about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from secreview.model import Bilingual
from secreview.review.commands import Actor
from secreview.review.flow import DRAFTER, Flow, Stage


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong with a flow: at which stage, what, and what to do."""

    stage: str
    what: Bilingual


def remarks(flow: Flow, people: Mapping[str, Actor] | None = None) -> tuple[Remark, ...]:
    """Return what is wrong with a flow, by itself and, where given, with the people there are."""
    found = [*circles(flow), *idle(flow), *unwaivable(flow)]
    if people is not None:
        found += [*vacant(flow, people), *impossible(flow, people)]
    return tuple(found)


def circles(flow: Flow) -> Iterator[Remark]:
    """Yield stages that can never open: they wait for themselves or for stages that are not."""
    done: set[str] = set()
    while True:
        fresh = {s.id for s in flow.stages if flow.is_open(s, done)}
        if not fresh:
            break
        done |= fresh
    for stage in flow.stages:
        if stage.id not in done:
            yield Remark(
                stage.id,
                Bilingual(
                    "到不了：它等待的环节永远不会完成，请检查 after 和 need",
                    "cannot be reached: what it waits for is never done; look at after and need",
                ),
            )


def idle(flow: Flow) -> Iterator[Remark]:
    """Yield stages that the decision does not wait for, and single joins that close too late."""
    last = next((stage for stage in flow.stages if stage.decides), None)
    if last is None:
        yield Remark("", Bilingual("没有审定环节，请给一个环节写 decides = true",
                                   "no stage decides; write decides = true in one"))  # fmt: skip
        return
    counted = {last.id, *flow.before(last.id)}
    for stage in flow.stages:
        if stage.id not in counted:
            yield Remark(
                stage.id,
                Bilingual(
                    f"不起作用：审定环节“{last.title.zh}”不等它，请写入 after",
                    f"never counts: {last.id!r} does not wait for it; name it in an after",
                ),
            )


def unwaivable(flow: Flow) -> Iterator[Remark]:
    """Yield that nobody can waive a block, where the flow names no role for it."""
    if not flow.override:
        yield Remark("", Bilingual("没有人能解除阻断项：override 为空，误报也无法放行",
                                   "nobody can waive a block: override is empty"))  # fmt: skip


def vacant(flow: Flow, people: Mapping[str, Actor]) -> Iterator[Remark]:
    """Yield stages and roles that nobody holds."""
    held = {role for actor in people.values() for role in actor.roles}
    for stage in flow.stages:
        if stage.role not in held:
            yield Remark(stage.id, Bilingual(f"没有人担任“{stage.role}”",
                                             f"nobody holds the role {stage.role!r}"))  # fmt: skip
    for role in dict.fromkeys((*flow.override, *flow.emergency)):
        if role not in held and role not in flow.roles:
            yield Remark("", Bilingual(f"没有人担任“{role}”",
                                       f"nobody holds the role {role!r}"))  # fmt: skip


def impossible(flow: Flow, people: Mapping[str, Actor]) -> Iterator[Remark]:
    """Yield drafters for whose documents no choice of different people fits all stages."""
    held = {role for actor in people.values() for role in actor.roles}
    if any(stage.role not in held for stage in flow.stages):
        return  # said already
    drafters = [actor for actor in people.values() if DRAFTER in actor.roles]
    for drafter in drafters or people.values():
        signers = {
            stage.id: [a.id for a in people.values() if may_sign(stage, a, drafter)]
            for stage in flow.stages
        }
        if not placed(flow, flow.stages, signers, {}):
            zh = f"{drafter.id} 起草的文件没有人能审完：可用的人不足以分开各环节"
            en = f"nobody can finish a draft of {drafter.id}: too few people to keep stages apart"
            yield Remark("", Bilingual(zh, en))


def may_sign(stage: Stage, actor: Actor, drafter: Actor) -> bool:
    """Return whether a person could sign a stage for a draft of another."""
    is_near = not stage.same_unit or actor.unit == drafter.unit
    return actor.id != drafter.id and stage.role in actor.roles and is_near


def placed(
    flow: Flow,
    left: Sequence[Stage],
    signers: Mapping[str, Sequence[str]],
    taken: Mapping[str, str],
) -> bool:
    """Return whether the stages that are left find signers; tries people one after another."""
    if not left:
        return True
    stage, rest = left[0], left[1:]
    apart = {o.id for o in flow.stages if o.id in stage.apart or stage.id in o.apart}
    others = {taken[name] for name in apart if name in taken}
    return any(
        placed(flow, rest, signers, {**taken, stage.id: person})
        for person in signers[stage.id]
        if person not in others
    )
