"""What people are told of an object that is held: what, where, why, and what to do; masked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from secreview.api import read
from secreview.api.policy import Standing
from secreview.errors import ReadError
from secreview.integrations.django.collected import PAGE
from secreview.integrations.django.gate import Asked
from secreview.integrations.reviewer import Item
from secreview.model import SEVERITY_ORDER, Finding, PartKind, Report
from secreview.outputs import Options
from secreview.outputs.messages import message
from secreview.outputs.places import label
from secreview.outputs.words import cited, harmless, hit
from secreview.review.gate import shown

MOST = 8  # findings told in one message; the rest is counted


@dataclass(frozen=True, slots=True)
class Line:
    """One finding or gap as people are told of it."""

    what: str
    where: str
    shown: str
    why: str
    do: str


def language() -> str:
    """Return the language of the person who asks: zh, or en for all others."""
    return "zh" if (get_language() or "zh").lower().startswith("zh") else "en"


def head(asked: Asked, lang: str) -> str:
    """Return the sentence that says that an object was not published, and why."""
    why = asked.answer.why.in_(lang)
    key = "unknown" if asked.answer.standing is Standing.UNKNOWN else "held"
    return message(f"gate.{key}", lang, title=harmless(masked_title(asked, lang)), why=why)


def masked_title(asked: Asked, lang: str) -> str:
    """Return the title of an object, or that it is not shown where something was found in it."""
    page = next(iter(asked.answer.reports), None)
    places = Headings(asked.item, asked.collected.labels)
    title = asked.collected.labels.get("[title]")
    if page is not None and title and any(places.of(f) == title for f in page.findings):
        return message("gate.untitled", lang)
    return shown(asked.title)


def lines(asked: Asked, lang: str) -> list[Line]:
    """Return the findings and gaps of an object, the gravest first."""
    places = Headings(asked.item, asked.collected.labels)
    made: list[tuple[int, Line]] = []
    for number, report in enumerate(asked.answer.reports):
        name = "" if number == 0 else asked.item.pieces[number].name.partition("-")[2]
        for finding in report.findings:
            made.append((-SEVERITY_ORDER[finding.severity], line(finding, name, places, lang)))
        made += [(0, unread(report, name, gap, lang)) for gap in report.gaps]
    return [item for _, item in sorted(made, key=lambda pair: pair[0])]


def line(finding: Finding, name: str, places: Headings, lang: str) -> Line:
    """Return one finding as people are told of it."""
    where = label(finding.place, finding.kind, lang)
    where = f"{shown(name)} {where}" if name else f"{places.of(finding) or where}"
    return Line(
        f"{message(f'severity.{finding.severity}', lang)} {finding.title.in_(lang)}",
        harmless(where),
        hit(finding, Options(lang)),
        " ".join(
            (finding.reason.text.in_(lang), *(cited(p, lang) for p in finding.reason.basis[:1]))
        ),
        finding.reason.suggest.in_(lang),
    )


def unread(report: Report, name: str, gap: Any, lang: str) -> Line:
    """Return one gap as people are told of it."""
    return Line(
        message("label.unread", lang),
        harmless(shown(name) or gap.part),
        "",
        message(f"why.{gap.why}", lang),
        message(f"next.{gap.why}", lang),
    )


class Headings:
    """Finds the field that a finding on the page stands in."""

    def __init__(self, item: Item, labels: Mapping[str, str]) -> None:
        """Read the page once, as the rules saw it."""
        self.labels = labels
        self.starts: list[int] = []
        self.names: list[str] = []
        if item.pieces and item.pieces[0].data:
            self.read(item.pieces[0].data)

    def read(self, data: bytes) -> None:
        """Remember where each heading stands in the body."""
        try:
            document = read(data=data, name=PAGE)
        except ReadError:
            return
        body = next((p.text for p in document.parts if p.kind is PartKind.BODY), "")
        offset = 0
        for text in body.split("\n"):
            if text in self.labels:
                self.starts.append(offset)
                self.names.append(self.labels[text])
            offset += len(text) + 1

    def of(self, finding: Finding) -> str:
        """Return how people call the field of a finding, nothing where that is not known."""
        if finding.kind is not PartKind.BODY or not self.starts:
            return ""
        index = bisect_right(self.starts, finding.start) - 1
        return self.names[index] if index >= 0 else ""


def html(asked: Asked, lang: str = "") -> str:
    """Return a message for a page of the administration; everything from a document is escaped."""
    lang = lang or language()
    told = lines(asked, lang)
    rows = format_html_join("", "<li>{}</li>", ((row(item, lang),) for item in told[:MOST]))
    more = len(told) - MOST
    tail = format_html("<li>{}</li>", message("gate.more", lang, n=more)) if more > 0 else ""
    listed = format_html("<ul>{}{}</ul>", rows, tail) if told else ""
    return str(
        format_html(
            "{}{}<p>{}</p>", head(asked, lang), listed, message(f"gate.next.{step(asked)}", lang)
        )
    )


def listed(asked: Asked, lang: str = "") -> str:
    """Return what was found as a list, for those who review it."""
    lang = lang or language()
    rows = format_html_join("", "<li>{}</li>", ((row(i, lang),) for i in lines(asked, lang)))
    return str(format_html("{}<ul>{}</ul>", message("gate.for-review", lang), rows))


def row(item: Line, lang: str) -> str:
    """Return one line as HTML."""
    shown = format_html(" <code>{}</code>", item.shown) if item.shown else ""
    tail = f"{message('label.why', lang)}：{item.why} {message('label.do', lang)}：{item.do}"
    if lang != "zh":
        tail = tail.replace("：", ": ")
    return str(
        format_html("<strong>{}</strong> · {}{}<br><small>{}</small>",
                    item.what, item.where, shown, tail)
    )  # fmt: skip


def plain(asked: Asked, lang: str = "") -> list[str]:
    """Return the same as lines of text, for forms and logs of jobs."""
    lang = lang or language()
    next_step = message(f"gate.next.{step(asked)}", lang)
    return [head(asked, lang), *findings(asked, lang), next_step]


def findings(asked: Asked, lang: str) -> list[str]:
    """Return the findings and gaps of an object as lines of text."""
    told = lines(asked, lang)
    made = []
    for item in told[:MOST]:
        parts = (item.what, item.where, item.shown, f"{message('label.do', lang)} {item.do}")
        made.append(" · ".join(part for part in parts if part))
    if len(told) > MOST:
        made.append(message("gate.more", lang, n=len(told) - MOST))
    return made


def step(asked: Asked) -> str:
    """Return what kind of next step there is: correct it, hand it in, or wait."""
    if asked.answer.standing is Standing.UNKNOWN:
        return "wait"
    return "correct" if lines_exist(asked.answer.reports) else "hand-in"


def lines_exist(reports: Sequence[Report]) -> bool:
    """Return whether there is anything to correct."""
    return any(report.findings or report.gaps for report in reports)
