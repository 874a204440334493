"""The MkDocs plugin: an offending page never lies in the output folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build import resident_id, word

ROOT = Path(__file__).parent.parent.parent
ID = resident_id("522601", "19850312", "101")
CLEAN, LEAK = "# 公告\n\n今年共办结25件。\n", f"# 公告\n\n身份证号：{ID}\n"


@pytest.fixture
def site(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(CLEAN, "utf-8")
    configure(tmp_path)
    return tmp_path


def configure(folder: Path, **options: str):
    lines = "".join(f"      {key}: {value}\n" for key, value in options.items())
    (folder / "mkdocs.yml").write_text(
        "site_name: 示例\nsite_url: https://www.example.gov.cn/\n"
        f"plugins:\n  - search\n  - secreview:\n      lang: en\n{lines}",
        "utf-8",
    )


def build(folder: Path, **env: str):
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SECREVIEW_KEY": "k", **env},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def published(folder: Path) -> str:
    return "".join(
        path.read_text("utf-8", errors="replace")
        for path in sorted((folder / "site").rglob("*"))
        if path.suffix in (".html", ".json", ".txt")
    )


def left_aside(folder: Path):
    return [path.name for path in folder.iterdir() if path.name.startswith(".site")]


def test_a_clean_site_is_published(site):
    code, said = build(site)
    assert code == 0, said
    assert "今年共办结25件" in published(site)
    assert left_aside(site) == []


@pytest.mark.parametrize("where", ["page", "attachment", "comment"])
def test_an_offending_page_or_attachment_leaves_the_old_site_as_it_was(site, where):
    build(site)
    before = published(site)
    docs = site / "docs"
    (docs / "new.md").write_text("# 新页\n\n这是新的一页。\n", "utf-8")
    if where == "page":
        (docs / "index.md").write_text(LEAK, "utf-8")
    elif where == "attachment":
        (docs / "list.docx").write_bytes(word("名单", comment=f"身份证号：{ID}"))
    else:
        (docs / "index.md").write_text(f"{CLEAN}\n<!-- 身份证号：{ID} -->\n", "utf-8")
    code, said = build(site)
    assert code == 1
    assert published(site) == before
    assert "Resident identity number" in said
    assert "https://www.example.gov.cn/" in said
    assert ID not in said
    assert left_aside(site) == []


def test_a_first_build_that_fails_leaves_no_output_folder(site):
    (site / "docs" / "index.md").write_text(LEAK, "utf-8")
    assert build(site)[0] == 1
    assert not (site / "site").exists()


def test_an_attachment_that_cannot_be_read_is_not_published(site):
    (site / "docs" / "list.docx").write_bytes(word("名单")[:500])
    code, said = build(site)
    assert code == 1
    assert "list.docx" in said
    assert not (site / "site").exists()


@pytest.mark.parametrize(("policy", "code"), [("closed", 1), ("open-with-record", 0)])
def test_when_the_check_itself_fails_the_policy_decides_and_it_is_said(site, policy, code):
    configure(site, on_error=policy)
    (site / "secreview.toml").write_text('rules = ["no-such-folder"]\n', "utf-8")
    got, said = build(site)
    assert got == code, said
    assert "could not check the site" in said
    assert (site / "site").exists() == (code == 0)


def test_the_report_is_written_where_the_configuration_says(site):
    configure(site, report="report.html", fail_on="block")
    (site / "docs" / "index.md").write_text(LEAK, "utf-8")
    assert build(site)[0] == 1
    page = (site / "report.html").read_text("utf-8")
    assert "Resident identity number" in page
    assert ID not in page
