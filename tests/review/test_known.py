"""What records know of statistics and of a period: counted exactly, never more than they know."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from secreview.model import Severity
from secreview.review.commands import BreakGlass, Publish, Submit, Waive, Withdraw
from secreview.review.forms.form import form_named
from secreview.review.forms.inspection import Problem, inspection
from secreview.review.forms.known import Kept, Period, channel_of, known
from secreview.review.record import Attribute, Decision
from secreview.review.step import step
from tests.review.build import (
    FORM,
    HEAD,
    LEADER,
    LEGAL,
    SECRECY,
    START,
    WRITER,
    Case,
    file,
    finding,
    flow,
    report,
)
from tests.review.test_certificate import certified

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
AFTER = date(2027, 1, 15)
STAGES = ((HEAD, "section"), (SECRECY, "secrecy"), (LEGAL, "legal"), (LEADER, "leader"))
SITE, WECHAT = "https://www.example.gov.cn/1.html", "https://mp.weixin.qq.com/s/1"


def published(*urls, case=None, **more):
    case = case or Case()
    case.approve()
    certified(case)
    for url in urls:
        case.do(SECRECY, Publish(url, case.record.version.files[0].sha256))
    record = case.record
    return replace(record, submission=replace(record.submission, more=more)) if more else record


def decided(decision, **more):
    case = Case()
    for who, stage in STAGES:
        case.sign(who, stage, decision, **more)
    return case


def kept(*records, **more):
    return Kept(records, AFTER, **{"since": date(2026, 1, 1), **more})


def values(*records, form="2018", **more):
    return known(form_named(form), kept(*records, **more), YEAR)


def test_an_item_published_in_two_channels_counts_once_and_once_in_each():
    found = values(published(SITE, WECHAT, SITE)).values
    assert found == {"A1": 1, "A3a": 0, "A3b": 1, "A3c": 0, "A3d": 1, "A3e": 0}


def test_what_stayed_inside_or_was_not_published_does_not_count():
    inside = decided(Decision.INTERNAL)
    certified(inside)
    inside.do(SECRECY, Publish("内网公告栏", inside.record.version.files[0].sha256))
    assert values(inside.record, Case().record).values["A1"] == 0


def test_kinds_of_documents_count_only_when_every_record_states_its_own():
    both = (published(SITE, type="规范性文件"), published(SITE, type="公告"))
    assert values(*both).values["A1a"] == 1
    assert values(*both, form="2019").values == {
        "normative.published": 1, "regulations.published": 0,
    }  # fmt: skip
    found = values(*both, published(SITE))
    assert "A1a" not in found.values
    assert found.hints["A1a"] == 1


@pytest.mark.parametrize("change", [
    {"since": None}, {"since": date(2026, 2, 1)}, {"erased": 1}, {"today": date(2026, 12, 31)},
])  # fmt: skip
def test_records_that_do_not_cover_the_year_fill_nothing(change):
    whole = kept(published(SITE))
    found = known(form_named("2018"), replace(whole, **change), YEAR)
    assert found.values == {}
    assert found.hints["A1"] == 1


def test_without_records_nothing_is_known():
    found = known(form_named("2018"), Kept((), AFTER), YEAR)
    assert found.values == {}
    assert not any(found.hints.values())


def test_the_year_turns_at_midnight_in_china():
    record = published(SITE)
    late = replace(record.publications[0], at="2025-12-31T16:00:00Z")
    early = replace(record.publications[0], at="2025-12-31T15:59:59Z")
    assert values(replace(record, publications=(late,))).values["A1"] == 1
    assert values(replace(record, publications=(early,))).values["A1"] == 0


def test_reviewed_applications_are_a_hint_and_never_fill_the_form():
    refused = decided(Decision.WITHHOLD, ground="G4")
    stated = {"application": "申请1号", "applicant": "自然人"}
    record = replace(refused.record, submission=replace(FORM, more=stated))
    found = values(record, form="2021")
    assert found.values == {}
    assert found.hints == {
        "new.natural": 1, "new.total": 1, "G4.natural": 1, "G4.total": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("url", "channel"), [
    (SITE, "website"), (WECHAT, "wechat"), ("https://weibo.com/1", "weibo"),
    ("政府公报2026年第3期", "gazette"), ("区档案馆查阅点", "other"),
])  # fmt: skip
def test_the_place_of_publication_names_the_channel(url, channel):
    assert channel_of(url) == channel


def incomplete():
    form = replace(FORM, attribute=Attribute.ON_REQUEST)
    page = file("无理由")
    events = step(flow(), (), Submit("r2", form, (page,), (report(page),)), WRITER, START)
    from secreview.review.fold import fold

    return fold(events)


def test_a_period_is_summed_up_as_an_inspector_asks():
    withheld = decided(Decision.WITHHOLD, ground="G4")
    found = inspection(
        [published(SITE, WECHAT), withheld.record, incomplete(), Case().record], YEAR, late=["r1"]
    )
    assert found.reviewed == 4
    assert found.decided == {Decision.PUBLISH: 1, Decision.WITHHOLD: 1}
    assert found.withheld == {"G4": 1}
    assert (found.returned, found.returned_records, found.open) == (1, 1, 2)
    assert (found.published, found.channels) == (1, {"website": 1, "wechat": 1})
    assert found.problems[Problem.INCOMPLETE] == ("r2",)
    assert set(found.problems[Problem.LATE]) == {"r1"}


def test_another_period_has_nothing_of_it():
    found = inspection([published(SITE)], Period(date(2025, 1, 1), date(2025, 12, 31)))
    assert (found.reviewed, found.published, dict(found.decided)) == (0, 0, {})
    assert not found.problems


def test_what_was_taken_down_or_waved_through_is_named():
    page = file("阻断")
    case = Case(report(page, finding("b", page, Severity.BLOCK)), files=(page,))
    case.do(SECRECY, Waive("b", "该号码为本单位值班电话"))
    case.do(LEADER, Waive("b", "同意保密办意见"))
    record = published(SITE, case=case)
    assert inspection([record], YEAR).problems == {Problem.WAIVED: ("r1",)}
    case.do(SECRECY, Withdraw("发布后发现表述有误"))
    assert Problem.TAKEN_DOWN in inspection([case.record], YEAR).problems


def test_an_emergency_stays_a_problem_until_it_is_reviewed():
    case = Case()
    case.do(SECRECY, BreakGlass("汛情紧急，需立即发布预警"))
    case.do(LEADER, BreakGlass("同意立即发布预警信息"))
    assert set(inspection([case.record], YEAR).problems) == {
        Problem.EMERGENCY, Problem.UNREVIEWED,
    }  # fmt: skip
    case.now += timedelta(hours=1)
    case.approve()
    assert set(inspection([case.record], YEAR).problems) == {Problem.EMERGENCY}
