"""The Bot API's failures and the updates that are none, each as it comes over HTTP."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar, cast

import pytest
from aiogram import Bot
from aiogram.types import Update
from redis.asyncio import Redis

from citizen_bots.host.host import Host
from citizen_bots.settings import Settings
from citizen_bots.telegram.buttons import Signer
from citizen_bots.telegram.client import ApiAway, ApiBusy, ApiError, ApiRefused, Say, TooLong, bot_of, file_of
from citizen_bots.telegram.intake import ALLOWED, Intake
from citizen_bots.telegram.polling import Polling

TOKEN = "7:secret"
Answer = tuple[int, bytes]
T = TypeVar("T")


@contextmanager
def telegram(*answers: Answer) -> Iterator[tuple[str, list[str]]]:
    """Give what answers like this, one call after the other, and the paths that were called."""
    called: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            status, body = answers[len(called)]
            called.append(self.path)
            self.send_response(status)
            self.send_header("content-type", "application/json; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", called
    finally:
        server.shutdown()
        server.server_close()


def ask(url: str, do: Callable[[Bot], Awaitable[T]]) -> T:
    """Do something with a bot."""

    async def doing() -> T:
        bot = bot_of(Settings(telegram_token=TOKEN, telegram_api_url=url))
        async with bot.session:
            return await do(bot)

    return asyncio.run(doing())


def told(**fields: object) -> bytes:
    """Return an answer of Telegram's."""
    return json.dumps(fields).encode()


def refusal(code: int, **parameters: int) -> Answer:
    """Return a refusal of Telegram's."""
    return code, told(ok=False, error_code=code, description=f"Said: {code}", parameters=parameters)


def say(bot: Bot) -> Awaitable[object]:
    """Send a message."""
    return bot(Say(chat_id=1, text="a secret"))


class TestFailures:
    """Three types, none of which says what must not be in a log."""

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (refusal(429, retry_after=7), ApiBusy),
            ((429, told(ok=False, description="Too Many Requests: later")), ApiBusy),
            (refusal(500), ApiAway),
            ((502, told(ok=False)), ApiAway),
            ((502, b"<html>Bad Gateway</html>"), ApiAway),
            ((200, b"<html>secret</html>"), ApiAway),
            ((200, b"\xff\xfe"), ApiAway),
            ((200, told(result=1)), ApiAway),
            *((refusal(code), ApiRefused) for code in (400, 401, 403, 404, 409, 413, 418)),
            (refusal(400, migrate_to_chat_id=-1), ApiRefused),
        ],
        ids=str,
    )
    def test_each_has_a_type(self, answer: Answer, kind: type[ApiError]) -> None:
        """By what Telegram said, or a proxy before it."""
        with telegram(answer) as (url, _), pytest.raises(ApiError) as caught:
            ask(url, say)
        assert type(caught.value) is kind
        assert "secret" not in f"{caught.value!r}"
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__

    def test_a_wait_is_as_long_as_telegram_says(self) -> None:
        """In seconds."""
        with telegram(refusal(429, retry_after=7)) as (url, _), pytest.raises(ApiBusy) as caught:
            ask(url, say)
        assert caught.value.wait == timedelta(seconds=7)

    @pytest.mark.parametrize("code", [401, 403, 404, 409, 413])
    def test_a_refusal_has_its_code(self, code: int) -> None:
        """And Telegram's words."""
        with telegram(refusal(code)) as (url, _), pytest.raises(ApiRefused, match=str(code)) as caught:
            ask(url, say)
        assert (caught.value.code, caught.value.why) == (code, f"Said: {code}")

    def test_nobody_there(self) -> None:
        """As where Telegram fails."""
        with pytest.raises(ApiAway):
            ask("http://127.0.0.1:9", say)

    @pytest.mark.parametrize("result", [{"text": "of a kind that is not known"}, None])
    def test_what_was_sent_is_not_sent_again(self, result: object) -> None:
        """Telegram took it, however little of its answer can be read."""
        with telegram((200, told(ok=True, result=result))) as (url, called):
            ask(url, say)
        assert called == [f"/bot{TOKEN}/sendMessage"]

    @pytest.mark.parametrize("token", ["", "no token", "7:with space", "x:y", "7:"])
    def test_a_token_that_is_none(self, token: str) -> None:
        """Said at the start, without it."""
        with pytest.raises(ValueError, match="a number, a colon and a secret") as caught:
            bot_of(Settings(telegram_token=token))
        assert not token or token not in str(caught.value)


