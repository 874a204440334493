"""Reports as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Sequence

from secreview.model import Report
from secreview.outputs import Options
from secreview.outputs.shape import as_dict


def render(reports: Sequence[Report], options: Options) -> str:
    """Return all reports as one JSON object, UTF-8 text as it is."""
    table = as_dict(reports, lang=options.lang, reveal=options.reveal)
    return json.dumps(table, ensure_ascii=False, indent=1)
