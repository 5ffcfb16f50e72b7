"""Telegram under load: updates at a rate, each timed until the Bot API that is played here gets its answer."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web

from citizen_bots.bench.figures import Figures, Load, figures_of, moments

_AT_ONCE = 40
"""Over so many connections Telegram calls a webhook, unless told otherwise; other updates wait."""
_PATIENCE_S = 10.0


@asynccontextmanager
async def telegram(url: str, secret: str, port: int) -> AsyncIterator[Load]:
    """Play the Bot API at a port, and give what sends updates to a bot's webhook."""
    played = _Telegram(url, secret)
    app = web.Application()
    app.router.add_post("/{bot}/{method}", played.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield played.load
    finally:
        await runner.cleanup()


class _Telegram:
    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        self._ids = count(time.time_ns() // 1000)  # of no earlier run, whose citizens Valkey may know
        self._due: dict[int, float] = {}
        self._times: list[float] = []
        self._newest = 0.0
        self._news = asyncio.Event()

    async def call(self, request: web.Request) -> web.Response:
        """Take a call; the first message to somebody is the answer to theirs."""
        if request.match_info["method"] != "sendMessage":
            return web.json_response({"ok": True, "result": True})
        given = await request.post()
        person = int(str(given["chat_id"]))
        if due := self._due.pop(person, None):
            self._newest = time.perf_counter()
            self._times.append(self._newest - due)
            self._news.set()
        told = {"message_id": 1, "date": 0, "chat": {"id": person, "type": "private"}, "text": str(given["text"])}
        return web.json_response({"ok": True, "result": told})

    async def load(self, rate: int, seconds: float) -> Figures:
        """Send updates, and wait for the answers until none has come for a while."""
        self._due, self._times = {}, []
        connector, timeout = TCPConnector(limit=_AT_ONCE), ClientTimeout(sock_read=_PATIENCE_S)
        async with ClientSession(connector=connector, timeout=timeout, headers=self._headers) as http:
            began = self._newest = time.perf_counter()
            await asyncio.gather(*(self._bring(http, began + at) for at in moments(rate, seconds)))
            with suppress(TimeoutError):
                while self._due:
                    self._news.clear()
                    await asyncio.wait_for(self._news.wait(), _PATIENCE_S)
        sent = int(rate * seconds)
        return figures_of(sent, self._times, sent - len(self._times), self._newest - began or 1.0)

    async def _bring(self, http: ClientSession, due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        number = next(self._ids)
        self._due[number] = due
        sender = {"id": number, "is_bot": False, "first_name": "Li", "language_code": "zh-hans"}
        message = {"message_id": 1, "date": 0, "chat": {"id": number, "type": "private"}, "from": sender}
        try:
            update = {"update_id": number, "message": message | {"text": "/help"}}
            async with http.post(self._url, json=update) as answer:
                await answer.read()
        except (ClientError, TimeoutError):
            self._due.pop(number, None)
