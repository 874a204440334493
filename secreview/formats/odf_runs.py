"""The inside of an OpenDocument paragraph: spans, changes, fields, notes, in reading order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from lxml import etree

from secreview.formats.docx_sides import Segment, State
from secreview.formats.docx_styles import Look
from secreview.formats.odf_names import DRAW, MANY, OFFICE, SHOW, TABLE, TEXT, XLINK, count
from secreview.formats.odf_sides import OdfSides
from secreview.formats.odf_styles import PLAIN, Styles
from secreview.formats.ooxml import link_texts
from secreview.model import Place

BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where text stands: its place, the styles around it, and its state so far."""

    place: Place
    look: Look = PLAIN
    paragraph: str = ""
    on_fill: bool = False
    state: State = State.SHOWN


class Around(Protocol):
    """What a paragraph needs for content that is no text of its own line."""

    def note(self, element: etree._Element, scene: Scene) -> None:
        """Tell a footnote or endnote."""

    def comment(self, element: etree._Element, scene: Scene) -> None:
        """Tell a comment."""

    def shape(self, element: etree._Element, scene: Scene) -> None:
        """Tell a frame or shape."""

    def deleted(self, element: etree._Element, scene: Scene) -> str:
        """Return the text of a deletion."""


@dataclass(slots=True)
class Runs:
    """Walks paragraphs and hands out their segments; fills the sides on its way."""

    sides: OdfSides
    styles: Styles
    around: Around
    hiding: dict[tuple[Look, str, bool], bool] = field(default_factory=dict)

    def segments(self, paragraph: etree._Element, scene: Scene) -> list[Segment]:
        """Return the segments of a paragraph or heading."""
        out: list[Segment] = []
        if has_hidden_paragraph(paragraph) and scene.state is not State.DELETED:
            scene = replace(scene, state=State.HIDDEN)
        self.inline(paragraph, scene, out)
        return out

    def inline(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add the segments of everything inside an element."""
        self.text(element.text, scene, out)
        for child in element:
            self.child(child, scene, out)
            self.text(child.tail, scene, out)

    def text(self, text: str | None, scene: Scene, out: list[Segment]) -> None:
        """Add characters in the state that changes and styles give them."""
        if text:
            out.append(Segment(BLANKS.sub(" ", text), self.state(scene)))

    def state(self, scene: Scene) -> State:
        """Return the state of characters at this point."""
        if scene.state in (State.DELETED, State.HIDDEN):
            return scene.state
        key = (scene.look, scene.paragraph, scene.on_fill)
        if key not in self.hiding:
            self.hiding[key] = self.styles.hides(scene.look, scene.paragraph, on_fill=scene.on_fill)
        if self.hiding[key]:
            return State.HIDDEN
        return State.INSERTED if self.sides.changes.open else scene.state

    def child(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add what one element inside a paragraph stands for."""
        tag = element.tag
        if not isinstance(tag, str):
            self.sides.data.add((element.text or "").strip(), scene.place)
        elif tag in HANDLERS:
            HANDLERS[tag](self, element, scene, out)
        elif tag.startswith(DRAW):
            self.around.shape(element, scene)
        else:
            self.inline(element, scene, out)

    def span(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add a stretch with a style of its own."""
        style = self.styles.of("text", element.get(TEXT + "style-name"))
        self.inline(element, replace(scene, look=style.look.over(scene.look)), out)

    def link(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add the text of a link; where it leads to is noted."""
        for target in link_texts(element.get(XLINK + "href") or ""):
            self.sides.links.add(target, scene.place)
        for key in (OFFICE + "name", OFFICE + "title"):
            self.sides.links.add(element.get(key) or "", scene.place)
        if element.tag == DRAW + "a":
            for child in element:
                self.child(child, scene, out)
        else:
            self.span(element, scene, out)

    def blank(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add spaces, a tab or a line break."""
        kind = element.tag.rpartition("}")[2]
        text = {"tab": "\t", "line-break": "\n"}.get(kind) or " " * min(
            MANY, count(element.get(TEXT + "c"))
        )
        out.append(Segment(text, self.state(scene)))

    def page(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Note that a new page starts here."""
        if self.sides.page is not None:
            out.append(Segment("", State.PAGE))

    def note(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Tell a footnote or endnote apart from the text."""
        self.around.note(element, scene)

    def comment(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Tell a comment apart from the text."""
        self.around.comment(element, scene)

    def change(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Note where an insertion starts or ends, or put a deletion where it was made."""
        key = element.get(TEXT + "change-id") or ""
        changes = self.sides.changes
        if element.tag == TEXT + "change-start":
            changes.start(key)
        elif element.tag == TEXT + "change-end":
            changes.end(key)
        else:
            deletion = changes.take(key)
            if deletion is not None:
                out.append(Segment(self.around.deleted(deletion, scene), State.DELETED))

    def hidden_text(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add a text that a condition hides: told as hidden whether it is shown now or not."""
        told = element.get(TEXT + "string-value") or ""
        state = element.get(TEXT + "is-hidden")
        self.condition(element, scene)
        if told and state != "false":
            out.append(Segment(told, hidden(scene)))
        shown = "".join(map(str, element.itertext()))
        if state == "true" and shown != told:
            scene = replace(scene, state=hidden(scene))
        if state != "true" or shown != told:
            self.inline(element, scene, out)

    def conditional(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add what a conditional text shows; what it does not show now is hidden."""
        shown = "".join(map(str, element.itertext()))
        self.condition(element, scene)
        for key in ("string-value-if-true", "string-value-if-false"):
            told = element.get(TEXT + key) or ""
            if told and told != shown:
                out.append(Segment(told, hidden(scene)))
        self.inline(element, scene, out)

    def condition(self, element: etree._Element, scene: Scene) -> None:
        """Note the condition of a field."""
        self.sides.fields.add(element.get(TEXT + "condition") or "", scene.place)

    def valued(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add a variable, user field or expression with its formula; it may show nothing."""
        self.sides.fields.add(element.get(TEXT + "formula") or "", scene.place)
        self.sides.data.add(element.get(TEXT + "description") or "", scene.place)
        if element.get(TEXT + "display") == "none":
            told = element.get(OFFICE + "string-value") or element.get(OFFICE + "value") or ""
            out.append(Segment(told, hidden(scene)))
            scene = replace(scene, state=hidden(scene))
        self.inline(element, scene, out)

    def database(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add a database field and where its value comes from."""
        source = [element.get(TEXT + key) or "" for key in ("table-name", "column-name")]
        source.append(element.get(TEXT + "database-name") or "")
        self.sides.fields.add(" ".join(filter(None, source)), scene.place)
        self.inline(element, scene, out)

    def script(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Tell a script that stands in the text."""
        self.sides.scripts.add("".join(map(str, element.itertext())), scene.place)
        self.sides.links.add(element.get(XLINK + "href") or "", scene.place)

    def choice(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add the chosen value of a drop-down list; all of them are noted."""
        self.sides.forms.add(element.get(TEXT + "name") or "", scene.place)
        for label in element.iter(TEXT + "label"):
            self.sides.forms.add(label.get(TEXT + "value") or "", scene.place)
        self.inline(element, scene, out)

    def ruby(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add the base of a phonetic guide; the guide itself is noted beside."""
        for child in element:
            if child.tag == TEXT + "ruby-text":
                self.sides.data.add("".join(map(str, child.itertext())), scene.place)
            else:
                self.child(child, scene, out)

    def mark(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Note the words of a bookmark, a reference, an index or bibliography entry."""
        for key, value in element.attrib.items():
            name = str(key).rpartition("}")[2]
            if name in MARKING and not str(value).startswith("_"):
                self.sides.data.add(str(value), scene.place)
        self.inline(element, scene, out)

    def events(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Note which macros or targets an event starts."""
        listeners(element, self.sides, scene.place)


def listeners(element: etree._Element, sides: OdfSides, place: Place) -> None:
    """Note which macros or targets the event listeners of an element start."""
    for event in element.iter():
        for key in (XLINK + "href", f"{{{SCRIPT_NAME}}}macro-name"):
            sides.links.add(event.get(key) or "", place)


SCRIPT_NAME = "urn:oasis:names:tc:opendocument:xmlns:script:1.0"
MARKING = frozenset(
    "name string-value key1 key2 identifier author title organizations institution school "
    "publisher note annote address url editor booktitle journal custom1 custom2 custom3 custom4 "
    "custom5 report-type series howpublished outline".split()
)
FIELDS = (
    "variable-set variable-get variable-input user-field-get user-field-input expression "
    "sequence text-input placeholder execute-macro user-defined table-formula"
).split()
MARKS = (
    "bookmark bookmark-start reference-mark reference-mark-start bibliography-mark toc-mark "
    "toc-mark-start user-index-mark user-index-mark-start alphabetical-index-mark "
    "alphabetical-index-mark-start"
).split()
SOURCES = "database-display database-name database-next database-row-select database-row-number"

Handler = Callable[[Runs, etree._Element, Scene, list[Segment]], None]
HANDLERS: Mapping[str, Handler] = {
    TEXT + "span": Runs.span,
    TEXT + "a": Runs.link,
    DRAW + "a": Runs.link,
    **{TEXT + name: Runs.blank for name in ("s", "tab", "line-break")},
    TEXT + "soft-page-break": Runs.page,
    TEXT + "note": Runs.note,
    OFFICE + "annotation": Runs.comment,
    **{TEXT + name: Runs.change for name in ("change", "change-start", "change-end")},
    TEXT + "hidden-text": Runs.hidden_text,
    TEXT + "conditional-text": Runs.conditional,
    **{TEXT + name: Runs.valued for name in FIELDS},
    **{TEXT + name: Runs.database for name in SOURCES.split()},
    TEXT + "script": Runs.script,
    TEXT + "drop-down": Runs.choice,
    TEXT + "ruby": Runs.ruby,
    **{TEXT + name: Runs.mark for name in MARKS},
    OFFICE + "event-listeners": Runs.events,
    SHOW + "event-listeners": Runs.events,
}


def hidden(scene: Scene) -> State:
    """Return the state of what is not shown inside a scene."""
    return State.DELETED if scene.state is State.DELETED else State.HIDDEN


def has_hidden_paragraph(paragraph: etree._Element) -> bool:
    """Return whether a field in a paragraph hides all of it."""
    return any(
        element.get(TEXT + "is-hidden") == "true"
        for element in paragraph.iter(TEXT + "hidden-paragraph")
    )


__all__ = ["HANDLERS", "TABLE", "Around", "Runs", "Scene", "listeners"]
