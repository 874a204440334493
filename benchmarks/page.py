"""The review page with ten thousand findings in Chromium: how soon a key is answered."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from stdnum.cn import ric

from benchmarks.measure import Row, at_most

FINDINGS = 10_000
TIMES = 9
KEYS = "jknau"
MOST = 100.0  # milliseconds
PRESSED = """async ({key, times}) => {
  const frame = () => new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0); }));
  const took = [];
  await frame();
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    await frame();
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b)[times >> 1];
}"""


def page() -> Iterator[Row]:
    """Measure the median from a key to the painted frame, in milliseconds, for the slowest key."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("     the review page: no Chromium is installed, not measured")
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        command = [sys.executable, "-m", "secreview", "review", str(draft(Path(folder))),
                   "--no-browser"]  # fmt: skip
        environment = {**os.environ, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        ) as process:  # fmt: skip
            try:
                assert process.stdout is not None
                tab = browser.new_page()
                tab.goto(process.stdout.readline().strip())
                took = [tab.evaluate(PRESSED, {"key": key, "times": TIMES}) for key in KEYS]
            finally:
                process.terminate()
        browser.close()
    yield at_most(
        "", f"milliseconds from a key to its frame, {FINDINGS:,} findings", max(took), MOST
    )


def draft(folder: Path) -> Path:
    """Return a text with an invented identity number on each line."""
    rows = []
    for number in range(FINDINGS):
        body = f"522601{1970 + number // 9000}01{number // 999 % 28 + 1:02}{number % 999:03}"
        rows.append(f"材料{number}所附证件号为{body}{ric.calc_check_digit(body + '0')}，请核对。\n")
    path = folder / "draft.txt"
    path.write_text("".join(rows), "utf-8")
    return path
