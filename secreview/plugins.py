"""The only file that knows entry points: packs of rules, and finders written as code."""

from __future__ import annotations

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
    from importlib.metadata import entry_points  # lazy: reads every installed package

    found = sorted(entry_points(group=RULES), key=lambda entry: entry.name)
    return tuple(pack_folder(entry.value) for entry in found if entry.value != BUILTIN)


def pack_folder(module_name: str) -> Path:
    """Return the folder that a pack's module names; raise PluginError when it does not load."""
    try:
        module: Any = import_module(module_name)
        return Path(module.folder())
    except Exception as error:  # a plug may fail in any way
        raise PluginError(
            f"rule pack {module_name} does not load: {type(error).__name__}"
        ) from error


Finder = Callable[[str], Iterable[tuple[int, int]]]


@lru_cache(maxsize=64)
def finder(name: str) -> Finder:
    """Return the finder of a name: a function from folded text to the spans of its candidates.

    Raises PluginError when no package offers it or it does not load.
    """
    from importlib.metadata import entry_points  # lazy: reads every installed package

    for entry in entry_points(group=FINDERS, name=name):
        try:
            loaded: Finder = entry.load()
        except Exception as error:  # a plug may fail in any way
            what = f"finder {name} does not load: {type(error).__name__}"
            raise PluginError(what) from error
        return loaded
    raise PluginError(f"no installed package offers a finder {name!r}")
