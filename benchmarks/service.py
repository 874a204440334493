"""The service on loopback beside the same work in process: how long a client waits, how many.

The service is a process of its own with one worker, as ``secreview serve`` starts it. First one
client asks in turn with the same work done here; then a load generator keeps several connections
busy.
"""

import asyncio
import contextlib
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

from benchmarks.measure import Row, at_most
from benchmarks.process import PAGE

ROUNDS = {"one page of text": 60, "docx of 20 pages": 20}
LOAD = {"one page of text": 400, "docx of 20 pages": 40}  # requests of the load generator
CONNECTIONS = 16
PAGES, LINES = 20, 28
OVERHEAD = 30.0  # milliseconds that a request may cost beside the work, at the median
SENTENCE = "各科室要认真落实监测计划，按时报送数据，确保数据真实准确，第{n}项。"


def service() -> Iterator[Row]:
    """Measure p50, p95 and p99 of a review over HTTP and in process, and reviews a second."""
    import httpx

    from secreview import check

    samples = {"one page of text": ("page.txt", one_page), "docx of 20 pages": ("r.docx", report)}
    with served() as url, httpx.Client(base_url=url, timeout=60) as client:
        for what, (name, made) in samples.items():
            here, there = [], []
            for number in range(ROUNDS[what] + 2):  # the first two warm up
                data = made(number)
                here.append(timed(lambda data=data: check(data=data, name=name)))
                there.append(timed(lambda data=data: asked(client, name, data)))
            print(f"     {what}: p50 / p95 / p99 {shown(there[2:])} over HTTP, "
                  f"{shown(here[2:])} in process")  # fmt: skip
            extra = (statistics.median(there[2:]) - statistics.median(here[2:])) * 1000
            yield at_most("", f"{what}: milliseconds that HTTP adds, p50", extra, OVERHEAD)
            files = [made(number) for number in range(1000, 1000 + LOAD[what])]
            started = time.perf_counter()
            waits = asyncio.run(loaded(url, name, files))
            each = (time.perf_counter() - started) / len(files)
            alone = statistics.mean(here[2:])
            print(f"     {what}: {1 / each:.0f} a second over {CONNECTIONS} connections and one "
                  f"worker, p50 / p95 / p99 {shown(waits)}; {1 / alone:.0f} a second in process")  # fmt: skip
            extra = (each - alone) * 1000
            yield at_most("", f"{what}: milliseconds that HTTP adds, under load", extra, OVERHEAD)


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Give the address of a service with one worker in a process of its own."""
    import httpx

    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port = made.getsockname()[1]
    command = [sys.executable, "-m", "secreview", "serve", "--workers", "1", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            command, cwd=folder, env=environment, stderr=subprocess.DEVNULL
        ) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(600):
                with contextlib.suppress(httpx.TransportError):
                    httpx.get(f"{url}/healthz")
                    break
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()


async def loaded(url: str, name: str, files: list[bytes]) -> list[float]:
    """Return how long each review took while several connections were kept busy."""
    import httpx

    waiting, waits = iter(files), []

    async def connection(client: httpx.AsyncClient) -> None:
        for data in waiting:
            started = time.perf_counter()
            answer = await client.post(
                "/v1/reviews", files={"file": (name, data)}, headers={"prefer": "wait=60"}
            )
            assert answer.status_code == 200, answer.status_code
            waits.append(time.perf_counter() - started)

    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        await asyncio.gather(*(connection(client) for _ in range(CONNECTIONS)))
    return waits


def shown(seconds: list[float]) -> str:
    """Return the median, the 95th and the 99th percentile in milliseconds."""
    return " / ".join(f"{q * 1000:.0f}" for q in quantiles(seconds)) + " ms"


def asked(client: object, name: str, data: bytes) -> None:
    """Have a document reviewed over HTTP."""
    answer = client.post(  # type: ignore[attr-defined]
        "/v1/reviews", files={"file": (name, data)}, headers={"prefer": "wait=30"}
    )
    assert answer.status_code == 200, answer.status_code


def timed(way: Callable[[], object]) -> float:
    """Return the wall seconds of one run."""
    started = time.perf_counter()
    way()
    return time.perf_counter() - started


def quantiles(seconds: list[float]) -> tuple[float, float, float]:
    """Return the median, the 95th and the 99th percentile."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def one_page(number: int) -> bytes:
    """Return one page of text, each time another."""
    return f"{PAGE}\n第{number}期".encode()


def report(number: int) -> bytes:
    """Return a Word report of 20 pages, each time another."""
    from docx import Document

    made = Document()
    made.add_heading(f"监测年度报告第{number}期")
    for page in range(PAGES):
        for line in range(LINES):
            made.add_paragraph(SENTENCE.format(n=page * LINES + line + number))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()
