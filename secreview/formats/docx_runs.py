"""The inside of a Word paragraph: runs, changes, fields, drawings, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from secreview.formats.docx_sides import Segment, Sides, State
from secreview.formats.docx_styles import (
    R_PROPERTIES,
    SHADE,
    Styles,
    W,
    child,
    children,
    has_fill,
    properties_of,
    value_of,
)
from secreview.formats.ooxml import attribute, local
from secreview.formats.ooxml_rest import PLAIN_NAME, telling
from secreview.model import Place

P_PROPERTIES, P_STYLE, TEXT = W + "pPr", W + "pStyle", W + "t"
READABLE = (State.SHOWN, State.INSERTED)
SYMBOLS = {0xAB: "★", 0xA1: "○", 0x6C: "●", 0x6E: "■", 0xFE: "☑", 0xA8: "□"}  # Wingdings
SKIPPED = frozenset(
    "rPr pPr tblPr tblGrid trPr tcPr sectPr proofErr rPrChange pPrChange tblPrChange "
    "lastRenderedPageBreak footnoteReference endnoteReference commentReference "
    "annotationRef footnoteRef endnoteRef separator continuationSeparator sdtEndPr".split()
)


class Scene(NamedTuple):
    """Where a run stands: its place, how its paragraph is styled, and its state so far."""

    place: Place
    style: str = ""
    on_fill: bool = False
    state: State = State.SHOWN


@dataclass(slots=True)
class Runs:
    """Walks paragraphs and hands out their segments; fills the sides on its way."""

    sides: Sides
    styles: Styles
    box: Callable[[etree._Element, Scene], None]
    has_breaks: bool = False  # the file records where pages broke when it was last shown
    instruction: list[str] = field(default_factory=list)

    def segments(self, paragraph: etree._Element, scene: Scene) -> list[Segment]:
        """Return the segments of a w:p element."""
        properties = child(paragraph, P_PROPERTIES)
        if properties is not None:
            found = children(properties)
            shade = found.get(SHADE)
            on_fill = scene.on_fill or (shade is not None and has_fill(shade))
            scene = Scene(scene.place, value_of(found.get(P_STYLE)), on_fill, scene.state)
        out: list[Segment] = []
        self.inline(paragraph, scene, out)
        return out

    def inline(self, parent: Iterable[etree._Element], scene: Scene, out: list[Segment]) -> None:
        """Add the segments of everything inside an element."""
        for element in parent:
            name = local(element)
            if name == "r" and element.tag[:1] == "{":
                self.run(element, scene, out)
            elif name in ("ins", "moveTo"):
                state = State.INSERTED if scene.state is State.SHOWN else scene.state
                self.inline(element, scene._replace(state=state), out)
            elif name in ("del", "moveFrom"):
                self.inline(element, scene._replace(state=State.DELETED), out)
            elif name == "AlternateContent":
                self.alternate(element, scene, out)
            elif name == "txbxContent":
                self.box(element, scene)
            elif name not in SKIPPED and name:
                self.other(element, scene, out)

    def run(self, run: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add the segments of a run."""
        properties = child(run, R_PROPERTIES)
        said = properties_of(properties)
        if scene.state in READABLE and self.styles.hides(
            said.look, said.style, scene.style, scene.on_fill
        ):
            scene = scene._replace(state=State.HIDDEN)
        if said.is_web_hidden:
            self.web_hidden(run, scene)
        for element in run:
            if element is properties:
                continue
            text = run_text(element)
            if text:
                out.append(Segment(text, scene.state))
            elif text is None:
                self.inner(element, scene, out)

    def inner(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add what a child of a run that is not plain text holds."""
        name = local(element)
        if name == "delText":
            out.append(Segment(element.text or "", State.DELETED))
        elif name in ("instrText", "delInstrText"):
            self.instruction.append(element.text or "")
        elif name == "fldChar":
            if element.get(W + "fldCharType") != "begin":
                self.flush(scene.place)
            self.other(element, scene, out)
        elif name == "lastRenderedPageBreak" or (
            name == "br" and element.get(W + "type") == "page" and not self.has_breaks
        ):
            out.append(Segment("", State.PAGE))
        elif name == "ruby":
            self.ruby(element, scene, out)
        elif name in ("r", "AlternateContent", "txbxContent") or name not in SKIPPED:
            self.inline([element], scene, out)

    def web_hidden(self, run: etree._Element, scene: Scene) -> None:
        """List text hidden on the web only (page numbers of contents are left out)."""
        text = "".join(t.text or "" for t in run.iter(W + "t")).strip()
        if text and not text.isdecimal() and scene.state is not State.HIDDEN:
            self.sides.hidden.add(text, scene.place)

    def other(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add what an element of another kind says about itself, then what is inside it."""
        name = local(element)
        if name == "t":  # mathematics, drawings
            out.append(Segment(element.text or "", scene.state))
            return
        if name in ("sdtPr", "ffData"):
            self.control(element, scene)
            return
        note(element, name, self.sides, scene.place)
        self.inline(element, scene, out)

    def control(self, element: etree._Element, scene: Scene) -> None:
        """Note titles, tags, choices and help texts of content controls and form fields."""
        named = ("alias", "tag", "default", "helpText", "statusText", "docPart", "name",
                 "entryMacro", "exitMacro")  # fmt: skip
        for each in element.iter():
            name = local(each)
            if name in named:
                self.sides.data.add(each.get(W + "val") or "", scene.place)
            elif name in ("listItem", "listEntry"):
                shown = each.get(W + "displayText") or each.get(W + "val") or ""
                self.sides.data.add(f"{shown} {each.get(W + 'value') or ''}".strip(), scene.place)
            else:
                for text in telling(each):
                    self.sides.data.add(text, scene.place)

    def alternate(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add the preferred alternative, and the fallback only where it says something else."""
        choices = [child for child in element if local(child) == "Choice"]
        fallback = [child for child in element if local(child) == "Fallback"]
        said = {letters(choice) for choice in choices}
        for choice in choices[:1]:
            self.inline(choice, scene, out)
        for extra in (*choices[1:], *fallback):
            if not choices:
                self.inline(extra, scene, out)
            elif letters(extra) not in said | {""}:
                beside: list[Segment] = []
                self.inline(extra, scene, beside)
                self.sides.data.add("".join(text for text, _ in beside), scene.place)

    def others(self, element: etree._Element, scene: Scene) -> None:
        """Note alternatives around paragraphs that say something else than the first one."""
        choices = [child for child in element if local(child)]
        said = {"", *map(letters, choices[:1])}
        for extra in choices[1:]:
            if letters(extra) not in said:
                said.add(letters(extra))
                for paragraph in extra.iter(W + "p"):
                    self.sides.data.add(letters(paragraph), scene.place)

    def ruby(self, element: etree._Element, scene: Scene, out: list[Segment]) -> None:
        """Add the base text of a phonetic guide; the guide itself is noted beside."""
        for base in element.iterfind(W + "rubyBase"):
            self.inline(base, scene, out)
        for guide in element.iterfind(W + "rt"):
            self.sides.data.add(letters(guide), scene.place)

    def flush(self, place: Place) -> None:
        """List the field code gathered so far."""
        self.sides.fields.add("".join(self.instruction).strip(), place)
        self.instruction.clear()


def run_text(element: etree._Element) -> str | None:
    """Return the text that a child of a run stands for; None when it stands for more."""
    tag = element.tag
    if tag == TEXT:
        return element.text or ""
    if not isinstance(tag, str) or not tag.startswith(W):
        return None if isinstance(tag, str) else ""
    name = tag[len(W) :]
    if name in ("tab", "ptab"):
        return "\t"
    if name in ("br", "cr"):
        return None if element.get(W + "type") == "page" else "\n"
    if name == "noBreakHyphen":
        return "-"
    if name == "softHyphen":
        return "\u00ad"
    return symbol(element) if name == "sym" else None


def symbol(element: etree._Element) -> str:
    """Return the character of a w:sym element; pictorial fonts give the sign they draw."""
    try:
        code = int(element.get(W + "char") or "20", 16)
    except ValueError:
        return "\ufffd"
    if "wingdings" in (element.get(W + "font") or "").lower() and (code & 0xFF) in SYMBOLS:
        return SYMBOLS[code & 0xFF]
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"


def letters(element: etree._Element) -> str:
    """Return the text of all t elements inside an element."""
    return "".join(t.text or "" for t in element.iter("{*}t"))


def note(element: etree._Element, name: str, sides: Sides, place: Place) -> None:
    """Add the words that stand in the attributes of an element."""
    if name in ("docPr", "cNvPr", "shape", "rect", "imagedata"):
        for key in ("descr", "title", "alt"):
            sides.alt.add(element.get(key) or attribute(element, key), place)
        named = element.get("name") or ""
        if named and not PLAIN_NAME.fullmatch(named):
            sides.alt.add(named, place)
    elif name == "textpath":
        sides.textboxes.add(element.get("string") or "", place)
    elif name in ("hyperlink", "hlinkClick", "hlinkHover"):
        sides.links.add(attribute(element, "tooltip"), place)
        anchor = element.get(W + "anchor") or ""
        sides.links.add("" if anchor.startswith("_") else anchor, place)
    elif name == "fldSimple":
        sides.fields.add((element.get(W + "instr") or "").strip(), place)
    elif name == "bookmarkStart":
        named = element.get(W + "name") or ""
        sides.data.add("" if named.startswith("_") else named, place)
    elif name in ("attr", "smartTag", "customXml"):
        sides.data.add(element.get(W + "val") or "", place)
