"""``secreview gate``: let through only the bytes that were approved; 0 cleared, 1 refused."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from secreview.api.desk import bytes_of, verifying_keys
from secreview.api.passing import gate, publish
from secreview.cli import CLEAR
from secreview.cli.delivery import deliver
from secreview.cli.desk import add_desk_flags, desk_for, desk_settings, folder_of, now, who
from secreview.cli.settings import Settings
from secreview.cli.terms import say, write
from secreview.errors import UsageError
from secreview.formats.protocol import Source
from secreview.outputs.messages import message
from secreview.outputs.record import SHORT
from secreview.review.certificate import Certificate, Subject, verified
from secreview.review.gate import let_through, shown
from secreview.review.keys import public_key


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser of the flags of ``gate``."""
    made = argparse.ArgumentParser(
        prog="secreview gate", description=message("help.command.gate", lang)
    )
    add = made.add_argument
    add("files", nargs="+", metavar="FILE", help=message("help.paths", lang))
    add("--certificate", type=Path, metavar="FILE", help=message("help.certificate", lang))
    add("--public-key", type=Path, metavar="FILE", help=message("help.public-key", lang))
    add("--audience", default="public", choices=("public", "internal"),
        help=message("help.audience", lang))  # fmt: skip
    add("-o", "--output", default="", metavar="FILE", help=message("help.certificate-out", lang))
    add("--published", default="", metavar="URL", help=message("help.published", lang))
    add("--by", default="", metavar="ID", help=message("help.by", lang))
    add_desk_flags(made, lang)
    return made


def run(argv: Sequence[str], lang: str) -> int:
    """Say which certificate clears the files; raises NotCleared when one of them is not cleared."""
    made = parser(lang)
    arguments = made.parse_args(argv)
    if bool(arguments.published) != bool(arguments.by):
        made.error("--published URL --by ID")
    files = [subject(Path(name)) for name in arguments.files]
    settings = desk_settings(arguments, lang, folder_of(arguments.files[0]))
    if arguments.certificate and not arguments.published:
        certificates = [by_certificate(files, arguments, settings)] * len(files)
    else:
        certificates = by_record(files, arguments, settings)
    for file, certificate in zip(files, certificates, strict=True):
        tell(file, certificate, settings.lang)
    if arguments.output:
        deliver(certificates[0].envelope.decode(), arguments.output)
        say("gate.written", settings.lang, path=arguments.output)
    return CLEAR


def subject(path: Path) -> Subject:
    """Return a file by name and digest; raise UsageError when there is none."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    return Subject(path.name, Source(path.name, path=path).sha256())


def by_certificate(
    files: Sequence[Subject], arguments: argparse.Namespace, settings: Settings
) -> Certificate:
    """Return a certificate that covers all files; looks at nothing but it and the public key."""
    given = arguments.public_key
    keys = (public_key(bytes_of(given)),) if given else verifying_keys(settings.config)
    certificate = verified(bytes_of(arguments.certificate), keys)
    let_through(certificate, files, audience=arguments.audience, now=now())
    return certificate


def by_record(
    files: Sequence[Subject], arguments: argparse.Namespace, settings: Settings
) -> list[Certificate]:
    """Return the certificates that records stand by; notes the publication when asked to."""
    with desk_for(settings, arguments) as desk:
        found = [gate(path, audience=arguments.audience, desk=desk) for path in arguments.files]
        if arguments.published:
            actor = who(desk, arguments.by)
            for file, made in zip(files, found, strict=True):
                publish(file.sha256, record=made.record, url=arguments.published, by=actor,
                        desk=desk)  # fmt: skip
    return found


def tell(file: Subject, certificate: Certificate, lang: str) -> None:
    """Write that a file is cleared, by which record, until when."""
    line = message(
        "gate.passed", lang, name=shown(file.name), sha256=file.sha256[:SHORT],
        record=certificate.record, until=certificate.until,
    )  # fmt: skip
    write(line + "\n", sys.stdout)
    if certificate.is_emergency:
        say("gate.emergency", lang)
