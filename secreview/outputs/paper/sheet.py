"""The review form (政府信息公开保密审查表) of one record, on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from secreview.model import Bilingual, Severity
from secreview.outputs.messages import message
from secreview.outputs.paper.boxes import answered, boxes, channels, involved
from secreview.outputs.paper.page import (
    EMPTY,
    TICKED,
    Cell,
    Line,
    Look,
    Page,
    Table,
    clean,
    labelled,
    short,
    ticks,
)
from secreview.review.calendar import day_of
from secreview.review.event import Head
from secreview.review.flow import Stage
from secreview.review.record import Attribute, Opinion, Record
from secreview.review.titles import ATTRIBUTES, DECISIONS, ROLES

WIDTHS = (25, 70, 25, 58)  # millimetres
SUMMARY, TITLE, REASON, REMARK, FIELD = 100, 80, 110, 72, 30  # characters that fit on the page
HALF_REMARK, NOTE, ADDRESS, PERSON, FOUND = 28, 40, 76, 10, 14
SINGLE = 4  # with more stages than that two share a row
OPINION_MM = 19
POINTS, SMALL_POINTS, CROWDED = 10, 8.5, 1_000  # above so many characters the page is set smaller
TITLES = 4  # kinds of findings that are named
FILES = 3


def sheet(
    record: Record,
    *,
    lang: str = "zh",
    grounds: Mapping[str, Bilingual] | None = None,
    names: Mapping[str, str] | None = None,
    checkpoint: Head | None = None,
) -> Page:
    """Return the form of a record: what is known is filled in, the rest left to be written.

    ``grounds`` titles the codes of grounds, ``names`` the ids of people; ``checkpoint`` is the end
    of the log to print below.
    """
    submission = record.submission
    more = submission.more
    known = names or {}
    lines = [
        *basics(record, lang, known),
        *disclosure(record, lang),
        wide("sheet.summary", short(more.get("summary", ""), SUMMARY), lang, 10),
        pair("sheet.involves", involved(more.get("involves", ""), lang),
             "sheet.third-party", answered(more.get("third-party", ""), lang), lang),
        wide("sheet.reason", cut(submission.reason, REASON, lang), lang, 11),
        wide("sheet.machine", machine(record, lang), lang),
        *opinions(record, lang, grounds or {}),
        *outcome(record, lang, grounds or {}, known),
    ]  # fmt: skip
    lead = message(
        "sheet.lead", lang, day=on(day_of(record.begun), lang), record=short(record.id, FIELD)
    )
    notes = tuple(clean(note) for note in digests(record, lang, checkpoint))
    written = sum(len(cell.text) for line in lines for cell in line.cells)
    points = POINTS if written <= CROWDED else SMALL_POINTS
    return Page(message("sheet.title", lang), lead, (Table(WIDTHS, tuple(lines)),), notes, points)


def basics(record: Record, lang: str, names: Mapping[str, str]) -> Iterator[Line]:
    """Yield the rows that say what the document is."""
    submission, more = record.submission, record.submission.more
    drafter = names.get(submission.drafter) or submission.drafter
    yield pair("sheet.unit", submission.unit, "sheet.drafter", drafter, lang)
    yield wide("sheet.name", short(submission.title, TITLE), lang)
    yield pair("sheet.number", more.get("number", ""), "sheet.index", more.get("index", ""), lang)
    yield pair("sheet.carrier", boxes("sheet.carriers", more.get("carrier", ""), lang),
               "sheet.original", boxes("sheet.originals", more.get("original", ""), lang),
               lang)  # fmt: skip
    attached = message("sheet.attached", lang, n=len(record.version.originals) - 1)
    yield pair("sheet.attachments", attached, "sheet.source", more.get("source", ""), lang)
    yield pair("sheet.made", more.get("made", ""), "sheet.planned", more.get("planned", ""), lang)


def disclosure(record: Record, lang: str) -> Iterator[Line]:
    """Yield the rows on channel, attribute and class."""
    submission = record.submission
    column = message("sheet.column", lang, v=short(submission.column, FIELD))
    text = channels(submission.channel, lang) + (f"\n{column}" if submission.column else "")
    yield wide("sheet.channel", text, lang)
    titles = [title.in_(lang) for title in ATTRIBUTES.values()]
    attribute = submission.attribute
    stated = [ATTRIBUTES[attribute].in_(lang)] if isinstance(attribute, Attribute) else []
    yield pair(
        "sheet.attribute", ticks(titles, stated),
        "sheet.class", submission.more.get("class", ""), lang,
    )  # fmt: skip


def opinions(record: Record, lang: str, grounds: Mapping[str, Bilingual]) -> Iterator[Line]:
    """Yield a row for each stage, or for two where there are many: opinion, name, day."""
    stages = record.flow.stages
    is_single = len(stages) <= SINGLE
    most, span = (REMARK, 3) if is_single else (HALF_REMARK, 1)
    cells = [
        (Cell(message("sheet.opinion", lang, stage=stage.title.in_(lang)), Look.LABEL),
         Cell(opinion_text(record, stage, lang, grounds, most), Look.OPINION, span))
        for stage in stages
    ]  # fmt: skip
    if is_single:
        yield from (Line(pair, OPINION_MM) for pair in cells)
        return
    if len(cells) % 2:
        cells.append((Cell(look=Look.LABEL), Cell()))
    for first, second in zip(cells[::2], cells[1::2], strict=True):
        yield Line((*first, *second), OPINION_MM)


def opinion_text(
    record: Record, stage: Stage, lang: str, grounds: Mapping[str, Bilingual], most: int
) -> str:
    """Return the opinion that stands at a stage, or room for one; the last line is signed."""
    opinion = next((o for o in record.standing if o.stage == stage.id), None)
    if opinion is None:
        return "\n\n" + message("sheet.unsigned", lang)
    said = DECISIONS[opinion.decision].in_(lang)
    if opinion.ground:
        title = grounds.get(opinion.ground) if most > HALF_REMARK else None
        said += f"（{opinion.ground}{' ' + title.in_(lang) if title else ''}）"
    remark = cut(opinion.remark, most, lang)
    text = f"{said}{'。' if lang == 'zh' else '. '}{remark}\n{signature(opinion, lang)}"
    return clean(text)


def signature(opinion: Opinion, lang: str) -> str:
    """Return who signed, for whom, how that person was known, and the day."""
    who = short(opinion.person or opinion.actor, PERSON)
    if opinion.behalf:
        who += message("sheet.behalf", lang, who=short(opinion.behalf, PERSON))
    if opinion.auth == "self-asserted":
        who += message("sheet.self-asserted", lang)
    return message("sheet.signed", lang, who=who, day=on(day_of(opinion.at), lang))


def outcome(
    record: Record, lang: str, grounds: Mapping[str, Bilingual], names: Mapping[str, str]
) -> Iterator[Line]:
    """Yield the rows on what was decided and published, and remarks."""
    ruling = record.decision
    result = DECISIONS[ruling.decision].in_(lang) if ruling else ""
    if ruling and ruling.ground:
        title = grounds.get(ruling.ground)
        result += f"（{title.in_(lang) if title else ruling.ground}）"
    last = record.publications[-1] if record.publications else None
    yield wide("sheet.result", result, lang)
    by = names.get(last.by) or last.by if last else ""
    yield pair("sheet.publisher", by,
               "sheet.published", on(day_of(last.at), lang) if last else "", lang)  # fmt: skip
    yield wide("sheet.address", short(last.url, ADDRESS) if last else "", lang)
    yield wide("sheet.note", remarks(record, lang), lang)


def remarks(record: Record, lang: str) -> str:
    """Return what was out of the ordinary, in one line, after the drafter's own note."""
    notes = [short(record.submission.more.get("note", ""), NOTE)]
    counts = {
        "sheet.waived": len({waiver.finding for waiver in record.waived}),
        "sheet.inspected": len({seen.unread for seen in record.inspected}),
        "sheet.returned": len(record.returns),
    }
    notes += [message(key, lang, n=count) for key, count in counts.items() if count]
    if len(record.versions) > 1:
        notes.append(message("sheet.versions", lang, n=len(record.versions)))
    emergency = record.emergency
    if emergency is not None and emergency.is_complete:
        why = short("；".join(emergency.reasons), NOTE)
        notes.append(message("sheet.emergency", lang, n=len(emergency.by), why=why))
    return ("；" if lang == "zh" else "; ").join(note for note in notes if note)


