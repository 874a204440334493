"""Uploads that mean harm are refused, or reported with gaps, in bounded time."""

import json
import socket
import time

import pytest

from tests.formats import hostile
from tests.server.conftest import quick, running
from tests.server.test_reviews import CLEAN, NUMBER, WAIT, post

LIMIT = 30  # seconds


def talk(client, *chunks, pause=0.0, seconds=LIMIT):
    """Return what the service answers to bytes sent as they are."""
    with socket.create_connection((client.base_url.host, client.base_url.port), seconds) as made:
        for chunk in chunks:
            try:
                made.sendall(chunk)
            except OSError:
                break
            time.sleep(pause)
        answer = b""
        try:
            while data := made.recv(65536):
                answer += data
        except (TimeoutError, ConnectionError):
            pass
    return answer


def head(*lines, path="/v1/reviews"):
    return "\r\n".join((f"POST {path} HTTP/1.1", "Host: localhost", *lines, "", "")).encode()


def test_two_declared_gigabytes_are_refused_unread(local):
    started = time.monotonic()
    answer = talk(local, head("Content-Length: 2147483648", "Content-Type: application/json"))
    assert answer.startswith(b"HTTP/1.1 413")
    assert time.monotonic() - started < 5


def test_more_than_the_limit_without_a_length_is_refused():
    with running(None) as client:
        chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
        lines = ("Transfer-Encoding: chunked", "Content-Type: application/json")
        answer = talk(client, head(*lines), *[chunk] * 70)
    assert b" 413 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize("path", ["/v1/reviews", "/v1/gate"])
def test_a_body_that_comes_slowly_is_refused(local, path):
    lines = ("Content-Length: 100", "Content-Type: application/json")
    started = time.monotonic()
    answer = talk(local, head(*lines, path=path), *[b"{"] * 5, pause=0.5)
    assert b" 408 " in answer.split(b"\r\n")[0]
    assert time.monotonic() - started < 10


def test_a_head_that_never_ends_is_cut_off(local):
    started = time.monotonic()
    answer = talk(local, b"POST /v1/reviews HTTP/1.1\r\nHost: localhost\r\n", seconds=15)
    assert answer == b"" or b" 408 " in answer
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "9" * 30, "٣"])
def test_a_length_that_is_none_is_refused(local, length):
    answer = talk(local, head(f"Content-Length: {length}"))
    assert answer.split(b" ")[1] in (b"400", b"413")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x.txt", "C:\\x.txt", "a/../../b", "a\tb"]
)
def test_a_name_that_leads_elsewhere_is_refused(local, name):
    answer = local.post("/v1/reviews", json={"parts": [{"name": name, "text": "x"}]})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "body", [b"--x\r\n", b"", b"--x\r\nContent-Disposition: form-data\r\n\r\n"]
)
def test_a_broken_form_is_refused(local, body):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert local.post("/v1/reviews", content=body, headers=headers).status_code in (400, 422)
    headers = {"content-type": "multipart/form-data"}
    assert local.post("/v1/reviews", content=body, headers=headers).status_code == 400


def test_more_files_or_words_than_allowed_are_refused(local):
    many = [(f"{n}.txt", b"x") for n in range(101)]
    assert post(local, *many).status_code in (400, 413)
    parts = [{"name": name, "text": "x"} for name, _ in many]
    assert local.post("/v1/reviews", json={"parts": parts}).status_code == 413
    words = {f"w{n}": "x" for n in range(60)}
    assert post(local, ("a.txt", b"x"), **words).status_code == 400


def test_json_of_a_hundred_thousand_levels_is_refused(local):
    body = '{"parts":' + "[" * 100_000
    headers = {"content-type": "application/json"}
    assert local.post("/v1/reviews", content=body, headers=headers).status_code in (400, 422)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("inner.zip", hostile.squeezed({"b.zip": hostile.squeezed({"a.txt": b"0" * (30 << 20)})})),
        ("nested.zip", hostile.nested_zips(9)),
        ("lie.docx", b"PK\x03\x04" + b"\0" * 400),
        ("late.xml", f"<!--{'-' * 5000}--><!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>".encode()),
        ("outside.xml", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'),
    ],
)
def test_what_hides_deeper_than_the_door_looks_is_reported_with_gaps(local, name, data):
    started = time.monotonic()
    answer = post(local, (name, data))
    assert answer.status_code == 200
    assert answer.json()["summary"]["verdict"] in ("incomplete", "review", "block")
    assert answer.json()["reports"][0]["gaps"] or "block" in answer.text
    assert "root:" not in answer.text
    assert time.monotonic() - started < LIMIT


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<!DOCTYPE html><p>[&lt;!ENTITY e]</p>"),
        (
            "drawing.svg",
            b"<!-- <!DOCTYPE x [<!ENTITY e> --><svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
        ("lesson.md", "XML 的实体写作 `<!DOCTYPE x [<!ENTITY e 'x'>]>`。".encode()),
        ("many.zip", hostile.squeezed({f"{n}.txt": b"x" for n in range(50)})),
        ("zeros.zip", hostile.squeezed({"a.txt": b"0" * (5 << 20)})),
    ],
)
def test_an_ordinary_file_is_not_taken_for_a_hostile_one(local, name, data):
    assert post(local, (name, data)).status_code == 200


def test_a_zip_of_more_members_than_the_limit_is_refused(local):
    data = hostile.squeezed({f"{n}": b"" for n in range(10_001)})
    assert post(local, ("many.zip", data)).status_code == 413


def test_a_page_of_another_site_may_not_ask(local):
    for headers in ({"origin": "https://example.org"}, {"origin": "null"}):
        assert post(local, ("a.txt", CLEAN), headers=headers).status_code == 403
    assert local.get("/v1/rules", headers={"host": "rebound.example.org"}).status_code == 403
    origin = {"origin": f"http://{local.base_url.host}:{local.base_url.port}"}
    assert post(local, ("a.txt", CLEAN), headers={**WAIT, **origin}).status_code == 200


def test_no_route_takes_a_large_body_but_those_that_take_documents(local):
    body = json.dumps({"files": [NUMBER] * 10_000})
    headers = {"content-type": "application/json"}
    assert local.post("/v1/gate", content=body, headers=headers).status_code == 413


def test_an_upload_never_lies_in_a_temporary_file(monkeypatch):
    def forbidden(*_, **__):
        raise AssertionError("a temporary file")

    with running(None) as client:
        monkeypatch.setattr("tempfile._TemporaryFileArgs", forbidden, raising=False)
        monkeypatch.setattr("tempfile.TemporaryFile", forbidden)
        answer = post(client, ("large.txt", "八个断面全部达标。\n" * 100_000))
    assert answer.status_code == 200


def test_no_more_lies_in_memory_than_may():
    from secreview.config import Config

    with running(Config(serve=quick(held=1 << 20))) as client:
        assert post(client, ("a.txt", b"x" * (2 << 20))).status_code == 429
        assert post(client, ("a.txt", CLEAN)).status_code == 200
