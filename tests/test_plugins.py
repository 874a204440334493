"""Installed packs and finders: found, named when they fail, and cheap to find absent."""

import sys
from pathlib import Path

import pytest

from secreview import plugins
from secreview.errors import PluginError


def package(folder: Path, name: str, entry_points: str, code: str = "") -> Path:
    """Write an installed package: a module and the folder that tells of its entry points."""
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(entry_points)
    (folder / f"{name}.py").write_text(code)
    return folder


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Give a folder on the path to install packages into."""
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.finder.cache_clear()
    return tmp_path


def test_no_pack_is_installed_by_default():
    assert plugins.rule_folders() == ()


def test_an_installed_pack_is_found_with_its_folder(site):
    code = "def folder():\n    return '/srv/rules'\n"
    package(site, "bureau_rules", "[secreview.rules]\nbureau = bureau_rules\n", code)
    assert plugins.may_offer(plugins.RULES)
    assert plugins.rule_folders() == (Path("/srv/rules"),)


def test_a_pack_that_does_not_load_is_named(site):
    package(site, "broken_rules", "[secreview.rules]\nbroken = broken_rules\n", "1 / 0")
    with pytest.raises(PluginError, match="broken_rules does not load: ZeroDivisionError"):
        plugins.rule_folders()


def test_a_finder_written_as_code_is_found_by_name(site):
    code = "def find(text):\n    return [(0, 2)]\n"
    package(site, "own_finder", "[secreview.finders]\nown = own_finder:find\n", code)
    assert list(plugins.finder("own")("abc")) == [(0, 2)]
    with pytest.raises(PluginError, match="no installed package offers a finder 'other'"):
        plugins.finder("other")


def test_other_entry_points_are_no_packs(site):
    package(site, "something_else", "[console_scripts]\nx = something_else:x\n")
    assert not plugins.may_offer(plugins.RULES)


def test_an_unusual_import_system_is_asked(monkeypatch):
    class Unusual:
        def find_distributions(self, context):
            return ()

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Unusual()])
    assert plugins.may_offer(plugins.RULES)
