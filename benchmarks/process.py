"""What a process costs: imports, one short check, memory for a large file."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import corpora
from benchmarks.measure import Row, at_most, commands, peak_memory

PAGE = (
    "关于开展环境监测工作的通知\n\n"
    + "各科室要认真落实监测计划，按时报送数据，确保数据真实准确。\n" * 30
)
FORBIDDEN = ("jieba", "pydantic", "rich", "lxml", "numpy")


def start() -> Iterator[Row]:
    """Measure start-up: the import alone, and a check of one page."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.txt"
        page.write_text(PAGE, "utf-8")
        python = sys.executable
        took = commands(
            {
                "python": [python, "-c", "pass"],
                "import": [python, "-c", "import secreview"],
                "others": [python, "-c", "import pydantic, rich.console, rich.table"],
                "json": [python, "-m", "secreview", "check", str(page), "--format", "json"],
                "text": [python, "-m", "secreview", "check", str(page)],
            }
        )
    yield at_most(
        "", "import secreview, seconds above bare Python", took["import"] - took["python"], 0.1
    )
    yield at_most(
        "P7",
        "check of one page as JSON / importing pydantic and rich",
        took["json"] / took["others"],
        0.6,
    )
    yield at_most("", "check of one page as text, seconds with start-up", took["text"], 0.5)
    loaded = peak_modules()
    yield at_most("", f"heavy modules that import secreview loads {loaded or ''}", len(loaded), 0)


def peak_modules() -> list[str]:
    """Return which heavy modules a bare import loads."""
    import subprocess

    code = "import secreview, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return [name for name in FORBIDDEN if name in done.stdout.split()]


def memory() -> Iterator[Row]:
    """Measure memory above the start for text files of 25 and 100 MB."""
    base = corpora.prose()
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        for times in (3, 10):
            path = Path(folder) / f"{times}.txt"
            with path.open("w", encoding="utf-8") as stream:
                for _ in range(times):
                    stream.write(base + "\n")
            size = path.stat().st_size / 1e6
            ready = (
                f"from secreview.api import check\ncheck(text={PAGE!r} * 20)"  # all of the rules
            )
            code = f"check({str(path)!r})"
            peaks[times] = size, peak_memory(code, ready), peak_memory(f"{ready}\n{code}")
    (_, small, _), (size, large, whole) = peaks[3], peaks[10]
    name = f"memory for {size:.0f} MB of text"
    yield at_most("P8", f"{name} above a process with rules ready / its size", large / size, 0.5)
    yield at_most("", f"{name} above bare Python / its size (information)", whole / size, 1.0)
    yield at_most("P8", "memory for 100 MB / memory for 30 MB", large / small, 1.3)
