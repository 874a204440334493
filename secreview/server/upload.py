"""What a client hands in: files as multipart/form-data or as JSON, never written to disk."""

from __future__ import annotations

import asyncio
import base64
import binascii
import unicodedata
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from secreview.config import Serve
from secreview.formats.protocol import Limits
from secreview.server.door import turn_away
from secreview.server.limits import Room
from secreview.server.problems import Problem, faults_of

JSON, MULTIPART = "application/json", "multipart/form-data"
NAME_LENGTH = 255
WORD_LENGTH = 10_000
FIELDS = 50
BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"  # RFC 4648
FileName = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]


@dataclass(frozen=True, slots=True)
class Named:
    """A file as handed in."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """The files of a bundle, the page first, and the words that came with them."""

    files: tuple[Named, ...]
    words: Mapping[str, str] = field(default_factory=dict)


class Strict(BaseModel):
    """An object that allows no other keys and no other types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class TextPart(Strict):
    """One file of a bundle, given as text."""

    name: FileName
    text: str

    def named(self) -> Named:
        """Return the file, in UTF-8."""
        return Named(self.name, self.text.encode("utf-8", "surrogatepass"))


class BytesPart(Strict):
    """One file of a bundle, its bytes in base64."""

    name: FileName
    base64: Annotated[str, Field(pattern=BASE64)]

    def named(self) -> Named:
        """Return the file; raise Problem when it is no base64."""
        try:
            return Named(self.name, base64.b64decode(self.base64, validate=True))
        except (binascii.Error, ValueError):
            raise Problem(422, "base64") from None


class BundleModel(Strict):
    """A page with its attachments, and the profile that applies."""

    parts: Annotated[list[TextPart | BytesPart], Field(min_length=1)]
    profile: str = ""


class PageModel(BundleModel):
    """A page with its attachments, and the person who goes through them."""

    by: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]


class RecordModel(PageModel):
    """A page with its attachments, who hands it in, and the lines of the form."""

    form: dict[str, str] = {}


class InMemory(MultiPartParser):
    """A parser that keeps every part in memory: a document never lies in a temporary file."""

    spool_max_size = 1 << 62


@asynccontextmanager
async def upload(
    request: Request,
    room: Room,
    settings: Serve,
    model: type[BundleModel],
    reading: Limits,
) -> AsyncIterator[Upload]:
    """Give what a request hands in; the room it takes is free again afterwards.

    Raises Problem for what is too large, malformed, unnamed, of another kind or turned away.
    """
    declared = int(request.headers.get("content-length") or settings.body)
    room.take(declared, 0)
    try:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == MULTIPART:
            given = await from_multipart(request, settings)
        elif kind == JSON:
            given = from_json(await request.body(), model)
        else:
            raise Problem(415)
        checked(given, settings)
        for file in given.files:
            await asyncio.to_thread(turn_away, file.data, reading)
        yield given
    finally:
        room.give(declared, 0)


async def from_multipart(request: Request, settings: Serve) -> Upload:
    """Return the files and words of a form."""
    parser = InMemory(
        request.headers,
        request.stream(),
        max_files=settings.parts,
        max_fields=FIELDS,
        max_part_size=WORD_LENGTH * 4,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError, ValueError):
        raise Problem(400, "multipart") from None
    files, words = [], {}
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            files.append(Named(value.filename or "", await value.read()))
            await value.close()
        else:
            words[key] = value
    return Upload(tuple(files), words)


def from_json(body: bytes, model: type[BundleModel]) -> Upload:
    """Return the files and words of a JSON bundle."""
    try:
        bundle = model.model_validate_json(body)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False, include_context=False)
        if any(item["type"] == "json_invalid" for item in errors):
            raise Problem(400, "json") from None
        where = ", ".join(faults_of(errors)[:8])
        raise Problem(422, en=where) from None
    words = {"profile": bundle.profile} if bundle.profile else {}
    if isinstance(bundle, RecordModel):
        words |= bundle.form
    if isinstance(bundle, PageModel):
        words["by"] = bundle.by
    return Upload(tuple(part.named() for part in bundle.parts), words)


def checked(given: Upload, settings: Serve) -> None:
    """Raise Problem for a bundle without files, with too many, too large or badly named ones."""
    if not given.files:
        raise Problem(422, "no-files")
    if len(given.files) > settings.parts:
        raise Problem(413, "parts")
    if any(len(file.data) > settings.part for file in given.files):
        raise Problem(413)
    if not all(is_plain_name(file.name) for file in given.files):
        raise Problem(422, "name")
    if len({file.name for file in given.files}) < len(given.files):
        raise Problem(422, "same-name")


def is_plain_name(name: str) -> bool:
    r"""Return whether a name is a file's, or a relative path that stays below where it starts.

    >>> [is_plain_name(n) for n in ("通知.docx", "img/a.png", "../a", "/a", "a\\..\\b", "a\0b", "")]
    [True, True, False, False, False, False, False]
    """
    steps = name.replace("\\", "/").split("/")
    is_bounded = all(0 < len(step) <= NAME_LENGTH for step in steps)
    is_printable = not any(unicodedata.category(c) in ("Cc", "Cs") for c in name)
    is_relative = not {".", ".."} & set(steps) and ":" not in steps[0]
    return is_bounded and is_printable and is_relative and len(name) <= 4 * NAME_LENGTH
