"""A built site as its visitors know it: documents by address, and what was found clear before."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from secreview import __version__
from secreview.api import Options, rulebook_of
from secreview.errors import UsageError
from secreview.formats.protocol import Source
from secreview.model import Report, Verdict

SCHEMA = "secreview.manifest/1"
INDEX = ("index.html", "index.htm")


def address(base: str, file: Path, folder: Path) -> str:
    """Return the address at which visitors find a file of a site; an index page is its folder's.

    >>> address("https://a.example/", Path("public/通知/index.html"), Path("public"))
    'https://a.example/%E9%80%9A%E7%9F%A5/'
    """
    parts = file.relative_to(folder).parts
    if parts[-1].lower() in INDEX:
        parts = (*parts[:-1], "")
    return f"{base.rstrip('/')}/{quote('/'.join(parts))}"


def addresses(base: str, files: Sequence[Path], paths: Sequence[str]) -> Mapping[Path, str]:
    """Return the address of each file that lies in one of some folders."""
    folders = [Path(path) for path in paths if Path(path).is_dir()]
    return {
        file: address(base, file, folder)
        for file in files
        for folder in folders
        if file.is_relative_to(folder)
    }


class Known(NamedTuple):
    """What a file was when it was found clear: its digest, and under which terms."""

    sha256: str
    terms: str


@dataclass
class Manifest:
    """The files that were found clear. Any other file is checked again, changed or not."""

    path: Path
    files: dict[str, Known] = field(default_factory=dict)
    unchanged: int = 0  # files passed over in this run

    @classmethod
    def load(cls, path: Path) -> Manifest:
        """Return the manifest in a file, an empty one where there is none; raise UsageError."""
        try:
            table: Any = json.loads(path.read_text("utf-8"))
            if table["schema"] != SCHEMA:
                raise ValueError(table["schema"])
            return cls(path, {name: Known(*row) for name, row in table["files"].items()})
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            raise UsageError(f"{path}: the manifest cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"{path}: is not a manifest of secreview; delete it to begin a new one"
            raise UsageError(what) from error

    def is_unchanged(self, file: Path, terms: str) -> bool:
        """Return whether a file is the one that was found clear under the same terms; count it."""
        known = self.files.get(self.name(file))
        is_known = known is not None and known == Known(digest(file), terms)
        self.unchanged += is_known
        return is_known

    def note(self, file: Path, report: Report, terms: str) -> None:
        """Remember a file that was found clear, forget one that was not."""
        if report.verdict is Verdict.CLEAR and report.sha256:
            self.files[self.name(file)] = Known(report.sha256, terms)
        else:
            self.files.pop(self.name(file), None)

    def name(self, file: Path) -> str:
        """Return how a file is named: by its path from the folder of the manifest."""
        return Path(os.path.relpath(file.resolve(), self.path.resolve().parent)).as_posix()

    def save(self) -> None:
        """Write the manifest, whole or not at all, without files that are gone."""
        folder = self.path.resolve().parent
        kept = {name: known for name, known in self.files.items() if (folder / name).is_file()}
        table = {"schema": SCHEMA, "files": dict(sorted(kept.items()))}
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        try:
            temporary.write_text(json.dumps(table, indent=0) + "\n", "utf-8", newline="\n")
            temporary.replace(self.path)
        except OSError as error:
            what = f"{self.path}: the manifest cannot be written: {error.strerror}"
            raise UsageError(what) from error
        finally:
            temporary.unlink(missing_ok=True)


def terms_of(options: Options) -> str:
    """Return a digest of all that decides what is found, but for the file itself."""
    rulebook = options.rulebook or rulebook_of()
    day = options.day or date.today()
    told = (
        __version__,
        rulebook.digest,
        [rule.name for rule in rulebook.rules if not rule.applies_on(day)],
        rulebook.off,
        options.limits,
        options.allow,
        sorted(options.decided),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def digest(file: Path) -> str:
    """Return the SHA-256 of a file in hex, an empty string when it cannot be read."""
    try:
        return Source(file.name, file).sha256()
    except OSError:
        return ""
