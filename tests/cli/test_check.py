"""The command: exit codes, messages, formats, as a person runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build import resident_id, word, workbook

ID = resident_id("522601", "19850312", "101")
ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str, cwd: Path = ROOT, data: bytes = b"", **env: str):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SECREVIEW_KEY": "k", **env}
    done = subprocess.run(
        [sys.executable, "-m", "secreview", *arguments],
        cwd=cwd, input=data, capture_output=True, env=environment, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def drafts(tmp_path):
    (tmp_path / "clean.txt").write_text("今年共办结25件。\n", "utf-8")
    (tmp_path / "leak.txt").write_text(f"身份证号：{ID}\n", "utf-8")
    (tmp_path / "broken.docx").write_bytes(word("正文")[:600])
    return tmp_path


def test_a_clear_file_exits_0(drafts):
    code, out, err = run("check", str(drafts / "clean.txt"), "--lang", "zh")
    assert (code, err) == (0, b"")
    assert out.decode().strip().splitlines()[-1].startswith("结论 未发现疑似问题")


def test_a_finding_exits_1_and_says_what_where_why_and_what_to_do(drafts):
    code, out, _ = run("check", str(drafts / "leak.txt"), "--lang", "zh")
    text = out.decode()
    assert code == 1
    assert ID not in text
    for words in (
        "居民身份证号码",
        "第1行",
        "【5226**************】",
        "《个人信息保护法》第二十五条",
        "建议",
    ):
        assert words in text
    assert text.strip().splitlines()[-1].startswith("结论 不得发布")


def test_an_unreadable_file_exits_3_and_is_never_clear(drafts):
    code, out, err = run("check", str(drafts / "broken.docx"), "--lang", "zh")
    assert code == 3
    assert "未查全" in out.decode()
    assert b"Traceback" not in out + err


def test_a_finding_elsewhere_outranks_an_unread_file(drafts):
    assert run("check", str(drafts))[0] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "none.txt"], "none.txt"),
        (["check", "."], "nothing to check"),
        (["check", "--profile", "sit", "a.txt"], "sit"),
        (["check", "--rules", "norules", "a.txt"], "norules"),
        (["check", "--config", "no.toml", "a.txt"], "no.toml"),
        (["check", "--format", "xlm", "a.txt"], "xlm"),
        (["check", "--baseline", "no.json", "a.txt"], "no.json"),
        (["chekc", "a.txt"], "check"),
        (["explain", "personal/resident-di"], "personal/resident-id"),
        (["rules", "show", "nothing"], "nothing"),
    ],
)
def test_bad_usage_exits_2_with_the_place_and_the_next_step(tmp_path, arguments, says):
    folder = tmp_path / "work"
    folder.mkdir()
    if arguments[1] != ".":
        (folder / "a.txt").write_text("甲", "utf-8")
    code, out, err = run(*arguments, "--lang", "en", cwd=folder)
    assert code == 2, (out, err)
    assert says in err.decode()
    assert b"Traceback" not in err


def test_a_broken_rule_file_exits_2_and_names_every_fault(tmp_path):
    pack = tmp_path / "pack" / "personal"
    pack.mkdir(parents=True)
    (pack / "a.toml").write_text("id = 'a'\ncategry = 'personal'\n", "utf-8")
    (pack / "b.toml").write_text("id = [", "utf-8")
    (tmp_path / "x.txt").write_text("甲", "utf-8")
    code, _, err = run("check", str(tmp_path / "x.txt"), "--rules", str(tmp_path / "pack"))
    text = err.decode()
    assert code == 2
    assert "a.toml:2: categry" in text
    assert "did you mean category?" in text
    assert "b.toml:1" in text


def test_a_broken_file_that_rules_share_is_the_one_fault(tmp_path):
    pack = tmp_path / "pack"
    (pack / "personal").mkdir(parents=True)
    (pack / "patterns.toml").write_text("[patterns]\n<<<<<<<\n", "utf-8")
    (pack / "personal" / "a.toml").write_text("id = 'a'\ncategry = 'personal'\n", "utf-8")
    (tmp_path / "x.txt").write_text("甲", "utf-8")
    code, _, err = run("check", str(tmp_path / "x.txt"), "--rules", str(pack))
    assert code == 2
    assert "patterns.toml:2" in err.decode()
    assert "a.toml" not in err.decode()


def test_a_faulty_configuration_exits_2(tmp_path):
    (tmp_path / "secreview.toml").write_text("fail_onn = 'block'\n", "utf-8")
    (tmp_path / "x.txt").write_text("甲", "utf-8")
    code, _, err = run("check", "x.txt", cwd=tmp_path)
    assert code == 2
    assert "fail_onn" in err.decode()


def test_standard_input_is_read_by_its_given_name(tmp_path):
    data = workbook([["姓名", "身份证号"], ["乔小平", ID]])
    code, out, _ = run("check", "-", "--stdin-name", "a.xlsx", "--format", "json", data=data)
    report = json.loads(out)["reports"][0]
    assert code == 1
    labels = {finding["rule"]: finding["place"]["label"] for finding in report["findings"]}
    assert labels["personal/resident-id"] == "sheet 名单, B2"


def test_formats_can_go_to_files_and_are_written_whole(drafts, tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    names = ("json", "jsonl", "sarif", "junit", "github", "html", "text")
    flags = [flag for name in names for flag in ("--format", f"{name}:{target / name}")]
    assert run("check", str(drafts), *flags)[0] == 1
    assert sorted(path.name for path in target.iterdir()) == sorted(names)
    for path in target.iterdir():
        text = path.read_text("utf-8")
        assert text.strip()
        assert ID not in text


def test_messages_under_gbk_do_not_crash(drafts):
    (drafts / "rare.txt").write_text(f"😀𠮷 身份证号：{ID} 👍\n", "utf-8")
    code, out, err = run("check", str(drafts / "rare.txt"), "--lang", "zh", PYTHONIOENCODING="gbk")
    assert code == 1
    assert "居民身份证号码" in out.decode("gbk")
    assert b"Traceback" not in err


def test_every_line_holds_at_80_columns(drafts):
    from rich.cells import cell_len

    for lang in ("zh", "en"):
        _, out, _ = run("check", str(drafts), "-v", "--lang", lang)
        path = str(drafts)
        assert all(cell_len(line) <= 80 or path[:40] in line for line in out.decode().splitlines())


def test_a_baseline_hides_what_was_decided_and_counts_it(drafts):
    file = str(drafts / "leak.txt")
    base = str(drafts / "base.json")
    assert run("baseline", "create", file, "-o", base, "--reason", "依法公开")[0] == 0
    assert ID not in Path(base).read_text("utf-8")
    code, out, _ = run("check", file, "--baseline", base, "--lang", "zh")
    assert code == 0
    assert "已处置 1" in out.decode()


def test_a_profile_switches_off_only_with_a_reason(drafts):
    (drafts / "secreview.toml").write_text(
        "[profiles.list]\nreason = '名单依法公示'\n"
        "off = [{ rule = 'personal/resident-id', reason = '测试' }]\n", "utf-8",
    )  # fmt: skip
    file = str(drafts / "leak.txt")
    assert run("check", file)[0] == 1
    assert run("check", file, "--profile", "list")[0] == 0


def test_an_allowed_gap_with_a_reason_is_counted_not_dropped(drafts):
    (drafts / "secreview.toml").write_text(
        "allow = [{ part = '*.docx', why = 'damaged', reason = '旧文件，已由人查看' }]\n", "utf-8"
    )
    code, out, _ = run("check", str(drafts / "broken.docx"), "--lang", "zh")
    assert code == 0
    assert "允许不读 1" in out.decode()


def test_reveal_shows_the_text_only_when_asked(drafts):
    file = str(drafts / "leak.txt")
    assert ID in run("check", file, "--reveal", "--format", "json")[1].decode()
    assert ID not in run("check", file, "--format", "json")[1].decode()


def test_two_processes_find_what_one_finds(drafts):
    one = json.loads(run("check", str(drafts), "--format", "json")[1])
    two = json.loads(run("check", str(drafts), "--format", "json", "--jobs", "2")[1])
    assert one == two


@pytest.mark.parametrize("command", [["rules", "list"], ["rules", "lint"], ["rules", "test"],
                                     ["schema"], ["doctor"], ["explain", "resident-id"], ["--help"]])  # fmt: skip
def test_the_other_commands_work(command):
    code, out, err = run(*command)
    assert code == 0, err
    assert out or err


def test_rules_new_writes_a_rule_that_loads(tmp_path):
    code, _, _ = run("rules", "new", "personal/my-rule", "--rules", str(tmp_path))
    assert code == 0
    code, out, err = run("rules", "test", "--rules", str(tmp_path))
    assert code == 0, (out, err)
    assert run("rules", "new", "personal/my-rule", "--rules", str(tmp_path))[0] == 2


def test_read_shows_every_part(tmp_path):
    file = tmp_path / "a.docx"
    file.write_bytes(word("正文", comment="批注里的话"))
    code, out, _ = run("read", str(file), "--format", "json")
    table = json.loads(out)
    assert code == 0
    assert {part["kind"] for part in table["parts"]} >= {"body", "comment", "name"}
