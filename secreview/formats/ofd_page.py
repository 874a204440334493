"""One OFD page: everything that is painted on it, told as visible lines, hidden lines and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from secreview.formats.lines import Lines
from secreview.formats.ofd_canvas import Canvas, Cover, lets_through, placed
from secreview.formats.ofd_geometry import Box
from secreview.formats.ofd_lines import Told, cells_of, hidden_of, rows_of
from secreview.formats.ofd_notes import Note
from secreview.formats.ofd_runs import Run, Setting
from secreview.formats.ofd_shelf import Shelf
from secreview.formats.ofd_sight import Sight
from secreview.formats.ofd_used import Used
from secreview.model import Part, PartKind, Place, Step, Unit

TEMPLATE = "template"
REPEATED = 1_000_000  # runs and covers of templates that may stand on further pages


@dataclass(slots=True)
class Template:
    """A template page: what it paints, and whether a page has shown it."""

    runs: Sequence[Run]
    covers: Sequence[Cover]
    order: int
    is_shown: bool = False


@dataclass(slots=True)
class Sides:
    """The parts that fill up while pages are read."""

    body: Lines
    hidden: Lines
    notes: Lines
    count: int = 0

    @classmethod
    def start(cls, name: str = "") -> Sides:
        """Return empty parts, their ids behind the name of the document if it needs one."""
        front = f"{name}/" if name else ""
        return cls(
            Lines(f"{front}body", PartKind.BODY),
            Lines(f"{front}hidden-text", PartKind.HIDDEN_TEXT),
            Lines(f"{front}annotations", PartKind.ANNOTATION),
        )

    def hide(self, text: str, place: Place, label: str = "") -> None:
        """Add a hidden text; its label is what stands before it on the page."""
        if text and not text.isspace():
            self.count += 1
            steps = (Step(Unit.HIDDEN, self.count), *place.steps)
            self.hidden.add(text, Place(steps, place.page, (label,) if label else ()))

    def parts(self) -> Iterator[Part]:
        """Yield the parts; the body even when it is empty."""
        yield next(iter(self.body.parts()), Part(self.body.id, PartKind.BODY, ""))
        yield from self.hidden.parts()
        yield from self.notes.parts()


@dataclass(slots=True)
class Teller:
    """Tells pages one after another; ``is_old`` is for versions that nobody sees any more."""

    shelf: Shelf
    used: Used
    sides: Sides
    is_old: bool = False
    told: Told = field(default_factory=Told)
    sight: Sight = field(default_factory=Sight)
    repeated: int = 0

    def page(
        self,
        root: etree._Element,
        setting: Setting,
        *,
        place: Place,
        area: Box,
        around: tuple[Sequence[tuple[Template, bool]], Sequence[Note]],
    ) -> None:
        """Tell a page with the templates (and whether they lie above it) and notes around it."""
        templates, notes = around
        self.used.place = place
        canvas = Canvas(self.shelf, self.used)
        fresh = {id(t) for t, _ in templates if not t.is_shown}
        for template, is_above in templates:
            if not is_above:
                self.lay(template, canvas)
        for content in root.iterfind("{*}Content"):
            canvas.layers(content, setting)
        for template, is_above in templates:
            if is_above:
                self.lay(template, canvas)
        for number, note in enumerate(notes):
            self.note(note, canvas, replace(setting, member=note.member, origin=f"{number}"))
        seen = list(self.sight.seen(canvas.runs, canvas.covers, area.grown(1)))
        self.lines([run for run in seen if run.origin in ("", TEMPLATE)], place, bool(fresh))
        for number, note in enumerate(notes):
            self.told_note(note, [run for run in seen if run.origin == f"{number}"], place)

    def lay(self, template: Template, canvas: Canvas) -> None:
        """Paint a template; one that was shown often enough is left out."""
        size = len(template.runs) + len(template.covers)
        if template.is_shown:
            self.repeated += size
            if self.repeated > REPEATED:
                return
        template.is_shown = True
        canvas.runs += [run._replace(order=run.order + canvas.order) for run in template.runs]
        canvas.covers += [c._replace(order=c.order + canvas.order) for c in template.covers]
        canvas.order += template.order

    def note(self, note: Note, canvas: Canvas, setting: Setting) -> None:
        """Paint the appearance of an annotation above the page."""
        start = len(canvas.covers)
        setting = replace(setting, is_hidden=setting.is_hidden or note.is_hidden())
        for look in note.element.iterfind("{*}Appearance"):
            canvas.order += 1
            canvas.paint(look, placed(look, setting))
        if note.kind() == "Highlight":
            canvas.covers[start:] = [c for c in canvas.covers[start:] if not lets_through(c)]

    def lines(self, runs: Sequence[Run], place: Place, is_fresh: bool) -> None:
        """Tell the visible and the hidden lines of a page; those of a known template only once."""
        shown = []
        for line in rows_of(runs):
            if not is_fresh and all(run.origin == TEMPLATE for run in line):
                continue
            shown.append(cells_of(line))
            self.hide(line, place)
        if self.is_old:
            for cells in shown:
                self.sides.hide("\t".join(cell.text for cell in cells), place)
        else:
            self.told.page(shown, self.sides.body, place)

    def told_note(self, note: Note, runs: Sequence[Run], page: Place) -> None:
        """Tell what an annotation shows and says."""
        place = note.place(page)
        rows = rows_of(runs)
        words = [text for text in note.words() if text]
        words += ["\t".join(cell.text for cell in cells_of(line)) for line in rows]
        words = list(dict.fromkeys(words))  # a watermark says the same many times
        for text in words:
            if self.is_old or note.is_hidden():
                self.sides.hide(text, place)
            else:
                self.sides.notes.add(text, place)
        unseen = dict.fromkeys(hidden for line in rows for hidden in hidden_of(line))
        for text, label in unseen:
            if text not in words:
                self.sides.hide(text, place, label)

    def hide(self, line: Sequence[Run], place: Place) -> None:
        """Tell the hidden stretches of a line."""
        if any(run.is_hidden for run in line):
            for text, label in hidden_of(line):
                self.sides.hide(text, place, label)
