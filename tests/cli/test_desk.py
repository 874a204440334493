"""submit, sign, gate and flow on the command line: exit codes, words, and what is refused."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import secreview.api.desk
import secreview.cli.desk
from secreview.cli import CLEAR, FINDINGS, INTERNAL, USAGE, main

DESK = Path(__file__).parent.parent.parent / "examples/desk"
CLEAN = "关于八月水环境质量的通报\n\n八个断面全部达标。\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A copy of the example, with a clean notice, in a fresh home."""
    shutil.copytree(DESK, tmp_path / "desk")
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SECREVIEW_STORE", raising=False)
    Path("clean.txt").write_text(CLEAN, "utf-8")
    return tmp_path / "desk"


def run(*words: str) -> int:
    return main([*words, "--lang", "zh"])


def submitted(*more: str) -> int:
    return run("submit", "clean.txt", "--by", "lin", "--attribute", "active", *more)


def approved() -> None:
    assert submitted() == CLEAR
    assert run("sign", "clean.txt", "--by", "shao", "--decision", "publish") == CLEAR
    assert run("sign", "clean.txt", "--by", "gu", "--decision", "publish") == CLEAR


def record(capsys) -> dict:
    """Return the record of the clean notice as JSON."""
    capsys.readouterr()
    assert run("flow", "status", "clean.txt", "--json") == CLEAR
    return json.loads(capsys.readouterr().out)


def test_an_incomplete_form_comes_back_with_what_it_lacks(capsys):
    assert run("submit", "clean.txt", "--by", "lin") == FINDINGS
    told = capsys.readouterr().out
    assert "已退回" in told
    assert "缺：公开属性" in told
    name = record(capsys)["id"]
    assert submitted("--record", name, "--more", "number=水环〔2026〕2号") == CLEAR
    assert record(capsys)["submission"]["more"] == {"number": "水环〔2026〕2号"}


def test_the_stage_is_the_one_that_a_person_signs(capsys):
    submitted()
    assert run("sign", "clean.txt", "--by", "gu", "--decision", "publish") == FINDINGS
    assert "环节“领导审定”还不能签署" in capsys.readouterr().err
    assert run("sign", "clean.txt", "--by", "shao", "--decision", "publish") == CLEAR
    assert "√ 保密审查  邵二  公开" in capsys.readouterr().out


def test_a_refusal_is_told_in_the_language_asked_for(capsys):
    submitted()
    assert main(["sign", "clean.txt", "--by", "gu", "--stage", "leader", "--decision", "publish",
                 "--lang", "en"]) == FINDINGS  # fmt: skip
    assert "first: Confidentiality review" in capsys.readouterr().err
    assert (
        run("sign", "clean.txt", "--by", "gu", "--stage", "leader", "--decision", "publish")
        == FINDINGS
    )
    assert "先完成：保密审查" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["submit", "no-such-file", "--by", "lin"], USAGE),
        (["submit", "clean.txt", "--by", "nobody"], USAGE),
        (["submit", "clean.txt", "--by", "lin", "--more", "number"], USAGE),
        (["submit", "clean.txt", "--by", "lin", "--more", "colour=red"], USAGE),
        (["submit", "clean.txt", "--by", "lin", "--attribute", "open"], USAGE),
        (["sign", "clean.txt", "--by", "shao", "--decision", "publish"], FINDINGS),
        (["sign", "no-record", "--by", "shao", "--decision", "publish"], USAGE),
        (["sign", "clean.txt", "--by", "shao"], USAGE),
        (["gate", "clean.txt"], FINDINGS),
        (["gate", "no-such-file"], USAGE),
        (["gate", "clean.txt", "--published", "https://example.org"], USAGE),
        (["gate", "clean.txt", "--certificate", "clean.txt", "--public-key", "clean.txt"], USAGE),
        (["flow", "lint", "no-such-flow"], USAGE),
        (["flow", "late", "--escalate"], USAGE),
        (["flow", "status", "no-record"], USAGE),
        (["gate", "clean.txt", "--flow", "people.toml"], USAGE),
    ],
)
def test_what_cannot_be_done_has_its_exit_code_and_says_what_to_do(words, code, capsys):
    assert run(*words) == code
    assert capsys.readouterr().err.strip()


