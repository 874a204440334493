"""Which files a path means, and what becomes of a file whose process dies."""

import os
from pathlib import Path

import pytest

from secreview.api import Options
from secreview.bulk.files import files_of
from secreview.bulk.local import check_files, failed
from secreview.errors import UsageError
from secreview.model import Verdict, Why


def tree(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("通知", "utf-8")
    return folder


def names(files, folder):
    return [file.relative_to(folder).as_posix() for file in files]


def test_folders_are_searched_and_each_file_is_meant_once(tmp_path):
    tree(tmp_path, "a.txt", "b/c.docx", "b/.git/config", "b/node_modules/x.txt", ".hidden.txt")
    found = files_of([str(tmp_path), str(tmp_path / "a.txt")])
    assert names(found, tmp_path) == [".hidden.txt", "a.txt", "b/c.docx"]


def test_include_and_exclude_are_patterns_on_path_and_name(tmp_path):
    tree(tmp_path, "a.txt", "b/c.docx", "b/old/d.docx", "b/e.bak")
    root = [str(tmp_path)]
    assert names(files_of(root, include=["*.docx"]), tmp_path) == ["b/c.docx", "b/old/d.docx"]
    assert names(files_of(root, exclude=["b/old/*", "*.bak"]), tmp_path) == ["a.txt", "b/c.docx"]
    named = tmp_path / "b/e.bak"
    assert files_of([str(named)], exclude=["*.bak"]) == [named]


def test_every_missing_path_is_named_before_anything_is_read(tmp_path):
    with pytest.raises(UsageError, match=r"gone1.*gone2"):
        files_of([str(tmp_path), "gone1", "gone2"])


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_to_a_folder_above_does_not_go_round(tmp_path):
    tree(tmp_path, "b/c.txt")
    (tmp_path / "b/up").symlink_to(tmp_path, target_is_directory=True)
    assert names(files_of([str(tmp_path)]), tmp_path) == ["b/c.txt"]


def test_reports_come_in_the_order_of_the_files(tmp_path):
    tree(tmp_path, "1.txt", "2.txt", "3.txt")
    files = files_of([str(tmp_path)])
    reports = list(check_files(files, Options(), jobs=2))
    assert [Path(report.path) for report in reports] == files
    assert {report.verdict for report in reports} == {Verdict.CLEAR}


def test_a_file_whose_process_died_is_not_clear(tmp_path):
    tree(tmp_path, "1.txt")
    report = failed(tmp_path / "1.txt", MemoryError(), Options())
    assert report.verdict is Verdict.INCOMPLETE
    assert report.gaps[0].why is Why.DAMAGED
    assert report.sha256
