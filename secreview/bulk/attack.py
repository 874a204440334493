"""Disguise every example of every rule in every way that applies, and count what is still found."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from secreview import api
from secreview.bulk.disguises import IN_HTML, LINE, PLAIN, WRAPPED, runs_of
from secreview.engine.findings import Telling
from secreview.engine.scan import scan
from secreview.errors import ReadError
from secreview.model import Document, Finding, Part, PartKind, Place, PlaceIndex
from secreview.rulebook.rule import Example, Rule, Rulebook

SPLIT_RUNS = "split runs (Word)"
LINK = "URL-encoded link (HTML)"
FULL_LINE = "有关单位要按照职责分工认真抓好落实并按时报送工作进展情况和有关材料相关情况及时"[:LINE]
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


class Trial(NamedTuple):
    """One disguised example: which rule, which disguise, and whether it was still found."""

    rule: str
    disguise: str
    text: str
    is_found: bool


def trials(rulebook: Rulebook, telling: Telling) -> Iterator[Trial]:
    """Yield a trial for each example of each rule and each disguise that applies to it.

    Found means: a finding of the rule's category touches the disguised value. What a file format
    does to a text (entities, elements, runs) is tried on a real file of that format.
    """
    for rule in rulebook.rules:
        for example in rule.hits:
            if example.spans and not rule.find.text and not rule.keep.together:
                yield from plain_trials(rule, example, telling)
                if example.part is PartKind.BODY and not example.headers:
                    yield from file_trials(rule, example, telling)


def plain_trials(rule: Rule, example: Example, telling: Telling) -> Iterator[Trial]:
    """Yield the trials in which the text itself is disguised."""
    start, end = example.spans[0]
    before, value, after = example.text[:start], example.text[start:end], example.text[end:]
    for name, disguise in PLAIN.items():
        made = disguise(value)
        if made is None:
            continue
        lead = before
        if name in WRAPPED and before.rpartition("\n")[2].strip() and not rule.keep.zone:
            lead = f"{FULL_LINE}，{before}"  # what is broken at a line end stands in a full line
        place = Place(page=example.page, headers=example.headers)
        part = Part("body", example.part, lead + made + after, PlaceIndex((0,), (place,)))
        document = Document("x.txt", "", 0, "text/plain", (part,))
        findings = scan(document, telling)[0]
        span = (len(lead), len(lead) + len(made))
        yield Trial(rule.name, name, part.text, is_among(findings, rule, span))


def is_among(findings: Iterable[Finding], rule: Rule, span: tuple[int, int]) -> bool:
    """Return whether a finding of the rule's category touches a span."""
    return any(
        finding.category == rule.category and finding.start < span[1] and span[0] < finding.end
        for finding in findings
    )


def file_trials(rule: Rule, example: Example, telling: Telling) -> Iterator[Trial]:
    """Yield the trials in which a file format takes the text apart."""
    start, end = example.spans[0]
    before, value, after = example.text[:start], example.text[start:end], example.text[end:]
    if "\n" in value:
        return
    pages = {
        name: f"{lines(before)}{disguise(value)}{lines(after)}"
        for name, disguise in IN_HTML.items()
    }
    if not rule.keep.zone:  # a mark in an address is not in use
        pages[LINK] = f'<a href="/s?q={quote(example.text)}">x</a>'
    for name, body in pages.items():
        page = f"<html><body>{body}</body></html>"
        yield Trial(rule.name, name, page, has_category(page.encode(), "x.html", rule, telling))
    data = word((before, *runs_of(value), after))
    yield Trial(rule.name, SPLIT_RUNS, example.text, has_category(data, "x.docx", rule, telling))


def lines(text: str) -> str:
    """Return text as HTML that keeps its lines."""
    return escape(text).replace("\n", "<br>")


def has_category(data: bytes, name: str, rule: Rule, telling: Telling) -> bool:
    """Return whether the file gives a finding of the rule's category."""
    try:
        document = api.read(data=data, name=name)
    except ReadError:
        return False
    return any(finding.category == rule.category for finding in scan(document, telling)[0])


def word(texts: Iterable[str]) -> bytes:
    """Return a Word file whose runs are the texts; line ends begin a new paragraph."""
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' for text in texts if text
    )
    end = "</w:t></w:r></w:p><w:p><w:r><w:t xml:space='preserve'>"
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p>{runs}</w:p></w:body></w:document>'
    types = (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN_TYPE}"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}" Target="word/document.xml"/></Relationships>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        out.writestr("[Content_Types].xml", types)
        out.writestr("_rels/.rels", relations)
        out.writestr("word/document.xml", body.replace("\n", end))
    return stream.getvalue()
