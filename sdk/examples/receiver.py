#!/usr/bin/env python3
"""A receiver of webhooks on Python's own HTTP server: checks each message, answers at once, works afterwards.

WEBHOOK_SECRET=whsec_… python receiver.py 8080

Put it behind your TLS. Check it with `python -m citizen_gateway_sdk.conformance receiver http://127.0.0.1:8080`.
"""

import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

from citizen_gateway_sdk import webhooks
from citizen_gateway_sdk.events import Event

LARGEST = 1 << 20


class Receiver(ThreadingHTTPServer):
    """Puts good messages into `work`; `secrets` are two while one replaces the other."""

    def __init__(self, port: int, secrets: list[str]) -> None:
        super().__init__(("127.0.0.1", port), Hook)
        self.secrets = secrets
        self.seen: set[str] = set()  # yours is a table with a unique column
        self.work: Queue[Event] = Queue()
        self.lock = threading.Lock()

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """Return the status with which to answer a message."""
        try:
            with self.lock:
                event = webhooks.verify(body, headers, self.secrets, seen=self.seen)
        except webhooks.DuplicateMessage:
            return 200  # anything else, and it would come again
        except webhooks.WebhookError as refused:
            print("refused:", refused)
            return 400
        self.work.put(event)
        return 204


class Hook(BaseHTTPRequestHandler):
    """Reads one message."""

    server: Receiver

    def do_POST(self) -> None:
        """Answer it."""
        size = int(self.headers.get("Content-Length") or 0)
        status = 413 if size > LARGEST else self.server.take(self.rfile.read(size), dict(self.headers.items()))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep addresses out of the logs."""


def act(receiver: Receiver) -> None:
    """Work on what was taken, for ever."""
    while True:
        event = receiver.work.get()
        print(event.ticket, event.version, event.type, flush=True)


if __name__ == "__main__":
    with Receiver(int(sys.argv[1]), [os.environ["WEBHOOK_SECRET"]]) as serving:
        threading.Thread(target=act, args=[serving], daemon=True).start()
        serving.serve_forever()
