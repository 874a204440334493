"""The service on loopback beside the same work in process: how long a client waits."""

import contextlib
import io
import statistics
import threading
import time
from collections.abc import Callable, Iterator

from benchmarks.measure import Row, at_most
from benchmarks.process import PAGE

ROUNDS = {"one page of text": 60, "docx of 20 pages": 20}
PAGES, LINES = 20, 28
OVERHEAD = 30.0  # milliseconds that a request may cost beside the work, at the median
SENTENCE = "各科室要认真落实监测计划，按时报送数据，确保数据真实准确，第{n}项。"


def service() -> Iterator[Row]:
    """Measure p50, p95 and p99 of a review over HTTP, and in process, in turn."""
    import httpx

    from secreview import check

    samples = {"one page of text": ("page.txt", one_page), "docx of 20 pages": ("r.docx", report)}
    with served() as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for what, (name, made) in samples.items():
            here, there = [], []
            for number in range(ROUNDS[what] + 2):  # the first two warm up
                data = made(number)
                here.append(timed(lambda data=data: check(data=data, name=name)))
                there.append(timed(lambda data=data: asked(client, name, data)))
            inside, outside = quantiles(here[2:]), quantiles(there[2:])
            shown = " / ".join(f"{q * 1000:.0f}" for q in outside)
            alone = " / ".join(f"{q * 1000:.0f}" for q in inside)
            print(f"     {what}: p50 / p95 / p99 {shown} ms over HTTP, {alone} ms in process")
            extra = (outside[0] - inside[0]) * 1000
            yield at_most("", f"{what}: milliseconds that HTTP adds, p50", extra, OVERHEAD)


@contextlib.contextmanager
def served() -> Iterator[int]:
    """Give the port of a service with one worker in a thread of this process."""
    from secreview.config import Config, Serve
    from secreview.server.run import server_of
    from secreview.server.service import Settings

    server = server_of(Settings(Config(serve=Serve(port=0, workers=1))))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


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
