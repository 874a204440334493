"""What the workers of a test do: check documents, or what a broken parser would do."""

import os
import subprocess
import sys
import time

from secreview.server import work

HANG, DIE, RAISE, WEIRD = b"#hang#", b"#die#", b"#raise#", b"#weird#"
SLEEPER = "import time; time.sleep(613.25)"  # told apart by its number


def run() -> str:
    """Which of the processes that run tests side by side this belongs to."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


def review(job, options):
    if HANG in job.data:
        subprocess.Popen([sys.executable, "-c", SLEEPER, run()])
        time.sleep(600)
    if DIE in job.data:
        os._exit(3)
    if RAISE in job.data:
        raise ValueError(job.data.decode())
    if WEIRD in job.data:
        return os.system
    return work.review(job, options)
