"""What a step allows and what it refuses, one behaviour each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from secreview.errors import NotAllowed, NotCleared, ReviewError, Stale, StoreError, WrongStage
from secreview.model import Severity, Why
from secreview.review.commands import (
    BreakGlass,
    Certify,
    Delegate,
    Escalate,
    Inspect,
    Publish,
    Reopen,
    Resume,
    Retract,
    Sign,
    Submit,
    Uphold,
    Waive,
    Withdraw,
)
from secreview.review.event import Event
from secreview.review.fold import fold
from secreview.review.record import Attribute, Decision, Phase, Role
from secreview.review.step import is_emergency, released, step
from tests.review.build import (
    DEPUTY,
    FORM,
    HEAD,
    LEADER,
    LEGAL,
    OTHER_HEAD,
    SECRECY,
    START,
    WRITER,
    Case,
    file,
    finding,
    flow,
    report,
)


def test_four_people_agree_and_the_document_is_decided():
    record = Case().approve()
    assert record.phase is Phase.DECIDED
    assert [o.stage for o in record.standing] == ["section", "secrecy", "legal", "leader"]
    assert released(record) == record.version.files


def test_the_order_of_parallel_stages_makes_no_difference():
    one, two = Case(), Case()
    one.approve()
    for who, stage in (
        (HEAD, "section"),
        (LEGAL, "legal"),
        (SECRECY, "secrecy"),
        (LEADER, "leader"),
    ):
        two.sign(who, stage)
    first, second = one.record, two.record
    assert (first.phase, first.done, released(first)) == (
        second.phase,
        second.done,
        released(second),
    )


def test_a_stage_waits_for_those_before_it():
    case = Case()
    with pytest.raises(WrongStage, match="Review by the section"):
        case.sign(SECRECY, "secrecy")
    case.sign(HEAD, "section")
    case.sign(SECRECY, "secrecy")
    with pytest.raises(WrongStage):
        case.sign(LEADER, "leader")


def test_a_refusal_says_the_same_in_chinese():
    with pytest.raises(WrongStage) as refusal:
        Case().sign(SECRECY, "secrecy")
    assert "先完成：科室初审" in refusal.value.zh


def test_nobody_signs_twice_or_without_the_role_or_for_another_unit():
    case = Case()
    for who in (LEADER, OTHER_HEAD, DEPUTY):
        with pytest.raises(NotAllowed):
            case.sign(who, "section")
    case.sign(HEAD, "section")
    with pytest.raises(WrongStage):
        case.sign(HEAD, "section")
    with pytest.raises(WrongStage):
        case.sign(HEAD, "no-such-stage")


def test_nobody_approves_the_own_draft_whatever_roles_they_hold():
    everything = replace(WRITER, roles=frozenset({"section-head", "leader", "secrecy-office"}))
    case = Case()
    with pytest.raises(NotAllowed, match="wrote or handed in"):
        case.sign(everything, "section")
    with pytest.raises(NotAllowed):
        case.do(everything, Delegate("section", HEAD.id, "出差期间代签"))


def test_a_clerk_who_hands_in_for_a_drafter_counts_as_an_author_like_the_drafter():
    events = step(flow(), (), Submit("r", FORM, (file("文"),), (report(file("文")),)), HEAD, START)
    assert fold(events).authors == {"lin", "qiao"}
    with pytest.raises(NotAllowed):
        step(
            flow(),
            events,
            Sign("section", Decision.PUBLISH, fold(events).version.digest),
            HEAD,
            START,
        )


def test_one_person_does_not_sign_two_stages_that_are_kept_apart():
    both = replace(SECRECY, roles=frozenset({"secrecy-office", "legal-office", "leader"}))
    case = Case()
    case.sign(HEAD, "section")
    case.sign(both, "secrecy")
    case.sign(LEGAL, "legal")
    with pytest.raises(NotAllowed, match="another person"):
        case.sign(both, "leader")


def test_a_power_is_handed_on_once_and_never_to_or_by_an_author():
    case = Case()
    case.hand(HEAD, "section", DEPUTY)
    with pytest.raises(NotAllowed, match="again"):
        case.hand(DEPUTY, "section", LEGAL)
    for to in (WRITER, HEAD):
        with pytest.raises(NotAllowed):
            case.hand(HEAD, "section", to)
    assert case.sign(DEPUTY, "section").standing[0].behalf == HEAD.id
    with pytest.raises(NotAllowed):
        case.sign(DEPUTY, "secrecy")


def test_a_person_kept_apart_does_not_come_back_through_a_power_handed_on():
    both = replace(SECRECY, roles=frozenset({"secrecy-office", "leader"}))
    case = Case()
    case.sign(HEAD, "section")
    case.sign(both, "secrecy")
    case.sign(LEGAL, "legal")
    case.hand(both, "leader", DEPUTY)
    with pytest.raises(NotAllowed, match="another person"):
        case.sign(DEPUTY, "leader")


def test_changed_bytes_void_every_approval():
    case = Case()
    case.sign(HEAD, "section")
    seen = case.record.version.digest
    record = case.revise(files=(file("二月"),))
    assert (record.standing, record.phase) == ((), Phase.REVIEW)
    assert len(record.opinions) == 1
    with pytest.raises(Stale):
        case.sign(HEAD, "section", digest=seen)
    case.approve()
    assert case.revise(files=(file("三月"),)).decision is None
    assert released(case.record) == ()


def test_a_new_author_may_not_review_any_more():
    case = Case()
    case.do(HEAD, replace_version("改过的"))
    with pytest.raises(NotAllowed):
        case.sign(HEAD, "section")


def replace_version(text):
    from secreview.review.commands import Revise

    return Revise(FORM, (file(text),), (report(file(text)),))


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        (replace(FORM, attribute=None), ("attribute",)),
        (replace(FORM, attribute=Attribute.WITHHELD), ("reason",)),
        (replace(FORM, attribute=Attribute.ON_REQUEST, title=" "), ("title", "reason")),
    ],
)
def test_a_form_without_attribute_or_reasons_goes_back_at_once(form, missing):
    events = step(
        flow(), (), Submit("r", form, (file("文"),), (report(file("文")),)), WRITER, START
    )
    record = fold(events)
    assert (record.phase, record.returns[0].missing) == (Phase.RETURNED, missing)
    with pytest.raises(WrongStage):
        step(flow(), events, Sign("section", Decision.PUBLISH, record.version.digest), HEAD, START)


def test_a_return_to_the_drafter_takes_a_reason_and_voids_what_was_signed():
    case = Case()
    case.sign(HEAD, "section")
    case.sign(LEGAL, "legal")
    with pytest.raises(NotAllowed, match="reason"):
        case.sign(SECRECY, "secrecy", Decision.RETURN, remark=" 好 ")
    record = case.sign(SECRECY, "secrecy", Decision.RETURN, remark="附件二缺少审核意见")
    assert (record.phase, record.standing) == (Phase.RETURNED, ())
    assert record.returns[-1].by == SECRECY.id


def test_a_return_to_an_earlier_stage_keeps_what_came_before_it():
    case = Case()
    case.sign(HEAD, "section")
    case.sign(SECRECY, "secrecy", Decision.WITHHOLD, remark="会议纪要未定稿", ground="G6")
    case.sign(LEGAL, "legal")
    with pytest.raises(NotCleared, match="Confidentiality review"):
        case.sign(LEADER, "leader")
    record = case.sign(LEADER, "leader", Decision.RETURN, remark="请保密办重新研究", to="secrecy")
    assert record.done == {"section", "legal"}
    with pytest.raises(WrongStage, match="neither"):
        case.sign(SECRECY, "secrecy", Decision.RETURN, remark="请领导再看", to="leader")
    case.sign(SECRECY, "secrecy")
    assert case.sign(LEADER, "leader").phase is Phase.DECIDED


def test_the_last_stage_may_be_stricter_than_the_others_and_names_the_ground():
    case = Case()
    for who, stage in ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal")):
        case.sign(who, stage)
    with pytest.raises(NotAllowed, match="ground"):
        case.sign(LEADER, "leader", Decision.WITHHOLD)
    record = case.sign(LEADER, "leader", Decision.WITHHOLD, ground="G6")
    assert record.decision is not None
    assert (record.decision.decision, record.decision.ground) == (Decision.WITHHOLD, "G6")
    assert released(record) == ()


def test_waiting_for_an_answer_holds_the_record_and_the_answer_lets_it_go_on():
    case = Case()
    case.sign(HEAD, "section")
    record = case.sign(SECRECY, "secrecy", Decision.CONSULT, remark="征求第三方意见")
    assert record.phase is Phase.HELD
    with pytest.raises(WrongStage, match="consultation"):
        case.sign(LEGAL, "legal")
    with pytest.raises(NotAllowed):
        case.do(WRITER, Resume("第三方同意公开"))
    record = case.do(SECRECY, Resume("第三方同意公开"))
    assert (record.phase, record.holds[0].answer) == (Phase.REVIEW, "第三方同意公开")
    assert "secrecy" not in record.done


def test_unread_parts_are_never_published_until_a_person_has_looked():
    text = file("有图")
    case = Case(report(text, unread=Why.PICTURE), files=[text])
    for who, stage in ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal")):
        case.sign(who, stage)
    with pytest.raises(NotCleared, match="not read"):
        case.sign(LEADER, "leader")
    name = case.record.version.reports[0].unread[0].id
    with pytest.raises(NotAllowed):
        case.do(WRITER, Inspect(name, "图中只有水质曲线"))
    case.do(SECRECY, Inspect(name, "图中只有水质曲线"))
    assert case.sign(LEADER, "leader").phase is Phase.DECIDED


@pytest.mark.parametrize("why", [Why.ENCRYPTED, Why.DAMAGED, Why.CRASHED, Why.LIMIT])
def test_what_no_person_can_look_at_stays_unread(why):
    text = file("加密")
    case = Case(report(text, unread=why), files=[text])
    with pytest.raises(NotAllowed):
        case.do(SECRECY, Inspect(case.record.version.reports[0].unread[0].id, "我已看过内容"))


def test_a_block_is_overridden_by_one_of_each_named_role_with_reasons():
    text = file("号码")
    case = Case(report(text, finding("f1", text, Severity.BLOCK)), files=[text])
    for who, stage in ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal")):
        case.sign(who, stage)
    with pytest.raises(NotCleared, match="f1"):
        case.sign(LEADER, "leader")
    case.do(SECRECY, Waive("f1", "是项目编号，不是证件号码"))
    with pytest.raises(WrongStage):
        case.do(SECRECY, Waive("f1", "是项目编号，不是证件号码"))
    case.do(HEAD, Waive("f1", "是项目编号，不是证件号码"))
    with pytest.raises(NotCleared):
        case.sign(LEADER, "leader")
    with pytest.raises(NotAllowed):
        case.do(LEADER, Waive("f1", "同"))
    case.do(LEADER, Waive("f1", "同意保密办意见"))
    assert case.sign(LEADER, "leader").phase is Phase.DECIDED


def test_one_person_with_both_roles_does_not_override_a_block_alone():
    text = file("号码")
    both = replace(SECRECY, roles=frozenset({"secrecy-office", "leader"}))
    case = Case(report(text, finding("f1", text, Severity.BLOCK)), files=[text])
    for who, stage in ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal")):
        case.sign(who, stage)
    case.do(both, Waive("f1", "是项目编号，不是证件号码"))
    with pytest.raises(NotCleared):
        case.sign(LEADER, "leader")


def test_findings_for_review_wait_for_somebody_other_than_the_author():
    text = file("待核")
    case = Case(report(text, finding("f1", text)), files=[text])
    for who, stage in ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal")):
        case.sign(who, stage)
    with pytest.raises(NotCleared, match="open"):
        case.sign(LEADER, "leader")
    with pytest.raises(NotAllowed):
        case.do(WRITER, Waive("f1", "已经领导同意公开"))
    with pytest.raises(WrongStage):
        case.do(SECRECY, Waive("f2", "没有这一处发现"))
    case.do(SECRECY, Waive("f1", "属于已公开的信息"))
    assert case.sign(LEADER, "leader").phase is Phase.DECIDED


def test_a_partial_release_lets_out_the_copy_only_and_judges_the_copy():
    whole, copy = file("原件"), file("副本", Role.COPY, file("原件").sha256)
    annex = file("附件", Role.ATTACHMENT)
    reports = (report(whole, finding("f1", whole, Severity.BLOCK)), report(copy), report(annex))
    case = Case(*reports, files=(whole, copy, annex))
    case.sign(HEAD, "section", Decision.PARTIAL)
    case.sign(SECRECY, "secrecy", Decision.PARTIAL)
    case.sign(LEGAL, "legal")
    with pytest.raises(NotCleared):
        case.sign(LEADER, "leader", Decision.PUBLISH)
    record = case.sign(LEADER, "leader", Decision.PARTIAL)
    assert released(record) == (copy, annex)


def test_a_partial_release_takes_a_copy_of_a_file_of_this_record():
    case = Case()
    with pytest.raises(NotCleared, match="copy"):
        case.sign(HEAD, "section", Decision.PARTIAL)
    with pytest.raises(WrongStage, match="original"):
        case.revise(files=(file("原件"), file("副本", Role.COPY, "0" * 64)))
    with pytest.raises(WrongStage):
        case.revise(files=())


def test_only_what_was_decided_is_certified_and_published():
    case = Case()
    sha256 = case.record.version.files[0].sha256
    with pytest.raises(NotCleared):
        case.do(LEADER, Certify("{}", (sha256,), "2027-03-01"))
    case.approve()
    with pytest.raises(NotCleared, match="other files"):
        case.do(LEADER, Certify("{}", ("0" * 64,), "2027-03-01"))
    with pytest.raises(NotCleared):
        case.do(WRITER, Publish("https://example.org/a", sha256))
    case.do(LEADER, Certify("{}", (sha256,), "2027-03-01"))
    with pytest.raises(NotCleared, match="take them down"):
        case.do(WRITER, Publish("https://example.org/a", "0" * 64))
    record = case.do(WRITER, Publish("https://example.org/a", sha256))
    assert (record.phase, record.publications[0].sha256) == (Phase.PUBLISHED, sha256)
    record = case.do(SECRECY, Withdraw("发现附件有误，立即下线"))
    assert (record.phase, released(record)) == (Phase.WITHDRAWN, ())


def test_the_glass_is_broken_by_two_people_and_stays_visible_until_the_review_is_done():
    case = Case()
    with pytest.raises(NotAllowed):
        case.do(HEAD, BreakGlass("水源污染，须立即告知公众"))
    case.do(SECRECY, BreakGlass("水源污染，须立即告知公众"))
    assert not is_emergency(case.record)
    with pytest.raises(NotAllowed, match="second"):
        case.do(SECRECY, BreakGlass("水源污染，须立即告知公众"))
    record = case.do(LEADER, BreakGlass("同意，先发布后补审"))
    assert is_emergency(record)
    assert released(record) == record.version.files
    record = case.approve()
    assert record.emergency is not None
    assert (record.emergency.reviewed, record.emergency.by) == (True, ("shao", "gu"))


def test_an_emergency_lets_out_neither_unread_parts_nor_blocks():
    text = file("号码")
    for machine in (
        report(text, finding("f1", text, Severity.BLOCK)),
        report(text, unread=Why.PICTURE),
    ):
        case = Case(machine, files=[text])
        with pytest.raises(NotCleared):
            case.do(SECRECY, BreakGlass("水源污染，须立即告知公众"))


def test_new_bytes_or_a_return_end_an_emergency_that_stays_on_record():
    case = Case()
    case.do(SECRECY, BreakGlass("水源污染，须立即告知公众"))
    case.do(LEADER, BreakGlass("同意，先发布后补审"))
    record = case.sign(HEAD, "section", Decision.RETURN, remark="数据有误请更正")
    assert not is_emergency(record)
    assert record.emergency is not None
    assert not record.emergency.reviewed


def test_a_late_stage_is_told_once_and_never_approved_by_the_clock():
    case = Case()
    with pytest.raises(WrongStage, match="not late"):
        case.do(LEADER, Escalate("section", "2026-03-03"))
    case.now += timedelta(days=30)
    record = case.do(LEADER, Escalate("section", "2026-03-03"))
    assert (record.done, record.escalated) == (frozenset(), {"section"})
    with pytest.raises(WrongStage, match="already"):
        case.do(LEADER, Escalate("section", "2026-03-03"))


def test_a_clock_that_runs_backwards_writes_nothing():
    case = Case()
    case.now -= timedelta(days=1)
    before = case.events
    with pytest.raises(Stale, match="clock"):
        case.sign(HEAD, "section")
    assert case.events == before


def test_a_closed_record_is_opened_again_with_a_reason_from_the_first_stage():
    case = Case()
    with pytest.raises(WrongStage):
        case.do(LEADER, Reopen("依照条例第十八条重新评估"))
    case.approve()
    record = case.do(LEADER, Reopen("依照条例第十八条重新评估"))
    assert (record.phase, record.standing, released(record)) == (Phase.REVIEW, (), ())


def test_a_draft_is_withdrawn_by_its_author_and_never_by_a_stranger():
    case = Case()
    with pytest.raises(NotAllowed):
        case.do(DEPUTY, Withdraw("不需要了，撤回"))
    assert case.do(WRITER, Withdraw("不需要了，撤回")).phase is Phase.WITHDRAWN
    with pytest.raises(WrongStage):
        case.do(WRITER, Withdraw("不需要了，撤回"))


def test_two_people_are_enough_for_a_small_company_but_not_one():
    case = Case(name="company")
    boss = replace(LEADER, roles=frozenset({"approver"}))
    with pytest.raises(NotAllowed):
        case.sign(replace(WRITER, roles=frozenset({"approver"})), "approval")
    assert case.sign(boss, "approval").phase is Phase.DECIDED


def test_events_that_are_no_record_are_refused():
    case = Case()
    good = case.events[0]
    for events in (
        (),
        (replace(good, kind="signed"),),
        (replace(good, body={}),),
        (good, Event("r1", "no-such-kind", good.at, "x", {})),
        (good, Event("r1", "signed", good.at, "x", {"stage": 5})),
        (good, Event("r1", "resumed", good.at, "x", {"answer": "无"})),
    ):
        with pytest.raises(StoreError):
            fold(events)


def test_every_refusal_leaves_the_events_as_they_were():
    case = Case()
    before = case.events
    for command in (Reopen("没有理由重新审查"), Resume("没有在等答复"), Waive("f", "没有这处发现")):
        with pytest.raises(ReviewError):
            case.do(SECRECY, command)
    assert case.events == before


def agreed_but_for_the_leader(*reports, files):
    case = Case(*reports, files=files)
    for who, stage in ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal")):
        case.sign(who, stage)
    return case


def test_what_somebody_holds_to_be_right_is_not_let_out_until_it_is_taken_back():
    text = file("待核")
    case = agreed_but_for_the_leader(report(text, finding("f1", text)), files=[text])
    case.do(SECRECY, Uphold("f1"))
    case.do(LEADER, Waive("f1", "属于已公开的信息"))
    with pytest.raises(NotCleared, match="held to be right"):
        case.sign(LEADER, "leader")
    with pytest.raises(WrongStage, match="said nothing"):
        case.do(LEGAL, Retract("f1"))
    case.do(SECRECY, Retract("f1"))
    assert case.sign(LEADER, "leader").phase is Phase.DECIDED


def test_a_note_that_is_upheld_stands_in_the_way_as_well():
    text = file("提示")
    case = agreed_but_for_the_leader(report(text, finding("f1", text, Severity.NOTE)), files=[text])
    case.do(LEGAL, Uphold("f1", "须删去"))
    with pytest.raises(NotCleared, match="f1"):
        case.sign(LEADER, "leader")


def test_something_unread_is_upheld_like_a_finding():
    text = file("有图")
    case = agreed_but_for_the_leader(report(text, unread=Why.PICTURE), files=[text])
    name = case.record.version.reports[0].unread[0].id
    case.do(LEGAL, Uphold(name))
    case.do(SECRECY, Inspect(name, "图中只有水质曲线"))
    with pytest.raises(NotCleared, match="held to be right"):
        case.sign(LEADER, "leader")


def test_nobody_says_two_things_about_one_finding():
    text = file("待核")
    case = Case(report(text, finding("f1", text)), files=[text])
    case.do(SECRECY, Uphold("f1"))
    for command in (Uphold("f1"), Waive("f1", "属于已公开的信息")):
        with pytest.raises(WrongStage, match="take that back first"):
            case.do(SECRECY, command)
    case.do(SECRECY, Retract("f1"))
    case.do(SECRECY, Waive("f1", "属于已公开的信息"))
    with pytest.raises(WrongStage):
        case.do(SECRECY, Uphold("f1"))
    with pytest.raises(NotAllowed):
        case.do(WRITER, Uphold("f1"))
    with pytest.raises(WrongStage):
        case.do(SECRECY, Uphold("f2"))


def test_what_was_waived_and_taken_back_is_open_again():
    text = file("待核")
    case = agreed_but_for_the_leader(report(text, finding("f1", text)), files=[text])
    case.do(SECRECY, Waive("f1", "属于已公开的信息"))
    record = case.do(SECRECY, Retract("f1"))
    assert (len(record.waivers), record.waived) == (1, ())
    with pytest.raises(NotCleared, match="open"):
        case.sign(LEADER, "leader")


def test_what_was_upheld_stays_so_in_new_bytes_where_it_stands_unchanged():
    old, new = file("旧"), file("新")
    case = Case(report(old, finding("f1", old), finding("f2", old)), files=[old])
    case.do(SECRECY, Uphold("f1"))
    case.do(SECRECY, Uphold("f2"))
    still = replace(finding("f9", new), fingerprint="print-f1")
    record = case.revise(report(new, still), files=[new])
    assert [(u.finding, u.actor) for u in record.upheld] == [("f9", SECRECY.id)]


def test_a_release_in_an_emergency_ends_when_somebody_upholds_a_finding():
    text = file("待核")
    case = Case(report(text, finding("f1", text)), files=[text])
    for who in (SECRECY, LEADER):
        case.do(who, BreakGlass("群众安全需要立即告知"))
    assert is_emergency(case.record)
    record = case.do(LEGAL, Uphold("f1"))
    assert released(record) == ()
    assert record.emergency is not None
