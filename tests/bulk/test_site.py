"""A folder that is a website: addresses, and a manifest of what was found clear."""

import json

import pytest

from tests.build import resident_id
from tests.cli.test_check import run

ID = resident_id("522601", "19850312", "101")
CLEAN, LEAK = "<p>今年共办结25件。</p>", f"<p>身份证号：{ID}</p>"


@pytest.fixture
def public(tmp_path):
    folder = tmp_path / "public"
    (folder / "通知").mkdir(parents=True)
    (folder / "index.html").write_text(CLEAN, "utf-8")
    (folder / "通知" / "index.html").write_text(CLEAN, "utf-8")
    (folder / "通知" / "a b.html").write_text(LEAK, "utf-8")
    return folder


def check(public, *arguments):
    manifest = public.parent / "manifest.json"
    code, out, err = run(
        "check", str(public), "--profile", "site", "--url", "https://www.example.gov.cn/",
        "--manifest", str(manifest), "--format", "json", *arguments,
    )  # fmt: skip
    table = json.loads(out)
    return code, [report["document"]["path"] for report in table["reports"]], err.decode()


def test_pages_are_named_by_the_address_at_which_visitors_find_them(public):
    code, paths, _ = check(public)
    assert code == 1
    base = "https://www.example.gov.cn/"
    folder = f"{base}%E9%80%9A%E7%9F%A5/"
    assert sorted(paths) == sorted([base, folder, f"{folder}a%20b.html"])


def test_only_what_is_new_changed_or_was_not_clear_is_checked_again(public):
    check(public)
    code, paths, said = check(public)
    assert (code, [path.rpartition("/")[2] for path in paths]) == (1, ["a%20b.html"])
    assert "2 files are unchanged" in said
    (public / "通知" / "a b.html").write_text(CLEAN, "utf-8")
    (public / "index.html").write_text(LEAK, "utf-8")
    code, paths, _ = check(public)
    assert code == 1
    assert len(paths) == 2
    (public / "index.html").write_text(CLEAN, "utf-8")
    assert check(public)[0] == 0
    assert check(public)[:2] == (0, [])


def test_other_rules_or_a_baseline_mean_that_all_is_checked_again(public, tmp_path):
    (public / "通知" / "a b.html").unlink()
    check(public)
    assert check(public)[1] == []
    (tmp_path / "secreview.toml").write_text(
        '[[off]]\nrule = "personal/mobile"\nreason = "本栏目公开办公手机"\n', "utf-8"
    )
    _, paths, _ = check(public, "--config", str(tmp_path / "secreview.toml"))
    assert len(paths) == 2


def test_a_file_put_back_after_a_leak_is_found_again(public):
    check(public)
    (public / "c.html").write_text(LEAK, "utf-8")
    assert check(public)[0] == 1
    (public / "c.html").unlink()
    (public / "通知" / "a b.html").unlink()
    assert check(public)[0] == 0
    (public / "c.html").write_text(LEAK, "utf-8")
    assert check(public)[0] == 1


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "other/1"}', "[1]"])
def test_a_file_that_is_no_manifest_is_refused_and_left_alone(public, text):
    manifest = public.parent / "manifest.json"
    manifest.write_text(text, "utf-8")
    code, _, err = run("check", str(public), "--manifest", str(manifest))
    assert code == 2
    assert b"is not a manifest" in err
    assert manifest.read_text("utf-8") == text


def test_the_manifest_holds_no_word_of_any_document(public):
    check(public)
    assert set(json.loads((public.parent / "manifest.json").read_text("utf-8"))) == {
        "schema",
        "files",
    }
    assert ID not in (public.parent / "manifest.json").read_text("utf-8")
