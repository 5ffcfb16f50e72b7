"""Messages on their way to citizens."""

from datetime import timedelta

from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from redis.asyncio import Redis

from citizen_bots.conversation import Button
from citizen_bots.host.channel import Blocked, NeverSent, NotNow, Outcome, Outgoing, Sent
from citizen_bots.telegram.buttons import Signer
from citizen_bots.telegram.client import ApiAway, ApiBusy, ApiRefused, Say

MOST_UNITS = 4096
"""A text may have so many units of UTF-16."""
_AWAY = timedelta(seconds=15)
_PROGRESS_S = 86_400
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_BAD_TOKEN = timedelta(minutes=1)


class Sender:
    """Sends for one bot."""

    def __init__(self, bot: Bot, signer: Signer, valkey: Redis) -> None:
        self._bot = bot
        self._signer = signer
        self._valkey = valkey

    async def send(self, subject: str, message: Outgoing) -> Outcome:
        """Send a reply or news; what Telegram has no time for waits as long as it says, from the part it took last."""
        keyboard, left = self._keyboard(subject, message)
        parts = parts_of("\n".join([message.reply.text, *left]))
        progress = f"{{bots}}:telegram:parts:{subject}:{message.id}"
        gone = int(await self._valkey.get(progress) or 0) if len(parts) > 1 else 0
        for number, part in enumerate(parts[gone:], gone + 1):
            sent = Say(
                chat_id=int(subject),
                text=part,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard if number == len(parts) else None,
            )
            outcome = await self._call(sent)
            if not isinstance(outcome, Sent):
                return outcome
            if number < len(parts):
                await self._valkey.set(progress, number, ex=_PROGRESS_S)
        return Sent()

    def _keyboard(self, subject: str, message: Outgoing) -> tuple[InlineKeyboardMarkup | None, list[str]]:
        """Return a row for each choice, and as lines with their numbers those that no button can carry."""
        rows: list[list[InlineKeyboardButton]] = []
        lines: list[str] = []
        for number, button in enumerate(message.reply.buttons, message.first):
            data = self._signer.sign(button.id, subject)
            if data is None:
                lines.append(_line(number, button))
            else:
                rows.append([InlineKeyboardButton(text=button.label, callback_data=data)])
        return (InlineKeyboardMarkup(inline_keyboard=rows) if rows else None), lines

    async def _call(self, message: Say) -> Outcome:
        try:
            await self._bot(message)
        except ApiBusy as busy:
            return NotNow("Telegram's limit is reached", busy.wait)
        except ApiAway:
            return NotNow("Telegram does not answer", _AWAY)
        except ApiRefused as refusal:
            if refusal.code == 403:
                return Blocked()
            if refusal.code in {401, 404}:
                return NotNow("Telegram does not know the bot's token", _BAD_TOKEN)
            return NeverSent(f"Telegram refused it with {refusal.code}")
        return Sent()


def parts_of(text: str) -> list[str]:
    """Return a text in parts that can each be sent, cut between lines where possible; no sign is cut in two."""
    parts = [""]
    for line in text.splitlines(keepends=True):
        if units(parts[-1]) + units(line) <= MOST_UNITS:
            parts[-1] += line
            continue
        parts.append("")
        for sign in line:
            if units(parts[-1]) + units(sign) > MOST_UNITS:
                parts.append("")
            parts[-1] += sign
    return [part for part in parts if part.strip()]


def units(text: str) -> int:
    """Return a text's length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _line(number: int, button: Button) -> str:
    return f"{number}) {button.label}"
