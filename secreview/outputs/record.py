"""A record on the screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

from secreview.outputs.messages import message
from secreview.review.body import written
from secreview.review.calendar import Open, day_of
from secreview.review.record import Opinion, Phase, Record, Spotted
from secreview.review.step import is_emergency
from secreview.review.titles import ATTRIBUTES, DECISIONS, MISSING, PHASES, ROLES, joined

SCHEMA = "secreview.record/1"
SHORT = 12  # characters of a digest that people compare


def as_json(record: Record) -> str:
    """Return a record as one JSON object; the flow by its id, everything else as it is kept."""
    table = written(record)
    assert isinstance(table, dict)
    return json.dumps(
        {"schema": SCHEMA, **table, "flow": record.flow.id}, ensure_ascii=False, indent=1
    )


def as_text(record: Record, lang: str, open_: Iterable[Open] = ()) -> str:
    """Return a record in a few lines: files, what was found, who said what, what it waits for."""
    form = record.submission
    phase = PHASES[record.phase].in_(lang)
    attribute = ATTRIBUTES[form.attribute].in_(lang) if form.attribute else ""
    attribute = attribute or message("record.no-attribute", lang)
    about = " · ".join(word for word in (form.unit, form.column, form.channel, attribute) if word)
    lines = [
        message("record.head", lang, id=record.id, title=form.title, phase=phase),
        f"  {message('record.form', lang)}  {about}",
        *files(record, lang),
        *(found(finding, record, lang) for finding in findings(record)),
        *unread(record, lang),
        *(said(opinion, record, lang) for opinion in record.standing),
        *endings(record, lang),
        *(waits(item, record, lang) for item in open_),
    ]
    return "\n".join(lines) + "\n"


def files(record: Record, lang: str) -> Iterable[str]:
    """Yield a line for each file of the present version: role, name, digest, verdict."""
    for file in record.version.files:
        report = record.version.report_on(file)
        advice = message(f"verdict.{report.verdict}", lang) if report else ""
        yield f"  {ROLES[file.role].in_(lang)}  {file.name}  {file.sha256[:SHORT]}  {advice}"


def findings(record: Record) -> list[Spotted]:
    """Return the findings of the present version."""
    return [finding for report in record.version.reports for finding in report.findings]


def found(finding: Spotted, record: Record, lang: str) -> str:
    """Return a line about a finding: its id, how grave, what, where, and who waived it."""
    count = sum(waiver.finding == finding.id for waiver in record.waived)
    tail = f"  {message('record.waived', lang, n=count)}" if count else ""
    grave = message(f"severity.{finding.severity}", lang)
    what = f"{grave} {finding.title.in_(lang)}  {finding.place.in_(lang)}"
    shown = f"  【{finding.masked}】" if finding.masked else ""
    if any(item.finding == finding.id for item in record.upheld):
        tail += f"  {message('record.upheld', lang)}"
    for item in record.proposed:
        if item.finding == finding.id:
            words = message("record.proposed", lang, reason=item.reason, who=item.actor)
            tail += f"  {words}"
    return f"  [{finding.id}] {what}{shown}{tail}"


def unread(record: Record, lang: str) -> Iterable[str]:
    """Yield a line for each piece that the machine did not read."""
    looked = {item.unread for item in record.inspected}
    for report in record.version.reports:
        for gap in report.unread:
            tail = f"  {message('record.inspected', lang)}" if gap.id in looked else ""
            if any(item.finding == gap.id for item in record.upheld):
                tail += f"  {message('record.upheld', lang)}"
            why = message(f"why.{gap.why}", lang)
            yield f"  [{gap.id}] {message('label.unread', lang)} {gap.part}  {why}{tail}"


def said(opinion: Opinion, record: Record, lang: str) -> str:
    """Return a line about an opinion that stands: stage, who, what, when."""
    stage = record.flow.stage(opinion.stage)
    title = stage.title.in_(lang) if stage else opinion.stage
    behalf = message("record.behalf", lang, who=opinion.behalf) if opinion.behalf else ""
    who = f"{opinion.person or opinion.actor}{behalf}"
    what = DECISIONS[opinion.decision].in_(lang)
    when = day_of(opinion.at).isoformat()
    remark = f"  {opinion.remark}" if opinion.remark else ""
    return f"  {message('record.signed', lang)} {title}  {who}  {what}  {when}{remark}"


def endings(record: Record, lang: str) -> Iterable[str]:
    """Yield what holds a record up or closed it: return, question, decision, emergency, page."""
    if record.phase is Phase.RETURNED and record.returns:
        last = record.returns[-1]
        what = joined([MISSING[name] for name in last.missing if name in MISSING]).in_(lang)
        key = "record.missing" if last.missing else "record.returned"
        yield f"  {message(key, lang, what=what, reason=last.reason, id=record.id)}"
    if record.phase is Phase.HELD:
        yield f"  {message('record.held', lang, reason=record.holds[-1].reason)}"
    if record.decision:
        ruling = record.decision
        words = (DECISIONS[ruling.decision].in_(lang), ruling.ground, ruling.reason)
        yield f"  {message('record.decision', lang)}  {'  '.join(filter(None, words))}"
    if record.emergency and record.emergency.is_complete:
        done = "-done" if record.emergency.reviewed else ""
        yield f"  {message(f'record.emergency{done}', lang, who=', '.join(record.emergency.by))}"
    if record.certificates and (record.decision or is_emergency(record)):
        until = day_of(record.certificates[-1].until)
        yield f"  {message('record.certificate', lang, until=until)}"
    for item in record.publications:
        yield f"  {message('record.published', lang, url=item.url)}"


def waits(item: Open, record: Record, lang: str) -> str:
    """Return a line about a stage that waits: for whom, until when."""
    stage = record.flow.stage(item.stage)
    title = stage.title.in_(lang) if stage else item.stage
    key = "record.late" if item.is_late else "record.due"
    whom = message(key, lang, role=item.role, due=item.due)
    return (
        f"  {message('record.waits', lang)} {title}（{whom}）"
        if lang == "zh"
        else (f"  {message('record.waits', lang)} {title} ({whom})")
    )
