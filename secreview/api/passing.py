"""The gate as a verb: the certificate of exactly these bytes, or NotCleared."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from secreview.api import source_of
from secreview.api.desk import Desk, now_utc, verifying_keys
from secreview.api.records import at, loaded, records_with, written
from secreview.config import find_config, load_config
from secreview.errors import NotCleared
from secreview.review import commands as ask
from secreview.review.certificate import Certificate, Subject, verified
from secreview.review.commands import Actor
from secreview.review.gate import in_force, let_through, shown
from secreview.review.hand import genuine
from secreview.review.record import Record
from secreview.review.refusals import refused


def gate(
    path: str | os.PathLike[str] | None = None,
    *,
    data: bytes | None = None,
    name: str = "",
    audience: str = "public",
    certificate: bytes | None = None,
    desk: Desk | None = None,
) -> Certificate:
    """Return the certificate in force of exactly these bytes, from a record at the desk.

    Given a ``certificate``, only that and the public key are looked at, and no record. Raises
    NotCleared when nobody handed them in, they changed, or their record does not stand by a
    certificate. Pass ``data`` and publish those very bytes: a file may change after it was read.
    """
    source = source_of(path, data=data, text=None, name=name)
    file = Subject(source.name, source.sha256())
    if certificate is not None:
        keys = desk.keys if desk else verifying_keys(load_config(find_config(Path())))
        made = verified(certificate, keys)
        let_through(made, [file], audience=audience, now=desk.clock() if desk else now_utc())
        return made
    with at(desk) as here:
        return cleared([file], audience=audience, desk=here)


def cleared(files: Sequence[Subject], *, audience: str, desk: Desk) -> Certificate:
    """Return the one certificate in force that covers all of some files, or raise NotCleared.

    The files are known by their digests; what goes live together was approved together.
    """
    file = files[0]
    refusal: NotCleared | None = None
    for record in records_with(file.sha256, desk):
        try:
            genuine(desk.log.events(record.id), desk.people)
            issued = in_force(record, file)
            made = verified(issued.envelope.encode(), desk.keys)
            let_through(made, files, audience=audience, now=desk.clock())
        except NotCleared as error:
            refusal = refusal or error
        else:
            return made
    raise refusal or refused(
        NotCleared, "unknown-bytes", name=shown(file.name), sha256=file.sha256[:12]
    )


def publish(
    sha256: str, *, record: str, url: str, by: str | Actor, desk: Desk | None = None
) -> Record:
    """Return a record that notes which bytes were published where; raise NotCleared for others."""
    with at(desk) as here:
        present = loaded(record, here)
        return written(here, present.id, ask.Publish(url, sha256), here.actor(by))
