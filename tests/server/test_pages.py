"""Links to the review page from the service: who gets one, what it opens, how many there are."""

import hashlib
import json
import re
import time

import httpx

from secreview.config import Webhook
from tests.server import work
from tests.server.conftest import bearer, running, with_records
from tests.server.test_records import CLEAN, gate, hand_in, sha256
from tests.server.test_reviews import NUMBER
from tests.server.test_webhooks import SECRET, receiver

LEAK = f"经办人情况说明\n身份证号：{NUMBER}，已核对。第{{n}}期。"
REASON = "虚构的示例号码，不是本人信息"


def ask(client, *texts, by="shao", name="all"):
    parts = [{"name": f"{n}.txt", "text": text} for n, text in enumerate(texts)]
    return client.post("/v1/pages", json={"parts": parts, "by": by}, headers=bearer(name))


def opened(client, link):
    """Return a browser that followed a link, and the proof that its forms bear."""
    browser = httpx.Client(base_url=client.base_url, timeout=60)
    assert browser.get(link).headers["location"] == "/review/"
    return browser, proof_in(browser)


def proof_in(browser):
    found = re.search(r'name="proof" value="([^"]+)"', browser.get("/review/").text)
    return found and found[1]


def finding_in(browser):
    return re.search(r'name="finding" value="([^"]+)"', browser.get("/review/").text)[1]


def say(browser, proof, what, **words):
    answer = browser.post(f"/review/{what}", data={"proof": proof, **words})
    assert answer.status_code == 303, answer.text
    return answer


def test_from_links_to_the_gate_two_people_each_at_their_own_page(kept):
    text = LEAK.format(n=41)
    record = hand_in(kept, text).json()
    for by, stage in (("shao", "secrecy"), ("gu", "leader")):
        answer = ask(kept, text, by=by)
        assert (answer.status_code, answer.json()["record"]) == (201, record["id"])
        assert answer.headers["cache-control"] == "no-store"
        browser, proof = opened(kept, answer.json()["link"])
        page = browser.get("/review/").text
        assert NUMBER in page  # in the document; the list holds it masked
        assert "records.db" in page
        say(browser, proof, "dispose", finding=finding_in(browser), action="waive", reason=REASON)
        say(browser, proof, "opinion", stage=stage, decision="publish")
    assert gate(kept, sha256(text)).status_code == 204
    certificate = browser.get("/review/certificate")
    assert certificate.json()["payloadType"]
    told = kept.get(f"/v1/records/{record['id']}", headers=bearer("all")).json()
    assert told["phase"] == "decided"
    assert NUMBER not in json.dumps(told)


def test_a_link_opens_once_and_is_no_token(kept):
    text = LEAK.format(n=42)
    hand_in(kept, text)
    link = ask(kept, text).json()["link"]
    browser, _ = opened(kept, link)
    assert httpx.get(kept.base_url.join(link)).status_code == 403
    for path in ("/v1/rules", "/v1/reviews/" + "0" * 32, "/metrics"):
        assert browser.get(path).status_code == 401
    assert kept.get("/review/").status_code == 403


def test_only_a_client_that_may_speak_for_a_person_gets_a_link(kept, local):
    text = LEAK.format(n=43)
    hand_in(kept, text)
    assert ask(kept, text, by="shao", name="lin").status_code == 403
    assert ask(kept, text, by="lin", name="lin").status_code == 201
    assert ask(kept, text, name="gate").status_code == 403
    assert ask(kept, text, by="nobody").status_code == 422
    assert ask(kept, text, by="").status_code == 422
    body = {"parts": [{"name": "a.txt", "text": text}], "by": "shao"}
    assert kept.post("/v1/pages", json=body).status_code == 401
    assert local.post("/v1/pages", json=body).status_code == 403


def test_there_is_no_page_for_what_was_not_handed_in(kept):
    answer = ask(kept, LEAK.format(n=44))
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:secreview:problem:not-reviewed"
    assert "0.txt" not in answer.text


def test_an_attachment_that_is_not_handed_in_again_is_told(kept):
    page, attachment = CLEAN.format(n=45), LEAK.format(n=45)
    hand_in(kept, page, attachment)
    browser, _ = opened(kept, ask(kept, page).json()["link"])
    assert NUMBER not in browser.get("/review/").text
    browser, _ = opened(kept, ask(kept, page, attachment).json()["link"])
    assert NUMBER in browser.get("/review/").text


def test_what_gets_stuck_is_shown_as_not_read(tmp_path):
    with running(with_records(tmp_path, seconds=1)) as client:
        text = work.HANG.decode() + CLEAN.format(n=46)
        assert hand_in(client, text).status_code == 201
        browser, _ = opened(client, ask(client, text).json()["link"])
        page = browser.get("/review/").text
    assert "未检查" in page
    assert CLEAN.format(n=46).split("\n")[0] not in page


def test_the_page_used_longest_ago_closes_when_there_are_too_many(tmp_path):
    with running(with_records(tmp_path, pages=2)) as client:
        text = LEAK.format(n=47)
        hand_in(client, text)
        first, _ = opened(client, ask(client, text).json()["link"])
        second, _ = opened(client, ask(client, text).json()["link"])
        assert first.get("/review/").status_code == 200
        third, _ = opened(client, ask(client, text).json()["link"])
        found = [browser.get("/review/").status_code for browser in (first, second, third)]
    assert found == [200, 403, 200]


def test_what_is_said_on_the_page_is_told_to_those_who_want_to_know(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET)
    with receiver() as (url, received):
        hooks = (Webhook(url, secret, ("record.changed", "record.decided")),)
        with running(with_records(tmp_path, webhooks=hooks)) as client:
            text = LEAK.format(n=48)
            hand_in(client, text)
            browser, proof = opened(client, ask(client, text).json()["link"])
            name = finding_in(browser)
            say(browser, proof, "dispose", finding=name, action="waive", reason=REASON)
            until = time.monotonic() + 20
            while len(received) < 2 and time.monotonic() < until:
                time.sleep(0.02)
    bodies = [json.loads(body)["data"] for _, body in received]
    assert [body["files"] for body in bodies] == [[hashlib.sha256(text.encode()).hexdigest()]] * 2
    assert bodies[0]["events"] < bodies[1]["events"]


def test_nothing_of_the_document_or_of_the_link_is_logged(kept, caplog):
    caplog.set_level("DEBUG", "secreview")
    text = LEAK.format(n=49)
    hand_in(kept, text)
    link = ask(kept, text).json()["link"]
    browser, proof = opened(kept, link)
    say(browser, proof, "dispose", finding=finding_in(browser), action="uphold")
    browser.get("/review/")  # the line of a request is written before the next one is answered
    said = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("secreview"))
    assert "POST /review/dispose 303" in said
    assert not [value for value in (NUMBER, proof, link.partition("=")[2]) if value in said]
