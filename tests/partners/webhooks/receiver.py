"""A partner's server on a real socket, which behaves as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from citizen_gateway_sdk import events, webhooks

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def fine(writer: asyncio.StreamWriter) -> None:
    """Take the message."""
    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")


def answering(head: str, body: bytes = b"") -> Behaviour:
    """Answer this status line and headers, then these bytes."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {head}\r\n\r\n".encode() + body)

    return answer


async def silent(_writer: asyncio.StreamWriter) -> None:
    """Say nothing for long."""
    await asyncio.sleep(30)


async def garbage(writer: asyncio.StreamWriter) -> None:
    """Say what is no HTTP."""
    writer.write(b"\x00\xff\x16\x03 this is no HTTP at all\r\n" * 20)


async def endless(writer: asyncio.StreamWriter) -> None:
    """Answer well, and never stop talking."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x" * 65536)
        await writer.drain()


async def rude(writer: asyncio.StreamWriter) -> None:
    """Hang up."""
    writer.transport.abort()


class Receiver:
    """What arrived, and how the next message is met."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = fine
        self.secrets: list[str] = []
        self.port = 0
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.taken: dict[str, events.Event] = {}
        self.under_way = self.most_under_way = 0
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def open(self) -> None:
        """Listen, at the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Be down."""
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            headers = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(headers["content-length"]))
            self.asked.append((headers, body))
            if self.behaviour in {fine, endless} and self.secrets:
                event = webhooks.verify(body, headers, self.secrets, tolerance=10**9)
                self.taken[str(event.id)] = event  # a receiver that deals with each id once
            await self.behaviour(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            self.under_way -= 1
            writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Run a receiver until the end of the block."""
    receiver = Receiver()
    await receiver.open()
    try:
        yield receiver
    finally:
        await receiver.close()
