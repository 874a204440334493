"""What cuts text off: the paths that clip it and the forms around it."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator, Sequence

from secreview.formats import pdf_calls as calls
from secreview.formats.pdf_calls import STEP
from secreview.formats.pdf_scene import Box, Item, Matrix, Scene, bounds, matrix_of, transformed

SLACK = 2.0  # points
LARGEST = 100.0  # slack within a form that is drawn very small
EXACT = 0.01
CLIP_POINTS = 6  # a clip path with more is no rectangle


def is_clipped(scene: Scene, item: Item) -> bool:
    """Return whether a clip path may cut off a text, its own or that of a form around it."""
    if not item.depth:
        return not all(clip and item.box.within(clip, SLACK) for clip in clips(item.handle))
    box = bounds(item.handle)
    for each in scene.around(item):
        if each is not item:
            box = transformed(box, matrix_of(each.handle))
        slack = SLACK / max(stretch(each.matrix), SLACK / LARGEST)
        if not all(clip and box.within(clip, slack) for clip in clips(each.handle)):
            return True
    return False


def stretch(matrix: Matrix) -> float:
    """Return how much a matrix makes larger at most."""
    a, b, c, d, _, _ = matrix
    return max(math.hypot(a, b), math.hypot(c, d))


def clips(handle: int) -> Iterable[Box | None]:
    """Return the boxes of the paths that clip an object, None for one that is no rectangle.

    They stand in the same space as the bounds of the object.
    """
    clip = calls.clip_of(handle)
    count = calls.clip_paths(clip)
    return boxes_of(clip, count) if count > 0 else ()


def boxes_of(clip: int, paths: int) -> Iterator[Box | None]:
    """Yield the box of each path of a clip, None for one that is no rectangle."""
    for nth in range(paths):
        count = calls.clip_segments(clip, nth)
        if not 0 < count <= CLIP_POINTS:
            yield None
            continue
        corners = points([calls.clip_segment(clip, nth, n) for n in range(count)])
        box = around(corners)
        yield box if is_rectangle(corners, box) else None


def is_rectangle(corners: Sequence[tuple[float, float]], box: Box) -> bool:
    """Return whether a closed path runs around a box along its sides.

    >>> is_rectangle([(0, 0), (9, 0), (9, 5), (0, 5)], Box(0, 0, 9, 5))
    True
    >>> is_rectangle([(0, 0), (9, 5), (9, 0), (0, 5)], Box(0, 0, 9, 5))
    False
    """
    sides = [
        (abs(x - box.left) < EXACT, abs(x - box.right) < EXACT,
         abs(y - box.bottom) < EXACT, abs(y - box.top) < EXACT)
        for x, y in corners
    ]  # fmt: skip
    if len(set(sides)) != 4 or any(sum(side) != 2 for side in sides):
        return False
    return all(
        any(one and other for one, other in zip(first, second, strict=True))
        for first, second in zip(sides, [*sides[1:], sides[0]], strict=True)
    )


def points(segments: Iterable[int]) -> list[tuple[float, float]]:
    """Return the end points of path segments."""
    point = (ctypes.c_float * 2)()
    at = ctypes.addressof(point)
    return [
        (point[0], point[1]) for segment in segments
        if calls.segment_point(segment, at, at + STEP)
    ]  # fmt: skip


def around(corners: Sequence[tuple[float, float]]) -> Box:
    """Return the box around some points."""
    if not corners:
        return Box(0.0, 0.0, 0.0, 0.0)
    across, up = zip(*corners, strict=True)
    return Box(min(across), min(up), max(across), max(up))
