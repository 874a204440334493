"""The gate: only the bytes that were approved go through, for whom and as long as they may."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from secreview.errors import NotCleared
from secreview.review.certificate import Certificate, Subject
from secreview.review.record import Issued, Record
from secreview.review.refusals import refused
from secreview.review.step import is_emergency, released, stamp
from secreview.review.titles import PHASES
from secreview.text.mask import mask

LONG_NUMBER = re.compile(r"\d{7,}", re.ASCII)


def shown(name: str) -> str:
    """Return a file name that no rule has looked at with its long numbers masked.

    >>> shown("通报13912345678.docx")
    '通报13*********.docx'
    """
    return LONG_NUMBER.sub(lambda number: mask(number[0]), name)


def let_through(
    certificate: Certificate, files: Collection[Subject], *, audience: str, now: datetime
) -> None:
    """Raise NotCleared unless a certificate in force covers every one of the files."""
    at = stamp(now)
    if not files:
        raise refused(NotCleared, "no-files")
    covered = {subject.sha256 for subject in certificate.subjects}
    for file in files:
        if file.sha256 not in covered:
            raise refused(NotCleared, "other-bytes", name=shown(file.name), sha256=file.sha256[:12])
    if certificate.audience != audience:
        raise refused(NotCleared, "audience", given=certificate.audience, asked=audience)
    if at < certificate.issued:
        raise refused(NotCleared, "not-yet", at=certificate.issued)
    if at > certificate.until:
        raise refused(NotCleared, "expired", until=certificate.until)


def in_force(record: Record, file: Subject) -> Issued:
    """Return the certificate that a record still stands by; raise NotCleared when there is none.

    New bytes, a return, a withdrawal or a stricter decision end every earlier certificate.
    """
    names = {item.sha256 for item in released(record)}
    for issued in reversed(record.certificates):
        is_present = issued.digest == record.version.digest
        is_same_kind = issued.is_emergency == is_emergency(record)
        if names and is_present and is_same_kind and set(issued.subjects) == names:
            return issued
    raise refused(
        NotCleared,
        "not-decided",
        name=shown(file.name),
        record=record.id,
        phase=PHASES[record.phase],
    )
