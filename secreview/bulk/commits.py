"""What git is about to take in: staged files, and every file and message of a push."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from secreview.errors import UsageError

NOTHING = re.compile(r"0{40,64}")
COMMIT = re.compile(r"[0-9a-f]{40,64}")
MODULE = "160000"
POINTER = b"version https://git-lfs.github.com/spec/v1"
LONGEST_POINTER = 1024  # bytes, by the specification of Git LFS
DIFF = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--diff-filter=ACMT")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to check: a file of the index or of a commit, or a message (without a path)."""

    path: str
    object: str
    commit: str = ""

    @property
    def shown(self) -> str:
        """Return how people are told which one it is."""
        name = self.path or "message"
        return f"{self.commit[:10]}:{name}" if self.commit else name


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, by a folder in it."""

    folder: Path

    def ask(self, *arguments: str, data: bytes = b"") -> bytes:
        """Return what a git command answers; raise UsageError with its complaint."""
        try:
            done = subprocess.run(  # noqa: S603 - no shell; names of objects and paths only
                ["git", *arguments],  # noqa: S607 - the git of the person or server that runs it
                cwd=self.folder,
                input=data,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise UsageError("git is not installed, or not on the path") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise UsageError(f"git {arguments[0]}: {said or 'failed'}")
        return done.stdout

    def staged(self, paths: Sequence[str] = ()) -> list[Entry]:
        """Return the files that the next commit adds or changes, as they are staged."""
        base = "HEAD" if self.has_head() else self.empty_tree()
        answer = self.ask("diff-index", "--cached", *DIFF, base, "--", *paths)
        return [entry for entry in entries(answer) if not NOTHING.fullmatch(entry.object)]

    def empty_tree(self) -> str:
        """Return the name of the tree without files, to compare a first commit with."""
        return self.ask("hash-object", "-t", "tree", "--stdin").decode().strip()

    def has_head(self) -> bool:
        """Return whether there is a commit to compare with."""
        try:
            self.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        except UsageError:
            return False
        return True

    def pushed(self, lines: Iterable[str]) -> list[Entry]:
        """Return each file and message of each commit that a push brings, once.

        ``lines`` are what git gives a pre-receive hook: ``old new ref``. All commits are looked
        at, not only the last: a file that one adds and the next deletes is in the history.
        """
        found: dict[Entry, None] = {}
        for line in lines:
            _, new, _ = [*line.split(), "", ""][:3]
            if new and not NOTHING.fullmatch(new):
                found.update(dict.fromkeys(self.brought(new)))
        once = {(entry.path, entry.object): entry for entry in reversed(found)}
        return [entry for entry in found if once[entry.path, entry.object] is entry]

    def brought(self, new: str) -> Iterator[Entry]:
        """Yield what one pushed object brings: a tag's message, its commits, or its files."""
        kind = self.ask("cat-file", "-t", new).decode().strip()
        if kind == "tag":
            yield Entry("", new, new)
            kind = self.ask("cat-file", "-t", f"{new}^{{}}").decode().strip()
        if kind == "blob":
            yield Entry("file", self.ask("rev-parse", f"{new}^{{}}").decode().strip(), new)
        elif kind == "tree":
            tree = f"{new}^{{}}"
            yield from entries(self.ask("diff-tree", *DIFF, self.empty_tree(), tree), new)
        else:
            commits = self.ask("rev-list", "--reverse", new, "--not", "--all")
            for commit in commits.decode().split():
                yield Entry("", commit, commit)
            yield from entries(
                self.ask("diff-tree", "--stdin", "-m", "--root", *DIFF, data=commits)
            )

    @contextmanager
    def contents(self) -> Iterator[Contents]:
        """Give the bytes of objects, all from one process of git."""
        process = subprocess.Popen(
            ["git", "cat-file", "--batch"],  # noqa: S607
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with process as running:
            if running.stdin is None or running.stdout is None:
                raise UsageError("git cat-file cannot be asked")
            try:
                yield Contents(running.stdin, running.stdout)
            finally:
                running.stdin.close()


@dataclass(frozen=True, slots=True)
class Contents:
    """A running ``git cat-file --batch``."""

    questions: IO[bytes]
    answers: IO[bytes]

    def of(self, entry: Entry) -> bytes:
        """Return the bytes of an entry; raise UsageError when git does not have the object."""
        self.questions.write(f"{entry.object}\n".encode())
        self.questions.flush()
        head = self.answers.readline().split()
        if len(head) != 3:
            raise UsageError(f"{entry.shown}: git does not have this object")
        data = self.answers.read(int(head[2]))
        self.answers.read(1)
        return data if entry.path else data.partition(b"\n\n")[2]


def entries(answer: bytes, commit: str = "") -> Iterator[Entry]:
    """Yield the files of a raw diff; submodules have no content here."""
    fields = iter(answer.decode("utf-8", "surrogateescape").split("\0"))
    for field in fields:
        if not field.startswith(":"):
            commit = field.strip() or commit
            continue
        _, mode, _, made, _ = field[1:].split(" ", 4)
        path = next(fields)
        if mode != MODULE:
            yield Entry(path, made, commit)


def is_pointer(data: bytes) -> bool:
    """Return whether a file is a stand-in of Git LFS for one that is kept elsewhere."""
    return len(data) <= LONGEST_POINTER and data.startswith(POINTER)
