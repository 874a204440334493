"""What an organisation or a column of a website sets: secreview.toml or [tool.secreview]."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from secreview.errors import UsageError
from secreview.model import Bilingual

FILE = "secreview.toml"
VARIABLE = "SECREVIEW_CONFIG"
KEY_VARIABLE = "SECREVIEW_KEY"
STORE_VARIABLE = "SECREVIEW_STORE"
NO_WORDS = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class Off:
    """A rule that is switched off, and why."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """A gap that may stay unread: its part (a shell pattern), why it is unread, the reason."""

    part: str
    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What one website column or kind of document changes, and why.

    ``severity`` maps rules, or categories as ``personal/*``, to another severity; ``ground`` maps
    categories to another statutory ground; ``allow`` adds to what may stay unread.
    """

    name: str = "default"
    reason: Bilingual = NO_WORDS
    off: tuple[Off, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    ground: Mapping[str, str] = field(default_factory=dict)
    allow: tuple[Allowance, ...] = ()


class Needs(StrEnum):
    """What an item needs in order to go out."""

    CERTIFICATE = "certificate"  # people approved exactly these bytes
    VERDICT = "verdict"  # everything was read and no rule matched


class OnError(StrEnum):
    """What becomes of an item when nobody can tell how it stands: the check failed or is late."""

    CLOSED = "closed"  # it is held
    OPEN = "open-with-record"  # it goes out, that is noted and told, and it is reviewed afterwards


@dataclass(frozen=True, slots=True)
class Column:
    """What applies to one column of a website, found by shell patterns on the path of an item.

    An empty ``profile`` means the general one.
    """

    paths: tuple[str, ...]
    profile: str = ""
    name: str = ""
    needs: Needs = Needs.CERTIFICATE
    on_error: OnError = OnError.CLOSED


@dataclass(frozen=True, slots=True)
class Records:
    """Where records are kept and who keeps them; empty and None mean the defaults.

    ``store`` is a path or a database URL, ``flow`` the name of a flow that ships or a path; what
    was withheld or published is looked at again after so many months.
    """

    store: str = ""
    flow: str = "bureau"
    people: Path | None = None
    calendar: Path | None = None
    signing_key: Path | None = None
    public_key: Path | None = None
    withheld_months: int = 12
    published_months: int = 24


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told what was reviewed and decided, and the file of the shared secret."""

    url: str
    secret: Path
    events: tuple[str, ...] = ()  # all where none are named


@dataclass(frozen=True, slots=True)
class Serve:
    """How the HTTP service listens and how far it goes; sizes in bytes, times in seconds.

    ``workers`` 0 means one for each processor; ``seconds`` is what one document may take,
    ``waiting`` how many documents may wait, ``held`` how much of them lies in memory;
    ``pages`` is how many review pages are open at a time, each with its documents as read.
    """

    host: str = "127.0.0.1"
    port: int = 8300
    tokens: Path | None = None
    workers: int = 0
    seconds: float = 60
    body: int = 64 << 20
    body_seconds: float = 60
    parts: int = 100
    part: int = 64 << 20
    waiting: int = 256
    held: int = 256 << 20
    reports: int = 1000
    pages: int = 32
    webhooks: tuple[Webhook, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; ``path`` is the file they come from, None for the built-in ones."""

    path: Path | None = None
    rules: tuple[Path, ...] = ()
    profile: str = "default"
    fail_on: str = "review"
    lang: str = ""
    off: tuple[Off, ...] = ()
    allow: tuple[Allowance, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    key_file: Path | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    needs: Needs = Needs.CERTIFICATE
    on_error: OnError = OnError.CLOSED
    openings: Path | None = None  # where it is noted what went out unreviewed
    records: Records = Records()
    serve: Serve = Serve()

    def profile_for(self, file: Path) -> str:
        """Return the profile of a file: that of the first column it lies in, else the general one.

        Patterns are matched against the path below the folder of the configuration.
        """
        return self.column_for(file).profile

    def column_for(self, file: Path) -> Column:
        """Return the column that a file lies in, else one with the general settings."""
        root = self.path.parent.resolve() if self.path else Path.cwd()
        whole = file.resolve()
        return self.column_of(
            whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.as_posix()
        )

    def column_of(self, path: str) -> Column:
        """Return the column that an item lies in by its path, else one with the general settings.

        >>> config = Config(columns=(Column(("/news/*",), "news", on_error=OnError.OPEN),))
        >>> config.column_of("/news/7/").on_error.value, config.column_of("/list/7/").on_error.value
        ('open-with-record', 'closed')
        """
        for column in self.columns:
            if any(fnmatch(path, pattern) for pattern in column.paths):
                return replace(column, profile=column.profile or self.profile)
        return Column((), self.profile, needs=self.needs, on_error=self.on_error)

    def chosen(self, name: str = "", shipped: Mapping[str, Profile] | None = None) -> Profile:
        """Return a profile by name, an own one before a shipped one; raise UsageError for none."""
        name = name or self.profile
        known = {"default": Profile(), **(shipped or {}), **self.profiles}
        if name in known:
            return known[name]
        where = f" in {self.path}" if self.path else ""
        raise UsageError(f"no profile {name!r}{where}. Known profiles: {', '.join(sorted(known))}")


def find_config(start: Path, named: Path | None = None) -> Path | None:
    """Return the configuration file that applies: named, from the environment, or the nearest one.

    The search goes up from ``start`` to the root of the version control checkout or the home
    folder.
    """
    if named is not None:
        return named
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / FILE).is_file():
            return candidate / FILE
        if has_table(candidate / "pyproject.toml"):
            return candidate / "pyproject.toml"
        if (candidate / ".git").exists() or candidate == Path.home():
            return None
    return None


def has_table(path: Path) -> bool:
    """Return whether a pyproject file has a table for secreview."""
    try:
        return b"[tool.secreview" in path.read_bytes()
    except OSError:
        return False


def load_config(path: Path | None) -> Config:
    """Return the settings of a file; raise UsageError naming file, key and what to do."""
    if path is None:
        return Config()
    import tomllib  # lazy: most runs have no configuration

    try:
        table: Any = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such configuration file") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: is not a readable TOML file: {error}") from error
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("secreview", {})
    from secreview.config.schema import settings

    return settings(table, path)
