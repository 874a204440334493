"""``secreview read``: every part of a document as it was read, and every gap."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from secreview.api import WHY_OF, late_gaps, read
from secreview.cli import CLEAR, UNREAD
from secreview.cli.settings import passwords_of
from secreview.cli.terms import say, write
from secreview.errors import ReadError
from secreview.model import Document, Gap, Part
from secreview.outputs.details import detail
from secreview.outputs.messages import message
from secreview.outputs.places import label


def run(argv: Sequence[str], lang: str) -> int:
    """Print the parts of one file and return 3 when something was not read."""
    parser = argparse.ArgumentParser(
        prog="secreview read", description=message("help.command.read", lang)
    )
    parser.add_argument("file", type=Path, help=message("help.paths", lang))
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--lang", choices=("zh", "en"), help=message("help.lang", lang))
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help=message("help.password-file", lang)
    )
    arguments = parser.parse_args(argv)
    try:
        document = read(arguments.file, passwords=passwords_of(arguments.password_file))
    except ReadError as error:
        why = next((w for kind, w in WHY_OF.items() if isinstance(error, kind)), "damaged")
        say(
            "cli.unreadable",
            lang,
            text=f"{arguments.file}: {message(f'why.{why}', lang)} ({detail(str(error), lang)})",
        )
        return UNREAD
    if arguments.format == "json":
        write(json.dumps(as_dict(document, lang), ensure_ascii=False, indent=1) + "\n", sys.stdout)
    else:
        for part in document.parts:
            write(
                f"== {part.id} · {message(f'kind.{part.kind}', lang)} · {len(part.text)}\n",
                sys.stdout,
            )
            write(part.text.rstrip("\n") + "\n\n", sys.stdout)
        for gap in gaps(document):
            why = f"{message(f'why.{gap.why}', lang)} {detail(gap.detail, lang)}"
            write(f"?? {gap.part}: {why}\n", sys.stdout)
    return UNREAD if gaps(document) else CLEAR


def gaps(document: Document) -> tuple[Gap, ...]:
    """Return the gaps of a document, late ones included."""
    return (*document.gaps, *late_gaps(document))


def as_dict(document: Document, lang: str) -> dict[str, Any]:
    """Return a document as JSON-ready values."""
    return {
        "schema": "secreview.document/1",
        "name": document.name,
        "sha256": document.sha256,
        "size": document.size,
        "media_type": document.media_type,
        "parts": [part_dict(part, lang) for part in document.parts],
        "gaps": [
            {"part": gap.part, "why": gap.why, "detail": gap.detail} for gap in gaps(document)
        ],
    }


def part_dict(part: Part, lang: str) -> dict[str, Any]:
    """Return one part with the label of the place it begins at."""
    return {
        "id": part.id,
        "kind": part.kind,
        "label": label(part.place_at(0), part.kind, lang),
        "start": part.start,
        "text": part.text,
    }
