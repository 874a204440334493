"""The review page over HTTP: who gets in, what may be sent, what the answers bear."""

import logging
import re
from pathlib import Path

import httpx
import pytest

from secreview.api.records import submit
from secreview.server.page.doors import TICKET_SECONDS, VISIT_SECONDS, Doors
from secreview.server.page.routes import POLICY
from secreview.server.problems import Problem
from tests.page.build import REASON, alone_at, desk_in, lines, number, seat_at, written
from tests.page.conftest import serving

JSON = {"accept": "application/json"}


@pytest.fixture
def desk(tmp_path):
    with desk_in(tmp_path) as made:
        yield made


@pytest.fixture
def seat(desk, tmp_path):
    return alone_at(desk, written(tmp_path, lines(3)))


@pytest.fixture(scope="module")
def served():
    with serving() as made:
        yield made


@pytest.fixture
def doors(served):
    return served[0]


@pytest.fixture
def client(served):
    with httpx.Client(base_url=served[1]) as made:
        yield made


def enter(client, doors, seat, lang="zh"):
    """Let the client in; return the proof that its forms bear."""
    paths = [Path(paper.report.path) for paper in seat.papers]
    ticket = doors.ticket(seat, "records.db", lang, paths)
    answer = client.get("/review/enter", params={"ticket": ticket})
    assert answer.status_code == 303
    return re.search(r'name="proof" value="([^"]+)"', client.get("/review/").text)[1]


def dispose(client, proof, finding, action="waive", reason=REASON, **more):
    data = {"proof": proof, "finding": finding, "action": action, "reason": reason, **more}
    return client.post("/review/dispose", data=data, headers=JSON)


def test_a_ticket_opens_once_and_leaves_the_address(client, doors, seat):
    ticket = doors.ticket(seat, "records.db")
    answer = client.get("/review/enter", params={"ticket": ticket})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"secreview-{client.base_url.port}=")
    assert {"HttpOnly", "Path=/review", "SameSite=strict"} <= set(cookie.split("; "))
    assert ticket not in cookie
    assert client.get("/review/").status_code == 200
    again = client.get(
        "/review/enter", params={"ticket": ticket}, headers={"accept-language": "en"}
    )
    assert (again.status_code, "used" in again.text) == (403, True)


@pytest.mark.parametrize("ticket", ["", "x", "\udcff".encode("utf-8", "surrogatepass"), "a" * 5000])
def test_a_ticket_that_is_none_opens_nothing(client, doors, seat, ticket):
    doors.ticket(seat, "records.db")
    assert client.get("/review/enter", params={"ticket": ticket}).status_code == 403
    assert client.get("/review/").status_code == 403
    assert "set-cookie" not in client.get("/review/").headers


def test_tickets_and_visits_run_out():
    now = [0.0]
    doors = Doors(clock=lambda: now[0])

    class Nobody:
        papers = ()

    late, kept = doors.ticket(Nobody(), ""), doors.ticket(Nobody(), "")
    secret = doors.enter(kept)
    now[0] = TICKET_SECONDS + 1
    with pytest.raises(Problem):
        doors.enter(late)
    assert doors.visit(secret)
    now[0] += VISIT_SECONDS
    with pytest.raises(Problem):
        doors.visit(secret)


def test_without_a_cookie_nothing_is_shown_sent_or_downloaded(client, doors, seat):
    name = seat.items[0].id
    assert client.get("/review/").status_code == 403
    assert dispose(client, "x", name).status_code == 403
    assert client.post("/review/opinion", data={"stage": "self-check"}).status_code == 403
    assert client.get("/review/certificate").status_code == 403
    client.cookies.set(f"secreview-{client.base_url.port}", "guess", path="/review")
    assert client.get("/review/").status_code == 403
    assert number(0) not in client.get("/review/").text