def test_a_store_that_is_none_is_an_error_of_its_own(capsys):
    Path("records.db").write_bytes(b"not a database" * 100)
    assert submitted() == INTERNAL
    assert "记录库" in capsys.readouterr().err


def test_the_certificate_passes_for_these_bytes_with_this_key_only(capsys, tmp_path):
    approved()
    assert run("gate", "clean.txt", "-o", "clean.json") == CLEAR
    Path("records.db").rename("elsewhere.db")
    key = str(tmp_path / "config/secreview/gate.pub")
    assert run("gate", "clean.txt", "--certificate", "clean.json", "--public-key", key) == CLEAR
    assert not Path("records.db").exists()
    assert run("flow", "key", "other.key") == CLEAR
    capsys.readouterr()
    other = ["gate", "clean.txt", "--certificate", "clean.json", "--public-key", "other.key"]
    assert run(*other) == FINDINGS
    assert "签名不能用所给公钥验证" in capsys.readouterr().err
    assert (
        run("gate", "clean.txt", "--certificate", "clean.json", "--audience", "internal")
        == FINDINGS
    )
    assert run("gate", "clean.txt", "notice.txt", "--certificate", "clean.json") == FINDINGS


def test_a_publication_is_noted_with_the_bytes_that_passed(capsys):
    approved()
    assert run("gate", "clean.txt", "--published", "https://example.org/8", "--by", "lin") == CLEAR
    noted = record(capsys)
    assert noted["publications"][0]["sha256"] == noted["versions"][0]["files"][0]["sha256"]
    assert run("sign", "clean.txt", "--by", "shao", "--withdraw", "数据有误，立即下线") == CLEAR
    assert "已撤回" in capsys.readouterr().out
    assert run("gate", "clean.txt") == FINDINGS


def test_a_redacted_copy_passes_where_its_original_does_not():
    Path("copy.txt").write_text("区分处理后的通报\n", "utf-8")
    Path("annex.txt").write_text("附表\n", "utf-8")
    assert submitted("--copy", "copy.txt", "--attachment", "annex.txt") == CLEAR
    for by in ("shao", "gu"):
        assert run("sign", "clean.txt", "--by", by, "--decision", "partial") == CLEAR
    assert run("gate", "copy.txt", "annex.txt") == CLEAR
    assert run("gate", "clean.txt") == FINDINGS


def test_a_stage_is_handed_on_and_an_answer_lets_a_record_go_on(capsys):
    submitted()
    assert (
        run(
            "sign",
            "clean.txt",
            "--by",
            "shao",
            "--delegate",
            "secrecy=gu",
            "--remark",
            "出差期间代为审查",
        )
        == CLEAR
    )
    assert run("sign", "clean.txt", "--by", "gu", "--stage", "secrecy", "--decision", "consult",
               "--remark", "征求第三方意见") == CLEAR  # fmt: skip
    assert "等待答复" in capsys.readouterr().out
    assert run("sign", "clean.txt", "--by", "shao", "--answer", "第三方同意公开") == CLEAR
    assert (
        run("sign", "clean.txt", "--by", "gu", "--stage", "secrecy", "--decision", "publish")
        == CLEAR
    )
    assert "（受 shao 委托）" in capsys.readouterr().out
    assert run("sign", "clean.txt", "--by", "gu", "--decision", "publish") == FINDINGS
    assert "须由另一人签署" in capsys.readouterr().err


def test_withholding_names_its_ground_and_when_to_look_again(capsys):
    submitted()
    assert run("sign", "clean.txt", "--by", "shao", "--decision", "publish") == CLEAR
    ask = ["sign", "clean.txt", "--by", "gu", "--decision", "withhold", "--remark", "尚在讨论之中"]
    assert run(*ask) == FINDINGS
    assert run(*ask, "--ground", "G99") == USAGE
    assert run(*ask, "--ground", "G6", "--until", "soon") == USAGE
    assert run(*ask, "--ground", "G6", "--until", "2027-06-30") == CLEAR
    decision = record(capsys)["decision"]
    assert (decision["ground"], decision["until"]) == ("G6", "2027-06-30")


