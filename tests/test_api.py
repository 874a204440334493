"""The importable interface: what comes back, what is raised, and what is never clear."""

import subprocess
import sys
from datetime import date

import pytest

import secreview
from secreview import Options, UsageError, check, read
from secreview.model import PartKind, Verdict

NUMBER = "11010519491231002X"
LEAK = f"领取人身份证号：{NUMBER}。"


def test_the_same_text_gives_the_same_findings_whatever_it_comes_as(tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text(LEAK, "utf-8")
    reports = [
        check(path),
        check(str(path)),
        check(data=LEAK.encode("gb18030"), name="notice.txt"),
        check(text=LEAK, name="notice.txt"),
    ]
    assert {r.findings[0].fingerprint for r in reports} == {reports[0].findings[0].fingerprint}
    assert all(r.verdict is Verdict.BLOCK for r in reports)
    assert all(NUMBER not in repr(r) for r in reports)


def test_the_day_selects_the_edition_of_the_law():
    before = check(text=LEAK, options=Options(day=date(2021, 12, 1))).findings[0]
    assert before.reason.basis[0].edition == "2021-08-20"
    secret = "密级：机密★10年\n\n关于某事的通知"
    old, new = (
        check(text=secret, options=Options(day=day)).findings[0].reason.basis[0]
        for day in (date(2023, 1, 1), date(2025, 1, 1))
    )
    assert (old.article.zh, new.article.zh) == ("第十七条", "第二十二条")


@pytest.mark.parametrize("given", [{}, {"path": "x", "text": "y"}, {"path": "no/such/file"}])
def test_what_is_not_one_document_is_a_usage_error(given):
    with pytest.raises(UsageError):
        check(given.pop("path", None), **given)


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, b"PK\x03\x04broken", b"%PDF-1.7"])
def test_what_cannot_be_read_is_incomplete_never_clear(data):
    report = check(data=data, name="draft")
    assert report.verdict is Verdict.INCOMPLETE
    assert report.gaps


def test_a_file_name_is_a_part():
    document = read(text="正文", name="名单.txt")
    assert [part.kind for part in document.parts] == [PartKind.NAME, PartKind.BODY]
    assert check(text="正文", name=f"{NUMBER}.txt").verdict is Verdict.BLOCK


def test_a_rule_that_fails_leaves_a_gap_and_the_others_find(monkeypatch):
    from secreview.engine import keep

    monkeypatch.setitem(keep.VALIDATORS, "mobile", lambda value: 1 / 0)
    report = check(text=LEAK + "联系手机：13812345678", name="a.txt")
    assert any("ZeroDivisionError" in gap.detail for gap in report.gaps)
    assert any(f.rule == "personal/resident-id" for f in report.findings)
    assert report.verdict is Verdict.BLOCK


def test_the_import_loads_nothing_heavy_and_the_check_neither():
    code = (
        "import sys, secreview; secreview.check(text='通知：请各科室按时报送。');"
        "print(*(m for m in ('jieba', 'pydantic', 'rich', 'lxml', 'numpy') if m in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)  # fills the cache
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""


def test_every_public_name_exists():
    assert all(getattr(secreview, name) is not None for name in secreview.__all__)
