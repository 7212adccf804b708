"""The product's pages on some ports, a process each, forked anew at once when it is killed.

    python -m tests.faults.serving FOLDER PORT …

FOLDER/pids holds the processes, FOLDER/clock the seconds by which their clocks are wrong. With
EARLY=1 it answers before it stores: the control, in which answers must get lost.

Not by Granian: a drill has to know which process serves which socket, to end just that one at a
moment of its choice. What Granian does when a worker dies is tried by `make cluster` and
`tests/deploy/test_serving.py`.
"""

import ctypes
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

PR_SET_PDEATHSIG = 1
Application = Callable[..., Iterable[bytes]]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 256


class Handler(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Nothing: there are thousands."""


class Early:
    """Says that an answer is stored, and then stores it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        from io import BytesIO

        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        later = {**environ, "wsgi.input": BytesIO(body)}
        threading.Thread(target=self._store, args=[later]).start()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"receipt": "EARL-YYYY"}']

    def _store(self, environ: dict[str, Any]) -> None:
        time.sleep(0.01)
        b"".join(self.application(environ, lambda *_said: None))


def wrong_clock(file: Path) -> None:
    """Let the product's clock be wrong by what stands in a file."""
    from django.utils import timezone

    right = timezone.now

    def now() -> Any:
        try:
            seconds = float(file.read_text())
        except (OSError, ValueError):
            seconds = 0.0
        return right() + timedelta(seconds=seconds)

    timezone.now = now


def serve(listener: socket.socket, application: Application) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    server = Server(listener.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.server_name, server.server_port = listener.getsockname()
    server.setup_environ()
    server.set_app(application)
    server.serve_forever()


def main(folder: Path, ports: list[int]) -> None:
    import django

    django.setup()
    wrong_clock(folder / "clock")
    from django.core.wsgi import get_wsgi_application
    from django.db import connections

    application: Application = get_wsgi_application()
    if os.environ.get("EARLY"):
        application = Early(application)
    connections.close_all()
    listeners = [socket.create_server(("127.0.0.1", port), backlog=256) for port in ports]
    children: dict[int, socket.socket] = {}
    waiting = list(listeners)
    while True:
        for listener in waiting:
            if (pid := os.fork()) == 0:
                serve(listener, application)
                os._exit(0)
            children[pid] = listener
        part = folder / "pids.part"
        part.write_text(" ".join(map(str, children)))
        part.replace(folder / "pids")
        died, _status = os.wait()
        waiting = [children.pop(died)]


if __name__ == "__main__":
    main(Path(sys.argv[1]), list(map(int, sys.argv[2:])))
