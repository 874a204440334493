"""The MkDocs plugin: an offending page never lies in the output folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from secreview.api.policy import OpeningsFile
from tests.build import resident_id, word
from tests.readers import FAULTS, python_path

ROOT = Path(__file__).parent.parent.parent
ID = resident_id("522601", "19850312", "101")
CLEAN, LEAK = "# 公告\n\n今年共办结25件。\n", f"# 公告\n\n身份证号：{ID}\n"


BARE = "{name: null, custom_dir: theme, static_templates: [404.html]}"
PLAIN = "<html><body><h1>{{ page.title }}</h1>{{ page.content }}</body></html>"


@pytest.fixture
def site(tmp_path):
    """Give a site with a bare theme: what the default one brings is read in a test of its own."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(CLEAN, "utf-8")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "main.html").write_text(PLAIN, "utf-8")
    (tmp_path / "theme" / "404.html").write_text("<p>没有这一页</p>", "utf-8")
    configure(tmp_path)
    return tmp_path


def configure(folder: Path, theme: str = BARE, **options: str):
    lines = "".join(f"      {key}: {value}\n" for key, value in options.items())
    (folder / "mkdocs.yml").write_text(
        f"site_name: 示例\nsite_url: https://www.example.gov.cn/\ntheme: {theme}\n"
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
    configure(site, theme="mkdocs")
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


OPEN = 'on_error = "open-with-record"\nopenings = "openings.jsonl"\n'
BROKEN = 'rules = ["no-such-folder"]\n'


def noted(folder: Path) -> list[str]:
    path = folder / "openings.jsonl"
    return [row.name for row in OpeningsFile(path).all()] if path.exists() else []


def test_when_the_check_itself_fails_nothing_is_published_and_it_is_said(site):
    (site / "secreview.toml").write_text(BROKEN, "utf-8")
    code, said = build(site)
    assert code == 1
    assert "the review failed (RuleError)" in said
    assert not (site / "site").exists()


def test_an_open_site_is_published_once_that_is_noted(site):
    (site / "secreview.toml").write_text(OPEN + BROKEN, "utf-8")
    code, said = build(site)
    assert code == 0, said
    assert "went out unreviewed" in said
    assert {"/", "/404.html"} <= set(noted(site))
    (site / "docs" / "index.md").write_text(CLEAN + "更新", "utf-8")
    (site / "openings.jsonl").unlink()
    (site / "openings.jsonl").mkdir()
    code, said = build(site)
    assert code == 1
    assert "could not be noted" in said
    assert "更新" not in published(site)


def test_one_closed_column_keeps_the_whole_site_and_notes_nothing(site):
    columns = '[[columns]]\npaths = ["/404.html"]\non_error = "closed"\n'
    (site / "secreview.toml").write_text(OPEN + BROKEN + columns, "utf-8")
    assert build(site)[0] == 1
    assert not (site / "site").exists()
    assert noted(site) == []


def test_a_leak_is_held_on_an_open_site_too(site):
    (site / "secreview.toml").write_text(OPEN, "utf-8")
    (site / "docs" / "index.md").write_text(LEAK, "utf-8")
    assert build(site)[0] == 1
    assert noted(site) == []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", FAULTS)
def test_a_reader_that_hangs_or_dies_holds_even_an_open_site(site, tmp_path, how):
    theme = 'exclude = ["*.png", "*.ico", "*.woff*", "*.ttf", "*.eot", "*.svg", "*.gz"]\n'
    (site / "secreview.toml").write_text(f"{OPEN}{theme}[limits]\nwall_seconds = 1\n", "utf-8")
    (site / "docs" / "list.docx").write_bytes(word("八个断面全部达标。"))
    code, said = build(site, PYTHONPATH=python_path(tmp_path / "broken", how, ROOT))
    assert code == 1
    assert "list.docx" in said
    assert not (site / "site").exists()
    assert noted(site) == []


def test_a_configuration_that_cannot_be_read_closes_everything(site):
    (site / "secreview.toml").write_text(OPEN + "no such key = 1\n", "utf-8")
    code, said = build(site)
    assert code == 1
    assert "could not check the site" in said
    assert not (site / "site").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk of Linux")
def test_a_report_that_cannot_be_written_keeps_the_site(site):
    configure(site, report="/dev/full")
    assert build(site)[0] == 1
    assert not (site / "site").exists()
    assert left_aside(site) == []


def test_the_report_is_written_where_the_configuration_says(site):
    configure(site, report="report.html", fail_on="block")
    (site / "docs" / "index.md").write_text(LEAK, "utf-8")
    assert build(site)[0] == 1
    page = (site / "report.html").read_text("utf-8")
    assert "Resident identity number" in page
    assert ID not in page
