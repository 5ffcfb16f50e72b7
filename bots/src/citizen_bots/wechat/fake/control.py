"""What the fake is told by hand or by a test: who says what, how time passes, what fails.

`POST /fake/say {"from": "o-li", "text": "…"}`, or with `image` as Base64, `location` `{lat, lon, label}`, `voice`, or
any `fields` of WeChat's with the `items` of a list · `GET /fake/chat?from=o-li` · `/fake/clock {"advance_s": 3600}` ·
`/fake/expire-token` · `/fake/fail {"path": …, "codes": [45009]}` · `/fake/code {"from": …}` ·
`/fake/risky {"word": "review"}` · `/fake/subscribe {"from": …, "template": …}` · `GET /fake/calls`.
"""

import base64
import secrets
from typing import Any

import msgspec

from citizen_bots.web import JSON, Handler, Request, Response
from citizen_bots.wechat.fake.delivery import Delivery
from citizen_bots.wechat.fake.platform import Platform

_ACTIONS = frozenset({"subscribe", "SCAN", "CLICK"})


class Place(msgspec.Struct):
    """A point that somebody sends."""

    lat: float
    lon: float
    label: str = ""


class Said(msgspec.Struct, rename={"sender": "from"}):
    """What somebody does; with `again`, the delivery of a message that was delivered before."""

    sender: str
    text: str | None = None
    image: str | None = None
    voice: str | None = None
    location: Place | None = None
    fields: dict[str, str] = {}
    items: list[dict[str, str]] = []
    again: str | None = None


class Control:
    """Takes orders."""

    def __init__(self, platform: Platform, delivery: Delivery) -> None:
        self._platform = platform
        self._delivery = delivery

    def routes(self) -> dict[str, Handler]:
        """Return the paths of the orders."""
        return {
            "/fake/say": self._say,
            "/fake/chat": self._chat,
            "/fake/clock": self._clock,
            "/fake/expire-token": self._expire,
            "/fake/fail": self._fail,
            "/fake/code": self._code,
            "/fake/risky": self._risky,
            "/fake/subscribe": self._subscribe,
            "/fake/calls": self._calls,
        }

    async def _say(self, request: Request) -> Response:
        said = msgspec.json.decode(request.body, type=Said)
        told = self._fields(said)
        if told["MsgType"] != "event":
            told["MsgId"] = said.again or self._platform.next_id()
            self._platform.opened(said.sender, "message")
        elif told.get("Event") in _ACTIONS:
            self._platform.opened(said.sender, "action")
        if told.get("Event") in {"subscribe", "unsubscribe"}:
            self._platform.people[said.sender].blocked = told["Event"] == "unsubscribe"
        attempts = await self._delivery.deliver(said.sender, told, said.items)
        return _json({"id": told.get("MsgId", ""), "attempts": attempts})

    def _fields(self, said: Said) -> dict[str, str]:
        if said.text is not None:
            return {"MsgType": "text", "Content": said.text} | said.fields
        if said.image is not None:
            name = secrets.token_hex(16)
            self._platform.media[name] = base64.b64decode(said.image), "image/jpeg"
            return {"MsgType": "image", "PicUrl": "", "MediaId": name} | said.fields
        if said.voice is not None:
            name = secrets.token_hex(16)
            return {"MsgType": "voice", "MediaId": name, "Format": "amr", "Recognition": said.voice} | said.fields
        if said.location is not None:
            at = said.location
            point = {"Location_X": str(at.lat), "Location_Y": str(at.lon), "Scale": "16", "Label": at.label}
            return {"MsgType": "location"} | point | said.fields
        return {"MsgType": "event"} | said.fields

    async def _chat(self, request: Request) -> Response:
        return _json(self._platform.people[request.query["from"]])

    async def _clock(self, request: Request) -> Response:
        self._platform.advance(_order(request)["advance_s"])
        return _json({})

    async def _expire(self, _request: Request) -> Response:
        self._platform.expire_token()
        return _json({})

    async def _fail(self, request: Request) -> Response:
        order = _order(request)
        self._platform.failures[order["path"]].extend(order["codes"])
        return _json({})

    async def _code(self, request: Request) -> Response:
        code = secrets.token_hex(8)
        self._platform.codes[code] = _order(request)["from"]
        return _json({"code": code})

    async def _risky(self, request: Request) -> Response:
        self._platform.risky |= _order(request)
        return _json({})

    async def _subscribe(self, request: Request) -> Response:
        order = _order(request)
        allowed = self._platform.people[order["from"]].subscriptions
        allowed[order["template"]] = allowed.get(order["template"], 0) + 1
        return _json({})

    async def _calls(self, _request: Request) -> Response:
        return _json(self._platform.calls)


def _order(request: Request) -> dict[str, Any]:
    return msgspec.json.decode(request.body, type=dict[str, Any])


def _json(told: object) -> Response:
    return Response(200, msgspec.json.encode(told), JSON)
