"""The child side of a worker: check one document after another, as asked over a pipe."""

from __future__ import annotations

import math
import os
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection

from secreview.api import Options, check
from secreview.api.at_hand import paper_in
from secreview.formats.protocol import Source
from secreview.model import Document, Report

READY = b"ready"
MARGIN_SECONDS = 2  # past the limit


@dataclass(frozen=True, slots=True)
class Job:
    """One document to check: its bytes, its name, and how; ``whole`` asks for it as read, too."""

    name: str
    data: bytes
    profile: str
    day: date
    reveal: bool = False
    whole: bool = False


Done = Report | tuple[Document, Report]
Work = Callable[[Job, Options], Done]


def review(job: Job, options: Options) -> Done:
    """Return the report on a document, after the document as read where that is asked for."""
    options = replace(options, day=job.day, reveal=job.reveal)
    if job.whole:
        paper = paper_in(Source(job.name, data=job.data), options, shown=job.name)
        return paper.document, paper.report
    return check(data=job.data, name=job.name, options=options)


def serve(pipe: Connection, work: Work, memory: int, seconds: float) -> None:
    """Answer jobs until the other end is closed; what goes wrong is answered by its name alone.

    The process leads a group of its own, so that a reader it has started ends with it. It is killed
    from outside when it is late; should nobody be there to do so, it ends a little later by itself.
    """
    confine(memory)
    known: dict[str, Options] = {}
    pipe.send_bytes(READY)
    while True:
        try:
            job, options = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the parent
        except (EOFError, OSError):
            return
        if options is not None:
            known[job.profile] = options
        ring_after(math.ceil(seconds) + MARGIN_SECONDS)
        try:
            answer: object = work(job, known[job.profile])
        except BaseException as error:  # its message may quote the document
            answer = type(error).__name__
        ring_after(0)
        pipe.send_bytes(pickle.dumps(answer, protocol=5))


def ring_after(seconds: int) -> None:
    """Have the system end this process after so many seconds, 0 for never."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def confine(memory: int) -> None:
    """Lead an own group of processes, say nothing, and use no more than so much memory."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):  # what a library prints may quote the document
        os.dup2(nowhere, number)
    if sys.platform == "win32":
        return
    import resource

    os.setsid()
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(
            kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )
