"""What a mini-program asks the bots for: a login, a telephone number, and content checks.

`POST /wechat/login {"code"}` gives a session of the gateway's · `POST /wechat/phone {"code"}` the number its owner let
us know · `POST /wechat/check {"text"}` or `{"image": url}`, by the session's token, a verdict; an image's is pending,
and asked for by `GET /wechat/check?id=…`.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated

import httpx2
import msgspec
import redis.asyncio as redis
import structlog

from citizen_bots.host.store import text_of
from citizen_bots.settings import Settings
from citizen_bots.web import JSON, Handler, Request, Response, Routes
from citizen_bots.wechat.checks import ContentChecks
from citizen_bots.wechat.client import ApiAway, ApiRefused, WeChatApi
from citizen_gateway_sdk import AsyncGateway, GatewayError

_log = structlog.get_logger(__name__)

_SESSION_S = 3600
_BEARER = "bearer "


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code that the mini-program was given for this once."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class ToCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text, or the address of an image."""

    text: str | None = None
    image: Annotated[str, msgspec.Meta(pattern="^https?://", max_length=2000)] | None = None


class MiniProgram:
    """The endpoints of one mini-program."""

    def __init__(self, settings: Settings, http: httpx2.AsyncClient, valkey: redis.Redis, client: AsyncGateway) -> None:
        app = settings.miniprogram_app_id or "", settings.miniprogram_secret or ""
        self._api = WeChatApi(http, settings.wechat_api_url, app, valkey)
        self._checks = ContentChecks(self._api, valkey)
        self._valkey = valkey
        self._gateway = client

    def routes(self) -> Routes:
        """Return what the mini-program calls."""
        return {
            "/wechat/login": _answering(self._login),
            "/wechat/phone": _answering(self._phone),
            "/wechat/check": _answering(self._check),
        }

    async def _login(self, request: Request) -> Response:
        login = await self._api.login(msgspec.json.decode(request.body, type=Code).code)
        session = await self._gateway.sessions.for_citizen(login.openid)
        await self._valkey.set(_key(session.token), login.openid, ex=_SESSION_S)
        return _json(200, {"token": session.token, "expires_at": session.expires_at})

    async def _phone(self, request: Request) -> Response:
        number = await self._api.phone_number(msgspec.json.decode(request.body, type=Code).code)
        return _json(200, {"number": number.number, "country": number.country})

    async def _check(self, request: Request) -> Response:
        header = request.headers.get("authorization", "")
        token = header[len(_BEARER) :] if header.lower().startswith(_BEARER) else ""
        kept = await self._valkey.get(_key(token))
        if not kept:
            return _json(401, {"code": "unauthenticated"})
        if request.method == "GET":
            return _json(200, {"verdict": await self._checks.verdict(request.query.get("id", ""))})
        asked, openid = msgspec.json.decode(request.body, type=ToCheck), text_of(kept)
        if asked.image is not None:
            return _json(202, {"verdict": "pending", "id": await self._checks.image(openid, asked.image)})
        return _json(200, {"verdict": await self._checks.text(openid, asked.text or "")})


def _answering(handle: Callable[[Request], Awaitable[Response]]) -> Handler:
    """Answer what goes wrong with a code in a word: 422 bad form, 400 refused by WeChat, 503 nobody answers."""

    async def answering(request: Request) -> Response:
        try:
            return await handle(request)
        except msgspec.DecodeError:
            return _json(422, {"code": "invalid_request"})
        except ApiRefused as refusal:
            _log.info("miniprogram_refused", path=request.path, wechat=refusal.code)
            return _json(400, {"code": "refused_by_wechat", "wechat": refusal.code})
        except (ApiAway, GatewayError, redis.RedisError) as error:
            _log.warning("miniprogram_unanswered", path=request.path, why=type(error).__name__)
            return _json(503, {"code": "unavailable"})

    return answering


def _key(token: str) -> str:
    return f"{{bots}}:miniprogram:{sha256(token.encode('utf-8', 'surrogateescape')).hexdigest()}"


def _json(status: int, told: object) -> Response:
    return Response(status, msgspec.json.encode(told), JSON)
