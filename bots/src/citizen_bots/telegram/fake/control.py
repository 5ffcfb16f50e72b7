"""What the fake is told by hand or by a test: who says what, who blocks, what is limited.

`POST /fake/say {"from": 7, "text": "…"}`, or with `photos` as a list of Base64 (several are an album) and `caption`,
`location` `{latitude, longitude}`, or any `fields` of a message's; `chat` for a group, `edited`, `language` ·
`/fake/press {"from": 7, "label": "…"}`, or with `data` · `/fake/again {"update": 1}` · `/fake/update {…}` as it is ·
`/fake/block {"from": 7, "blocked": true}`, with `silently` without an update · `/fake/limit {"from": 7, "waits": [1]}`:
for how long each of the next messages is refused, 0: not · `GET /fake/chat?from=7` · `/fake/calls` · `/fake/waiting`.
"""

import base64
import secrets
import time
from typing import Any

import msgspec

from citizen_bots.telegram.fake.platform import Json, Platform, chat_of
from citizen_bots.web import JSON, Handler, Request, Response


class Said(msgspec.Struct, rename={"sender": "from"}):
    """What somebody does."""

    sender: int
    text: str | None = None
    photos: list[str] = []
    caption: str = ""
    location: dict[str, float] | None = None
    fields: dict[str, Any] = {}
    chat: int | None = None
    edited: bool = False
    language: str = "zh-hans"


class Pressed(msgspec.Struct, rename={"sender": "from"}):
    """Somebody presses the newest button with a label, or sends what a button might have carried."""

    sender: int
    label: str = ""
    data: str = ""
    language: str = "zh-hans"


class Control:
    """Takes orders."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> dict[str, Handler]:
        """Return the paths of the orders."""
        return {
            "/fake/say": self._say,
            "/fake/press": self._press,
            "/fake/again": self._again,
            "/fake/update": self._update,
            "/fake/block": self._block,
            "/fake/limit": self._limit,
            "/fake/chat": self._chat,
            "/fake/calls": self._calls,
            "/fake/waiting": self._waiting,
        }

    async def _say(self, request: Request) -> Response:
        said = msgspec.json.decode(request.body, type=Said)
        kind = "edited_message" if said.edited else "message"
        sent = [self._platform.happen({kind: message}) for message in self._messages(said)]
        return _json({"updates": sent})

    def _messages(self, said: Said) -> list[Json]:
        base: Json = {
            "date": int(time.time()),
            "from": {"id": said.sender, "is_bot": False, "first_name": "Li", "language_code": said.language},
            "chat": chat_of(said.chat or said.sender),
        } | said.fields
        if said.text is not None:
            base["text"] = said.text
        if said.location is not None:
            base["location"] = said.location
        if len(said.photos) > 1:
            base["media_group_id"] = secrets.token_hex(8)
        shown: list[Json] = [{"photo": self._sizes(photo)} for photo in said.photos] or [{}]
        if said.caption:
            shown[0] = shown[0] | {"caption": said.caption}
        return [{"message_id": self._platform.next_id()} | base | one for one in shown]

    def _sizes(self, photo: str) -> list[Json]:
        """Keep a photo in two sizes, of which the small one is no photo at all."""
        small, large = secrets.token_hex(16), secrets.token_hex(16)
        self._platform.files |= {small: b"a thumbnail", large: base64.b64decode(photo)}
        return [
            {"file_id": name, "file_unique_id": name[:8], "width": width, "height": width}
            for name, width in ((small, 90), (large, 1280))
        ]

    async def _press(self, request: Request) -> Response:
        pressed = msgspec.json.decode(request.body, type=Pressed)
        data = pressed.data or self._data_of(pressed)
        if data is None:
            return Response(404)
        query = str(self._platform.next_id())
        self._platform.queries[query] = pressed.sender
        sender = {"id": pressed.sender, "is_bot": False, "first_name": "Li", "language_code": pressed.language}
        told = {"id": query, "from": sender, "chat_instance": "1", "data": data}
        return _json({"updates": [self._platform.happen({"callback_query": told})], "data": data})

    def _data_of(self, pressed: Pressed) -> str | None:
        for message in reversed(self._platform.chats[pressed.sender].shown):
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == pressed.label:
                        return str(button["callback_data"])
        return None

    async def _again(self, request: Request) -> Response:
        self._platform.bring(self._platform.taken[_order(request)["update"]])
        return _json({})

    async def _update(self, request: Request) -> Response:
        return _json({"updates": [self._platform.happen(_order(request))]})

    async def _block(self, request: Request) -> Response:
        order = _order(request)
        blocked = bool(order["blocked"])
        self._platform.chats[order["from"]].blocked = blocked
        if order.get("silently"):
            return _json({"updates": []})
        member = {"status": "kicked" if blocked else "member"}
        change = {"chat": chat_of(order["from"]), "new_chat_member": member}
        return _json({"updates": [self._platform.happen({"my_chat_member": change})]})

    async def _limit(self, request: Request) -> Response:
        order = _order(request)
        self._platform.chats[order["from"]].limited.extend(order["waits"])
        return _json({})

    async def _chat(self, request: Request) -> Response:
        return _json(self._platform.chats[int(request.query["from"])])

    async def _calls(self, _request: Request) -> Response:
        return _json(self._platform.calls)

    async def _waiting(self, _request: Request) -> Response:
        return _json({"updates": len(self._platform.pending)})


def _order(request: Request) -> Json:
    return msgspec.json.decode(request.body, type=Json)


def _json(told: object) -> Response:
    return Response(200, msgspec.json.encode(told), JSON)
