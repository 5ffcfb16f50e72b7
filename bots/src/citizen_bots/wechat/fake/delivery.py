"""Delivering what people do to the account: signed or encrypted, up to three times, five seconds each."""

import secrets
from collections.abc import Sequence
from xml.sax.saxutils import escape

import httpx2
import msgspec

from citizen_bots.wechat.crypto import Cipher, Unacceptable, signature
from citizen_bots.wechat.fake.platform import Account, Platform
from citizen_bots.wechat.messages import fields_of

_ATTEMPTS = 3


class Attempt(msgspec.Struct, frozen=True):
    """One delivery: the status that came back (0 for none in time), and what was shown."""

    status: int
    shown: str


class Delivery:
    """Delivers for one account."""

    def __init__(self, platform: Platform, http: httpx2.AsyncClient) -> None:
        self._platform = platform
        self._http = http
        account = platform.account
        self._cipher = Cipher(account.aes_key, account.app_id) if account.aes_key else None

    async def deliver(self, openid: str, told: dict[str, str], items: Sequence[dict[str, str]] = ()) -> list[Attempt]:
        """Deliver until it is answered, and show the answer; `items` are those of the event's list."""
        created = str(int(self._platform.now()))
        xml = message_xml(self._platform.account, {"FromUserName": openid, "CreateTime": created} | told, items)
        attempts: list[Attempt] = []
        while len(attempts) < _ATTEMPTS:
            attempt = await self._once(openid, xml)
            attempts.append(attempt)
            if attempt.status == 200:
                break
        last = attempts[-1]
        if last.shown:
            self._platform.show(openid, "answer", last.shown)
        return attempts

    async def _once(self, openid: str, xml: str) -> Attempt:
        account = self._platform.account
        query, body = signed(account, self._cipher, str(int(self._platform.now())), xml)
        try:
            answer = await self._http.post(
                account.callback,
                params={**query, "openid": openid},
                content=body.encode(),
                headers={"Content-Type": "text/xml"},
                timeout=account.patience_s,
            )
        except httpx2.RequestError:
            return Attempt(0, "")
        return Attempt(answer.status_code, self._shown(answer.content) if answer.status_code == 200 else "")

    def _shown(self, content: bytes) -> str:
        if content in {b"", b"success"}:
            return ""
        fields = fields_of(content)
        if self._cipher:
            encrypted = fields.text("Encrypt")
            parts = (self._platform.account.token, fields.text("TimeStamp"), fields.text("Nonce"), encrypted)
            if signature(*parts) != fields.text("MsgSignature"):
                raise Unacceptable("signature")
            fields = fields_of(self._cipher.decrypt(encrypted).encode())
        return fields.text("Content")


def message_xml(account: Account, told: dict[str, str], items: Sequence[dict[str, str]] = ()) -> str:
    """Return a message of somebody's as WeChat writes it."""
    wrapper = "".join(word.capitalize() for word in told.get("Event", "").removesuffix("_event").split("_")) + "Event"
    listed = "".join(f"<List>{_elements(item)}</List>" for item in items)
    wrapped = f"<{wrapper}>{listed}</{wrapper}>" if items else ""
    return f"<xml>{_elements({'ToUserName': account.name} | told)}{wrapped}</xml>"


def _elements(told: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items())


def signed(account: Account, cipher: Cipher | None, at: str, xml: str) -> tuple[dict[str, str], str]:
    """Return the query and the body of a delivery."""
    nonce = secrets.token_hex(5)
    query = {"timestamp": at, "nonce": nonce, "signature": signature(account.token, at, nonce)}
    if cipher is None:
        return query, xml
    encrypted = cipher.encrypt(xml, secrets.token_hex(8).encode())
    query |= {"encrypt_type": "aes", "msg_signature": signature(account.token, at, nonce, encrypted)}
    return query, f"<xml><ToUserName>{account.name}</ToUserName><Encrypt>{encrypted}</Encrypt></xml>"
