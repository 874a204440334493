"""Checkpoints: the end of a log, signed and kept where those who keep the log cannot reach it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from secreview.errors import NotCleared, Tampered
from secreview.review.canonical import canonical
from secreview.review.certificate import verified
from secreview.review.envelope import opened, seal
from secreview.review.event import Head, Json
from secreview.review.keys import PrivateKey, PublicKey
from secreview.review.step import stamp

PAYLOAD_TYPE = "application/vnd.secreview.checkpoint+json"
SCHEMA = "secreview.checkpoint/1"


class Checkpoint(NamedTuple):
    """The end of a log at a moment; a certificate is one too, without the id of the log."""

    log: str
    head: Head
    at: str


def checkpoint(log: str, head: Head, signer: PrivateKey, now: datetime) -> bytes:
    """Return the end of a log in a signed envelope (DSSE)."""
    said: dict[str, Json] = {
        "schema": SCHEMA,
        "log": log,
        "count": head.count,
        "digest": head.digest,
        "at": stamp(now),
    }
    return seal(PAYLOAD_TYPE, canonical(said), signer)


def checkpoint_in(envelope: bytes, keys: Collection[PublicKey]) -> Checkpoint:
    """Return what a checkpoint or a certificate says about the log; raise Tampered otherwise."""
    try:
        certificate = verified(envelope, keys)
    except NotCleared:
        return plain(envelope, keys)
    return Checkpoint("", certificate.checkpoint, certificate.issued)


def plain(envelope: bytes, keys: Collection[PublicKey]) -> Checkpoint:
    """Return what a checkpoint says; raise Tampered when its signature or its form is wrong."""
    try:
        said: Any = json.loads(opened(envelope, PAYLOAD_TYPE, keys))
        if said["schema"] != SCHEMA:
            raise ValueError(said["schema"])
        return Checkpoint(said["log"], Head(said["count"], said["digest"]), said["at"])
    except (NotCleared, ValueError, KeyError, TypeError) as error:
        raise Tampered(
            "the checkpoint is not signed with this key, or it was changed",
            "检查点不是用该密钥签署的，或者已被改动",
        ) from error
