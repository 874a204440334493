"""``secreview doctor``: whether this installation can do its work, offline."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from secreview import __version__
from secreview.api import Options, check, load_rulebook
from secreview.cli import CLEAR, INTERNAL
from secreview.cli.terms import write
from secreview.model import Verdict
from secreview.outputs.messages import message

LIBRARIES = (
    ("pyahocorasick", "ahocorasick"),
    ("lxml", "lxml.etree"),
    ("pypdfium2", "pypdfium2"),
    ("pikepdf", "pikepdf"),
    ("pillow", "PIL.Image"),
    ("olefile", "olefile"),
    ("xlrd", "xlrd"),
    ("python-stdnum", "stdnum.luhn"),
    ("pydantic", "pydantic"),
    ("rich", "rich"),
    ("jieba", "jieba"),
)
SELF_TEST = "身份证号：11010519491231002X"  # the sample number of GB 11643


def run(argv: Sequence[str], lang: str) -> int:
    """Print one line for each thing that must work; return 4 when one does not."""
    parser = argparse.ArgumentParser(
        prog="secreview doctor", description=message("help.command.doctor", lang)
    )
    parser.add_argument("--lang", choices=("zh", "en"))
    parser.parse_args(argv)
    rows: list[tuple[str, Callable[[], str]]] = [
        ("secreview", lambda: __version__),
        ("python", lambda: sys.version.split()[0]),
        *((name, library(name, module)) for name, module in LIBRARIES),
        (message("doctor.rules", lang), rules),
        (message("doctor.self-test", lang), self_test),
        (message("doctor.readers", lang), readers),
        (message("doctor.ocr", lang), lambda: ocr_state(lang)),
        (message("doctor.encoding", lang), lambda: sys.stdout.encoding or "?"),
    ]
    is_well = True
    for name, probe in rows:
        try:
            result, mark = probe(), "ok"
        except Exception as error:  # each line stands for itself
            result, mark, is_well = f"{type(error).__name__}: {error}", "!!", False
        write(f"{mark}  {name}  {result}\n", sys.stdout)
    return CLEAR if is_well else INTERNAL


def library(name: str, module: str) -> Callable[[], str]:
    """Return a probe that imports a library and says its version."""

    def probe() -> str:
        import_module(module)
        try:
            return version(name)
        except PackageNotFoundError:
            return "?"

    return probe


def rules() -> str:
    """Return how many rules load and their digest."""
    rulebook = load_rulebook()
    return f"{len(rulebook.rules)}  {rulebook.digest[:12]}"


def self_test() -> str:
    """Return which rule finds the sample number; raise RuntimeError when none does."""
    report = check(text=SELF_TEST, name="self-test.txt", options=Options(key=b"self-test"))
    if report.verdict is not Verdict.BLOCK:
        raise RuntimeError("the built-in sample was not found")
    return report.findings[0].rule


def readers() -> str:
    """Return how many readers find the word in a tiny file; raise RuntimeError for others."""
    from secreview.formats.selftest import answers

    given = list(answers())
    lost = [answer.name for answer in given if not answer.is_found]
    if lost:
        raise RuntimeError(f"nothing found in the built-in {', '.join(lost)}")
    return f"{len(given)}/{len(given)}"


def ocr_state(lang: str) -> str:
    """Return whether text in pictures is read, or which extra would do it."""
    from secreview.formats import ocr

    return message("doctor.ocr-on" if ocr.is_installed() else "doctor.ocr-off", lang)
