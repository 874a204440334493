"""Worker processes with a hard limit on time: what gets stuck is killed, the others go on.

A parser cannot be stopped from within its own process. So each document is checked in another one,
which is killed with all it has started when the clock runs out or when it dies, and replaced. The
document is then a report with a gap, which is never clear.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import pickle
import queue
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from secreview.api import Options, judge, rulebook_of, unread
from secreview.api.at_hand import Paper
from secreview.errors import Crashed, ReadError, TooLarge
from secreview.formats.child import Nouns
from secreview.formats.protocol import Source
from secreview.model import Document, Report
from secreview.server.work import READY, Done, Job, Work, review, serve

START_SECONDS = 60.0  # what a new process may take to import what it needs
CONTEXT = get_context("spawn")


class Worker:
    """One process that checks documents, started at once and ready a moment later."""

    def __init__(self, work: Work, *, memory: int, seconds: float) -> None:
        """Start the process."""
        self.pipe, theirs = CONTEXT.Pipe()
        given = (theirs, work, memory, seconds)
        self.process = CONTEXT.Process(target=serve, args=given, daemon=True)
        self.process.start()
        theirs.close()
        self.is_ready = False
        self.known: set[str] = set()

    def check(self, job: Job, options: Options, seconds: float) -> Done:
        """Return what a job asks for; raise ReadError when the process is late or ends."""
        try:
            self.await_start()
            fresh = None if job.profile in self.known else options
            self.pipe.send_bytes(pickle.dumps((job, fresh), protocol=5))
            self.known.add(job.profile)
            if not self.pipe.poll(seconds):
                raise TooLarge(f"checking took more than {seconds:g} seconds")
            answer = Nouns(io.BytesIO(self.pipe.recv_bytes())).load()
        except (OSError, EOFError):
            raise Crashed("the process that checked this ended") from None
        except ReadError:
            raise
        except Exception:  # whatever a process that was taken over may send
            raise Crashed("the process that checked this gave no sensible answer") from None
        match answer:
            case Report() if not job.whole:
                return answer
            case (Document() as document, Report() as report) if job.whole:
                return document, report
        raise Crashed("checking failed")

    def await_start(self) -> None:
        """Wait until the process has begun; raise Crashed when it does not."""
        if self.is_ready:
            return
        if not self.pipe.poll(START_SECONDS) or self.pipe.recv_bytes() != READY:
            raise Crashed("the process that checks did not start")
        self.is_ready = True

    def end(self) -> None:
        """Kill the process and everything it has started."""
        if sys.platform != "win32" and self.is_ready and self.process.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool:
    """So many workers, each driven by a thread of this process."""

    def __init__(
        self,
        size: int,
        options_of: Callable[[str], Options],
        *,
        seconds: float,
        work: Work = review,
        lost: Callable[[str], None] = lambda why: None,
    ) -> None:
        """Start the workers; ``lost`` is told why each one is killed."""
        self.options_of, self.seconds, self.work, self.lost = options_of, seconds, work, lost
        self.size = size or os.cpu_count() or 1
        self.idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self.all: set[Worker] = set()
        self.threads = ThreadPoolExecutor(self.size, thread_name_prefix="secreview-worker")
        self.memory = options_of("").limits.memory
        self.is_closed = False
        for _ in range(self.size):
            self.idle.put(self.started())

    def started(self) -> Worker:
        """Return a new worker."""
        worker = Worker(self.work, memory=self.memory, seconds=self.seconds)
        self.all.add(worker)
        return worker

    async def check(self, job: Job) -> Report:
        """Return the report on a document, one with a gap when no worker could finish it."""
        done = await self.done(job)
        assert isinstance(done, Report)
        return done

    async def read(self, job: Job) -> Paper:
        """Return a document as read and judged; what no worker could finish is a gap."""
        done = await self.done(replace(job, whole=True, reveal=True))
        assert isinstance(done, tuple)
        return Paper(*done)

    async def done(self, job: Job) -> Done:
        """Return what a job asks for."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self.done_now, job)

    def done_now(self, job: Job) -> Done:
        """Return what a job asks for, in the thread that waits for it."""
        options = self.options_of(job.profile)
        worker = self.living(self.idle.get())
        try:
            done = worker.check(job, options, self.seconds)
        except ReadError as error:
            self.lost("late" if isinstance(error, TooLarge) else "died")
            worker = self.replaced(worker)
            done = unchecked(job, options, error)
        finally:
            self.idle.put(worker)
        return done

    def living(self, worker: Worker) -> Worker:
        """Return a worker, another one where it has ended while nothing was asked of it."""
        if worker.process.is_alive():
            return worker
        self.lost("idle")
        return self.replaced(worker)

    def replaced(self, worker: Worker) -> Worker:
        """Return a new worker after killing one; the dead one when the pool is closed."""
        self.all.discard(worker)
        worker.end()
        return worker if self.is_closed else self.started()

    def close(self) -> None:
        """Kill all workers; threads that wait for one get their answer by that."""
        self.is_closed = True
        for worker in tuple(self.all):
            worker.end()
        self.threads.shutdown(wait=False, cancel_futures=True)


def unchecked(job: Job, options: Options, error: ReadError) -> Done:
    """Return what a job asks for of a document nobody could check: a gap, and never clear."""
    document = unread(Source(job.name, data=job.data), error)
    options = replace(options, day=job.day, reveal=job.reveal)
    report = judge(document, options.rulebook or rulebook_of(), shown=job.name, options=options)
    return (document, report) if job.whole else report
