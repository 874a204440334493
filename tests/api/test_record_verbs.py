"""Submitting, signing and the gate at a desk with a real store."""

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

import secreview
from secreview.api.bundle import Papers
from secreview.api.desk import Desk, desk_of, people_in
from secreview.api.passing import gate, publish
from secreview.api.records import act, certificate_in, revise, sign, submit
from secreview.config import Config, Records
from secreview.errors import (
    Conflict,
    NotAllowed,
    NotCleared,
    Stale,
    StoreError,
    UsageError,
    WrongStage,
)
from secreview.review import commands as ask
from secreview.review.keys import new_key, private_key, public_key
from secreview.review.record import Decision, Phase
from secreview.store import open_log
from tests.build import word
from tests.review.build import LEADER, SECRECY, WRITER, flow

NUMBER = "11010519491231002X"
SIGNER = private_key(new_key()[0])


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self):
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def desk(place):
    """Give a desk for three people, on each database."""
    people = {actor.id: actor for actor in (WRITER, SECRECY, LEADER)}
    with open_log(place) as log:
        yield Desk(log, flow("office"), people, signer=SIGNER, keys=(SIGNER.public,), clock=Clock())


@pytest.fixture
def notice(tmp_path):
    """Return a document that nothing is found in."""
    path = tmp_path / "notice.txt"
    path.write_text("关于水质的通报\n\n八个断面全部达标。", "utf-8")
    return path


def stored(place: str) -> bytes:
    """Return everything that the store holds, on disk or in all its tables."""
    if "://" not in place:
        sqlite3.connect(place).execute("pragma wal_checkpoint(truncate)")
        return b"".join(path.read_bytes() for path in Path(place).parent.glob("records.db*"))
    engine = create_engine(make_url(place).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        tables = connection.execute(
            text("select tablename from pg_tables where schemaname = current_schema()")
        )
        rows = [
            connection.execute(text(f'select * from "{name}"')).all() for (name,) in tables.all()
        ]
    return b"\n".join(
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
        for table in rows for row in table for value in row
    )  # fmt: skip


def approved(path, desk):
    record = submit(path, by="lin", attribute="active", desk=desk)
    record = sign(record, stage="secrecy", by="shao", decision="publish", desk=desk)
    return sign(record, stage="leader", by="gu", decision="publish", desk=desk)


def test_from_a_draft_to_the_gate(notice, desk):
    record = approved(notice, desk)
    assert record.phase is Phase.DECIDED
    certificate = gate(notice, desk=desk)
    assert certificate.record == record.id
    assert certificate.envelope == certificate_in(record)
    assert certificate.checkpoint.count < desk.log.head().count
    data = notice.read_bytes()
    assert gate(data=data, name="a.txt", desk=desk).record == record.id
    assert gate(data=data, certificate=certificate.envelope, desk=desk).record == record.id
    sha256 = certificate.subjects[0].sha256
    record = publish(sha256, record=record.id, url="https://example.org/1", by="lin", desk=desk)
    assert (record.phase, record.publications[0].sha256) == (Phase.PUBLISHED, sha256)


def test_one_byte_more_does_not_pass_the_gate(notice, desk):
    made = gate_after(notice, desk)
    data = notice.read_bytes()
    for other in (data + b".", data[:-1], b""):
        with pytest.raises(NotCleared):
            gate(data=other, name="a.txt", desk=desk)
        with pytest.raises(NotCleared):
            gate(data=other, name="a.txt", certificate=made.envelope, desk=desk)


def gate_after(notice, desk):
    approved(notice, desk)
    return gate(notice, desk=desk)


def test_a_certificate_of_another_key_does_not_pass(notice, desk):
    approved(notice, desk)
    stranger = replace(desk, keys=(public_key(new_key()[1]),))
    with pytest.raises(NotCleared, match="signature"):
        gate(notice, desk=stranger)
    with pytest.raises(NotCleared):
        gate(notice, desk=replace(desk, keys=()))


def test_nobody_else_is_let_in(notice, desk):
    with pytest.raises(UsageError, match="file of people"):
        submit(notice, by="nobody", desk=desk)
    record = submit(notice, by="lin", attribute="active", desk=desk)
    with pytest.raises(UsageError):
        act(record, ask.Delegate("secrecy", "nobody", "出差期间代为审查"), by="shao", desk=desk)
    with pytest.raises(NotAllowed):
        sign(record, stage="secrecy", by="lin", decision="publish", desk=desk)


def test_what_the_signer_has_seen_must_be_what_there_is(notice, desk, tmp_path):
    seen = submit(notice, by="lin", attribute="active", desk=desk)
    notice.write_text("关于水质的通报\n\n七个断面达标。", "utf-8")
    revise(seen, notice, by="lin", desk=desk)
    with pytest.raises(Stale, match="changed"):
        sign(seen, stage="secrecy", by="shao", decision="publish", desk=desk)
    with pytest.raises(UsageError):
        sign("no-record", stage="secrecy", by="shao", decision="publish", desk=desk)
    other = tmp_path / "other.txt"
    other.write_text("别的", "utf-8")
    with pytest.raises(Stale):
        sign(str(other), stage="secrecy", by="shao", decision="publish", desk=desk)


def test_the_same_page_is_not_handed_in_twice(notice, desk):
    record = submit(notice, by="lin", attribute="active", desk=desk)
    with pytest.raises(WrongStage, match=record.id):
        submit(notice, by="lin", attribute="active", desk=desk)
    sign(
        record, stage="secrecy", by="shao", decision="withdraw", remark="重复提交，撤回", desk=desk
    )
    assert submit(notice, by="lin", attribute="active", desk=desk).id != record.id


def test_one_attachment_may_go_with_several_pages_and_be_a_page_itself(notice, desk, tmp_path):
    annex = tmp_path / "annex.txt"
    annex.write_text("附表：八个断面", "utf-8")
    submit(Papers(notice, (annex,)), by="lin", attribute="active", desk=desk)
    assert submit(annex, by="lin", attribute="active", desk=desk).phase is Phase.REVIEW


def test_a_form_that_is_incomplete_comes_back_and_is_completed(notice, desk):
    record = submit(notice, by="lin", attribute="withheld", desk=desk)
    assert (record.phase, record.returns[0].missing) == (Phase.RETURNED, ("reason",))
    record = revise(
        record, notice, by="lin", reason="尚在讨论之中", number="水环〔2026〕1号", desk=desk
    )
    assert record.phase is Phase.REVIEW
    assert record.submission.more == {"number": "水环〔2026〕1号"}
    with pytest.raises(UsageError, match="no line 'colour'"):
        revise(record, notice, by="lin", colour="red", desk=desk)
    with pytest.raises(UsageError, match="no attribute"):
        revise(record, notice, by="lin", attribute="open", desk=desk)


def test_what_was_not_read_is_not_published(tmp_path, desk):
    path = tmp_path / "broken.docx"
    path.write_bytes(b"PK\x03\x04broken")
    record = submit(path, by="lin", attribute="active", desk=desk)
    record = sign(record, stage="secrecy", by="shao", decision="publish", desk=desk)
    with pytest.raises(NotCleared, match="not read"):
        sign(record, stage="leader", by="gu", decision="publish", desk=desk)
    with pytest.raises(NotCleared):
        gate(path, desk=desk)


def test_values_found_are_kept_masked_wherever_people_type_them(tmp_path, place, desk):
    path = tmp_path / f"名单{NUMBER}.docx"
    path.write_bytes(word("领取人名单", comment=f"身份证号：{NUMBER}"))
    record = submit(path, by="lin", attribute="active", title=f"名单{NUMBER}", desk=desk,
                    reason=f"证件号{NUMBER}", summary=f"含{NUMBER}")  # fmt: skip
    name = record.version.reports[0].findings[0].id
    record = act(record, ask.Waive(name, f"{NUMBER}是本人同意的"), by="shao", desk=desk)
    record = sign(record, stage="secrecy", by="shao", decision="return",
                  remark=f"请删去{NUMBER}", desk=desk)  # fmt: skip
    assert NUMBER not in repr(record)
    assert "请删去******************" in record.returns[-1].reason
    assert NUMBER.encode() not in stored(place)


def test_of_a_suspected_marking_only_rule_place_and_digest_are_kept(tmp_path, place, desk):
    path = tmp_path / "关于某项工程的请示.docx"
    path.write_bytes(
        word("机密★10年\n关于某项工程的请示\n联系人手机：13912345678", keywords="工程代号")
    )
    record = submit(path, by="lin", attribute="withheld", reason="涉及某项工程", desk=desk,
                    title="关于某项工程的请示", summary="某项工程")  # fmt: skip
    found = record.version.reports[0].findings
    assert any(f.category == "state-secret" for f in found)
    assert all(f.masked == "" and f.near == () for f in found)
    assert record.version.files[0].name == "document.docx"
    for words in ("某项工程", "139123", "工程代号", "机密★"):
        assert words.encode() not in stored(place)
    assert record.version.files[0].sha256.encode() in stored(place)


def test_a_waiver_stays_with_what_stands_exactly_as_before(tmp_path, desk):
    path = tmp_path / "notice.txt"
    line = f"经本人同意，公布领取人身份证号：{NUMBER}，特此说明。"
    path.write_text(f"通报\n{line}", "utf-8")
    record = submit(path, by="lin", attribute="active", desk=desk)
    name = record.version.reports[0].findings[0].id
    act(record, ask.Waive(name, "本人书面同意公布"), by="shao", desk=desk)
    path.write_text(f"通报\n新的一段。\n{line}", "utf-8")
    record = revise(record, path, by="lin", desk=desk)
    assert [w.actor for w in record.waived] == ["shao"]
    assert record.waived[0].finding == record.version.reports[0].findings[0].id
    path.write_text(f"通报\n举报人是身份证号：{NUMBER}的人。", "utf-8")
    assert revise(record, path, by="lin", desk=desk).waived == ()
    path.write_text(f"通报\n{line}", "utf-8")
    assert revise(record, path, by="lin", column="另一栏目", desk=desk).waived == ()


def test_a_waiver_on_what_is_recognised_in_part_is_proposed_and_never_counts_by_itself(
    tmp_path, desk
):
    path = tmp_path / "notice.txt"
    path.write_text(f"通报\n经本人同意，公布领取人身份证号：{NUMBER}，特此说明。", "utf-8")
    record = submit(path, by="lin", attribute="active", desk=desk)
    name = record.version.reports[0].findings[0].id
    act(record, ask.Waive(name, "本人书面同意公布"), by="shao", desk=desk)
    path.write_text(f"通报\n经本人同意，公布领取人身份证号：{NUMBER}。本次共发放两笔。", "utf-8")
    record = revise(record, path, by="lin", desk=desk)
    assert (record.waived, [(p.actor, p.reason, p.doubt) for p in record.proposed]) == (
        (), [("shao", "本人书面同意公布", "edited")],
    )  # fmt: skip
    record = act(
        record, ask.Waive(record.proposed[0].finding, "本人书面同意公布"), by="shao", desk=desk
    )
    assert (len(record.waived), record.proposed) == (1, ())


def test_a_redacted_copy_passes_and_its_original_does_not(tmp_path, desk):
    whole, copy, annex = (tmp_path / name for name in ("a.txt", "b.txt", "c.txt"))
    whole.write_text(f"身份证号：{NUMBER}", "utf-8")
    copy.write_text("身份证号：（略）", "utf-8")
    annex.write_text("附表：八个断面", "utf-8")
    papers = Papers(whole, (annex,), {str(whole): str(copy)})
    record = submit(papers, by="lin", attribute="active", desk=desk)
    record = sign(record, stage="secrecy", by="shao", decision="partial", desk=desk)
    sign(record, stage="leader", by="gu", decision=Decision.PARTIAL, desk=desk)
    assert gate(copy, desk=desk).subjects == gate(annex, desk=desk).subjects
    with pytest.raises(NotCleared):
        gate(whole, desk=desk)
    with pytest.raises(UsageError, match="among the files"):
        submit(Papers(whole, (), {"d.txt": str(copy)}), by="lin", desk=desk)


def test_a_ground_and_a_decision_are_words_that_there_are(notice, desk):
    record = submit(notice, by="lin", attribute="active", desk=desk)
    with pytest.raises(UsageError, match="G1"):
        sign(
            record,
            stage="secrecy",
            by="shao",
            decision="withhold",
            remark="不宜公开",
            ground="G99",
            desk=desk,
        )
    with pytest.raises(UsageError, match="publish"):
        sign(record, stage="secrecy", by="shao", decision="approve", desk=desk)


def test_two_who_write_at_once_do_not_both_win(notice, desk):
    record = submit(notice, by="lin", attribute="active", desk=desk)
    behind = list(desk.log.events(record.id))

    class Slow:
        """A log whose reader saw what there was a moment ago."""

        def __init__(self, log):
            self.append, self.head, self.records = log.append, log.head, log.records

        def events(self, record):
            return behind

    slow = replace(desk, log=Slow(desk.log))
    sign(record, stage="secrecy", by="shao", decision="publish", desk=desk)
    with pytest.raises(Conflict):
        sign(record, stage="secrecy", by="shao", decision="return", remark="请补充附件", desk=slow)


def test_a_clock_that_runs_backwards_writes_nothing(notice, desk):
    record = submit(notice, by="lin", attribute="active", desk=desk)
    before = desk.log.head()
    desk.clock.now -= timedelta(days=1)
    with pytest.raises((Stale, StoreError)):
        sign(record, stage="secrecy", by="shao", decision="publish", desk=desk)
    assert desk.log.head() == before


def test_an_interrupted_decision_gets_its_certificate_later(notice, desk):
    mute = replace(desk, signer=None)
    record = approved(notice, mute)
    assert certificate_in(record) is None
    with pytest.raises(NotCleared):
        gate(notice, desk=desk)
    from secreview.api.records import certify

    assert certificate_in(certify(record, by="gu", desk=desk)) is not None
    head = desk.log.head()
    certify(record, by="gu", desk=desk)
    assert desk.log.head() == head


def test_an_emergency_is_certified_at_once_and_again_after_the_review(notice, desk):
    record = submit(notice, by="lin", attribute="active", desk=desk)
    act(record, ask.BreakGlass("水源污染，须立即告知公众"), by="shao", desk=desk)
    act(record, ask.BreakGlass("同意，先发布后补审"), by="gu", desk=desk)
    assert gate(notice, desk=desk).is_emergency
    record = sign(record, stage="secrecy", by="shao", decision="publish", desk=desk)
    sign(record, stage="leader", by="gu", decision="publish", desk=desk)
    assert not gate(notice, desk=desk).is_emergency


def test_the_configured_desk_is_used_where_none_is_given(notice, tmp_path, monkeypatch):
    people = tmp_path / "people.toml"
    people.write_text('[[person]]\nid = "lin"\nunit = "科"\n', "utf-8")
    (tmp_path / "secreview.toml").write_text(
        '[records]\nstore = "own.db"\nflow = "company"\npeople = "people.toml"\n', "utf-8"
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    record = secreview.submit("notice.txt", by="lin", attribute="active")
    assert (record.flow.id, record.submission.unit) == ("company", "科")
    assert (tmp_path / "own.db").is_file()
    with pytest.raises(secreview.NotCleared):
        secreview.gate("notice.txt")
    with desk_of() as desk:
        assert desk.keys == (desk.signer.public,)
    assert (tmp_path / "config/secreview/gate.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "records",
    [
        Records(flow="no-such-flow"),
        Records(flow="no/such.toml"),
        Records(signing_key="no-such-key"),
        Records(store="/proc/no-such-folder/records.db"),
    ],
)
def test_a_desk_that_cannot_be_set_up_says_why(records, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("SECREVIEW_STORE", raising=False)
    if records.signing_key:
        records = replace(records, signing_key=Path(records.signing_key))
    with pytest.raises((UsageError, StoreError)), desk_of(Config(records=records)):
        pass


def test_an_event_holds_nothing_but_what_json_has_one_form_for(notice, desk):
    record = approved(notice, desk)
    for event in desk.log.events(record.id):
        assert json.loads(json.dumps(event.body, ensure_ascii=False)) == event.body
    assert people_in(None) == {}


def test_a_person_with_a_key_signs_with_it_and_a_forged_opinion_gets_no_certificate(notice, desk):
    hand = private_key(new_key()[0])
    shao = replace(SECRECY, keys=(hand.public.raw.hex(),))
    strict = replace(desk, people={**desk.people, "shao": shao})
    record = submit(notice, by="lin", attribute="active", desk=strict)
    for by in ("shao", SECRECY):
        with pytest.raises(NotAllowed, match="--key"):
            sign(record, stage="secrecy", by=by, decision="publish", desk=strict)
    signed = replace(strict, hand=hand)
    record = sign(record, stage="secrecy", by="shao", decision="publish", desk=signed)
    assert record.standing[0].auth == "key"
    record = sign(record, stage="leader", by="gu", decision="publish", desk=strict)
    assert gate(notice, desk=strict).predicate["approvals"][0]["auth"] == "key"


def test_an_opinion_put_into_the_log_in_the_name_of_another_does_not_pass_the_gate(notice, desk):
    shao = replace(SECRECY, keys=(private_key(new_key()[0]).public.raw.hex(),))
    strict = replace(desk, people={**desk.people, "shao": shao})
    record = submit(notice, by="lin", attribute="active", desk=desk)
    record = sign(record, stage="secrecy", by="shao", decision="publish", desk=desk)
    with pytest.raises(NotCleared, match="not signed by them"):
        sign(record, stage="leader", by="gu", decision="publish", desk=strict)
    with pytest.raises(NotCleared):
        gate(notice, desk=strict)
