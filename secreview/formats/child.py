"""Read a file in a child process that can be killed, kept warm for the next file.

A parser of untrusted bytes may hang, swell or crash. The child may use so much memory and
processor time, writes no file, and is ended when the clock runs out; what it was reading is then a
ReadError, and the next file gets a new child. What comes back is unpickled with nothing but the
nouns of this package allowed.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import pickle
import subprocess
import sys
import threading
from importlib import import_module
from typing import Any, BinaryIO

from secreview import errors
from secreview.errors import Crashed, ReadError, TooLarge
from secreview.formats import IN_PROCESS
from secreview.formats.protocol import Limits, Source
from secreview.model import Document

LENGTH = 8  # bytes of the length before each message
SERVE = "from secreview.formats.child_main import serve; serve()"
ALLOWED = frozenset(
    {"secreview.model", "secreview.formats.lines", "secreview.formats.flat",
     "secreview.formats.titles", "secreview.formats.protocol"}
)  # fmt: skip
SAFE = frozenset(
    {("builtins", "frozenset"), ("builtins", "set"), ("array", "array"),
     ("array", "_array_reconstructor"), ("secreview.formats.tabular", "Rows"),
     ("secreview.formats.tabular", "Layout")}
)  # fmt: skip


class Nouns(pickle.Unpickler):
    """Unpickles nothing but documents and what they are made of."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of this package; raise UnpicklingError for anything else."""
        if (module, name) in SAFE or (module in ALLOWED and "." not in name):
            found = getattr(import_module(module), name)
            if isinstance(found, type) or (module, name) in SAFE:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")


class Child:
    """One warm child process."""

    def __init__(self, code: str = SERVE) -> None:
        """Start the process on some code; what it prints goes nowhere."""
        environment = {**os.environ, IN_PROCESS: "1"}
        self.process = subprocess.Popen(  # noqa: S603 - this interpreter, no input in the arguments
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self.is_late = False

    def read(self, source: Source, limits: Limits) -> Document:
        """Return the document of a source; raise ReadError, the child's own or for its end."""
        self.is_late = False
        clock = threading.Timer(limits.wall_seconds, self.too_late)
        clock.daemon = True
        clock.start()
        try:
            send(self.stream("stdin"), pickle.dumps((source, limits)))
            answer = receive(self.stream("stdout"))
        except (OSError, EOFError):
            self.end()
            raise self.reason(limits) from None
        finally:
            clock.cancel()
        try:
            kind, value = Nouns(io.BytesIO(answer)).load()
            if kind == "document" and isinstance(value, Document):
                return value
            name, text = value
            error = getattr(errors, str(name))(str(text))
        except Exception:  # whatever a child that was taken over may send
            self.end()
            raise Crashed("the reader gave no sensible answer") from None
        raise error if isinstance(error, ReadError) else Crashed("the reader failed")

    def stream(self, name: str) -> BinaryIO:
        """Return one end of the pipes."""
        made: BinaryIO = getattr(self.process, name)
        return made

    def too_late(self) -> None:
        """End the process because its time is up."""
        self.is_late = True
        self.process.kill()

    def end(self) -> None:
        """End the process and wait for it."""
        self.process.kill()
        for name in ("stdin", "stdout"):
            with contextlib.suppress(OSError):
                self.stream(name).close()
        self.process.wait()

    def reason(self, limits: Limits) -> ReadError:
        """Return why the process has ended."""
        if self.is_late:
            return TooLarge(f"reading took more than {limits.wall_seconds} seconds")
        code = self.process.returncode
        if os.name == "posix" and -code == CPU_SIGNAL:
            return TooLarge(f"reading took more than {limits.cpu_seconds} processor seconds")
        return Crashed(f"the reader ended by signal {-code}" if code < 0 else "the reader ended")


CPU_SIGNAL = 24  # SIGXCPU


class Keeper:
    """Keeps one warm child for this process."""

    def __init__(self) -> None:
        """Begin without one."""
        self.child: Child | None = None
        self.lock = threading.Lock()
        self.owner = 0

    def warm(self) -> Child:
        """Return the running child, started when there is none."""
        if self.child is None or self.owner != os.getpid() or self.child.process.poll() is not None:
            self.child = Child()
            self.owner = os.getpid()
        return self.child

    def read(self, source: Source, limits: Limits) -> Document:
        """Return a document read by the child, one after another."""
        with self.lock:
            return self.warm().read(source, limits)

    def close(self) -> None:
        """End the child, when it is this process's own."""
        if self.child is not None and self.owner == os.getpid():
            self.child.end()
        self.child = None


KEEPER = Keeper()
atexit.register(KEEPER.close)


def send(stream: BinaryIO, data: bytes) -> None:
    """Write one message."""
    stream.write(len(data).to_bytes(LENGTH, "big"))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Return one message; raise EOFError when the other side has gone."""
    head = exactly(stream, LENGTH)
    return exactly(stream, int.from_bytes(head, "big"))


def exactly(stream: BinaryIO, size: int) -> bytes:
    """Return so many bytes; raise EOFError when there are fewer."""
    data = stream.read(size)
    if data is None or len(data) < size:
        raise EOFError
    return data
