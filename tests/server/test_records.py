"""From a draft to the gate over HTTP: records, opinions, waivers, the certificate, the bytes."""

import hashlib
import json

import pytest

from secreview.review.certificate import verified
from tests.server import work
from tests.server.conftest import bearer
from tests.server.test_reviews import NUMBER

CLEAN = "关于水质的通报\n\n八个断面全部达标。第{n}期。"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def hand_in(client, *texts, by="lin", name="all", **form):
    parts = [{"name": f"{n}.txt", "text": text} for n, text in enumerate(texts)]
    body = {"parts": parts, "by": by, "form": {"attribute": "active", **form}}
    return client.post("/v1/records", json=body, headers=bearer(name))


def say(client, record, what, *, name="all", **body):
    path = f"/v1/records/{record['id']}/{what}"
    if what == "opinions":
        body = {"digest": record["versions"][-1]["digest"], "decision": "publish", **body}
    return client.post(path, json=body, headers=bearer(name))


def gate(client, *digests, **more):
    body = {"files": list(digests), **more}
    return client.post("/v1/gate", json=body, headers=bearer("gate"))


def approved(client, *texts):
    record = hand_in(client, *texts).json()
    for stage, by in (("secrecy", "shao"), ("leader", "gu")):
        answer = say(client, record, "opinions", stage=stage, by=by)
        assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_was_approved_passes_the_gate_and_nothing_else(kept):
    page, attachment = CLEAN.format(n=1), CLEAN.format(n=2)
    assert gate(kept, sha256(page)).status_code == 409
    record = hand_in(kept, page, attachment)
    assert record.status_code == 201
    assert record.headers["location"] == f"/v1/records/{record.json()['id']}"
    assert gate(kept, sha256(page)).status_code == 403
    record = record.json()
    assert say(kept, record, "opinions", stage="leader", by="gu").status_code == 409
    for stage, by in (("secrecy", "shao"), ("leader", "gu")):
        assert say(kept, record, "opinions", stage=stage, by=by).status_code == 200
    passed = gate(kept, sha256(page), sha256(attachment))
    assert (passed.status_code, passed.content) == (204, b"")
    assert passed.headers["secreview-record"] == record["id"]
    other = gate(kept, sha256(page), sha256(attachment + "."))
    assert (other.status_code, other.json()["type"][-5:]) == (409, "stale")
    assert gate(kept, sha256(page), audience="internal").status_code == 409


def test_the_certificate_verifies_with_the_public_key(kept):
    record = approved(kept, CLEAN.format(n=3))
    path = f"/v1/records/{record['id']}/certificate"
    envelope = kept.get(path, headers=bearer("all")).content
    keys = kept.app.state.service.desk.keys
    assert verified(envelope, keys).record == record["id"]


def test_a_record_in_review_has_no_certificate(kept):
    record = hand_in(kept, CLEAN.format(n=4)).json()
    path = f"/v1/records/{record['id']}"
    assert kept.get(f"{path}/certificate", headers=bearer("all")).status_code == 404
    assert kept.get(path, headers=bearer("all")).json()["phase"] == "review"


def test_a_leak_is_waived_by_two_people_and_never_kept(kept):
    text = f"联系人张三，身份证号：{NUMBER}"
    record = hand_in(kept, text, reason=f"本人{NUMBER}同意").json()
    whole = json.dumps(record, ensure_ascii=False)
    assert NUMBER not in whole
    found = [f["id"] for r in record["versions"][-1]["reports"] for f in r["findings"]]
    assert found
    assert say(kept, record, "opinions", stage="secrecy", by="shao").status_code == 200
    assert say(kept, record, "opinions", stage="leader", by="gu").status_code in (403, 409)
    for by in ("shao", "gu"):
        for name in found:
            body = {"finding": name, "by": by, "reason": f"本人同意公布{NUMBER}"}
            answer = say(kept, record, "waivers", **body)
            assert answer.status_code == 200, answer.text
            assert NUMBER not in answer.text
    assert say(kept, record, "opinions", stage="leader", by="gu").json()["phase"] == "decided"
    assert gate(kept, sha256(text)).status_code == 204


def test_an_opinion_on_another_version_is_stale(kept):
    record = hand_in(kept, CLEAN.format(n=5)).json()
    answer = say(kept, record, "opinions", stage="secrecy", by="shao", digest="0" * 64)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:secreview:problem:stale")
    assert answer.json()["detail_zh"].startswith("文件")


def test_what_could_not_be_read_is_undetermined_at_the_gate(kept):
    text = work.DIE.decode() + "不可读"
    record = hand_in(kept, text).json()
    assert [r["verdict"] for r in record["versions"][-1]["reports"]] == ["incomplete"]
    assert gate(kept, sha256(text)).status_code == 503


def test_a_client_speaks_only_for_its_people(kept):
    assert hand_in(kept, CLEAN.format(n=6), name="lin").status_code == 201
    assert hand_in(kept, CLEAN.format(n=7), name="lin", by="gu").status_code == 403
    assert hand_in(kept, CLEAN.format(n=7), by="stranger").status_code == 422
    assert hand_in(kept, CLEAN.format(n=7), by="").status_code == 422


def test_the_drafter_may_not_review(kept):
    record = hand_in(kept, CLEAN.format(n=8)).json()
    assert say(kept, record, "opinions", stage="secrecy", by="lin").status_code == 403


def test_the_same_page_is_not_handed_in_twice(kept):
    assert hand_in(kept, CLEAN.format(n=9)).status_code == 201
    again = hand_in(kept, CLEAN.format(n=9))
    assert (again.status_code, again.json()["type"][-10:]) == (409, "wrongstage")


def test_a_publication_is_noted(kept):
    text = CLEAN.format(n=10)
    record = approved(kept, text)
    body = {"by": "lin", "sha256": sha256(text), "url": "https://example.org/10"}
    assert say(kept, record, "publications", **body).json()["phase"] == "published"
    body["sha256"] = sha256("x")
    assert say(kept, record, "publications", **body).status_code == 409


def test_a_form_hands_in_as_well(kept):
    files = [("file", ("通报.txt", CLEAN.format(n=11)))]
    words = {"by": "lin", "attribute": "active", "title": "水质月报"}
    answer = kept.post("/v1/records", files=files, data=words, headers=bearer("all"))
    assert answer.status_code == 201
    assert answer.json()["submission"]["title"] == "水质月报"


@pytest.mark.parametrize("line", ["papers", "desk", "by2", "no-such-line"])
def test_a_form_with_an_unknown_line_is_refused(kept, line):
    assert hand_in(kept, CLEAN.format(n=12), **{line: "x"}).status_code == 422


@pytest.mark.parametrize("name", ["20260302-00000000", "../../people.toml", "people.toml", "%2e"])
def test_a_record_that_is_not_there_tells_nothing(kept, name):
    answer = kept.get(f"/v1/records/{name}", headers=bearer("all"))
    assert answer.status_code in (404, 422)
    assert "people" not in answer.text


def test_without_a_store_the_gate_stays_shut(local):
    answer = local.post("/v1/gate", json={"files": ["0" * 64]})
    assert (answer.status_code, answer.json()["type"][-8:]) == (503, "no-store")
