"""Files written into a text as data URIs in base64, each read by its own format."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_to_bytes

from secreview.formats.nested import nested
from secreview.formats.peek import FONT_STARTS
from secreview.formats.protocol import Limits, Source
from secreview.model import Covered, Gap, Part, Status, Why

URI = re.compile(
    r"data:([\w/+.-]{0,60})(?:;[\w=.-]{1,60}){0,9}?;base64,([A-Za-z0-9+/=_%\s-]*+)", re.IGNORECASE
)
SHORT = "data:"  # what stands for a file in the text that held it
EXTENSIONS = {"plain": "txt", "javascript": "txt", "svg": "svg"}


@dataclass(slots=True)
class Embedded:
    """The files found so far: their parts, gaps and rows of the coverage list."""

    reader: str
    limits: Limits
    parts: list[Part] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    rows: list[Covered] = field(default_factory=list)
    count: int = 0
    size: int = 0

    def take(self, text: str) -> str:
        """Read the files in a text and return the text without them."""
        if "base64," not in text:
            return text
        for found in URI.finditer(text):
            self.one(found[1], found[2])
        return URI.sub(SHORT, text)

    def one(self, media_type: str, text: str) -> None:
        """Read one file by its media type and its bytes in base64."""
        self.count += 1
        subtype = media_type.rpartition("/")[2].partition("+")[0] or "bin"
        name = f"embedded {self.count}.{EXTENSIONS.get(subtype, subtype)}"
        self.size += len(text) * 3 // 4
        if self.count > self.limits.members or self.size > self.limits.total:
            if self.gaps and self.gaps[-1].part == "embedded files":
                return
            self.gaps.append(Gap("embedded files", Why.LIMIT, "too many or too large"))
            return
        try:
            plain = unquote_to_bytes("".join(text.split())) if "%" in text else text
            data = base64.b64decode(plain, validate=False)
        except (binascii.Error, ValueError):
            self.gaps.append(Gap(name, Why.DAMAGED, "not in base64"))
            return
        if data.startswith(FONT_STARTS):
            row = Covered(name, "embedded", Status.SKIPPED, len(data), self.reader, "no text")
            self.rows.append(row)
            return
        left = max(0, self.limits.total - self.size)
        content = nested(Source(name, data=data), replace(self.limits, total=left))
        self.parts += content.parts
        self.gaps += content.gaps
        self.rows += content.coverage
