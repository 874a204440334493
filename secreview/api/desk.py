"""The desk at which records are kept: the log, the flow, people, the clock, the keys."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from secreview.api import DEFAULT, Options
from secreview.api.stores import opened
from secreview.config import STORE_VARIABLE, Config, find_config, load_config
from secreview.errors import UsageError
from secreview.review.calendar import Calendar, calendar_of
from secreview.review.commands import Actor
from secreview.review.event import Log
from secreview.review.flow import Flow
from secreview.review.flow_file import checked_flow, checked_people
from secreview.review.keys import PrivateKey, PublicKey, new_key, private_key, public_key

SHIPPED = Path(__file__).parent.parent / "review"
FLOWS = SHIPPED / "flows"
WORKING_DAYS = SHIPPED / "data" / "working-days.toml"


def now_utc() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What submitting, signing and the gate work with.

    Without ``signer`` a decision is kept but no certificate is made; ``keys`` verify certificates,
    ``hand`` is the key of the person at the desk, who signs every entry with it. ``options`` say
    how documents are checked.
    """

    log: Log
    flow: Flow
    people: Mapping[str, Actor]
    options: Options = DEFAULT
    signer: PrivateKey | None = None
    keys: tuple[PublicKey, ...] = ()
    clock: Callable[[], datetime] = now_utc
    hand: PrivateKey | None = None

    def actor(self, by: str | Actor, auth: str = "host") -> Actor:
        """Return a person by id, as the directory has them; raise UsageError for a stranger."""
        if isinstance(by, Actor):
            return replace(by, keys=self.people[by.id].keys) if by.id in self.people else by
        known = self.people.get(by)
        if known is None:
            names = ", ".join(sorted(self.people)) or "-"
            raise UsageError(
                f"{by!r} is not in the file of people (known: {names}); "
                'name the file in secreview.toml: [records] people = "people.toml"'
            )
        return replace(known, auth="key" if known.keys else auth)


@contextmanager
def desk_of(
    config: Config | None = None, options: Options = DEFAULT, *, hand: PrivateKey | None = None
) -> Iterator[Desk]:
    """Give the desk that a configuration describes, by default the nearest one.

    Raises UsageError naming the file that is wrong, StoreError when the store cannot be opened.
    """
    config = config or load_config(find_config(Path()))
    flow = flow_named(config.records.flow)
    people = people_in(config.records.people)
    signer = signing_key(config)
    with opened(store_place(config)) as log:
        yield Desk(log, flow, people, options, signer, verifying_keys(config), now_utc, hand)


def store_place(config: Config) -> str:
    """Return where records are kept: the environment's word, the configuration's, or the user's."""
    named = os.environ.get(STORE_VARIABLE) or config.records.store
    return named or str(user_folder("XDG_DATA_HOME", "LOCALAPPDATA", ".local/share") / "records.db")


def shown_place(place: str) -> str:
    """Return a store's path or URL without the name and password in it.

    >>> shown_place("postgresql://me:secret@db.example/records")
    'postgresql://db.example/records'
    """
    scheme, mark, rest = place.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}" if mark else place


def user_folder(variable: str, windows: str, below_home: str) -> Path:
    """Return this user's folder for secreview of one kind."""
    base = os.environ.get(variable) or os.environ.get(windows)
    return (Path(base) if base else Path.home() / below_home) / "secreview"


def table_in(path: Path) -> dict[str, Any]:
    """Return a parsed TOML file; raise UsageError when it cannot be read."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: is not a readable TOML file: {error}") from error


def flow_named(name: str) -> Flow:
    """Return a flow by the name of one that ships or by its path; raise UsageError."""
    path = Path(name) if name.endswith(".toml") else FLOWS / f"{name}.toml"
    if not path.is_file() and path.parent == FLOWS:
        raise UsageError(f"no flow {name!r}; there are: {', '.join(shipped_flows())}, or a path")
    return checked_flow(table_in(path), path)


def shipped_flows() -> tuple[str, ...]:
    """Return the names of the flows that ship."""
    return tuple(sorted(path.stem for path in FLOWS.glob("*.toml")))


def people_in(path: Path | None) -> dict[str, Actor]:
    """Return people by id, nobody where no file is named."""
    return checked_people(table_in(path), path) if path else {}


def working_days(config: Config) -> Calendar:
    """Return the calendar of a configuration, else the one that ships."""
    path = config.records.calendar or WORKING_DAYS
    return calendar_of(table_in(path), str(path))


def signing_key(config: Config) -> PrivateKey:
    """Return the key that signs certificates, made on first use where none is named.

    The user's own lies in the configuration folder, readable by nobody else, with the public key
    beside it as ``gate.pub``.
    """
    if config.records.signing_key:
        return private_key(bytes_of(config.records.signing_key))
    folder = user_folder("XDG_CONFIG_HOME", "APPDATA", ".config")
    file = folder / "gate.key"
    if not file.exists():
        private, public = new_key()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        put(file, private, 0o600)
        put(folder / "gate.pub", public_pem(file, public), 0o644)
    return private_key(bytes_of(file))


def public_pem(file: Path, fresh: bytes) -> bytes:
    """Return the public half of the key in a file, which may be another process's."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    raw = private_key(bytes_of(file)).public.raw
    if public_key(fresh).raw == raw:
        return fresh
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes(
        form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo
    )


def put(file: Path, data: bytes, mode: int) -> None:
    """Write a file that is not there yet, whole or not at all; another process's stands."""
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)


def verifying_keys(config: Config) -> tuple[PublicKey, ...]:
    """Return the keys that certificates are verified with; none where there is no key yet."""
    if config.records.public_key:
        return (public_key(bytes_of(config.records.public_key)),)
    own = user_folder("XDG_CONFIG_HOME", "APPDATA", ".config") / "gate.key"
    file = config.records.signing_key or own
    return (private_key(bytes_of(file)).public,) if file.exists() else ()


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a key file; raise UsageError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: the key cannot be read: {error.strerror}") from error
