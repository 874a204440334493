"""Text and codes in pictures: recognition without a network, from the extra ``secreview[ocr]``."""

from __future__ import annotations

import sys
from functools import lru_cache
from itertools import pairwise
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

EXTRA = "secreview[ocr]"
LONGEST = 2400  # pixels of the longer side: beyond it a page is recognised no better
SCALES = (1.0, 0.5)  # one scale alone leaves out lines that the other one sees
SMALLEST = 320  # pixels of the longer side below which the second scale is of no use
STRIP = 2  # how many times as long as wide a picture may be: the recogniser scales the short side
SECONDS = 30.0  # of the processor, which a large picture may take
SURE = 0.5  # score from which a line counts


class Line(NamedTuple):
    """A recognised line: its text and its box in pixels of the picture."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def is_installed() -> bool:
    """Return whether the extra is there."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def has_time() -> bool:
    """Return whether this process may still use enough processor time for a picture."""
    if sys.platform == "win32":
        return True
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_CPU)
    return soft == resource.RLIM_INFINITY or process_time() + SECONDS < soft


@lru_cache(maxsize=1)
def engine() -> Any:
    """Return the recogniser; its models come with the package."""
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})


def recognised(image: Image) -> list[Line]:
    """Return the lines of text in a picture in reading order, seen at any of two scales."""
    import numpy

    image = image.convert("RGB")
    if image.getcolors(1) is not None:
        return []  # one colour says nothing
    image = widened(image)
    longest = max(image.size)
    lines: list[Line] = []
    for scale in SCALES if longest > SMALLEST else SCALES[:1]:
        factor = scale * min(1.0, LONGEST / longest)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        pixels = numpy.asarray(image.resize(size) if factor < 1 else image)[:, :, ::-1]
        lines += new_lines(lines, found(engine()(pixels), factor))
    return in_order(lines)


def widened(image: Image) -> Image:
    """Return a strip on a ground of its corner's colour, so that it is not enlarged many times."""
    from PIL import Image

    least = max(image.size) // STRIP
    if min(image.size) >= least:
        return image
    size = max(image.width, least), max(image.height, least)
    ground = Image.new("RGB", size, image.getpixel((0, 0)))
    ground.paste(image)
    return ground


def found(result: Any, factor: float) -> list[Line]:
    """Return the lines of a result in pixels of the picture it was scaled from."""
    if result.txts is None:
        return []
    lines = []
    for text, score, box in zip(result.txts, result.scores, result.boxes, strict=True):
        if score >= SURE and text.strip():
            across, down = [p[0] / factor for p in box], [p[1] / factor for p in box]
            lines.append(Line(text.strip(), min(across), min(down), max(across), max(down)))
    return lines


def new_lines(known: list[Line], lines: list[Line]) -> list[Line]:
    """Return the lines that are not among the known ones with the same text."""
    return [
        line
        for line in lines
        if not any(overlap(line, other) and line.text in other.text for other in known)
    ]


def overlap(line: Line, other: Line) -> bool:
    """Return whether two lines share some of the picture."""
    return (
        line.left < other.right
        and other.left < line.right
        and line.top < other.bottom
        and other.top < line.bottom
    )


def in_order(lines: list[Line]) -> list[Line]:
    """Return lines from the top, those at one height from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top <= middle <= rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def text_of(lines: list[Line]) -> str:
    """Return lines as a text: a blank between pieces at one height, else a new line."""
    pieces = [lines[0].text] if lines else []
    for before, line in pairwise(lines):
        same = before.top <= (line.top + line.bottom) / 2 <= before.bottom
        pieces += [" " if same else "\n", line.text]
    return "".join(pieces)


def codes(image: Image) -> list[str]:
    """Return what QR and bar codes in a picture say; nothing when the extra is missing."""
    try:
        import zxingcpp
    except ImportError:
        return []
    return [code.text for code in zxingcpp.read_barcodes(image.convert("L")) if code.text]
