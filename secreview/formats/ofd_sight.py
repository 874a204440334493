"""Which characters of an OFD page nobody sees: covered, of the colour below, off the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from secreview.formats.ofd_book import WHITE, Color
from secreview.formats.ofd_canvas import Cover
from secreview.formats.ofd_geometry import Box
from secreview.formats.ofd_runs import Run

BAND = 10.0  # millimetres: covers are sorted into bands of this height
BANDS = 400  # bands of the tallest page that is looked at
PATIENCE = 3_000_000  # comparisons of one document


@dataclass(slots=True)
class Sight:
    """Looks at pages; ``left`` is how many comparisons may still be made."""

    left: int = PATIENCE
    gave_up: bool = False

    def seen(self, runs: Sequence[Run], covers: Sequence[Cover], page: Box) -> Iterator[Run]:
        """Yield the runs of a page, parted where visible and hidden characters meet."""
        ground = Ground(covers)
        for run in runs:
            if run.is_hidden:
                yield run
                continue
            near = self.near(run, ground)
            inside = page.contains(run.box)
            if not near and inside and not run.ink.is_like(WHITE):
                yield run
            elif not run.is_level:
                x, y = middle(run.box)
                yield run._replace(is_hidden=is_unseen(run, near, (x, y), page))
            else:
                yield from parted(run, [
                    is_unseen(run, near, ((left + right) / 2, run.base - 0.38 * run.size), page)
                    for left, right in zip(run.edges, run.edges[1:], strict=False)
                ])  # fmt: skip

    def near(self, run: Run, ground: Ground) -> list[Cover]:
        """Return the covers that meet a run."""
        found = ground.around(run.box)
        near = [cover for cover in found if cover.box.meets(run.box)] if self.left > 0 else []
        self.left -= len(found) + len(near) * len(run.text)
        if self.left >= 0:
            return near
        self.gave_up = True
        return []


@dataclass(slots=True)
class Ground:
    """The covers of a page by bands of its height."""

    covers: Sequence[Cover]
    bands: dict[int, list[Cover]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the covers into bands."""
        for cover in self.covers:
            for band in bands(cover.box):
                self.bands.setdefault(band, []).append(cover)

    def around(self, area: Box) -> list[Cover]:
        """Return the covers in the band of the middle of an area."""
        return self.bands.get(next(iter(bands(middle_line(area)))), [])


def bands(area: Box) -> range:
    """Return the numbers of the bands that an area touches."""
    low = min(BANDS, max(0, int(area.top / BAND)))
    high = min(BANDS, max(0, int(area.bottom / BAND)))
    return range(low, high + 1)


def middle_line(area: Box) -> Box:
    """Return the level line through the middle of an area."""
    _, y = middle(area)
    return area._replace(top=y, bottom=y)


def middle(area: Box) -> tuple[float, float]:
    """Return the middle of an area."""
    return (area.left + area.right) / 2, (area.top + area.bottom) / 2


def is_unseen(run: Run, near: Iterable[Cover], point: tuple[float, float], page: Box) -> bool:
    """Return whether nobody sees the character of a run at a point."""
    if not page.holds(*point):
        return True
    below: Color | None = WHITE
    for cover in near:
        if not cover.box.holds(*point):
            continue
        if cover.order < run.order:
            below = cover.color
        elif cover.is_solid:
            return True
    return run.ink.is_like(below)


def parted(run: Run, unseen: Sequence[bool]) -> Iterator[Run]:
    """Yield a level run parted where visible and hidden characters meet."""
    start = 0
    for index in range(1, len(unseen) + 1):
        if index == len(unseen) or unseen[index] != unseen[start]:
            yield run.cut(start, index, is_hidden=unseen[start])
            start = index
