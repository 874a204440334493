"""A proxy before the service that spoils its answers, to see that its clients let nothing through.

It asks the real service first, so that everything in an answer is right but for what is spoiled.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Given(NamedTuple):
    """An answer: its status, its head, its body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Cut(Exception):
    """The rest of an answer never comes: the connection is closed, or kept without a word."""

    def __init__(self, sent: Given, part: int, *, seconds: float = 0.0, pause: float = 0.0) -> None:
        """Take how many bytes of the body are sent, and how long the connection is kept."""
        super().__init__()
        self.sent, self.part, self.seconds, self.pause = sent, part, seconds, pause


Spoil = Callable[[Given], Given]
LONG = 30.0  # seconds, longer than any client of the tests waits


def changed(**values: object) -> Spoil:
    """Return a way to answer with other values in the summary of the report."""

    def spoil(given: Given) -> Given:
        report = json.loads(given.body)
        report["summary"] |= values
        headers = {**given.headers, "secreview-verdict": str(values.get("verdict", ""))}
        return given._replace(headers=headers, body=json.dumps(report).encode())

    return spoil


def of_other_files(given: Given) -> Given:
    """Return the report on other bytes."""
    report = json.loads(given.body)
    for row in report["reports"]:
        row["document"]["sha256"] = "0" * 64
    headers = {**given.headers, "secreview-bundle": "0" * 64}
    return given._replace(headers=headers, body=json.dumps(report).encode())


def of_the_page_alone(given: Given) -> Given:
    """Return a report without those on attachments."""
    report = json.loads(given.body)
    del report["reports"][1:]
    headers = {**given.headers, "secreview-bundle": "0" * 64}
    return given._replace(headers=headers, body=json.dumps(report).encode())


def page(given: Given) -> Given:
    """Return a web page, as a captive portal does."""
    return Given(200, {"content-type": "text/html"}, b'<!doctype html><p>{"verdict": "clear"}</p>')


def moved(given: Given) -> Given:
    """Return that the answer is elsewhere; it really is, and says clear."""
    return Given(302, {"location": "/spoiled/elsewhere"}, b"")


def truncated(given: Given) -> Given:
    """Send half of an answer and hang up."""
    raise Cut(given, len(given.body) // 2)


def silent(given: Given) -> Given:
    """Send nothing, ever."""
    raise Cut(given, -1, seconds=LONG)


def stalled(given: Given) -> Given:
    """Send the head and half of the body, and no more."""
    raise Cut(given, len(given.body) // 2, seconds=LONG)


def dribbled(given: Given) -> Given:
    """Send one byte after the other, slowly."""
    raise Cut(given, len(given.body) - 1, pause=0.2)


SPOILS: dict[str, Spoil] = {
    "an error, with a report that says clear": lambda given: given._replace(status=500),
    "unavailable, with a report that says clear": lambda given: given._replace(status=503),
    "another success than it should be": lambda given: given._replace(status=201),
    "a web page": page,
    "nothing": lambda given: given._replace(body=b"", headers={}),
    "no JSON": lambda given: Given(200, {}, b"clear"),
    "JSON of something else": lambda given: Given(200, {}, b'["clear"]'),
    "null": lambda given: Given(200, {}, b"null"),
    "a verdict that nobody knows": changed(verdict="fine"),
    "a verdict that is no word": changed(verdict=None),
    "the report on other files": of_other_files,
    "the report on the page alone": of_the_page_alone,
    "a redirection to where it says clear": moved,
    "never done": lambda given: Given(202, {"location": "/v1/reviews/" + "0" * 32},
                                      json.dumps({"id": "0" * 32}).encode()),
    "pending elsewhere": lambda given: Given(202, {"location": "http://127.0.0.1:9/v1/reviews/x"},
                                             b'{"id": "../../spoiled/elsewhere"}'),
    "half an answer": truncated,
    "no answer at all": silent,
    "half an answer, and waiting": stalled,
    "a byte now and then": dribbled,
}  # fmt: skip


@contextmanager
def spoiled(service: str, spoil: Spoil) -> Iterator[str]:
    """Give the address of a proxy that passes on questions and spoils the answers."""
    host = service.removeprefix("http://").rstrip("/")
    clear: list[Given] = []

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(b"")

        def do_POST(self) -> None:
            self.answer(self.rfile.read(int(self.headers.get("content-length") or 0)))

        def answer(self, body: bytes) -> None:
            try:
                if self.path == "/spoiled/elsewhere" and clear:
                    self.tell(clear[-1])
                else:
                    clear.append(self.true(body))
                    self.tell(spoil(clear[-1]))
            except Cut as cut:
                self.cut(cut)
            except OSError:  # the client has hung up
                self.close_connection = True

        def true(self, body: bytes) -> Given:
            asked = http.client.HTTPConnection(host, timeout=30)
            headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            asked.request(self.command, self.path, body, headers)
            given = asked.getresponse()
            kept = ("content-type", "location", "secreview-verdict", "secreview-bundle")
            head = {k: v for k in kept if (v := given.getheader(k))}
            answer = Given(given.status, head, given.read())
            asked.close()
            return answer

        def tell(self, given: Given, part: int | None = None) -> None:
            self.send_response(given.status)
            for key, value in given.headers.items():
                self.send_header(key, value)
            self.send_header("content-length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body[:part])

        def cut(self, cut: Cut) -> None:
            self.close_connection = True
            until = time.monotonic() + LONG
            try:
                if cut.pause:
                    self.tell(cut.sent, 0)
                    for at in range(len(cut.sent.body) - 1):
                        self.wfile.write(cut.sent.body[at : at + 1])
                        if is_over.wait(cut.pause) or time.monotonic() > until:
                            return
                elif cut.part >= 0:
                    self.tell(cut.sent, cut.part)
            except OSError:
                return
            is_over.wait(cut.seconds)

        def log_message(self, *_: object) -> None:
            pass

    is_over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def nowhere() -> str:
    """Return an address at which nothing listens."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{made.getsockname()[1]}"
