"""Hiding places: a row for each, with a file that holds an invented leak there and what is told."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from secreview.model import PartKind, Why
from tests.build import STAMP, resident_id

ID = resident_id("522601", "19850312", "101")
LEAK = f"身份证号：{ID}"
RULE = "personal/resident-id"
PICTURED = (Why.PICTURE, Why.APPROXIMATE)  # without and with recognition of pictures


class Outcome(StrEnum):
    """What becomes of a leak in a hiding place."""

    FOUND = "found"
    GAP = "gap"
    NO_ROOM = "no room"  # no words fit in there
    LEFT = "left"  # neither found nor told


@dataclass(frozen=True, slots=True)
class Row:
    """A hiding place in Chinese and English, a file with a leak in it, and what is expected.

    Found: in a part of ``kind`` at a place whose label holds ``label``. Gap: one of ``whys``, its
    part named ``label``. ``reason`` says why a leak is not found.
    """

    zh: str
    en: str
    outcome: Outcome
    build: Callable[[], bytes] = bytes
    kind: PartKind | None = None
    label: str = ""
    whys: tuple[Why, ...] = ()
    reason: str = ""
    name: str = ""  # of the file, where it matters


def found(
    zh: str,
    en: str,
    build: Callable[[], bytes],
    kind: PartKind,
    label: str,
    *,
    name: str = "",
) -> Row:
    """Return a row whose leak is found."""
    return Row(zh, en, Outcome.FOUND, build, kind, label, name=name)


def gap(
    zh: str,
    en: str,
    build: Callable[[], bytes],
    label: str,
    reason: str,
    *whys: Why,
    name: str = "",
) -> Row:
    """Return a row that is listed as not read, or not for certain."""
    return Row(zh, en, Outcome.GAP, build, None, label, whys or PICTURED, reason, name)


def no_room(zh: str, en: str, reason: str) -> Row:
    """Return a row of a place in which no words fit."""
    return Row(zh, en, Outcome.NO_ROOM, reason=reason)


def left(zh: str, en: str, build: Callable[[], bytes], reason: str) -> Row:
    """Return a row of a place that is not accounted for."""
    return Row(zh, en, Outcome.LEFT, build, reason=reason)


def packed(members: Mapping[str, str | bytes], *, comment: str = "") -> bytes:
    """Return a zip of members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in members.items():
            data = body.encode() if isinstance(body, str) else body
            out.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)
        out.comment = comment.encode()
    return target.getvalue()


def picture(**exif: str) -> bytes:
    """Return a small grey JPEG; ``exif`` holds what its metadata says."""
    from PIL import Image

    target = io.BytesIO()
    image = Image.new("L", (48, 48), 200)
    tags = image.getexif()
    for name, text in exif.items():
        tags[{"description": 0x010E, "artist": 0x013B}[name]] = text.encode()
    image.save(target, "jpeg", exif=tags)
    return target.getvalue()
