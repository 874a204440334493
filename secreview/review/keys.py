"""Ed25519 keys from their bytes, signing and verifying. Needs secreview[store]."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secreview.errors import UsageError
from secreview.review.canonical import canonical
from secreview.review.event import Json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ed25519

MISSING = 'signing needs the extra "store": pip install "secreview[store]"'


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies; ``id`` is the one that in-toto tools give to it."""

    id: str
    raw: bytes

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Return whether a signature was made over a message by the private half of this key."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ed25519

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key that signs; its bytes never show in a representation."""

    public: PublicKey
    key: ed25519.Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"PrivateKey(id={self.public.id!r})"

    def sign(self, message: bytes) -> bytes:
        """Return the signature over a message."""
        return self.key.sign(message)


def public_key(pem: bytes) -> PublicKey:
    """Return the key of a PEM file, public or private; raise UsageError when there is none."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError as error:
        raise UsageError(MISSING) from error
    if b"PRIVATE KEY" in pem:
        return private_key(pem).public
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise UsageError("this is no public key in PEM form") from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise UsageError("the public key is of another kind; Ed25519 is needed")
    return named(key)


def private_key(pem: bytes) -> PrivateKey:
    """Return the key of a PEM file; raise UsageError when it is none that signs."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise UsageError(MISSING) from error
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise UsageError("this is no private key in PEM form without a password") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise UsageError("the private key is of another kind; Ed25519 is needed")
    return PrivateKey(named(key.public_key()), key)


def named(key: ed25519.Ed25519PublicKey) -> PublicKey:
    """Return a public key with its id: SHA-256 over the key as in-toto tools write it down."""
    raw = key.public_bytes_raw()
    value: dict[str, Json] = {"public": raw.hex()}
    told: dict[str, Json] = {"keytype": "ed25519", "scheme": "ed25519", "keyval": value}
    return PublicKey(hashlib.sha256(canonical(told)).hexdigest(), raw)


def new_key() -> tuple[bytes, bytes]:
    """Return a new private and public key in PEM form."""
    try:
        from cryptography.hazmat.primitives import serialization as form
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise UsageError(MISSING) from error
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    public = key.public_key().public_bytes(
        form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public
