"""Messages to other programs: signed, retried, each thing once, nothing of a document."""

import asyncio
import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from secreview.config import Config, Webhook
from secreview.errors import UsageError
from secreview.server.webhooks import Message, Target, Teller, message_of, targets_of
from tests.server.conftest import quick, running
from tests.server.test_reviews import LEAK, NUMBER, post

SECRET = b"invented-secret-of-32-characters"


@contextmanager
def receiver(*statuses):
    """Give the address of a receiver that answers so, then 204, and what it has received."""
    received, left = [], list(statuses)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append((dict(self.headers), body))
            self.send_response(left.pop(0) if left else 204)
            self.send_header("content-length", "0")
            self.send_header("location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(target, *messages, delays=(0.01, 0.01)):
    """Return the results of telling messages to one receiver."""
    results = []

    async def run():
        teller = Teller([target], counted=results.append, delays=delays)
        for message in messages:
            teller.tell(message)
        while teller.tasks:
            await asyncio.sleep(0.01)

    asyncio.run(run())
    return results


def verify(headers, body):
    """Return whether a receiver that knows the secret would believe a message."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == f"v1,{mac}"


MESSAGE = message_of("review.done", {"id": "x", "verdict": "clear"}, b"key")


def test_a_message_is_signed_over_id_time_and_body():
    with receiver() as (url, received):
        assert told(Target(url, SECRET), MESSAGE) == ["delivered"]
    ((headers, body),) = received
    assert verify(headers, body)
    assert not verify(headers, body + b" ")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert json.loads(body) == {"type": "review.done", "data": {"id": "x", "verdict": "clear"}}


def test_a_message_that_is_not_taken_is_sent_again_under_the_same_id():
    with receiver(500, 302) as (url, received):
        assert told(Target(url, SECRET), MESSAGE) == ["delivered"]
    assert len(received) == 3
    assert len({headers["webhook-id"] for headers, _ in received}) == 1


def test_a_receiver_that_is_gone_is_left_alone():
    with receiver(410) as (url, received):
        assert told(Target(url, SECRET), MESSAGE) == ["failed"]
    assert len(received) == 1
    assert told(Target(url, SECRET), MESSAGE) == ["failed"]  # nobody listens any more


def test_the_same_thing_is_told_once_and_another_again():
    other = message_of("review.done", {"id": "x", "verdict": "block"}, b"key")
    with receiver() as (url, received):
        assert told(Target(url, SECRET), MESSAGE, MESSAGE, other, other) == ["delivered"] * 2
    assert len(received) == 2


def test_only_the_events_that_are_wanted_are_told():
    with receiver() as (url, received):
        target = Target(url, SECRET, frozenset({"record.decided"}))
        told(target, MESSAGE, Message("m", "record.decided", b"{}"))
    assert len(received) == 1


def test_a_review_is_told_without_anything_of_the_document(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET)
    with receiver() as (url, received):
        config = Config(serve=quick(webhooks=(Webhook(url, secret),)))
        with running(config) as client:
            for _ in range(2):
                answer = post(client, (f"{NUMBER}.txt", LEAK))
            until = time.monotonic() + 5
            while not received and time.monotonic() < until:
                time.sleep(0.01)
    ((headers, body),) = received
    assert verify(headers, body)
    assert NUMBER not in body.decode()
    assert ".txt" not in body.decode()
    data = json.loads(body)["data"]
    assert answer.headers["content-location"].endswith(data["id"])
    assert data["documents"] == [
        {"sha256": hashlib.sha256(LEAK.encode()).hexdigest(), "verdict": "block"}
    ]


def test_a_secret_that_is_missing_or_short_is_refused(tmp_path):
    short = tmp_path / "short"
    short.write_bytes(b"x" * 15)
    for path in (short, tmp_path / "absent"):
        with pytest.raises(UsageError, match=path.name):
            targets_of([Webhook("https://example.org", path)])
