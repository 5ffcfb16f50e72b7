"""A load generator that costs little: raw HTTP/1.1 over kept connections, requests made beforehand."""

import asyncio
import time
from collections.abc import Sequence
from typing import cast

import msgspec


class Answered(msgspec.Struct, frozen=True):
    """One answer: its status, its body, how long it took in seconds, and the number of its request, from 0."""

    status: int
    body: bytes
    seconds: float
    number: int = 0


class _Connection(asyncio.Protocol):
    """One kept connection with one request under way."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is none by inheritance

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        if len(rest) >= length and self._answer and not self._answer.done():
            self._buffer = rest[length:]
            self._answer.set_result((int(head[9:12]), rest[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server closed the connection"))

    def close(self) -> None:
        """Close the connection."""
        if self._transport:
            self._transport.abort()

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send one request and wait for its answer."""
        if self._transport is None:
            raise ConnectionError("not connected")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer


def request_bytes(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Return an HTTP/1.1 request as bytes; underscores in header names stand for hyphens."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines.append("Content-Type: application/json")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def send_all(host: str, port: int, requests: Sequence[bytes], connections: int) -> tuple[list[Answered], float]:
    """Send all requests over so many connections, each as fast as it is answered; return answers and seconds in all."""
    loop = asyncio.get_running_loop()
    opened = [(await loop.create_connection(_Connection, host, port))[1] for _ in range(connections)]
    waiting = enumerate(requests)
    answered: list[Answered] = []

    async def keep_asking(connection: _Connection) -> None:
        for number, request in waiting:
            begun = time.perf_counter()
            status, body = await connection.ask(request)
            answered.append(Answered(status, body, time.perf_counter() - begun, number))
        connection.close()  # a server serves so many connections at a time; others wait for them to end

    begun = time.perf_counter()
    await asyncio.gather(*(keep_asking(connection) for connection in opened))
    return answered, time.perf_counter() - begun
