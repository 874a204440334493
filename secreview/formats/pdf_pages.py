"""The pages of a PDF file: what is seen, what is hidden and why, what is marked for redaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from secreview.errors import TooLarge
from secreview.formats.lines import Lines
from secreview.formats.pdf_count import Counter, disagrees
from secreview.formats.pdf_glyphs import Glyphs, actual_texts, glyphs_of, page_of
from secreview.formats.pdf_grid import tables
from secreview.formats.pdf_objects import get
from secreview.formats.pdf_open import File, page_place
from secreview.formats.pdf_pictures import Pictures, undrawn
from secreview.formats.pdf_redact import marked_areas
from secreview.formats.pdf_runs import Run, runs
from secreview.formats.pdf_scene import Scene
from secreview.formats.pdf_search import Search, sheet_of
from secreview.formats.pdf_suspect import Cause, Font
from secreview.formats.pdf_table import Carried, Cell, Filled, filled, tell
from secreview.model import Part, PartKind, Place, Step, Unit, Why

LEAD = 24  # characters before a hidden run that go with it, so that rules know what it is
STRANGE = 0.2  # share of letters without a known meaning from which a page counts as unread
STRANGE_LEAST = 10
BLACK = "\u25a0"  # ■ stands in the body where a box stands on the page


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: what it paints, its characters, and the runs of them that are hidden."""

    scene: Scene
    glyphs: Glyphs
    hidden: list[Run]

    def seen(self) -> list[str]:
        """Return the characters as a person sees them: a box or a blank for each hidden run."""
        seen = list(self.glyphs.chars)
        for run in self.hidden:
            seen[run.start : run.end] = [""] * (run.end - run.start)
            if run.cause is not Cause.OCR:
                seen[run.start] = BLACK if run.cause is Cause.COVERED else " "
        return seen

    def tables(self, seen: Sequence[str]) -> list[Filled]:
        """Return the ruled tables with the characters in their cells."""
        ruled = tables(self.scene)
        if not ruled:
            return []
        starts = {run.start for run in self.hidden}
        wanted = [nth for nth, char in enumerate(seen) if char.strip() or nth in starts]
        boxes = self.glyphs.boxes(wanted)
        return filled(ruled, {nth: box.center for nth, box in boxes.items()})


