"""aiogram as the judge: it reads what the fake brings, and takes what the bots send."""

from pathlib import Path

import httpx2
from aiogram import methods, types

from citizen_bots.settings import Settings
from citizen_bots.telegram.setup import calls
from citizen_gateway.cli.running import answers_at, free_port

from .telegram_stand import TOKEN
from .wechat_stand import Child, wait_for


def test_aiogram_reads_the_fakes_updates(tmp_path: Path) -> None:
    """Words, an album, a place, a changed message, a button, being blocked."""
    port = free_port("127.0.0.1", 0)
    fake = Child(tmp_path / "fake.log", "fake-telegram", "--port", str(port), "--token", TOKEN)
    fake.start()
    try:
        wait_for(lambda: answers_at("127.0.0.1", port), "the fake did not start")
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as http:
            for said in (
                {"text": "路灯坏了"},
                {"photos": ["eA==", "eQ=="], "caption": "路灯坏了"},
                {"location": {"latitude": 34.7, "longitude": 113.6}},
                {"text": "改了", "edited": True},
            ):
                http.post("/fake/say", json={"from": 7} | said)
            http.post("/fake/press", json={"from": 7, "data": "x"})
            http.post("/fake/block", json={"from": 7, "blocked": True})
            found = http.post(f"/bot{TOKEN}/getUpdates", json={"timeout": 0}).json()["result"]
        read = [types.Update.model_validate(update) for update in found]
        assert [update.event_type for update in read] == ["message"] * 4 + [
            "edited_message",
            "callback_query",
            "my_chat_member",
        ]
        assert read[1].message.media_group_id == read[2].message.media_group_id
    finally:
        fake.kill()


def test_aiogram_knows_what_sets_the_bot_up() -> None:
    """Every parameter is one of the method's, in its type."""
    made = calls(Settings(telegram_token="t", telegram_secret="s"), "https://x.example/telegram", "https://h5.example")
    for name, given in made:
        method = getattr(methods, f"{name[0].upper()}{name[1:]}").model_validate(given)
        assert given.keys() <= type(method).model_fields.keys()
