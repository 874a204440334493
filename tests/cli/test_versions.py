"""``diff`` and ``baseline``: what a new version brings, and which decisions still stand."""

from __future__ import annotations

import json

import pytest

from tests.build import resident_id
from tests.cli.test_check import run

ONE, TWO = (resident_id("522601", f"19{year}0307", "012") for year in (75, 81))
LINE = f"本次检查的现场负责人身份证号：{ONE}，特此公示。\n"
EDITED = f"本次检查的现场负责人身份证号：{ONE}。另行通知其他事项。\n"


@pytest.fixture
def drafts(tmp_path):
    (tmp_path / "old.txt").write_text(LINE, "utf-8")
    (tmp_path / "new.txt").write_text("新增一段。\n" + LINE + f"补充人员身份证号：{TWO}\n", "utf-8")
    (tmp_path / "edited.txt").write_text(EDITED, "utf-8")
    (tmp_path / "clean.txt").write_text("没有问题的一段话。\n", "utf-8")
    return tmp_path


def test_diff_names_what_is_new_and_exits_1(drafts):
    code, out, _ = run("diff", "old.txt", "new.txt", "--lang", "zh", cwd=drafts)
    text = out.decode()
    assert code == 1
    assert text.splitlines()[0].startswith("新增")
    assert text.strip().splitlines()[-1] == "新增 1，周围有改动 0，未变 1，消失 0"
    assert ONE not in text
    assert TWO not in text


def test_diff_of_a_version_that_brings_nothing_exits_0(drafts):
    assert run("diff", "old.txt", "old.txt", cwd=drafts)[0] == 0
    code, out, _ = run("diff", "new.txt", "clean.txt", "--lang", "en", cwd=drafts)
    assert code == 0
    assert "0 new, 0 edited nearby, 0 unchanged, 2 gone" in out.decode()


def test_diff_with_a_version_that_is_not_read_exits_3(drafts):
    (drafts / "broken.docx").write_bytes(b"PK\x03\x04 not a zip")
    assert run("diff", "old.txt", "broken.docx", cwd=drafts)[0] == 3


def test_diff_as_json_holds_no_value(drafts):
    code, out, _ = run("diff", "old.txt", "edited.txt", "--format", "json", cwd=drafts)
    table = json.loads(out)
    assert code == 0
    assert [len(table[key]) for key in ("new", "edited", "same", "gone")] == [0, 1, 0, 0]
    assert ONE not in out.decode()


def baseline(drafts, action, *arguments, lang="zh"):
    return run("baseline", action, *arguments, "-o", "base.jsonl", "--lang", lang, cwd=drafts)


def test_a_baseline_is_sorted_without_times_and_the_same_each_time(drafts):
    baseline(drafts, "create", "new.txt", "--reason", "已征得本人同意")
    first = (drafts / "base.jsonl").read_text("utf-8")
    baseline(drafts, "create", "new.txt", "--reason", "另一个理由")
    assert (drafts / "base.jsonl").read_text("utf-8") == first
    rows = [json.loads(line) for line in first.splitlines()[1:]]
    assert [row["fingerprint"] for row in rows] == sorted(row["fingerprint"] for row in rows)
    assert "2026" not in first
    assert ONE not in first


def test_an_edited_blocking_finding_is_listed_again_until_decided_anew(drafts):
    baseline(drafts, "create", "old.txt", "--reason", "已征得本人同意")
    assert run("check", "old.txt", "--baseline", "base.jsonl", cwd=drafts)[0] == 0
    assert run("check", "edited.txt", "--baseline", "base.jsonl", cwd=drafts)[0] == 1
    _, _, err = baseline(drafts, "prune", "edited.txt", "--confirm")
    assert "延续，待确认" in err.decode()
    assert run("check", "edited.txt", "--baseline", "base.jsonl", cwd=drafts)[0] == 1
    baseline(drafts, "create", "edited.txt", "--reason", "重新核实")
    assert run("check", "edited.txt", "--baseline", "base.jsonl", cwd=drafts)[0] == 0


def test_an_edited_finding_for_review_is_confirmed_in_a_batch(drafts):
    (drafts / "secreview.toml").write_text(
        '[profiles.soft]\nreason = "内部平台"\nseverity = { "personal/*" = "review" }\n', "utf-8"
    )
    soft = ("--profile", "soft")
    baseline(drafts, "create", "old.txt", "--reason", "已征得本人同意", *soft)
    assert run("check", "edited.txt", "--baseline", "base.jsonl", *soft, cwd=drafts)[0] == 1
    baseline(drafts, "prune", "edited.txt", *soft)
    assert run("check", "edited.txt", "--baseline", "base.jsonl", *soft, cwd=drafts)[0] == 1
    _, _, err = baseline(drafts, "prune", "edited.txt", "--confirm", *soft)
    assert "已确认" in err.decode()
    assert run("check", "edited.txt", "--baseline", "base.jsonl", *soft, cwd=drafts)[0] == 0
    assert "已征得本人同意" in (drafts / "base.jsonl").read_text("utf-8")


def test_a_decision_for_one_audience_does_not_hold_for_another(drafts):
    (drafts / "secreview.toml").write_text('[profiles.site]\nreason = "门户网站"\n', "utf-8")
    baseline(drafts, "create", "old.txt", "--reason", "只在内网公开")
    flags = ("check", "old.txt", "--baseline", "base.jsonl")
    assert run(*flags, cwd=drafts)[0] == 0
    assert run(*flags, "--profile", "site", cwd=drafts)[0] == 1


def test_a_decision_whose_time_is_over_no_longer_hides(drafts):
    baseline(drafts, "create", "old.txt", "--reason", "会期内", "--until", "2001-01-31")
    code, _, err = run("check", "old.txt", "--baseline", "base.jsonl", "--lang", "zh", cwd=drafts)
    assert code == 1
    assert "1 条处置已失效" in err.decode()
    _, _, err = baseline(drafts, "prune", "old.txt")
    assert "已过有效期" in err.decode()
    assert len((drafts / "base.jsonl").read_text("utf-8").splitlines()) == 1


def test_decisions_whose_findings_are_gone_are_pruned(drafts):
    baseline(drafts, "create", "new.txt", "--reason", "已征得本人同意")
    _, _, err = baseline(drafts, "prune", "old.txt")
    assert "已不存在" in err.decode()
    assert len((drafts / "base.jsonl").read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    "text", ["", "{}", '{"schema": "other"}\n', '{"schema": "secreview.baseline/2"}\n{}']
)
def test_a_file_that_is_no_baseline_is_refused(drafts, text):
    (drafts / "base.jsonl").write_text(text)
    code, _, err = run("check", "old.txt", "--baseline", "base.jsonl", cwd=drafts)
    assert code == 2
    assert b"baseline" in err


def test_a_day_in_another_form_is_refused(drafts):
    code, _, err = baseline(drafts, "create", "old.txt", "--reason", "x", "--until", "明年")
    assert code == 2
    assert "2026-11-25" in err.decode()
