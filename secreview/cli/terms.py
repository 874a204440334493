"""What the command line says and in which language."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from secreview.outputs.messages import message


def language(arguments: Sequence[str]) -> str:
    """Return the language of messages: --lang, else Chinese under a Chinese locale."""
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            return "zh" if arguments[index + 1] == "zh" else "en"
        if argument.startswith("--lang="):
            return "zh" if argument == "--lang=zh" else "en"
    for variable in ("SECREVIEW_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    if sys.platform == "win32":
        import locale

        return "zh" if (locale.getlocale()[0] or "").startswith(("zh", "Chinese")) else "en"
    return "en"


def write(text: str, stream: TextIO) -> None:
    """Write text; what the stream's encoding cannot say is replaced, never an error."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding, "replace"))


def say(key: str, lang: str, **values: object) -> None:
    """Write a message to standard error."""
    write(f"secreview: {message(key, lang, **values)}\n", sys.stderr)


def overview(lang: str) -> str:
    """Return the list of commands."""
    from secreview.cli import COMMANDS

    lines = [message("help.title", lang), "", "secreview COMMAND …", ""]
    lines += [f"  {name:<10}{message(f'help.command.{name}', lang)}" for name in COMMANDS]
    return "\n".join((*lines, "", message("help.more", lang)))