class TestFiles:
    """Photos, of so many bytes at most."""

    @staticmethod
    def described(size: int) -> Answer:
        """Return what Telegram says of a file."""
        file = {"file_id": "f", "file_unique_id": "u", "file_size": size, "file_path": "photos/f.jpg"}
        return 200, told(ok=True, result=file)

    def test_is_fetched(self) -> None:
        """From where Telegram says it is."""
        with telegram(self.described(4), (200, b"jpeg")) as (url, called):
            assert ask(url, lambda bot: file_of(bot, "f", 4)) == b"jpeg"
        assert called == [f"/bot{TOKEN}/getFile", f"/file/bot{TOKEN}/photos/f.jpg"]

    def test_a_larger_one_is_not_begun(self) -> None:
        """Where Telegram says so."""
        with telegram(self.described(5)) as (url, called), pytest.raises(TooLong):
            ask(url, lambda bot: file_of(bot, "f", 4))
        assert len(called) == 1

    def test_a_larger_one_is_left(self) -> None:
        """Where Telegram said another size."""
        with telegram(self.described(4), (200, bytes(1 << 20))) as (url, _), pytest.raises(TooLong):
            ask(url, lambda bot: file_of(bot, "f", 4))

    @pytest.mark.parametrize(("status", "kind"), [(404, ApiRefused), (502, ApiAway)])
    def test_one_that_does_not_come(self, status: int, kind: type[ApiError]) -> None:
        """Says nothing of its address, which holds the token."""
        with telegram(self.described(4), (status, b"")) as (url, _), pytest.raises(kind) as caught:
            ask(url, lambda bot: file_of(bot, "f", 4))
        assert "secret" not in f"{caught.value!r}"
        assert caught.value.__suppress_context__


def message(number: int, **fields: object) -> dict[str, Any]:
    """Return an update with a message."""
    base = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "x"}
    return {"update_id": number, "message": base | fields}


class TestPolling:
    """Updates among which some are none."""

    class Taking(Intake):
        """Takes nothing in but the number."""

        taken: list[int]

        async def take(self, update: Update) -> None:
            """Note the update."""
            self.taken.append(update.update_id)

    def poll(self, *found: object) -> tuple[list[int], int, float]:
        """Poll once; return what was taken in, the next offset, and how long to wait."""

        async def polling(bot: Bot) -> tuple[list[int], int, float]:
            intake = self.Taking(cast(Host, None), bot, Signer(TOKEN))
            intake.taken = []
            made = Polling(bot, intake, cast(Redis, None))
            wait = await made._poll()
            return intake.taken, made._offset, wait

        with telegram((200, told(ok=True, result=True)), (200, told(ok=True, result=found))) as (url, _):
            return ask(url, polling)

    def test_the_good_ones_are_taken(self) -> None:
        """And the offset is behind them all."""
        foreign = {"update_id": 13, "something_new": {}}
        bad = [{"update_id": 11, "message": 7}, 7, None, {"message": 7}, {"update_id": "x"}]
        assert self.poll(message(10), *bad, message(12), foreign) == ([10, 12, 13], 14, 0.0)

    def test_what_has_no_number_is_asked_for_slowly(self) -> None:
        """Where nothing is behind it, by whose number it would be passed over."""
        taken, offset, wait = self.poll(message(10), {"message": 7})
        assert (taken, offset) == ([10], 11)
        assert wait > 0

    def test_handlers_are_for_what_is_asked_for(self) -> None:
        """No more, and no less."""
        intake = Intake(cast(Host, None), bot_of(Settings(telegram_token=TOKEN)), Signer(TOKEN))
        assert set(intake.dispatcher.resolve_used_update_types()) == set(ALLOWED)
