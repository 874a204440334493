"""Reports as JSON Lines: one report a line."""

from __future__ import annotations

import json
from collections.abc import Sequence

from secreview.model import Report
from secreview.outputs import Options
from secreview.outputs.shape import report_dict


def render(reports: Sequence[Report], options: Options) -> str:
    """Return one line for each document."""
    rows = (report_dict(report, options.lang, options.reveal) for report in reports)
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
