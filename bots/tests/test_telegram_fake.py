"""The fake Bot API as any bot meets it: by aiogram, and by forms of other makers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import httpx2
import pytest
from aiogram import Bot
from aiogram.types import BufferedInputFile, InputMediaPhoto

from citizen_bots.settings import Settings
from citizen_bots.telegram.client import bot_of, file_of
from citizen_gateway.cli.running import answers_at, free_port

from .telegram_stand import TOKEN
from .wechat_stand import Child, wait_for

PHOTO = b"\xff\xd8\xff\r\n--\n\x00\r\r\n"
"""Bytes among which are those that part a form."""
T = TypeVar("T")


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start it, and give its address."""
    port = free_port("127.0.0.1", 0)
    child = Child(tmp_path_factory.mktemp("fake") / "log", "fake-telegram", "--port", str(port), "--token", TOKEN)
    child.start()
    wait_for(lambda: answers_at("127.0.0.1", port), "the fake did not start")
    yield f"http://127.0.0.1:{port}"
    child.kill()


@pytest.fixture
def http(fake: str) -> Iterator[httpx2.Client]:
    """Give a client of the bot's methods."""
    with httpx2.Client(base_url=f"{fake}/bot{TOKEN}") as client:
        yield client


def ask(fake: str, do: Callable[[Bot], Awaitable[T]]) -> T:
    """Do something as a bot."""

    async def doing() -> T:
        bot = bot_of(Settings(telegram_token=TOKEN, telegram_api_url=fake))
        async with bot.session:
            return await do(bot)

    return asyncio.run(doing())


class TestByAiogram:
    """What it sends is taken, and it reads what comes back."""

    def test_an_uploaded_photo(self, fake: str) -> None:
        """It can be fetched by its id, as it was, and sent again by it."""

        async def do(bot: Bot) -> tuple[str | None, bytes, str]:
            sent = await bot.send_photo(7, BufferedInputFile(PHOTO, "p.jpg"), caption="路灯 & =修好了")
            assert sent.photo
            again = await bot.send_photo(7, sent.photo[-1].file_id)
            assert again.photo
            return sent.caption, await file_of(bot, sent.photo[-1].file_id, 100), again.photo[-1].file_id

        caption, content, again = ask(fake, do)
        assert (caption, content) == ("路灯 & =修好了", PHOTO)
        assert again

    def test_an_album(self, fake: str) -> None:
        """Of uploaded photos."""
        media = [InputMediaPhoto(media=BufferedInputFile(content, "p.jpg")) for content in (b"one", b"two")]

        async def do(bot: Bot) -> list[bytes]:
            sent = await bot.send_media_group(7, [*media])
            return [await file_of(bot, (one.photo or [])[-1].file_id, 100) for one in sent]

        assert ask(fake, do) == [b"one", b"two"]

    def test_a_place(self, fake: str) -> None:
        """As a message with a location."""
        sent = ask(fake, lambda bot: bot.send_location(7, 34.7, 113.6))
        assert sent.location
        assert (sent.location.latitude, sent.location.longitude) == (34.7, 113.6)

    def test_what_a_bot_is_doing(self, fake: str) -> None:
        """Is seen in the chat."""
        assert ask(fake, lambda bot: bot.send_chat_action(8, "typing"))
        assert httpx2.get(f"{fake}/fake/chat", params={"from": 8}).json()["actions"] == ["typing"]


class TestForms:
    """As curl and others send them."""

    def test_text_stays_text(self, http: httpx2.Client) -> None:
        """Also where it looks like JSON."""
        for body in ({"data": {"chat_id": "9", "text": "12"}}, {"params": {"chat_id": "9", "text": "12"}}):
            assert http.post("/sendMessage", **body).json()["result"]["text"] == "12"

    def test_a_file_named_as_its_parameter(self, http: httpx2.Client) -> None:
        """Without `attach://`."""
        answer = http.post("/sendPhoto", data={"chat_id": "9"}, files={"photo": ("p.jpg", PHOTO)}).json()
        file_id = answer["result"]["photo"][0]["file_id"]
        assert http.get("/getFile", params={"file_id": file_id}).json()["result"]["file_size"] == len(PHOTO)

    @pytest.mark.parametrize(
        ("method", "body"),
        [
            ("sendMessage", {"data": {"chat_id": "nine", "text": "x"}}),
            ("sendMessage", {"data": {"chat_id": "9", "text": "x", "reply_markup": "{"}}),
            ("sendMessage", {"data": {"chat_id": "9", "text": "x", "txt": "1"}}),
            ("sendMessage", {"content": b"%", "headers": {"content-type": "application/x-www-form-urlencoded"}}),
            ("sendMessage", {"content": b"x", "headers": {"content-type": "multipart/form-data"}}),
            ("sendPhoto", {"data": {"chat_id": "9", "photo": "unknown"}}),
        ],
    )
    def test_what_is_wrong_is_refused(self, http: httpx2.Client, method: str, body: dict[str, Any]) -> None:
        """With 400, as Telegram does."""
        assert http.post(f"/{method}", **body).status_code == 400
