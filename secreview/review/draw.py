"""A flow as a drawing: for mermaid, or in plain text."""

from __future__ import annotations

from secreview.model import Bilingual
from secreview.review.flow import Flow, Stage

START = Bilingual("提交", "handed in")
END = Bilingual("放行", "released")


def mermaid(flow: Flow, lang: str) -> str:
    """Return a flow as a mermaid flowchart: who signs where, within how many working days."""
    lines = ["flowchart LR", f'  start(["{START.in_(lang)}"])']
    lines += [f'  {stage.id}["{label(stage, lang)}"]' for stage in flow.stages]
    lines.append(f'  done(["{END.in_(lang)}"])')
    for stage in flow.stages:
        lines += [f"  {before} --> {stage.id}" for before in stage.after or ("start",)]
    lines.append(f"  {flow.last.id} --> done")
    lines += [
        f"  {stage.id} -.-|≠| {other}"
        for stage in flow.stages
        for other in stage.apart
        if other not in stage.after
    ]
    return "\n".join(lines)


def label(stage: Stage, lang: str) -> str:
    """Return what is written on a stage."""
    days = f"{stage.days} 个工作日" if lang == "zh" else f"{stage.days} working days"
    return f"{stage.title.in_(lang)}<br/>{stage.role}, {days}"


def plain(flow: Flow, lang: str) -> str:
    """Return a flow in a few lines of text: stages that run side by side share a line."""
    lines = [f"{flow.title.in_(lang)}  ({flow.id})", f"  {START.in_(lang)}"]
    for rank in ranks(flow):
        lines.append("  ↓")
        lines.append("  " + "  ∥  ".join(words(stage, lang) for stage in rank))
    return "\n".join((*lines, "  ↓", f"  {END.in_(lang)}"))


def ranks(flow: Flow) -> list[list[Stage]]:
    """Return the stages by the length of the longest way to them."""
    depth: dict[str, int] = {}
    left = list(flow.stages)
    while left:
        fresh = [stage for stage in left if all(name in depth for name in stage.after)]
        if not fresh:  # a circle, which no flow file may have
            return [*grouped(flow, depth), left]
        for stage in fresh:
            depth[stage.id] = 1 + max((depth[name] for name in stage.after), default=-1)
        left = [stage for stage in left if stage.id not in depth]
    return grouped(flow, depth)


def grouped(flow: Flow, depth: dict[str, int]) -> list[list[Stage]]:
    """Return the stages of each depth in the order of the flow."""
    return [
        [stage for stage in flow.stages if depth.get(stage.id) == level]
        for level in sorted(set(depth.values()))
    ]


def words(stage: Stage, lang: str) -> str:
    """Return a stage in a line: title, role, days, and from how many stages it opens."""
    days = f"{stage.days} 个工作日" if lang == "zh" else f"{stage.days} days"
    need = f", {stage.needed}/{len(stage.after)}" if stage.need else ""
    return f"[{stage.title.in_(lang)}: {stage.role}, {days}{need}]"
