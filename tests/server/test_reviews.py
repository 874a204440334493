"""Handing in bundles: the same report as on the command line, once for the same content."""

import asyncio
import base64
import hashlib
import json
import logging

import pytest

from secreview import check
from secreview.config import Config
from secreview.outputs.schema import ReportsModel
from secreview.outputs.shape import as_dict
from secreview.server.app import Logged
from tests.build import resident_id, word
from tests.server.conftest import quick, running

NUMBER = resident_id("522601", "19850312", "101")
CLEAN, LEAK = "关于水质的通报\n\n八个断面全部达标。", f"关于水质的通报\n\n身份证号：{NUMBER}"
WAIT = {"prefer": "wait=30"}


def post(client, *files, headers=WAIT, **words):
    parts = [("file", (name, data)) for name, data in files]
    return client.post("/v1/reviews", files=parts, data=words, headers=headers)


def test_a_clean_text_is_clear(local):
    answer = post(local, ("notice.txt", CLEAN))
    assert answer.status_code == 200
    assert answer.json()["summary"]["verdict"] == "clear"
    assert answer.headers["preference-applied"] == "wait=30"


def test_the_report_is_that_of_the_command_line(local):
    data = word("正文", comment=f"身份证号：{NUMBER}")
    answer = post(local, ("notice.docx", data))
    expected = as_dict([check(data=data, name="notice.docx")])
    assert answer.json() == json.loads(json.dumps(expected))
    ReportsModel.model_validate(answer.json())
    assert NUMBER not in answer.text


def test_json_and_a_form_of_the_same_files_are_the_same_review(local):
    parts = [
        {"name": "a.txt", "text": LEAK},
        {"name": "b.txt", "base64": base64.b64encode(CLEAN.encode()).decode()},
    ]
    one = local.post("/v1/reviews", json={"parts": parts}, headers=WAIT)
    other = post(local, ("a.txt", LEAK), ("b.txt", CLEAN))
    assert one.headers["content-location"] == other.headers["content-location"]
    assert one.content == other.content
    assert [r["verdict"] for r in one.json()["reports"]] == ["block", "clear"]
    assert one.json()["summary"]["documents"] == 2


def test_the_head_of_the_answer_says_the_verdict_and_of_which_files(local):
    files = ("p.txt", LEAK), ("a.txt", "二"), ("b.txt", "一")
    digests = sorted(hashlib.sha256(text.encode()).hexdigest() for _, text in files)
    for given in (files, (files[0], files[2], files[1])):
        answer = post(local, *given)
        assert answer.headers["secreview-verdict"] == "block"
        bundle = hashlib.sha256("\n".join(digests).encode()).hexdigest()
        assert answer.headers["secreview-bundle"] == bundle
    assert "secreview-verdict" not in post(local, ("c.txt", "三" * 99), headers={}).headers


def test_attachments_may_come_in_any_order_but_the_page_is_the_page(local):
    page, one, two = ("p.txt", "一"), ("a.txt", "二"), ("b.txt", "三")
    places = [
        post(local, *files).headers["content-location"]
        for files in ((page, one, two), (page, two, one), (one, page, two))
    ]
    assert places[0] == places[1] != places[2]


def test_the_same_content_has_the_same_id_and_answer_after_a_restart(local):
    first = post(local, ("notice.txt", LEAK))
    with running(Config(serve=quick())) as other:
        again = post(other, ("notice.txt", LEAK))
    assert again.headers["content-location"] == first.headers["content-location"]
    assert again.content == first.content


def test_another_name_byte_or_profile_is_another_review(local):
    places = {
        post(local, ("a.txt", CLEAN)).headers["content-location"],
        post(local, ("b.txt", CLEAN)).headers["content-location"],
        post(local, ("a.txt", CLEAN + ".")).headers["content-location"],
        post(local, ("a.txt", CLEAN), profile="news").headers["content-location"],
    }
    assert len(places) == 4


def test_without_waiting_the_answer_is_where_to_ask(local):
    answer = post(local, ("later.txt", CLEAN * 50), headers={})
    assert answer.status_code == 202
    assert answer.json()["status"] == "pending"
    report = local.get(answer.headers["location"], headers=WAIT)
    assert report.status_code == 200
    known = post(local, ("later.txt", CLEAN * 50), headers={})
    assert (known.status_code, known.content) == (200, report.content)


