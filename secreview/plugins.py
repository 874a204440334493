"""The only file that knows entry points: packs of rules, and finders written as code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from secreview.errors import PluginError

RULES = "secreview.rules"
FINDERS = "secreview.finders"
BUILTIN = "secreview.rulebook.builtin"


def rule_folders() -> tuple[Path, ...]:
    """Return the folders of installed rule packs, built-in rules left out, in order of name.

    An entry point of group ``secreview.rules`` names a module with a function ``folder()`` that
    returns the path of a folder of rules.
    """
    if not may_offer(RULES):
        return ()
    from importlib.metadata import entry_points  # lazy: slow to import

    found = sorted(entry_points(group=RULES), key=lambda entry: entry.name)
    return tuple(pack_folder(entry.value) for entry in found if entry.value != BUILTIN)


def may_offer(group: str) -> bool:
    """Return False when no installed package but this one names a group of entry points.

    Reads the files that ``importlib.metadata`` would read, which costs a tenth of importing it;
    where packages may lie elsewhere than in folders of the path the answer is True.
    """
    ordinary = {"PathFinder", "BuiltinImporter", "FrozenImporter"}
    if any(
        hasattr(finder, "find_distributions")
        for finder in sys.meta_path
        if getattr(finder, "__name__", "") not in ordinary
    ):
        return True
    for folder in map(Path, dict.fromkeys(sys.path)):
        if folder.is_file():  # a zip
            return True
        for about in (*folder.glob("*.dist-info"), *folder.glob("*.egg-info")):
            if about.name.startswith("secreview-"):
                continue
            try:
                if group.encode() in (about / "entry_points.txt").read_bytes():
                    return True
            except OSError:
                continue
    return False


def pack_folder(module_name: str) -> Path:
    """Return the folder that a pack's module names; raise PluginError when it does not load."""
    try:
        module: Any = import_module(module_name)
        return Path(module.folder())
    except Exception as error:  # a plug may fail in any way
        raise PluginError(
            f"rule pack {module_name} does not load: {type(error).__name__}"
        ) from error


Finder = Callable[[str], Iterable[tuple[int, int] | tuple[int, int, str]]]
BUILTIN_FINDERS = {"weak-mask": "secreview.text.numbers.masks:weak_masks"}


@lru_cache(maxsize=64)
def finder(name: str) -> Finder:
    """Return the finder of a name: a function from folded text to the spans of its candidates.

    A span may carry a piece of evidence as a third member. Raises PluginError when no package
    offers the finder or it does not load.
    """
    if name in BUILTIN_FINDERS:
        module, _, function = BUILTIN_FINDERS[name].partition(":")
        built_in: Finder = getattr(import_module(module), function)
        return built_in
    from importlib.metadata import entry_points  # lazy: slow to import

    for entry in entry_points(group=FINDERS, name=name):
        try:
            loaded: Finder = entry.load()
        except Exception as error:  # a plug may fail in any way
            what = f"finder {name} does not load: {type(error).__name__}"
            raise PluginError(what) from error
        return loaded
    raise PluginError(f"no installed package offers a finder {name!r}")
