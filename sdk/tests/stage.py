"""A real HTTP server on a thread: it answers what a test scripted and remembers what it was asked."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> object:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What to answer: `cut` breaks the connection in the middle of the body, `delay` is in seconds."""

    status: int = 200
    body: object = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    cut: bool = False


def problem(code: str, status: int, **members: object) -> Answer:
    """Make an answer that is a problem document, as the gateway's are."""
    title = code.replace("_", " ")
    headers = {"Content-Type": "application/problem+json", "X-Request-Id": "req-7"}
    body = {"type": f"/problems/{code}", "title": title, "status": status, "code": code, "request_id": "req-7"}
    return Answer(status, body | members, headers)


class Stage:
    """What the server will answer, in order (the last answer again and again), and what it saw."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[Seen] = []
        self.script: list[Answer | Callable[[Seen], Answer]] = []

    def play(self, *answers: Answer | Callable[[Seen], Answer]) -> None:
        """Answer with these from now on."""
        self.script = list(answers)

    def next(self, seen: Seen) -> Answer:
        """Remember a request and return its answer."""
        self.seen.append(seen)
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return answer if isinstance(answer, Answer) else answer(seen)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stage: Stage

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        answer = self.stage.next(Seen(self.command, parts.path, query, headers, self._body(headers)))
        time.sleep(answer.delay)
        content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        kind = {} if isinstance(answer.body, bytes) else {"Content-Type": "application/json"}
        self.send_response_only(answer.status)
        for name, value in ({"X-Request-Id": "req-1"} | kind | answer.headers).items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if answer.cut else content)
        if answer.cut:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _handle  # noqa: N815 - the names of http.server

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(headers.get("content-length", "0")))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of http.server
        """Keep quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that left: the tests make them leave."""


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Serve on a free port of this machine until the end of the block."""

    class Handler(_Handler):
        pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        Handler.stage = Stage(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield Handler.stage
        finally:
            server.shutdown()
            thread.join()
