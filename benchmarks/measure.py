"""Time several ways of doing a thing in turn, so that a slow moment hits all of them alike."""

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Row:
    """One goal: what was measured, what was asked for, and whether it was reached."""

    goal: str
    what: str
    value: float
    target: str
    is_met: bool

    def line(self) -> str:
        """Return the row as a line of a table."""
        mark = "ok" if self.is_met else "MISSED"
        return f"{self.goal:<5}{self.what:<66}{self.value:>9.3f}  {self.target:<9}{mark}"


def at_least(goal: str, what: str, value: float, target: float) -> Row:
    """Return a row for a goal that more is better for."""
    return Row(goal, what, value, f">= {target:g}", value >= target)


def at_most(goal: str, what: str, value: float, target: float) -> Row:
    """Return a row for a goal that less is better for."""
    return Row(goal, what, value, f"<= {target:g}", value <= target)


def interleaved(ways: Mapping[str, Callable[[], object]], rounds: int = 3) -> dict[str, float]:
    """Return the median processor seconds of each way, measured round by round."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()
            started = time.process_time()
            way()
            seconds[name].append(time.process_time() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def commands(ways: Mapping[str, list[str]], rounds: int = 9) -> dict[str, float]:
    """Return the median wall seconds of some commands, run in turn, compiled code kept.

    Installed packages have their compiled code beside them; so must this one to compare.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for turn in range(rounds + 1):
        for name, command in ways.items():
            started = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
            if turn:  # the first turn only warms up
                seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def peak_memory(code: str, ready: str = "") -> float:
    """Return the peak resident megabytes that a Python program reaches above its start.

    ``ready`` is run before that counts.
    """
    program = (
        "import resource\n"
        "def peak():\n"
        "    try:\n"  # a new program's own peak; the other one begins with its parent's
        "        lines = open('/proc/self/status').read().split('\\n')\n"
        "        return int(next(x for x in lines if x.startswith('VmHWM')).split()[1])\n"
        "    except OSError:\n"
        "        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"{ready}\nstart = peak()\n"
        f"{code}\n"
        "print((peak() - start) / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])
