"""Vectors made by others, against the running endpoint and what it is built of."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from citizen_bots.wechat.crypto import Cipher, is_signed, signature
from citizen_bots.wechat.messages import fields_of
from citizen_bots.wechat.miniprogram import js_signature, open_data
from citizen_gateway.cli.running import Running, answers, free_port

from .wechat_stand import Child, wait_for

_DATA = os.environ.get("CITIZEN_DATA")
pytestmark = pytest.mark.skipif(_DATA is None, reason="CITIZEN_DATA names no folder with the vectors")

Json = dict[str, Any]
Endpoint = Callable[[str, str, str], str]


@pytest.fixture(scope="module")
def vectors() -> Json:
    """Read them."""
    return dict(json.loads((Path(_DATA or "") / "channels" / "wechat_vectors.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def endpoint(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Start the bots for an account as it is asked for; the vectors are old, so no call is too old."""
    folder = tmp_path_factory.mktemp("vectors")
    running: dict[tuple[str, str, str], tuple[Child, str]] = {}

    def start(token: str, aes_key: str = "", app_id: str = "") -> str:
        found = running.get((token, aes_key, app_id))
        if found is None:
            port = free_port("127.0.0.1", 0)
            environment = {"WECHAT_TOKEN": token, "WECHAT_AES_KEY": aes_key, "WECHAT_APP_ID": app_id}
            environment |= {"WECHAT_MAX_AGE_S": "0", "GATEWAY_KEY": "cgk_none", "REDIS_URL": city.engines.redis_url}
            environment = {f"CITIZEN_BOTS_{name}": value for name, value in environment.items() if value}
            child = Child(folder / f"{len(running)}.log", "serve", "--port", str(port), **environment)
            child.start()
            url = f"http://127.0.0.1:{port}"
            found = running[token, aes_key, app_id] = child, f"{url}/wechat"
            wait_for(lambda: answers(f"{url}/ready"), child.log.read_text("utf-8"))
        return found[1]

    yield start
    for child, _ in running.values():
        child.kill()
        assert "handler_failed" not in child.log.read_text("utf-8")


def test_url_checks_are_answered(vectors: Json, endpoint: Endpoint) -> None:
    """The echo comes back for the right signature; any other is forbidden."""
    for vector in vectors["url_check_signatures"]:
        url = endpoint(vector["token"], "", "")
        query = {name: vector[name] for name in ("timestamp", "nonce", "signature")}
        body = vector.get("echostr", "an echo")
        answer = httpx2.get(url, params=query | {"echostr": body})
        assert (answer.status_code, answer.text) == (200, body)
        wrong = query["signature"][:-1] + ("0" if query["signature"][-1] != "0" else "1")
        assert httpx2.get(url, params=query | {"echostr": body, "signature": wrong}).status_code == 403


def test_ciphertexts_are_read(vectors: Json, endpoint: Endpoint) -> None:
    """Echoes come back decrypted, messages are taken; a changed ciphertext is not."""
    for vector in vectors["encrypted"]:
        cipher = Cipher(vector["encoding_aes_key"], vector["app_id"])
        assert cipher.decrypt(vector["encrypt"]) == vector["decrypted_plaintext"]
        if vector["random16"] and vector["kind"] == "reply":
            assert cipher.encrypt(vector["decrypted_plaintext"], vector["random16"].encode()) == vector["encrypt"]
        if not vector["msg_signature"]:
            continue
        parts = (vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"])
        assert is_signed(vector["msg_signature"], *parts)
        query = {name: vector[name] for name in ("timestamp", "nonce", "msg_signature")}
        url = endpoint(vector["token"], vector["encoding_aes_key"], vector["app_id"])
        if vector["kind"] == "echostr":
            answer = httpx2.get(url, params=query | {"echostr": vector["encrypt"]})
            assert (answer.status_code, answer.text) == (200, vector["decrypted_plaintext"])
        elif vector["kind"] == "message":
            body = f"<xml><Encrypt><![CDATA[{vector['encrypt']}]]></Encrypt></xml>"
            sent = {"encrypt_type": "aes"} | query
            assert httpx2.post(url, params=sent, content=body).status_code == 200
            forged = body.replace(vector["encrypt"][:8], "AAAAAAAA")
            assert httpx2.post(url, params=sent, content=forged).status_code == 403


def test_plain_messages_are_taken(vectors: Json, endpoint: Endpoint) -> None:
    """Each kind, in XML and in JSON, has its fields, and is answered or heard in silence."""
    url = endpoint("AAAAA", "", "")
    query = {"timestamp": "1714036504", "nonce": "1514711492"}
    query["signature"] = signature("AAAAA", *query.values())
    for vector in vectors["plain_messages"]:
        assert _texts(fields_of(vector["raw"].encode())) == _texts(vector["fields"])
        answer = httpx2.post(url, params=query, content=vector["raw"].encode())
        assert answer.status_code == 200, vector["kind"]
        if answer.content != b"success":
            assert fields_of(answer.content).text("ToUserName") == fields_of(vector["raw"].encode()).text(
                "FromUserName"
            )


def test_the_mini_programs_data_is_opened(vectors: Json) -> None:
    """And nothing of another's."""
    for vector in vectors["miniprogram_encrypted_data"]:
        told = open_data(vector["session_key"], vector["iv"], vector["encrypted_data"], vector["app_id"])
        assert told == json.loads(vector["plaintext"])


def test_pages_are_signed(vectors: Json) -> None:
    """As the JS-SDK wants it."""
    for vector in vectors["jssdk_signatures"]:
        made = js_signature(vector["jsapi_ticket"], vector["noncestr"], int(vector["timestamp"]), vector["url"])
        assert made == vector["signature"]


def _texts(value: object) -> object:
    """Return fields as texts; XML knows no list of one."""
    if isinstance(value, dict):
        return {name: _texts(item) for name, item in value.items()}
    if isinstance(value, list):
        texts = [_texts(item) for item in value]
        return texts[0] if len(texts) == 1 else texts
    return "" if value is None else str(value).strip()
