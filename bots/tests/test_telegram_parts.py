"""Buttons, texts, commands and the fake's methods, without a server."""

import base64
import json
import os
from pathlib import Path

import pytest
from aiogram.types import Message, User

from citizen_bots.conversation import Photo, Place, Press, Several, Unreadable, Words
from citizen_bots.settings import Settings
from citizen_bots.telegram.buttons import MOST_BYTES, Signer
from citizen_bots.telegram.fake.methods import METHODS, TEXTS, complaint
from citizen_bots.telegram.reading import content_of, locale_of
from citizen_bots.telegram.sending import MOST_UNITS, parts_of, units
from citizen_bots.telegram.setup import calls


class TestSigner:
    """What a button carries."""

    def test_opens_what_it_signed(self) -> None:
        """For the same person, in 64 bytes."""
        button = "redeem:01890a5d-ac96-774b-bcce-b302099a8057"
        data = Signer("7:t").sign(button, "1")
        assert data is not None
        assert len(data.encode()) <= MOST_BYTES
        assert Signer("7:t").open(data, "1") == button

    def test_opens_nothing_else(self) -> None:
        """Another person's, another bot's, a changed one."""
        data = Signer("7:t").sign("send", "1") or ""
        assert Signer("7:t").open(data, "2") is None
        assert Signer("8:t").open(data, "1") is None
        assert Signer("7:t").open(data.replace("send", "mine"), "1") is None

    def test_a_long_id_has_none(self) -> None:
        """It becomes a line with its number."""
        assert Signer("7:t").sign("x" * 60, "1") is None


class TestParts:
    """Long texts."""

    @pytest.mark.parametrize("text", ["短", "a\n" * 5000, "🦋" * 5000, "x" * 4096 + "\n" + "y"])
    def test_each_can_be_sent(self, text: str) -> None:
        """As Telegram counts, and nothing is left out."""
        parts = parts_of(text)
        assert all(0 < units(part) <= MOST_UNITS for part in parts)
        assert "".join(parts) == text


def message(**fields: object) -> Message:
    """Return a message as it comes."""
    return Message.model_validate({"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}} | fields)


def said(text: str) -> object:
    """Return what a text says."""
    return content_of(message(text=text))


class TestCommands:
    """What begins with a stroke."""

    @pytest.mark.parametrize(
        ("text", "content"),
        [
            ("/start", Press("help")),
            ("/mine", Press("mine")),
            ("/mine@city_bot", Press("mine")),
            ("/nonsense", Press("help")),
            ("/", Press("help")),
            ("/report 路灯坏了", Words("路灯坏了")),
            ("/start !!!", Press("help")),
            ("路灯坏了", Words("路灯坏了")),
        ],
    )
    def test_is_understood(self, text: str, content: object) -> None:
        """By its name; another one is answered with what can be done."""
        assert said(text) == content

    def test_a_link_names_a_place(self) -> None:
        """On a lamp post, as a QR code."""
        payload = base64.urlsafe_b64encode("place=工三街12号灯杆".encode()).decode().rstrip("=")
        assert said(f"/start {payload}") == Place("工三街12号灯杆")


def test_words_below_a_photo_belong_to_it() -> None:
    """One turn."""
    sizes = [{"file_id": f"f{side}", "file_unique_id": "u", "width": side, "height": side} for side in (90, 1280, 320)]
    shown = content_of(message(caption="路灯坏了", photo=sizes))
    assert shown == Several((Photo("f1280"), Words("路灯坏了")))
    assert content_of(message(caption="路灯坏了", photo=[])) == Words("路灯坏了")


@pytest.mark.parametrize(
    ("code", "locale"),
    [("", ""), ("zh-hans", "zh_CN"), ("zh-TW", "zh_Hant"), ("zh", "zh_CN"), ("en", "en"), ("ru", "en")],
)
def test_languages(code: str, locale: str) -> None:
    """The nearest of ours."""
    assert locale_of(User(id=1, is_bot=False, first_name="Li", language_code=code)) == locale


@pytest.mark.parametrize("at", [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)])
def test_a_place_that_is_not_on_earth_is_unreadable(at: tuple[float, float]) -> None:
    """With a name too."""
    location = {"latitude": at[0], "longitude": at[1]}
    assert content_of(message(location=location)) == Unreadable("location")
    venue = {"location": location, "title": "x", "address": "y"}
    assert content_of(message(location=location, venue=venue)) == Unreadable("venue")


def test_set_up_as_telegram_takes_it() -> None:
    """Every call has the parameters of its method; names of commands are as short as is allowed."""
    made = calls(
        Settings(telegram_token="7:t", telegram_secret="s"), "https://x.example/telegram", "https://h5.example"
    )
    names = [call.__api_method__ for call in made]
    assert names == ["setWebhook", "setMyCommands", "setMyCommands", "setChatMenuButton"]
    assert all(not complaint(call.__api_method__, call.model_dump(exclude_none=True)) for call in made)


def test_methods_are_telegrams() -> None:
    """Each parameter of the fake's is in the published list, and those are needed that are needed there."""
    folder = os.environ.get("CITIZEN_DATA")
    if not folder:
        pytest.skip("CITIZEN_DATA does not say where the list of methods is")
    published = json.loads((Path(folder) / "channels" / "telegram_methods.json").read_text("utf-8"))["methods"]
    for method, (needed, others) in METHODS.items():
        known = published[method]["params"]
        assert {name for name, one in known.items() if one["required"]} == set(needed.split()), method
        assert set(others.split()) <= known.keys(), method
        texts = {name for name, one in known.items() if one["type"] in {"String", "InputFile or String"}}
        assert texts & (set(needed.split()) | set(others.split())) <= TEXTS, method
        assert not TEXTS & (known.keys() - texts), method
