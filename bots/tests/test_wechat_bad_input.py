"""What no message of WeChat's looks like: each is refused or heard in silence, and nothing of it is in the log."""

import json
import secrets
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx2
import pytest

from citizen_gateway.cli.running import Running

from .wechat_oracle import elements, opened, signed
from .wechat_oracle import encrypted as encrypt
from .wechat_stand import AES_KEY, APP_ID, TOKEN, Stand

MARK = f"o{uuid4().hex}"
"""Stands for a citizen in all that is sent here."""

SILENCE = (200, b"success")


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start the bots in secure mode; at the end, look into their log."""
    made = Stand(city, tmp_path_factory.mktemp("bad"))
    made.start()
    yield made
    made.stop()
    log = made.bots.log.read_text("utf-8")
    assert "handler_failed" not in log
    assert "turn_failed" not in log
    assert MARK not in log


def text_message(**changed: str) -> str:
    """Return a message of somebody's, with fields changed."""
    fields = {
        "ToUserName": "gh_1",
        "FromUserName": MARK,
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": "help",
        "MsgId": str(time.time_ns()),
    } | changed
    return "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</xml>"


def query(encrypted: str, *, age: int = 0) -> dict[str, str]:
    """Sign a ciphertext as WeChat does."""
    at, nonce = str(int(time.time()) - age), secrets.token_hex(4)
    return {
        "timestamp": at,
        "nonce": nonce,
        "signature": signed(TOKEN, at, nonce),
        "msg_signature": signed(TOKEN, at, nonce, encrypted),
        "encrypt_type": "aes",
    }


def post(stand: Stand, body: bytes, given: dict[str, str]) -> tuple[int, bytes]:
    """Deliver bytes."""
    answer = httpx2.post(f"{stand.url}/wechat", params=given, content=body, timeout=30)
    return answer.status_code, answer.content


def deliver(stand: Stand, plain: str, *, app_id: str = APP_ID, age: int = 0) -> tuple[int, bytes]:
    """Deliver something encrypted and signed as it should be."""
    encrypted = encrypt(plain, AES_KEY, app_id)
    return post(stand, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode(), query(encrypted, age=age))


def test_what_is_as_it_should_be_is_answered(stand: Stand) -> None:
    """So that the silences below say something."""
    status, content = deliver(stand, text_message())
    assert status == 200
    envelope = elements(content.decode())
    parts = (envelope[name] for name in ("TimeStamp", "Nonce", "Encrypt"))
    assert envelope["MsgSignature"] == signed(TOKEN, *parts)
    xml, app_id = opened(envelope["Encrypt"], AES_KEY)
    assert (app_id, elements(xml)["ToUserName"]) == (APP_ID, MARK)


def test_a_wrong_signature_is_forbidden(stand: Stand) -> None:
    """Whichever of its parts is wrong or missing."""
    encrypted = encrypt(text_message(), AES_KEY, APP_ID)
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
    right = query(encrypted)
    for wrong in (
        right | {"msg_signature": "0" * 40},
        right | {"msg_signature": "é"},
        right | {"nonce": "another"},
        {name: value for name, value in right.items() if name != "msg_signature"},
        {},
    ):
        assert post(stand, body, wrong) == (403, b"")


def test_what_is_not_encrypted_is_not_taken_in_secure_mode(stand: Stand) -> None:
    """The plain signature does not cover the body: anybody could send with it."""
    given = {name: value for name, value in query("").items() if name in {"timestamp", "nonce", "signature"}}
    assert post(stand, text_message().encode(), given) == SILENCE


@pytest.mark.parametrize("age", [3600, 86_400 * 365, -3600])
def test_another_days_call_is_not_worked(stand: Stand, age: int) -> None:
    """A call that was recorded, or that is from the future, has no effect."""
    assert deliver(stand, text_message(), age=age) == SILENCE


@pytest.mark.parametrize("cut", [1, 16, 40])
def test_a_cut_ciphertext_is_silence(stand: Stand, cut: int) -> None:
    """Although its signature is right."""
    encrypted = encrypt(text_message(), AES_KEY, APP_ID)[:-cut]
    assert post(stand, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode(), query(encrypted)) == SILENCE


