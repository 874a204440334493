"""A folder that sorts itself: what is put there is checked and moved to where its verdict says.

A file is taken only when it has stopped changing and no other program holds it, moved aside first,
and let go only when its bytes are still those that were checked. After a crash the files that had
been moved aside come back and are checked again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from secreview.errors import UsageError
from secreview.formats.protocol import Source
from secreview.model import Report, Verdict

ASIDE = ".secreview"  # folder in the watched one, for files being checked
TRANSIENT = ("~$", ".~", ".")  # owner files of office programs, hidden and half-written files
PARTIAL = (".tmp", ".part", ".partial", ".crdownload", ".download", ".swp")


class State(NamedTuple):
    """The size and time of change of a file when it was last looked at."""

    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One file that was checked: the report, where the file is now, and where the report is."""

    report: Report
    file: Path
    beside: Path


class Untold(NamedTuple):
    """What becomes of a file whose check failed: a report that says so, and whether it goes out."""

    report: Report
    goes_out: bool


@dataclass
class Desk:
    """A watched folder with the folders that files go to, by verdict."""

    inbox: Path
    folders: Mapping[Verdict, Path]
    check: Callable[[Path], Report]
    render: Callable[[Report], str]
    suffix: str  # of the file name of a report
    settle: float = 2.0  # seconds that a file must have stayed the same
    untold: Callable[[Path, Path, Exception], Untold] | None = None  # when the check itself fails
    seen: dict[Path, State] = field(default_factory=dict)
    held: set[Path] = field(default_factory=set)  # in use by another program when last looked at
    stuck: set[Path] = field(default_factory=set)  # could not be moved, or their reports written

    def prepare(self) -> list[Path]:
        """Make the folders; return the files that a former run had moved aside, back again."""
        devices = set()
        for folder in (self.inbox, self.inbox / ASIDE, *self.folders.values()):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                devices.add(folder.stat().st_dev)
            except OSError as error:
                raise UsageError(f"{folder}: cannot be made: {error.strerror}") from error
        if len(devices) > 1:
            raise UsageError("the folders must lie on one disk, so that files move whole or not")
        return [self.back(file) for file in sorted(below(self.inbox / ASIDE))]

    def round(self, now: float) -> Iterator[Moved]:
        """Check and move each file that is ready; ``now`` in seconds of the file system's clock."""
        present = {file: state for file in below(self.inbox) if (state := state_of(file))}
        self.stuck.clear()
        self.held = {file for file in present if is_held(file)}
        for file, state in sorted(present.items()):
            is_same = self.seen.get(file) == state
            if is_same and now - state.changed / 1e9 >= self.settle and file not in self.held:
                moved = self.take(file)
                if moved:
                    yield moved
        self.seen = {file: state for file, state in present.items() if file.exists()}

    def take(self, file: Path) -> Moved | None:
        """Check one file and move it; return None when it is in use or changed meanwhile."""
        aside = free(self.inbox / ASIDE / file.relative_to(self.inbox))
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            file.replace(aside)
        except OSError:  # another program holds it, or it is gone
            return None
        report, goes_out = self.judged(file, aside)
        if not report.sha256 or Source(aside.name, aside).sha256() != report.sha256:
            self.back(aside)
            return None
        folder = self.folders[Verdict.CLEAR if goes_out else report.verdict]
        try:
            return self.moved(aside, folder / file.relative_to(self.inbox), report)
        except OSError:  # a full disk, a folder that is gone: the file waits
            self.stuck.add(self.back(aside))
            return None

    def judged(self, file: Path, aside: Path) -> Untold:
        """Return the report on a file, and whether it goes out although nobody can tell."""
        try:
            return Untold(self.check(aside), goes_out=False)
        except Exception as error:
            if self.untold is None:
                raise
            return self.untold(file, aside, error)

    def moved(self, aside: Path, target: Path, report: Report) -> Moved:
        """Move a file to where it belongs, with its report; raise OSError having left nothing."""
        target.parent.mkdir(parents=True, exist_ok=True)
        target = free(target, self.suffix)
        beside = target.with_name(target.name + self.suffix)
        written = beside.with_name(f".{beside.name}.tmp")
        try:
            written.write_text(self.render(report), "utf-8", errors="replace", newline="\n")
            written.replace(beside)  # first, so that no file lies there without its report
            aside.replace(target)
        except OSError:
            written.unlink(missing_ok=True)
            beside.unlink(missing_ok=True)
            raise
        return Moved(report, target, beside)

    def back(self, aside: Path) -> Path:
        """Return a file that was moved aside to where it had been put."""
        home = free(self.inbox / aside.relative_to(self.inbox / ASIDE))
        home.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(home)
        return home


def below(folder: Path) -> Iterator[Path]:
    """Yield the finished files in a folder and the folders in it; links are left alone."""
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        if entry.is_symlink() or entry.name.startswith(TRANSIENT):
            continue
        if entry.is_dir():
            yield from below(entry)
        elif entry.is_file() and not entry.name.lower().endswith(PARTIAL):
            yield entry


def state_of(file: Path) -> State | None:
    """Return the size and time of change of a file, None when it is gone."""
    try:
        about = file.stat()
    except OSError:
        return None
    return State(about.st_size, about.st_mtime_ns)


def is_held(file: Path) -> bool:
    """Return whether another program has a file open: its owner file is there, or it is locked."""
    owners = (f".~lock.{file.name}#", f"~${file.name}", f"~${file.name[2:]}")
    if any((file.parent / owner).exists() for owner in owners):
        return True
    try:
        with file.open("r+b"):
            return False
    except PermissionError:
        return os.access(file, os.W_OK)  # writable by its mode, yet it does not open: locked
    except OSError:
        return True


def free(path: Path, suffix: str = "") -> Path:
    """Return a path that nothing lies at, with its report's: ``a (2).txt`` when a.txt is taken."""
    number, candidate = 1, path
    while candidate.exists() or (suffix and Path(f"{candidate}{suffix}").exists()):
        number += 1
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return candidate