def test_a_person_with_a_key_signs_with_it(capsys):
    assert run("flow", "key", "shao.key") == CLEAR
    line = capsys.readouterr().out
    assert Path("shao.key").stat().st_mode & 0o777 == 0o600
    assert run("flow", "key", "shao.key") == USAGE
    text = Path("people.toml").read_text("utf-8")
    Path("people.toml").write_text(
        text.replace('id    = "shao"\n', f'id    = "shao"\n{line}'), "utf-8"
    )
    submitted()
    ask = ["sign", "clean.txt", "--by", "shao", "--decision", "publish"]
    assert run(*ask) == FINDINGS
    assert run(*ask, "--key", "shao.key") == CLEAR
    assert record(capsys)["standing"][0]["auth"] == "key"


def test_flows_are_listed_drawn_and_linted(capsys):
    assert run("flow", "list") == CLEAR
    assert "bureau" in capsys.readouterr().out
    assert run("flow", "draw") == CLEAR
    assert "[保密审查: secrecy-office, 2 个工作日]" in capsys.readouterr().out
    assert run("flow", "draw", "bureau", "--mermaid") == CLEAR
    assert "secrecy --> leader" in capsys.readouterr().out
    assert run("flow", "lint") == CLEAR
    assert run("flow", "lint", "bureau") == FINDINGS
    assert "没有人担任“section-head”" in capsys.readouterr().out


def test_what_is_late_is_told_and_noted_once(capsys, monkeypatch):
    assert run("flow", "late") == CLEAR
    submitted()
    assert run("flow", "late") == CLEAR
    later = datetime.now(UTC) + timedelta(days=20)
    calendar = Path("days.toml")
    years = "".join(f"[year.{year}]\noff = []\n" for year in range(2024, later.year + 2))
    calendar.write_text(years, "utf-8")
    with Path("secreview.toml").open("a", encoding="utf-8") as file:
        file.write('calendar = "days.toml"\n')
    for module in (secreview.cli.desk, secreview.api.desk):
        monkeypatch.setattr(module, "now_utc", lambda: later)
    capsys.readouterr()
    assert run("flow", "late") == FINDINGS
    assert "已超期" in capsys.readouterr().out
    assert run("flow", "late", "--escalate", "--by", "gu") == FINDINGS
    assert "已催办 1" in capsys.readouterr().err
    assert run("flow", "late", "--escalate", "--by", "gu") == FINDINGS
    assert "已催办 0" in capsys.readouterr().err
    assert record(capsys)["standing"] == []


def test_a_calendar_without_the_year_does_not_hold_up_a_review(capsys):
    Path("days.toml").write_text("[year.2020]\noff = []\n", "utf-8")
    with Path("secreview.toml").open("a", encoding="utf-8") as file:
        file.write('calendar = "days.toml"\n')
    assert submitted() == CLEAR
    assert "截止日期不能计算" in capsys.readouterr().err
    assert run("flow", "late") == USAGE


@pytest.mark.parametrize("missing", ["sqlalchemy", "cryptography"])
def test_without_the_extra_the_message_names_it(missing):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from secreview.cli import main\n"
        "sys.exit(main(['submit', 'clean.txt', '--by', 'lin', '--attribute', 'active']))"
    )
    env = {**os.environ, "PYTHONPATH": str(DESK.parent.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.returncode == USAGE
    assert "secreview[store]" in done.stderr


def test_a_finding_is_upheld_and_taken_back_on_the_command_line(capsys):
    Path("leak.txt").write_text("联系人手机：13912345678。\n", "utf-8")
    assert run("submit", "leak.txt", "--by", "lin", "--attribute", "active") == CLEAR
    capsys.readouterr()
    assert run("flow", "status", "leak.txt", "--json") == CLEAR
    name = json.loads(capsys.readouterr().out)["versions"][0]["reports"][0]["findings"][0]["id"]
    assert run("sign", "leak.txt", "--by", "shao", "--uphold", name) == CLEAR
    assert "已认定须处理" in capsys.readouterr().out
    assert run("sign", "leak.txt", "--by", "shao", "--waive", f"{name}=本人同意公布") == FINDINGS
    assert run("sign", "leak.txt", "--by", "shao", "--retract", name) == CLEAR
    assert "已认定须处理" not in capsys.readouterr().out
    assert run("sign", "leak.txt", "--by", "shao", "--waive", f"{name}=本人同意公布") == CLEAR
