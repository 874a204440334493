"""``manage.py secreview_sweep``: a list of what is public and should not be.

Exit codes: 0 all is well, 1 something has to be taken down or reviewed, 3 something could not be
told.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from secreview.integrations.django import words
from secreview.integrations.django.sweep import Fault, Listed, sweep
from secreview.outputs.messages import message


class Command(BaseCommand):
    """Looks at everything that is public: what went around the gate, changed, or is found today."""

    help = "List what is public and should not be; run it nightly and after rules changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the language, the format, and whether to take down at once."""
        parser.add_argument("--lang", choices=("zh", "en"), default="")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--take-down", action="store_true", help="unpublish what is on the list at once"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """List, take down if asked to, and end with the exit code."""
        lang = options["lang"] or words.language()
        listed = list(sweep())
        rows = [self.told(item, lang) for item in listed]
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                self.stdout.write("\n".join((row["line"], *(f"  {line}" for line in row["more"]))))
            self.stdout.write(message("sweep.end", lang, n=len(listed)))
        if options["take_down"]:
            for item in listed:
                self.take_down(item, lang)
        code = 1 if any(i.fault is not Fault.UNKNOWN for i in listed) else 3 if listed else 0
        if code:
            sys.exit(code)

    def told(self, item: Listed, lang: str) -> dict[str, Any]:
        """Return one row of the list."""
        fault = message(f"sweep.{item.fault}", lang)
        return {
            "fault": item.fault.value,
            "model": item.model,
            "key": item.key,
            "path": item.path,
            "take_down": item.is_to_go,
            "line": f"{item.path}  {item.model} {item.key}  {fault}",
            "more": words.findings(item.asked, lang),
        }

    def take_down(self, item: Listed, lang: str) -> None:
        """Unpublish an object where its model knows how."""
        unpublish = getattr(item.instance, "unpublish", None)
        if not item.is_to_go:
            return
        if unpublish is None:
            self.stderr.write(message("sweep.by-hand", lang, path=item.path))
            return
        unpublish()
        self.stderr.write(message("sweep.taken-down", lang, path=item.path))
