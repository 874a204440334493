"""Office files behind a password: opened with those that were given, then read as what they are."""

from __future__ import annotations

import io

from secreview.errors import Encrypted, TooLarge
from secreview.formats.protocol import Content, Limits, Source

MEDIA_TYPES = ("application/vnd.ms-office.encrypted",)
EXTRA = "secreview[password]"


def read(source: Source, limits: Limits) -> Content:
    """Return the content of the file inside; raise Encrypted when no password opens it."""
    from secreview.formats import reader, sniff

    inner = Source(source.name, data=unlocked(source.read(limits), limits))
    return reader(sniff.sniff(inner)).read(inner, limits)


def unlocked(data: bytes, limits: Limits) -> bytes:
    """Return the bytes of the file inside, decrypted in memory; raise Encrypted."""
    if not limits.passwords:
        raise Encrypted("office file with a password")
    try:
        from msoffcrypto.format.ooxml import OOXMLFile
    except ImportError:
        raise Encrypted(f"office file with a password; it is opened with {EXTRA}") from None
    for password in limits.passwords:
        target = io.BytesIO()
        try:
            file = OOXMLFile(io.BytesIO(data))
            file.load_key(password=password, verify_password=True)
            file.decrypt(target)
        except MemoryError:
            raise TooLarge("out of memory while decrypting") from None
        except Exception:  # noqa: S112 - its message may name the password; the next one is tried
            continue
        if target.getvalue():
            return target.getvalue()
    raise Encrypted("office file with a password; none of those given opens it")
