"""DSSE envelopes: a signature over a payload together with its type.

Source: Dead Simple Signing Envelope, protocol 1.0.2. Only the one spelling that ``seal`` writes is
read, so that no byte of an envelope can change without notice.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection
from typing import Any

from secreview.errors import NotCleared, StoreError
from secreview.review.canonical import canonical
from secreview.review.keys import PrivateKey, PublicKey
from secreview.review.refusals import refused

UNREADABLE = (
    ValueError, KeyError, TypeError, IndexError, RecursionError, binascii.Error, StoreError,
)  # fmt: skip


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed: type and payload with their lengths.

    >>> pae("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload_type: str, payload: bytes, signer: PrivateKey) -> bytes:
    """Return an envelope around a payload, signed with a key."""
    signature = signer.sign(pae(payload_type, payload))
    return written(payload_type, payload, signer.public.id, signature)


def written(payload_type: str, payload: bytes, key: str, signature: bytes) -> bytes:
    """Return the one spelling of an envelope."""
    return canonical(
        {
            "payload": base64.b64encode(payload).decode("ascii"),
            "payloadType": payload_type,
            "signatures": [{"keyid": key, "sig": base64.b64encode(signature).decode("ascii")}],
        }
    )


def opened(envelope: bytes, payload_type: str, keys: Collection[PublicKey]) -> bytes:
    """Return the payload of an envelope that one of the keys signed.

    Raises NotCleared when it is none, of another type, spelled otherwise, or signed otherwise.
    """
    try:
        table: Any = json.loads(envelope)
        payload = base64.b64decode(table["payload"], validate=True)
        mark = table["signatures"][0]
        signature = base64.b64decode(mark["sig"], validate=True)
        spelled = written(payload_type, payload, mark["keyid"], signature)
    except UNREADABLE as error:
        raise refused(NotCleared, "bad-certificate") from error
    if spelled != envelope.strip():
        raise refused(NotCleared, "bad-certificate")
    key = next((key for key in keys if key.id == mark["keyid"]), None)
    if key is None or not key.verifies(signature, pae(payload_type, payload)):
        raise refused(NotCleared, "bad-signature")
    return payload
