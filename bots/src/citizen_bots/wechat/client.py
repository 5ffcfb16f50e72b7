"""WeChat's API, as far as it is needed: every call has a timeout, every refusal a type."""

from typing import Any

import httpx2
import msgspec
import redis.asyncio as redis

from citizen_bots.wechat.tokens import Tokens

_TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
_STALE_TOKEN = frozenset({40001, 40014, 42001})
_BUSY = -1

Json = dict[str, Any]


class ApiAway(Exception):  # noqa: N818 - named by what happened
    """WeChat did not answer, or was busy; a message may or may not have been sent."""


class ApiRefused(Exception):  # noqa: N818 - likewise
    """WeChat said no, by one of its codes; its text is not repeated, since it may name somebody."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class TooLong(Exception):  # noqa: N818 - likewise
    """A file of more bytes than are wanted of one."""


class Media(msgspec.Struct, frozen=True):
    """A file that somebody sent."""

    content: bytes
    media_type: str


class PhoneNumber(msgspec.Struct, frozen=True):
    """A number that its owner let a mini-program know; with its country's code apart."""

    number: str
    country: str


class Login(msgspec.Struct, frozen=True):
    """Who logs in to a mini-program; the session's key never leaves the server."""

    openid: str
    session_key: str
    unionid: str = ""


class WeChatApi:
    """The API of one account (`app_id`), with its token shared by all processes through Valkey."""

    def __init__(self, http: httpx2.AsyncClient, url: str, app: tuple[str, str], valkey: redis.Redis) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._app_id, self._secret = app
        self.tokens = Tokens(valkey, self._app_id, self._stable_token)

    async def call(self, path: str, body: Json | None = None) -> Json:
        """Call with a token, once more with another where it is not taken; return the answer.

        Raises `ApiRefused` and `ApiAway`.
        """
        for attempt in (1, 2):
            token = await self.tokens.get()
            method = "GET" if body is None else "POST"
            answer = _read(await self._request(method, path, {"access_token": token}, body))
            code = int(answer.get("errcode") or 0)
            if code in _STALE_TOKEN and attempt == 1:
                await self.tokens.refuse(token)
                continue
            return _accepted(answer)
        raise ApiAway

    async def media(self, media_id: str, most_bytes: int) -> Media:
        """Fetch a file that was sent to the account. Raises `TooLong`, `ApiRefused` and `ApiAway`."""
        for attempt in (1, 2):
            token = await self.tokens.get()
            query = {"access_token": token, "media_id": media_id}
            content, media_type = await self._download("/cgi-bin/media/get", query, most_bytes)
            if not media_type.startswith(("application/json", "text/")):
                return Media(content, media_type)
            try:
                _accepted(_read(content))
            except ApiRefused as refusal:
                if refusal.code not in _STALE_TOKEN or attempt == 2:
                    raise
                await self.tokens.refuse(token)
        raise ApiAway

    async def login(self, js_code: str) -> Login:
        """Return who a mini-program's login code stands for. Raises `ApiRefused` and `ApiAway`."""
        query = {
            "appid": self._app_id,
            "secret": self._secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        answer = _accepted(_read(await self._request("GET", "/sns/jscode2session", query, None)))
        return msgspec.convert(answer, Login)

    async def phone_number(self, code: str) -> PhoneNumber:
        """Return the number that a mini-program's button was pressed for. Raises `ApiRefused` and `ApiAway`."""
        answer = await self.call("/wxa/business/getuserphonenumber", {"code": code})
        told = answer.get("phone_info") or {}
        return PhoneNumber(str(told.get("purePhoneNumber", "")), str(told.get("countryCode", "")))

    async def _stable_token(self, force: bool) -> tuple[str, int]:
        body = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
            "force_refresh": force,
        }
        answer = _accepted(_read(await self._request("POST", "/cgi-bin/stable_token", {}, body)))
        return str(answer["access_token"]), int(answer["expires_in"])

    async def _request(self, method: str, path: str, query: dict[str, str], body: Json | None) -> bytes:
        content = None if body is None else msgspec.json.encode(body)
        try:
            response = await self._http.request(
                method, f"{self._url}{path}", params=query, content=content, timeout=_TIMEOUT
            )
        except httpx2.RequestError as error:
            raise ApiAway from error
        if response.status_code != 200:
            raise ApiAway
        return response.content

    async def _download(self, path: str, query: dict[str, str], most_bytes: int) -> tuple[bytes, str]:
        parts, size = [], 0
        try:
            async with self._http.stream("GET", f"{self._url}{path}", params=query, timeout=_TIMEOUT) as response:
                if response.status_code != 200:
                    raise ApiAway
                async for part in response.aiter_bytes():
                    size += len(part)
                    if size > most_bytes:
                        raise TooLong
                    parts.append(part)
                return b"".join(parts), response.headers.get("content-type", "")
        except httpx2.RequestError as error:
            raise ApiAway from error


def _read(content: bytes) -> Json:
    try:
        return msgspec.json.decode(content, type=Json)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiAway from error


def _accepted(answer: Json) -> Json:
    code = answer.get("errcode") or 0
    if code == _BUSY:
        raise ApiAway
    if code:
        raise ApiRefused(int(code))
    return answer
