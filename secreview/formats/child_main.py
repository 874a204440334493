"""The child process that reads files: limited, silent, one file after another."""

from __future__ import annotations

import os
import pickle
import sys

from secreview.errors import ReadError
from secreview.formats.child import receive, send
from secreview.formats.protocol import Limits, Source


def serve() -> None:
    """Answer requests from standard input until it ends."""
    stdin = os.fdopen(os.dup(0), "rb")
    stdout = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):  # what a library prints must not mix with answers
        os.dup2(nowhere, number)
    while True:
        try:
            source, limits = pickle.loads(receive(stdin))  # noqa: S301 - from the parent
        except EOFError:
            return
        send(stdout, answer(source, limits))


def answer(source: Source, limits: Limits) -> bytes:
    """Return the document of a source, or the error, as a message."""
    from secreview.formats import read

    confine(limits)
    try:
        document = read(source, limits)
        return pickle.dumps(("document", document), protocol=5)
    except ReadError as error:
        return pickle.dumps(("error", (type(error).__name__, str(error))), protocol=5)
    except MemoryError:
        return pickle.dumps(("error", ("TooLarge", "out of memory while reading")), protocol=5)


def confine(limits: Limits) -> None:
    """Limit memory and processor time from here on, and forbid writing files."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    for kind, soft in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(kind, (most, hard))