@pytest.mark.parametrize("encrypted", ["", "AAAA", "!", "é", "A" * 64, "QUFBQUFBQUFBQUFBQUFBQQ=="])
def test_what_no_key_made_is_silence(stand: Stand, encrypted: str) -> None:
    """Base64 or not."""
    assert post(stand, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode(), query(encrypted)) == SILENCE


def test_another_accounts_message_is_silence(stand: Stand) -> None:
    """The AppID inside is checked."""
    assert deliver(stand, text_message(), app_id="wxffffffffffffffff") == SILENCE


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "no xml",
        "<xml>",
        "<xml/>",
        "<other><MsgType>text</MsgType></other>",
        "<xml>" + "<a>" * 50 + "</a>" * 50 + "</xml>",
        '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><FromUserName>&f;</FromUserName></xml>',
        "<xml><FromUserName>&undefined;</FromUserName></xml>",
        "<xml><FromUserName>a\x00b</FromUserName></xml>",
        "[" * 100_000,
        '{"a":' * 5000,
        '{"FromUserName": 1e999}',
        '{"FromUserName": ["o"]}',
        "{}",
        text_message(FromUserName=""),
        text_message(FromUserName="o" * 200),
        text_message(FromUserName="某人"),
        text_message(MsgType="event", Event="never_heard_of"),
        text_message(MsgType="event", Event="TEMPLATESENDJOBFINISH", MsgID="1"),
        text_message(MsgType="event", Event="LOCATION", Latitude="nan", Longitude="x"),
    ],
)
def test_what_is_no_message_is_silence(stand: Stand, plain: str) -> None:
    """However it is broken."""
    assert deliver(stand, plain) == SILENCE


@pytest.mark.parametrize(
    "changed",
    [
        {"MsgId": "not a number"},
        {"MsgId": "1" * 400},
        {"MsgId": "١٢"},
        {"MsgId": "-1"},
        {"CreateTime": "yesterday"},
        {"MsgType": "sticker"},
        {"MsgType": "image"},
        {"MsgType": "location", "Location_X": "up", "Location_Y": "1e400"},
        {"MsgType": "voice"},
        {"Content": "<b>nested</b>"},
        {"Content": "x" * 6000},
    ],
)
def test_an_odd_message_is_answered_all_the_same(stand: Stand, changed: dict[str, str]) -> None:
    """It is worked under another id, or its citizen is told that it cannot be read."""
    status, content = deliver(stand, text_message(**changed))
    assert status == 200
    assert b"<Encrypt>" in content


def test_json_is_understood_as_well(stand: Stand) -> None:
    """An account may be set to JSON."""
    told = {"ToUserName": "gh_1", "FromUserName": MARK, "CreateTime": 1, "MsgType": "text", "Content": "help"}
    assert deliver(stand, json.dumps(told | {"MsgId": time.time_ns()}))[1] != b"success"


def test_a_body_of_megabytes_is_not_read(stand: Stand) -> None:
    """413, whatever is in it."""
    assert post(stand, b"<xml>" + b"a" * (5 << 20) + b"</xml>", {})[0] == 413


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"\x00" * 100, "é".encode("latin-1")])
def test_bytes_that_are_no_text_are_refused(stand: Stand, body: bytes) -> None:
    """Before anything is made of them."""
    assert post(stand, body, query("")) in {SILENCE, (403, b"")}


def test_other_methods_and_paths_are_none(stand: Stand) -> None:
    """Nothing else is served."""
    assert httpx2.put(f"{stand.url}/wechat").status_code == 405
    assert httpx2.get(f"{stand.url}/nothing").status_code == 404
    assert httpx2.get(f"{stand.url}/health").json() == {"status": "ok"}


def test_a_replay_has_its_effect_once(stand: Stand) -> None:
    """The very same call again gets the very same answer's text."""
    encrypted = encrypt(text_message(), AES_KEY, APP_ID)
    body, given = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode(), query(encrypted)
    statuses = {post(stand, body, given)[0] for _ in range(3)}
    assert statuses == {200}