def test_every_answer_is_kept_by_nobody_and_runs_only_its_own_script(client, doors, seat):
    enter(client, doors, seat)
    for path in ("/review/", "/review/static/review.js", "/review/static/review.css"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers.get_list("content-security-policy") == [POLICY]
        assert answer.headers.get_list("referrer-policy") == ["same-origin"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    html = client.get("/review/").text
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=|https?://", html)


@pytest.mark.parametrize("name", ["../routes.py", "..%2froutes.py", "review.html", "%2e%2e/run.py"])
def test_only_the_files_of_the_page_are_given_out(client, name):
    assert client.get(f"/review/static/{name}").status_code == 404


def test_pages_of_other_sites_and_other_names_may_not_ask(client, doors, seat):
    proof = enter(client, doors, seat)
    data = {"proof": proof, "finding": seat.items[0].id, "action": "uphold"}
    for headers in ({"origin": "http://127.0.0.1:9"}, {"origin": "null"}, {"host": "example.org"}):
        assert client.post("/review/dispose", data=data, headers=headers).status_code == 403
    assert client.get("/review/", headers={"host": "rebound.example.org"}).status_code == 403
    for proof in ("", "x", "\udcff"):
        answer = dispose(client, proof.encode("utf-8", "surrogatepass"), seat.items[0].id)
        assert answer.status_code == 403
    assert seat.record.waived == ()


def test_a_reason_is_asked_for_by_the_service_as_well(client, doors, seat):
    proof, name = enter(client, doors, seat), seat.items[0].id
    for reason in ("", "   ", "好 的", "x" * 2001):
        assert dispose(client, proof, name, reason=reason).status_code == 422
    assert seat.record.waived == ()
    answer = dispose(client, proof, name)
    assert answer.status_code == 200
    row = answer.json()["changed"][0]
    assert row[:2] == [0, "waived"]
    assert REASON in row[2]
    assert (answer.json()["done"], answer.json()["total"]) == (1, 3)


def test_what_is_no_action_or_no_finding_is_refused(client, doors, seat):
    proof = enter(client, doors, seat)
    assert dispose(client, proof, seat.items[0].id, "publish").status_code == 422
    assert dispose(client, proof, "no-such").status_code == 422
    assert dispose(client, proof, "").status_code == 422
    assert dispose(client, proof, "", "undo").json()["changed"] == []


def test_a_value_typed_as_a_reason_is_masked(client, doors, seat, desk):
    proof = enter(client, doors, seat)
    dispose(client, proof, seat.items[0].id, reason=f"本人{number(0)}同意公布")
    kept = seat.record.waived[0].reason
    assert number(0) not in kept
    assert kept.startswith("本人")


def test_a_form_that_is_refused_comes_back_with_what_was_typed(client, doors, seat):
    proof = enter(client, doors, seat)
    data = {"proof": proof, "stage": "self-check", "decision": "publish", "remark": "已核对<b>"}
    answer = client.post("/review/opinion", data=data)
    assert answer.status_code == 409
    assert "已核对&lt;b&gt;</textarea>" in answer.text
    assert "未经 reviewer 分别说明理由" in answer.text
    data |= {"decision": "withhold", "remark": "尚在讨论之中", "ground": "G6"}
    assert client.post("/review/opinion", data=data).status_code == 303
    assert "决定：不予公开" in client.get("/review/").text
    assert client.get("/review/certificate").status_code == 404
    assert client.post("/review/opinion", data=data).status_code == 409


@pytest.mark.parametrize(
    ("key", "value"), [("decision", "burn"), ("ground", "G99"), ("stage", "x")]
)
def test_an_opinion_that_is_none_is_refused(client, doors, seat, key, value):
    data = {"proof": enter(client, doors, seat), "stage": "self-check", "decision": "withhold",
            "remark": "尚在讨论之中", "ground": "G6", key: value}  # fmt: skip
    assert client.post("/review/opinion", data=data).status_code in (409, 422)


def test_nothing_of_the_document_or_of_addresses_is_logged(client, doors, desk, tmp_path, caplog):
    seat = alone_at(desk, written(tmp_path, lines(2), f"{number(5)}.txt"))
    caplog.set_level(logging.DEBUG, "secreview")
    proof = enter(client, doors, seat)
    dispose(client, proof, seat.items[0].id, reason=f"本人{number(0)}同意")
    client.get(f"/review/enter?ticket={number(0)}")
    said = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("secreview"))
    assert "POST /review/dispose 200" in said
    assert not [value for value in (number(0), number(5), proof, seat.items[0].id) if value in said]


def test_two_people_see_each_others_words_and_only_their_own_stage(client, doors, tmp_path):
    with desk_in(tmp_path, "office") as desk:
        file = written(tmp_path, lines(2))
        record = submit(file, by="lin", attribute="active", desk=desk)
        shao, gu, lin = (seat_at(desk, record, who, file) for who in ("shao", "gu", "lin"))
        proof = enter(client, doors, shao)
        name = shao.items[0].id
        assert dispose(client, proof, name).json()["changed"][0][1] == "waits"
        data = {"proof": proof, "stage": "secrecy", "decision": "publish"}
        assert client.post("/review/opinion", data=data).status_code == 303
        proof = enter(client, doors, gu)
        assert f"邵四：可以保留：{REASON}" in client.get("/review/").text
        assert dispose(client, proof, name).json()["changed"][0][1] == "waived"
        data = {"proof": proof, "stage": "leader", "decision": "publish"}
        assert client.post("/review/opinion", data=data).status_code == 409
        assert dispose(client, proof, shao.items[1].id, "uphold", "").json()["done"] == 2
        answer = client.post("/review/opinion", data=data)
        assert "认定属实、须处理" in answer.text
        client.get("/review/enter", params={"ticket": doors.ticket(lin, "", "zh")})
        drafter = client.get("/review/").text
        assert "只能查看：lin 是本文件的起草人" in drafter
        assert 'id="act"' not in drafter
        assert 'id="opinion"' not in drafter


def test_a_file_that_changed_on_disk_is_told(client, doors, desk, tmp_path):
    file = written(tmp_path, lines(1))
    enter(client, doors, alone_at(desk, file))
    assert "磁盘上的文件" not in client.get("/review/").text
    file.write_text("改动\n", "utf-8")
    assert "磁盘上的文件" in client.get("/review/").text