@dataclass(slots=True)
class Pages:
    """The parts that grow page by page."""

    file: File
    counter: Counter
    pictures: Pictures
    body: Lines = field(default_factory=lambda: Lines("body", PartKind.BODY))
    ocr: Lines = field(default_factory=lambda: Lines(str(Cause.OCR), PartKind.BODY))
    said: list[tuple[str, Place]] = field(default_factory=list)
    unapplied: Lines = field(
        default_factory=lambda: Lines("unapplied-redaction", PartKind.ANNOTATION)
    )
    hidden: dict[Cause, Lines] = field(default_factory=dict)
    fonts: set[Font] = field(default_factory=set)
    has_layers: bool = False
    carried: Carried = field(default_factory=Carried)
    count: int = 0  # of tables

    def parts(self) -> Iterator[Part]:
        """Yield the body, then what is not seen on the pages."""
        found = self.body.parts()
        yield found[0] if found else Part("body", PartKind.BODY, "")
        self.file.known.take(self.body.text().split("\n"))
        said = Lines("actual-text", PartKind.ALT_TEXT)
        for text, place in self.said:
            if not self.file.known.has(text):
                said.add(text, place)
        seen = (self.pictures.text, self.pictures.codes)
        for lines in (self.ocr, *self.hidden.values(), said, self.unapplied, *seen):
            yield from lines.parts()

    def read(self, nth: int) -> None:
        """Read one page by its 1-based number; what goes wrong is a gap."""
        place = page_place(nth)
        name = f"page {nth}"
        try:
            signs = self.signs(nth)
            with page_of(self.file.doc, nth - 1) as page:
                scene = Scene.of(page, has_layers=self.has_layers)
                self.said += [(text, place) for text in actual_texts(scene)]
                with glyphs_of(page) as glyphs:
                    self.take(page, scene, glyphs, place)
                    self.doubt(glyphs, signs, place)
        except TooLarge as error:
            self.file.gap(name, Why.LIMIT, str(error), place)
        except Exception as error:  # one page must not hide the others
            self.file.gap(name, Why.CRASHED, type(error).__name__, place)
        self.file.cover(name, "page")

    def signs(self, nth: int) -> int:
        """Return how many signs the operators of a page show; raise TooLarge for a form bomb."""
        try:
            return self.counter.page(self.file.pdf.pages[nth - 1].obj)
        except TooLarge:
            raise
        except Exception:  # the first reading stands alone, and the page tree has its own gap
            return 0

    def take(self, page: Any, scene: Scene, glyphs: Glyphs, place: Place) -> None:
        """Add the text of a page to the parts."""
        name = f"page {place.page}"
        for text in marked_areas(page, glyphs):
            self.unapplied.add(text, place)
        try:
            sheet = sheet_of(page, scene, self.fonts)
            causes = Search(page, self.file.doc, glyphs, scene, sheet).hidden()
        except TooLarge as error:
            self.file.gap(name, Why.LIMIT, str(error), place)
            causes = {}
        if not scene.is_whole:
            self.file.gap(name, Why.LIMIT, "too many painted objects", place)
        found = list(runs(glyphs.chars, causes))
        self.write(Page(scene, glyphs, found), place)
        read_by_ocr = any(run.cause is Cause.OCR for run in found)
        if read_by_ocr:
            detail = "the text of the picture comes from its OCR layer"
            self.file.gap(name, Why.APPROXIMATE, detail, place)
        else:
            self.pictures.take(page, scene, "".join(glyphs.chars), place)

    def write(self, page: Page, place: Place) -> None:
        """Write a page: seen text into the body, tables in rows, hidden runs into their parts."""
        seen = page.seen()
        cells = {
            nth: (table, cell)
            for table in page.tables(seen)
            for cell, numbers in table.chars.items()
            for nth in numbers
        }
        told: dict[int, Mapping[Cell, Place]] = {}
        self.body.mark(place)
        if cells:
            self.write_tables(seen, cells, told, place)
        else:
            self.body.raw("".join(seen) + "\n")
        for run in page.hidden:
            inside = cells.get(run.start)
            self.hide(run, page, told[id(inside[0])][inside[1]] if inside else place)

    def write_tables(
        self,
        seen: Sequence[str],
        cells: Mapping[int, tuple[Filled, Cell]],
        told: dict[int, Mapping[Cell, Place]],
        place: Place,
    ) -> None:
        """Write the text of a page with its tables, and where the cells of each were told."""
        piece: list[str] = []
        in_table = False
        for nth, char in enumerate(seen):
            if nth in cells:
                table, in_table = cells[nth][0], True
                if id(table) not in told:
                    self.body.raw(ended("".join(piece)))
                    piece = []
                    told[id(table)] = self.table(table, seen, place)
            elif not in_table or char.strip():
                piece.append(char)
                in_table = False
        self.body.raw("".join(piece) + "\n")

    def table(self, table: Filled, chars: Sequence[str], place: Place) -> Mapping[Cell, Place]:
        """Write a table where its first character stands and return the places of its cells."""
        self.count += 1
        steps = (*place.steps, Step(Unit.TABLE, self.count))
        self.carried = tell(table, chars, self.body, steps, self.carried)
        self.body.mark(place)
        return self.carried.places

    def hide(self, run: Run, page: Page, place: Place) -> None:
        """Write a hidden run into the part of its cause, with what stands before it."""
        chars = page.glyphs.chars
        text = "".join(chars[run.start : run.end])
        cause = Step(Unit.CAUSE, str(run.cause))
        if run.cause is Cause.OCR:
            self.ocr.add(text, replace(place, steps=(*place.steps, cause)))
            return
        lines = self.hidden.setdefault(
            run.cause, Lines(f"hidden-text {run.cause}", PartKind.HIDDEN_TEXT)
        )
        before = "".join(chars[max(0, run.start - LEAD) : run.start]).rpartition("\n")[2].strip()
        number = Step(Unit.HIDDEN, len(lines.index) + 1)
        headers = (*place.headers, before) if before else place.headers
        lines.add(text, Place((*place.steps, number, cause), place.page, headers))

    def doubt(self, glyphs: Glyphs, signs: int, place: Place) -> None:
        """Note a page that two readings do not see alike, or whose letters have no meaning."""
        name = f"page {place.page}"
        read = sum(map(bool, glyphs.chars))
        if disagrees(signs, read + glyphs.strange):
            detail = f"{signs} signs shown, {read} read"
            self.file.gap(name, Why.DISAGREE, detail, place)
        if glyphs.strange >= STRANGE_LEAST and glyphs.strange > STRANGE * read:
            self.file.gap(name, Why.UNSUPPORTED, "a font does not say what its letters are", place)


def pages(file: File) -> Iterator[Part]:
    """Yield the text of all pages: one part for what is seen, one for each way of hiding."""
    has_layers = get(file.root, "/OCProperties") is not None
    found = Pages(file, Counter(file.limits), Pictures(file), has_layers=has_layers)
    for nth in range(1, file.pages + 1):
        found.read(nth)
    file.drawn.update(found.counter.drawn)
    for key, what in undrawn(file, found.counter):
        file.gap(f"object {key[0]}", Why.PICTURE, what)
    yield from found.parts()


def ended(text: str) -> str:
    r"""Return a text with a line end, unless it is blank.

    >>> ended("a"), ended("  "), ended("b\n")
    ('a\n', '', 'b\n')
    """
    return "" if not text.strip() else text if text.endswith("\n") else text + "\n"