def test_an_unknown_review_is_not_there(local):
    assert local.get("/v1/reviews/" + "0" * 32).status_code == 404
    assert local.get("/v1/reviews/..%2f..%2fetc").status_code in (404, 422)


def test_a_key_that_was_used_for_something_else_is_refused(local):
    headers = {**WAIT, "idempotency-key": "publish-17"}
    first = post(local, ("a.txt", "一"), headers=headers)
    assert post(local, ("a.txt", "一"), headers=headers).content == first.content
    refused = post(local, ("a.txt", "二"), headers=headers)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("other-request")


@pytest.mark.parametrize(
    "body",
    [
        {"parts": []},
        {"parts": [{"name": "a.txt"}]},
        {"parts": [{"name": "a.txt", "text": "x", "base64": "eA=="}]},
        {"parts": [{"name": "a.txt", "base64": "?"}]},
        {"parts": [{"name": "a.txt", "text": 7}]},
        {"parts": [{"name": "", "text": "x"}]},
        {"parts": [{"name": "a.txt", "text": "x"}], "reveal": True},
        {"parts": [{"name": "a.txt", "text": "x"}], "profile": "no-such-profile"},
        {"parts": [{"name": "a.txt", "text": "x"}, {"name": "a.txt", "text": "y"}]},
    ],
)
def test_a_bundle_that_is_none_is_refused_as_a_problem(local, body):
    answer = local.post("/v1/reviews", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_query_that_would_be_ignored_is_refused(local):
    body = {"parts": [{"name": "a.txt", "text": "x"}]}
    assert local.post("/v1/reviews?profile=news", json=body).status_code == 422
    assert local.get("/v1/rules?profil=news").status_code == 422


def test_a_refusal_repeats_nothing_of_what_was_sent(local):
    for content in (f'{{"parts": "{NUMBER}"}}', f'{{"{NUMBER}": 1}}', NUMBER, f'{{"a": {NUMBER}'):
        answer = local.post(
            "/v1/reviews", content=content, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (400, 422)
        assert NUMBER not in answer.text
    answer = local.post("/v1/gate", json={"files": [NUMBER], NUMBER: NUMBER})
    assert answer.status_code == 422
    assert NUMBER not in answer.text


def test_nothing_of_a_document_is_logged(local, caplog):
    caplog.set_level(logging.DEBUG)
    secret = f"机要{NUMBER}"
    for body in (LEAK, f"{NUMBER} #raise#", f"{NUMBER} #die#"):
        post(local, (f"{secret}.txt", body))
    local.get(f"/v1/reviews/{NUMBER}?{NUMBER}={NUMBER}")
    local.request(NUMBER[:6], f"/{NUMBER}")
    rows = [row for row in caplog.records if not row.name.startswith("http")]  # the client's
    ours = [f"{row.getMessage()} {row.exc_info}" for row in rows]
    assert any("/v1/reviews" in line for line in ours)
    assert not [line for line in ours if NUMBER in line or NUMBER[:6] in line or "机要" in line]


def test_an_error_that_nobody_expected_is_told_and_logged_by_its_type_alone(local, caplog):
    async def broken(scope, receive, send):
        raise ValueError(NUMBER)

    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": f"/{NUMBER}", "headers": []}
    asyncio.run(Logged(broken)(scope, None, send))
    assert sent[0]["status"] == 500
    assert "ValueError" in caplog.text
    assert NUMBER not in f"{sent}{caplog.text}"


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\u202e文\u200b本", "\ufeff"])
def test_any_characters_give_an_answer(local, text):
    content = json.dumps({"parts": [{"name": "a.txt", "text": text}]})
    headers = {**WAIT, "content-type": "application/json"}
    answer = local.post("/v1/reviews", content=content, headers=headers)
    assert answer.status_code in (200, 400)


def test_a_name_that_gives_something_away_is_masked(local):
    answer = post(local, (f"{NUMBER}.txt", CLEAN))
    assert answer.json()["summary"]["verdict"] == "block"
    assert NUMBER not in answer.text
