"""What Telegram knows and which of its rules we meet: updates, the webhook, files, chats, limits."""

import asyncio
import time
from collections import defaultdict
from typing import Any

import msgspec

Json = dict[str, Any]

MOST_UNITS = 4096
MOST_DATA_BYTES = 64
MOST_FILE_BYTES = 20 << 20


class Refusal(Exception):  # noqa: N818 - named by what happened
    """A refusal by Telegram's code."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(code)
        self.code, self.description, self.parameters = code, description, parameters


class Chat(msgspec.Struct):
    """What somebody saw, newest last, and what they did."""

    shown: list[Json] = []
    alerts: list[str] = []
    actions: list[str] = []
    blocked: bool = False
    limited: list[int] = []
    """For how many seconds each of the next messages is refused; 0: it is not."""


class Platform:
    """The server's memory."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.chats: defaultdict[int, Chat] = defaultdict(Chat)
        self.pending: list[Json] = []
        self.taken: dict[int, Json] = {}
        self.news = asyncio.Event()
        self.webhook: Json = {"url": ""}
        self.last_error = ""
        self.files: dict[str, bytes] = {}
        self.commands: dict[str, list[Json]] = {}
        self.menu_button: Json = {}
        self.calls: list[Json] = []
        self.queries: dict[str, int] = {}
        self._ids = time.time_ns() // 1_000_000 % 1_000_000_000

    def next_id(self) -> int:
        """Return a number that was not used."""
        self._ids += 1
        return self._ids

    def happen(self, told: Json) -> int:
        """Let something happen; return its update's id."""
        update = {"update_id": self.next_id()} | told
        self.taken[update["update_id"]] = update
        self.bring(update)
        return int(update["update_id"])

    def bring(self, update: Json) -> None:
        """Have an update delivered, perhaps once more."""
        self.pending.append(update)
        self.news.set()

    def updates(self, offset: int, limit: int) -> list[Json]:
        """Return what is pending from `offset` on; what is before is done."""
        if self.webhook["url"]:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if not self.pending:
            self.news.clear()
        return self.pending[:limit]

    def send(self, chat_id: int, message: Json) -> Json:
        """Show a message in a chat, as far as the rules allow it."""
        chat = self.chats[chat_id]
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat.limited and (wait := chat.limited.pop(0)):
            raise Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        _check(message)
        sent = {"message_id": self.next_id(), "date": int(time.time()), "chat": chat_of(chat_id)} | message
        chat.shown.append(sent)
        return sent

    def edit(self, chat_id: int, message_id: int, changed: Json) -> Json:
        """Change a message that was sent."""
        sent = next((one for one in self.chats[chat_id].shown if one["message_id"] == message_id), None)
        if sent is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        _check(changed)
        sent.update(changed)
        return sent


def chat_of(chat_id: int) -> Json:
    """Return a chat as updates have it."""
    return {"id": chat_id, "type": "private" if chat_id > 0 else "supergroup"}


def _check(message: Json) -> None:
    text = message.get("text")
    if text is not None and not str(text).strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(str(text or "").encode("utf-16-le")) // 2 > MOST_UNITS:
        raise Refusal(400, "Bad Request: message is too long")
    for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button.get("callback_data", "x").encode()) <= MOST_DATA_BYTES:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
