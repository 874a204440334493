"""Who may ask what: clients with tokens, of which only the SHA-256 is kept.

::

    [[client]]
    name   = "website"
    sha256 = "…"                     # of the token; `secreview serve --new-token website` makes one
    scopes = ["review", "gate"]
    people = ["lin", "shao"]         # whom the client may speak for; anyone where none are named
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from secreview.config.schema import Strict, validated
from secreview.errors import UsageError

BEARER = "bearer"
TOKEN_BYTES = 32


class Scope(StrEnum):
    """What a client may do."""

    REVIEW = "review"  # have documents reviewed
    OPINION = "opinion"  # keep records, speak for people
    GATE = "gate"  # ask whether bytes are cleared
    RULES = "rules"  # see the rules


@dataclass(frozen=True, slots=True)
class Client:
    """A program that asks; ``people`` are those it may speak for, anyone when empty."""

    name: str
    sha256: str
    scopes: frozenset[Scope]
    people: frozenset[str] = frozenset()

    def may_speak_for(self, person: str) -> bool:
        """Return whether the client may act in the name of a person."""
        return not self.people or person in self.people


LOCAL = Client("local", "", frozenset({Scope.REVIEW, Scope.GATE, Scope.RULES}))


class ClientTable(Strict):
    """A client as written."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    scopes: Annotated[list[Scope], Field(min_length=1)]
    people: Annotated[list[str], Field(default_factory=list)]


class TokensFile(Strict):
    """The whole file of tokens."""

    client: Annotated[list[ClientTable], Field(default_factory=list)]


def clients_in(path: Path) -> tuple[Client, ...]:
    """Return the clients of a file; raise UsageError naming what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: is not a readable TOML file: {type(error).__name__}") from error
    rows = validated(TokensFile, table, path).client
    for key in ("name", "sha256"):
        if len({getattr(row, key) for row in rows}) < len(rows):
            raise UsageError(f"{path}: two clients have the same {key}")
    return tuple(
        Client(row.name, row.sha256, frozenset(row.scopes), frozenset(row.people)) for row in rows
    )


def client_of(authorization: str, clients: Iterable[Client]) -> Client | None:
    """Return the client whose token a header bears; every one is compared in constant time."""
    kind, _, token = authorization.partition(" ")
    given = digest(token.strip())
    found = None
    for client in clients:
        if hmac.compare_digest(client.sha256, given):
            found = client
    return found if kind.lower() == BEARER and token.strip() else None


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_token() -> str:
    """Return a new token that nobody can guess."""
    return f"secreview_{secrets.token_urlsafe(TOKEN_BYTES)}"
