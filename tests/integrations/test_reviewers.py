"""Asking in this process and over HTTP gives the same answers; no answer is never a yes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from secreview import check
from secreview.api import fingerprint_key
from secreview.api.policy import OpeningsFile, Standing, asked
from secreview.config import Column, Config, Needs, OnError, Records
from secreview.errors import NotAllowed, NotCleared, ReviewError, Stale
from secreview.integrations.in_process import InProcess
from secreview.integrations.over_http import Nonsense, OverHttp
from secreview.integrations.reviewer import Item, Opinion, Piece, decided
from secreview.outputs.shape import as_dict
from secreview.review.commands import Actor
from secreview.review.record import Decision
from tests.build import resident_id
from tests.integrations.services import answer, nobody, serving, soon
from tests.server.conftest import PEOPLE, TOKENS, running, with_records

ID = resident_id("522601", "19880307", "012")
LIN = Actor("lin", frozenset({"drafter"}), "林一", "水环境科", auth="host")
SHAO = Actor("shao", frozenset({"secrecy-office"}), "邵四", "办公室", auth="host")
GU = Actor("gu", frozenset({"leader"}), "顾六", "局领导", auth="host")
FORM = {"title": "公告", "unit": "水环境科", "attribute": "active"}
HTML = b"<!doctype html><title>Login</title><p>Please sign in to the hotel network"


def item(text, *attachments):
    pieces = [Piece("page.txt", text.encode())]
    pieces += [Piece(f"annex-{n}.txt", t.encode()) for n, t in enumerate(attachments, 1)]
    return Item("page 7", tuple(pieces))


CLEAN, LEAK = item("今年共办结25件。", "附件一"), item("公告", f"身份证号：{ID}")


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        fingerprint_key.cache_clear()  # the keys of one place only, here and afterwards
        yield
    fingerprint_key.cache_clear()


@pytest.fixture(scope="module")
def service(keys, tmp_path_factory):
    with running(with_records(tmp_path_factory.mktemp("served"))) as client:
        yield OverHttp(str(client.base_url), TOKENS["all"], 20)


@pytest.fixture(scope="module")
def here(keys, tmp_path_factory):
    folder = tmp_path_factory.mktemp("here")
    (folder / "people.toml").write_text(PEOPLE, "utf-8")
    return InProcess(
        Config(records=Records(str(folder / "r.db"), "office", folder / "people.toml"))
    )


@pytest.fixture(params=["here", "service"])
def reviewer(request):
    return request.getfixturevalue(request.param)


def test_the_machine_clears_what_is_clean_and_holds_a_leak(reviewer):
    assert reviewer.verdict(CLEAN, "").standing is Standing.CLEARED
    held = reviewer.verdict(LEAK, "")
    assert held.standing is Standing.HELD
    assert [f.rule for f in held.reports[1].findings] == ["personal/resident-id"]
    assert ID not in repr(held)


def test_people_clear_exactly_the_bytes_they_saw(reviewer):
    page = item(f"公告一 {type(reviewer).__name__}", "附件")
    assert reviewer.clearance(page).standing is Standing.HELD
    record = reviewer.hand_in(page, FORM, LIN)
    for who, stage in ((SHAO, "secrecy"), (GU, "leader")):
        assert reviewer.clearance(page).standing is Standing.HELD
        reviewer.opine(record, page, Opinion(stage, who, Decision.PUBLISH))
    cleared = reviewer.clearance(page)
    assert (cleared.standing, cleared.record) == (Standing.CLEARED, record)
    if isinstance(reviewer, InProcess):  # the people of the service do not know the site
        reviewer.note(record, page, "https://www.example.gov.cn/7/")
    else:
        with pytest.raises(ReviewError):
            reviewer.note(record, page, "https://www.example.gov.cn/7/")
    for other in (item(f"公告一 {type(reviewer).__name__}。", "附件"), item("公告一", "附件")):
        assert reviewer.clearance(other).standing is Standing.HELD


def test_an_opinion_on_other_bytes_is_refused(reviewer):
    page = item(f"公告二 {type(reviewer).__name__}")
    record = reviewer.hand_in(page, FORM, LIN)
    with pytest.raises((Stale, ReviewError)):
        reviewer.opine(record, item("别的"), Opinion("secrecy", SHAO, Decision.PUBLISH))


def test_the_drafter_does_not_approve(reviewer):
    page = item(f"公告三 {type(reviewer).__name__}")
    both = replace(LIN, id="shao", roles=frozenset({"drafter", "secrecy-office"}))
    record = reviewer.hand_in(page, FORM, both)
    with pytest.raises((NotAllowed, ReviewError)):
        reviewer.opine(record, page, Opinion("secrecy", both, Decision.PUBLISH))


def test_a_finding_stands_only_with_the_reasons_of_those_who_may_waive_it(reviewer):
    page = item(f"名单 {type(reviewer).__name__}", f"身份证号：{ID}")
    record = reviewer.hand_in(page, FORM, LIN)
    assert len(reviewer.known(record)) == 1
    reviewer.opine(record, page, Opinion("secrecy", SHAO, Decision.PUBLISH))
    with pytest.raises((NotCleared, ReviewError)):
        reviewer.opine(record, page, Opinion("leader", GU, Decision.PUBLISH))
    second = item(f"名单二 {type(reviewer).__name__}", f"身份证号：{ID}")
    record = reviewer.hand_in(second, FORM, LIN)
    for stage, who in (("secrecy", SHAO), ("leader", GU)):
        reviewer.opine(
            record, second, Opinion(stage, who, Decision.PUBLISH, "本人书面同意公开", reasoned=True)
        )
    assert reviewer.clearance(second).standing is Standing.CLEARED


def test_new_bytes_end_the_approval_of_the_same_record(here):
    first, second = item("公告五"), item("公告五。")
    record = here.hand_in(first, FORM, LIN)
    for stage, who in (("secrecy", SHAO), ("leader", GU)):
        here.opine(record, first, Opinion(stage, who, Decision.PUBLISH))
    assert here.hand_in(second, FORM, LIN, record=record) == record
    assert here.clearance(first).standing is Standing.HELD
    assert here.clearance(second).standing is Standing.HELD


def test_what_went_out_under_a_certificate_stands_when_that_has_run_out(here):
    page = item("公告六")
    record = here.hand_in(page, FORM, LIN)
    for stage, who in (("secrecy", SHAO), ("leader", GU)):
        here.opine(record, page, Opinion(stage, who, Decision.PUBLISH))
    late = datetime.now(UTC) + timedelta(days=4000)
    assert here.clearance(page, at=late).standing is Standing.HELD
    assert here.clearance(page, at=datetime.now(UTC)).standing is Standing.CLEARED


def column(needs=Needs.CERTIFICATE, on_error=OnError.CLOSED):
    return Column((), "", "公示", needs, on_error)


def test_where_the_verdict_is_enough_people_may_still_clear_what_it_holds(here, tmp_path):
    page = item("名单四", f"身份证号：{ID}")
    more = {"openings": OpeningsFile(tmp_path / "o"), "seconds": 30}
    assert not decided(page, here, column(Needs.VERDICT), **more).goes_out
    assert decided(CLEAN, here, column(Needs.VERDICT), **more).goes_out
    assert not decided(CLEAN, here, column(), **more).goes_out
    record = here.hand_in(page, FORM, LIN)
    for stage, who in (("secrecy", SHAO), ("leader", GU)):
        here.opine(
            record, page, Opinion(stage, who, Decision.PUBLISH, "本人书面同意公开", reasoned=True)
        )
    assert decided(page, here, column(Needs.VERDICT), **more).goes_out


def report_json(*texts, **change):
    reports = [check(text=text, name="page.txt") for text in texts]
    made = as_dict([replace(report, **change) for report in reports])
    return json.dumps(made).encode()


PROBLEM = "application/problem+json"
REFUSED = json.dumps({"type": "urn:secreview:problem:token"}).encode()
NONSENSE = {
    "HTML": answer("200 OK", HTML, "text/html"),
    "nothing": answer("200 OK"),
    "no JSON": answer("200 OK", b"{"),
    "deep JSON": answer("200 OK", b"[" * 200_000),
    "a list": answer("200 OK", b"[]"),
    "no reports": answer("200 OK", b'{"schema": "secreview.report/1", "reports": []}'),
    "another schema": answer("200 OK", report_json("公告").replace(b"report/1", b"report/9")),
    "an unknown verdict": answer("200 OK", report_json("公告").replace(b'"clear"', b'"fine"')),
    "other bytes": answer("200 OK", report_json("别的公告")),
    "clear with findings": answer(
        "200 OK", report_json(f"身份证号：{ID}").replace(b'"verdict": "block"', b'"verdict": "clear"')
    ),
    "one report too many": answer("200 OK", report_json("公告", "公告")),
    "500": answer("500 Internal Server Error", b"{}"),
    "401": answer("401 Unauthorized", REFUSED, PROBLEM),
    "429": answer("429 Too Many Requests", b"{}", PROBLEM),
    "a redirect": answer("302 Found", b"", "text/html", "Location: /login"),
    "202 for ever": answer("202 Accepted", b'{"id": "' + b"0" * 32 + b'"}'),
    "202 to elsewhere": answer("202 Accepted", b'{"id": "../../x"}'),
    "204 without a certificate": answer("204 No Content"),
    "204 with one that has run out": answer(
        "204 No Content", b"", "text/plain", "Secreview-Record: 20260101-00000000",
        "Secreview-Until: 2026-01-02T00:00:00Z",
    ),
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a hung-up line": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_never_taken_for_a_yes(name):
    page = item("公告")
    with serving(NONSENSE[name]) as url:
        service = OverHttp(url, seconds=0.6)
        for ask in (lambda: service.verdict(page, ""), lambda: service.clearance(page)):
            given = asked(ask, 5)
            assert given.standing is Standing.UNKNOWN, given


def test_a_service_that_refuses_a_file_as_too_large_holds_it():
    told = json.dumps({"type": "urn:secreview:problem:too-large"}).encode()
    with serving(answer("413 Content Too Large", told, PROBLEM)) as url:
        assert OverHttp(url).verdict(item("公告"), "").standing is Standing.HELD


@pytest.mark.parametrize("policy", OnError)
@pytest.mark.parametrize("needs", Needs)
@pytest.mark.parametrize("state", ["down", "slow", "nonsense"])
def test_a_service_that_is_no_good_holds_unless_the_column_is_open(tmp_path, state, needs, policy):
    journal = OpeningsFile(tmp_path / "openings.jsonl")
    slow = state == "slow"
    is_soon = soon(3)
    with serving(answer("200 OK", HTML, "text/html"), pause=0.02 if slow else 0) as url:
        service = OverHttp(nobody() if state == "down" else url, seconds=0.4)
        given = decided(item("公告"), service, column(needs, policy), openings=journal, seconds=0.8)
    assert is_soon()
    assert given.goes_out is (policy is OnError.OPEN)
    assert len(list(journal.all())) == (1 if policy is OnError.OPEN else 0)


def test_a_store_that_is_gone_cannot_be_told(tmp_path):
    lost = InProcess(Config(records=Records(str(tmp_path))))  # a folder is no store
    given = asked(lambda: lost.clearance(item("公告")), 30)
    assert given.standing is Standing.UNKNOWN


def test_a_broken_rule_pack_cannot_be_told(tmp_path):
    broken = InProcess(Config(rules=(tmp_path / "no-such-folder",)))
    given = asked(lambda: broken.verdict(item("公告"), ""), 30)
    assert given.standing is Standing.UNKNOWN


def test_a_record_that_is_none_is_refused():
    with serving(answer("201 Created", b'{"id": "x"}')) as url, pytest.raises(Nonsense):
        OverHttp(url).hand_in(item("公告"), FORM, LIN)
