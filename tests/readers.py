"""Readers that hang or die, as a damaged library would, in the process that reads."""

from __future__ import annotations

import os
from pathlib import Path

from secreview.formats import IN_PROCESS

FAULTS = {"hangs": "time.sleep(600)", "dies": "os.kill(os.getpid(), 9)"}


def python_path(folder: Path, how: str, *more: str | Path) -> str:
    """Return a PYTHONPATH under which each process that reads for another one fails."""
    folder.mkdir()
    code = f"import os, time\nif os.environ.get({IN_PROCESS!r}):\n    {FAULTS[how]}\n"
    (folder / "sitecustomize.py").write_text(code, "utf-8")
    return os.pathsep.join(map(str, (folder, *more)))
