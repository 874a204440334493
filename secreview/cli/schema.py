"""``secreview schema``: the JSON Schema of the report."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from secreview.cli import CLEAR
from secreview.outputs.messages import message


def run(argv: Sequence[str], lang: str) -> int:
    """Print the JSON Schema of ``check --format json``."""
    parser = argparse.ArgumentParser(
        prog="secreview schema", description=message("help.command.schema", lang)
    )
    parser.add_argument("--lang", choices=("zh", "en"))
    parser.parse_args(argv)
    from secreview.outputs.schema import report_schema

    print(json.dumps(report_schema(), ensure_ascii=False, indent=2))
    return CLEAR