def machine(record: Record, lang: str) -> str:
    """Return what the machine said about all files: counts by title, never what was found."""
    reports = record.version.reports
    if not reports:
        return message("sheet.machine-stopped", lang)
    tally: Counter[str] = Counter()
    for report in reports:
        tally.update(
            spotted.title.in_(lang)
            for spotted in report.findings
            if spotted.severity is not Severity.NOTE
        )
    unread = sum(len(report.unread) for report in reports)
    words = []
    if tally:
        named = [f"{short(title, FOUND)} {n}" for title, n in tally.most_common(TITLES)]
        listed = ("、" if lang == "zh" else ", ").join(named)
        listed += message("balance.and-more", lang) if len(tally) > TITLES else ""
        words.append(message("sheet.machine-found", lang, list=listed))
    if unread:
        words.append(message("sheet.machine-unread", lang, n=unread))
    if not words:
        words.append(message("sheet.machine-none", lang))
    digest = reports[0].rulebook.removeprefix("sha256:")[:12]
    words.append(message("sheet.machine-rules", lang, n=reports[0].rules, digest=digest))
    words.append(message("sheet.machine-advice", lang))
    return ("；" if lang == "zh" else "; ").join(words)


def digests(record: Record, lang: str, checkpoint: Head | None) -> Iterator[str]:
    """Yield the lines below the table: which bytes this form is about."""
    files = record.version.files
    for file in files[:FILES]:
        role = ROLES[file.role].in_(lang)
        yield message("sheet.digest", lang, role=role, sha256=file.sha256)
    if len(files) > FILES:
        yield message("sheet.more-files", lang, n=len(files) - FILES)
    yield message("sheet.bundle", lang, digest=record.version.digest)
    if checkpoint is not None:
        yield message("sheet.checkpoint", lang, count=checkpoint.count, digest=checkpoint.digest)


def pair(first: str, text: str, second: str, other: str, lang: str) -> Line:
    """Return a row of two labels with their cells."""
    return labelled(
        (message(first, lang), within(text), 1), (message(second, lang), within(other), 1), height=7
    )


def wide(key: str, text: str, lang: str, height: int = 7) -> Line:
    """Return a row of one label with its cell across the page."""
    return Line((Cell(message(key, lang), Look.LABEL), Cell(clean(text), span=3)), height)


def within(text: str) -> str:
    """Return text cut to what a half row holds; boxes to tick stay whole."""
    return text if EMPTY in text or TICKED in text else short(text, FIELD)


def cut(text: str, most: int, lang: str) -> str:
    """Return text cut to so many characters, saying where the whole of it is."""
    shown = short(text, most)
    return shown + message("sheet.cut", lang) if shown.endswith("…") else shown


def on(day: date, lang: str) -> str:
    """Return a day as people write it.

    >>> on(date(2026, 3, 2), "zh")
    '2026年3月2日'
    """
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else day.isoformat()
