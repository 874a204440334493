"""Which files some paths mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from secreview.errors import UsageError

SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv"})


def files_of(
    paths: Iterable[str], *, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> list[Path]:
    """Return the files that paths mean, folders searched recursively, each file once.

    A file that is named itself is always meant. Raises UsageError for a missing path, before any
    file is read.
    """
    found: dict[Path, None] = {}
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        raise UsageError("no such file or folder: " + ", ".join(missing))
    for name in paths:
        path = Path(name)
        if path.is_dir():
            for file in sorted(below(path)):
                if is_wanted(file, path, include, exclude):
                    found[file] = None
        else:
            found[path] = None
    return list(found)


def below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder; links to folders are not followed."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if not entry.is_symlink() and entry.name not in SKIPPED_FOLDERS:
                yield from below(entry)
        elif entry.is_file():
            yield entry


def is_wanted(file: Path, folder: Path, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Return whether a file's path or name passes the include and exclude patterns."""
    names = (file.relative_to(folder).as_posix(), file.name)
    is_in = not include or any(fnmatch(n, pattern) for n in names for pattern in include)
    return is_in and not any(fnmatch(n, pattern) for n in names for pattern in exclude)
