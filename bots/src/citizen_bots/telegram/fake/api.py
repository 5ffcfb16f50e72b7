"""The Bot API as a bot calls it: JSON, a query or a form in, JSON out."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import msgspec

from citizen_bots.telegram.fake.forms import parameters
from citizen_bots.telegram.fake.methods import METHODS, complaint
from citizen_bots.telegram.fake.platform import MOST_FILE_BYTES, Json, Platform, Refusal
from citizen_bots.web import JSON, Handler, Request, Response

_MOST_WAIT_S = 50


class Api:
    """Answers the calls of one bot."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._own: dict[str, Callable[[Json], object]] = {
            "getMe": self._me,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._set_webhook,
            "getWebhookInfo": self._webhook,
            "getFile": self._file_of,
            "answerCallbackQuery": self._answer_query,
            "sendChatAction": self._act,
            "setMyCommands": self._set_commands,
            "setChatMenuButton": self._set_menu,
        }

    def routes(self) -> dict[str, Handler]:
        """Return the API's paths; any other is answered as a wrong token is."""
        token = self._platform.token
        return {f"/bot{token}/*": self._call, f"/file/bot{token}/*": self._file, "/*": self._unknown}

    async def _unknown(self, _request: Request) -> Response:
        return _refused(Refusal(401, "Unauthorized"))

    async def _file(self, request: Request) -> Response:
        content = self._platform.files.get(request.path.rpartition("/")[2])
        return Response(404) if content is None else Response(200, content, "application/octet-stream")

    async def _call(self, request: Request) -> Response:
        method = request.path.rpartition("/")[2]
        try:
            given = self._checked(method, request)
            result = await self._answer(method, given)
        except Refusal as refusal:
            return _refused(refusal)
        return Response(200, msgspec.json.encode({"ok": True, "result": result}), JSON)

    def _checked(self, method: str, request: Request) -> Json:
        """Return a call's parameters, as far as the method takes them."""
        if method not in METHODS:
            raise Refusal(404, "Not Found: method not found")
        given = parameters(request, self._platform.files)
        self._platform.calls.append({"method": method, "parameters": given})
        if wrong := complaint(method, given):
            raise Refusal(400, f"Bad Request: {wrong}")
        return given

    async def _answer(self, method: str, given: Json) -> object:
        if method == "getUpdates":
            return await self._updates(given)
        own = self._own.get(method)
        return own(given) if own else self._message(method, given)

    def _me(self, _given: Json) -> Json:
        return {"id": 1, "is_bot": True, "first_name": "City", "username": "city_bot"}

    def _set_webhook(self, given: Json) -> bool:
        own = self._platform
        own.webhook = {"url": given.get("url", ""), "secret_token": given.get("secret_token", "")}
        if given.get("drop_pending_updates"):
            own.pending.clear()
        own.news.set()
        return True

    def _webhook(self, _given: Json) -> Json:
        own = self._platform
        told = {"url": own.webhook["url"], "has_custom_certificate": False, "pending_update_count": len(own.pending)}
        return told | ({"last_error_message": own.last_error} if own.last_error else {})

    def _set_commands(self, given: Json) -> bool:
        self._platform.commands[given.get("language_code", "")] = given["commands"]
        return True

    def _set_menu(self, given: Json) -> bool:
        self._platform.menu_button = given.get("menu_button", {})
        return True

    def _message(self, method: str, given: Json) -> object:
        own, told = self._platform, dict(given)
        chat = int(told.pop("chat_id", 0))
        match method:
            case "sendMediaGroup":
                return [own.send(chat, {one["type"]: self._shown(one["media"])}) for one in given["media"]]
            case "sendPhoto":
                told["photo"] = self._shown(told["photo"])
            case "sendLocation":
                told["location"] = {name: float(told.pop(name)) for name in ("latitude", "longitude")}
            case "editMessageText" | "editMessageReplyMarkup":
                return own.edit(chat, int(told.pop("message_id", 0)), told)
        return own.send(chat, told)

    def _shown(self, file_id: str) -> list[Json]:
        """Return a photo as a message shows it."""
        if file_id not in self._platform.files:
            raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
        return [{"file_id": file_id, "file_unique_id": file_id[:8], "width": 1280, "height": 1280}]

    def _act(self, given: Json) -> bool:
        self._platform.chats[int(given["chat_id"])].actions.append(given["action"])
        return True

    async def _updates(self, given: Json) -> list[Json]:
        own, offset, limit = self._platform, int(given.get("offset", 0)), int(given.get("limit", 100))
        found = own.updates(offset, limit)
        if not found:
            with suppress(TimeoutError):
                await asyncio.wait_for(own.news.wait(), min(int(given.get("timeout", 0)), _MOST_WAIT_S))
            found = own.updates(offset, limit)
        return found

    def _file_of(self, given: Json) -> Json:
        file_id = str(given["file_id"])
        content = self._platform.files.get(file_id)
        if content is None:
            raise Refusal(400, "Bad Request: invalid file_id")
        if len(content) > MOST_FILE_BYTES:
            raise Refusal(400, "Bad Request: file is too big")
        told = {"file_id": file_id, "file_unique_id": file_id[:8], "file_size": len(content)}
        return told | {"file_path": f"photos/{file_id}"}

    def _answer_query(self, given: Json) -> bool:
        chat = self._platform.queries.pop(str(given["callback_query_id"]), None)
        if chat is None:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if given.get("text"):
            self._platform.chats[chat].alerts.append(given["text"])
        return True


def _refused(refusal: Refusal) -> Response:
    told: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        told["parameters"] = refusal.parameters
    return Response(refusal.code, msgspec.json.encode(told), JSON)
