"""How a result looks: the registry of output formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from secreview.model import Report

FORMATS: Mapping[str, str] = {
    "text": "secreview.outputs.text",
    "json": "secreview.outputs.json",
    "jsonl": "secreview.outputs.jsonl",
    "sarif": "secreview.outputs.sarif",
    "junit": "secreview.outputs.junit",
    "github": "secreview.outputs.github",
    "html": "secreview.outputs.html",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How to show reports; ``width`` is in terminal cells."""

    lang: str = "zh"
    reveal: bool = False
    verbose: bool = False
    quiet: bool = False
    color: bool = False
    width: int = 80


def render(name: str, reports: Sequence[Report], options: Options) -> str:
    """Return reports in a named format; the format's module is loaded on first use."""
    text: str = import_module(FORMATS[name]).render(reports, options)
    return text
