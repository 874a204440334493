"""Services that are no good: down, slow, or answering nonsense, on loopback."""

import socket
import threading
import time
from contextlib import contextmanager


def answer(status: str, body: bytes = b"", kind: str = "application/json", *more: str) -> bytes:
    """Return an answer as it goes over the wire."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join((*head, "Connection: close", "", "")).encode() + body


@contextmanager
def serving(*answers: bytes, pause: float = 0.0):
    """Give the address of a service that sends these bytes, whatever it is asked; the last again.

    With a pause it sends them one by one, so that it never ends but never stops either.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    is_over = threading.Event()

    def answered(connection: socket.socket, data: bytes) -> None:
        with connection:
            connection.settimeout(0.3)
            try:
                while connection.recv(1 << 20):
                    pass
            except OSError:
                pass
            try:
                for start in range(len(data)) if pause else [0]:
                    connection.sendall(data[start : start + 1] if pause else data)
                    if is_over.wait(pause):
                        return
            except OSError:
                pass

    def run() -> None:
        number = 0
        while not is_over.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            data = answers[min(number, len(answers) - 1)]
            number += 1
            threading.Thread(target=answered, args=(connection, data), daemon=True).start()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        is_over.set()
        thread.join(5)
        listening.close()


def nobody() -> str:
    """Return an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


def soon(seconds: float):
    """Return a function that says whether less than so many seconds have passed."""
    start = time.monotonic()
    return lambda: time.monotonic() - start < seconds
