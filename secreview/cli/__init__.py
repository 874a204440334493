"""The command line: one module per command; only here do exceptions become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = (
    "check",
    "read",
    "explain",
    "rules",
    "baseline",
    "diff",
    "submit",
    "sign",
    "gate",
    "flow",
    "audit",
    "stats",
    "git",
    "watch",
    "review",
    "serve",
    "schema",
    "doctor",
)
CLEAR, FINDINGS, USAGE, UNREAD, INTERNAL = 0, 1, 2, 3, 4


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0 clear, 1 findings or refused, 2 usage, configuration or rule error, 3 something was not read,
    4 internal error.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    from secreview.cli.terms import language, say

    lang = language(arguments)
    try:
        name = arguments[0] if arguments else "--help"
        if name in ("-h", "--help"):
            from secreview.cli.terms import overview

            print(overview(lang))
            return CLEAR if arguments else USAGE
        if name in ("-V", "--version"):
            from secreview import __version__

            print(f"secreview {__version__}")
            return CLEAR
        if name not in COMMANDS:
            from difflib import get_close_matches

            close = get_close_matches(name, COMMANDS, 1)
            say("cli.no-command", lang, name=name, hint=close[0] if close else "--help")
            return USAGE
        command = import_module(f"secreview.cli.{name}")
        code: int = command.run(arguments[1:], lang)
        sys.stdout.flush()
        return code
    except SystemExit as stop:  # argparse
        return stop.code if isinstance(stop.code, int) else USAGE
    except BrokenPipeError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        return INTERNAL
    except KeyboardInterrupt:
        say("cli.interrupted", lang)
        return INTERNAL
    except Exception as error:
        return failed(error, lang)


def failed(error: Exception, lang: str) -> int:
    """Return the exit code of an error after saying what is wrong and what to do next."""
    from secreview.cli.terms import say
    from secreview.errors import ReadError, ReviewError, RuleError, SecreviewError, StoreError

    match error:
        case RuleError():
            for fault in error.faults:
                say("cli.plain", lang, text=str(fault))
            say("cli.broken-rules", lang, count=len(error.faults))
            return USAGE
        case ReadError():
            from secreview.outputs.details import detail

            say("cli.unreadable", lang, text=detail(str(error), lang))
            return UNREAD
        case ReviewError():
            say("cli.refused", lang, text=error.zh if lang == "zh" else str(error))
            return FINDINGS
        case StoreError():
            say("cli.store", lang, text=error.zh if lang == "zh" else str(error))
            return INTERNAL
        case SecreviewError():
            say("cli.usage", lang, text=str(error))
            return USAGE
    if os.environ.get("SECREVIEW_TRACE"):
        raise error
    say("cli.internal", lang, kind=type(error).__name__)
    return INTERNAL
