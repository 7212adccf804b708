"""A receiver of webhooks on this machine."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """Keeps what it is told. `answers`: the statuses it answers with, one after the other."""

    daemon_threads = True

    def __init__(self, *answers, headers=(), delay=0.0):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.headers, self.delay = list(answers), headers, delay
        self.told = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook?x=1"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, dict(self.headers.items()), body))
        time.sleep(self.server.delay)
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        for name, value in self.server.headers:
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_words):
        """Say nothing."""
