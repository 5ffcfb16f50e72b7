"""Takes each update in: kept before anything is done about it, once, whichever way it comes."""

import structlog
from aiogram import Bot, Dispatcher, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from citizen_bots.conversation import Press, Reply
from citizen_bots.host.channel import Incoming, Outgoing, Who
from citizen_bots.host.host import Host
from citizen_bots.host.store import KEPT_S
from citizen_bots.telegram.buttons import Signer
from citizen_bots.telegram.client import ApiError
from citizen_bots.telegram.reading import content_of, locale_of, presence_of
from citizen_bots.texts import Translator, mark

_log = structlog.get_logger(__name__)

NAME = "telegram"
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""What Telegram is asked to bring."""

_NOT_YOURS = mark("This button is not yours, or it is too old. Send /help to see what you can do.")
_NO_GROUPS = mark("I talk with one person at a time, so that nobody else reads it. Please write to me directly.")
_EDITED = mark("I go by what you wrote first. What you changed is not noted: please write it as a new message.")


class Intake:
    """The updates of one bot."""

    def __init__(self, host: Host, bot: Bot, signer: Signer) -> None:
        self._host = host
        self._bot = bot
        self._signer = signer
        self.dispatcher = Dispatcher(disable_fsm=True)
        self.dispatcher.include_router(self._router())

    def read(self, told: object) -> Update | None:
        """Return an update, in JSON or decoded; None for what is none, of which the log says nothing else."""
        try:
            if isinstance(told, bytes):
                return Update.model_validate_json(told, context={"bot": self._bot})
            return Update.model_validate(told, context={"bot": self._bot})
        except ValidationError:
            _log.warning("telegram_update_dropped", reason="unreadable")
            return None

    async def take(self, update: Update) -> None:
        """Take an update in; one that came before changes nothing. Raises `redis.RedisError`: then nothing was kept."""
        try:
            update.event_type  # noqa: B018 - of a kind it does not know, aiogram would print all that was said
        except UpdateTypeLookupError:
            return
        await self.dispatcher.feed_update(self._bot, update)

    def _router(self) -> Router:
        router = Router(name=NAME)
        router.message.register(self._said, _is_persons)
        router.message.register(self._decline, _is_groups)
        router.edited_message.register(self._moved, _is_moving)
        router.edited_message.register(self._changed, _is_persons)
        router.callback_query.register(self._pressed)
        router.my_chat_member.register(self._blocked, _is_blocking)
        return router

    async def _said(self, message: Message, event_update: Update) -> None:
        content = content_of(message)
        if content is not None:
            group = f"tg-{message.media_group_id}" if message.media_group_id else ""
            await self._host.take(_who(message), Incoming(_name(event_update), content, group, _locale(message)))

    async def _decline(self, message: Message) -> None:
        """Tell a group once that nothing is said in groups."""
        who, valkey = _who(message), self._host.store.valkey
        key = self._host.store.key(who, "declined")
        if await valkey.exists(key):
            return
        locale = _locale(message)
        await self._host.post(who, Outgoing("group", Reply(Translator(locale)(_NO_GROUPS)), locale=locale))
        await valkey.set(key, "1", ex=KEPT_S)

    async def _moved(self, message: Message, event_update: Update) -> None:
        """Take a live position for where somebody is."""
        if presence := presence_of(message):
            await self._host.take(_who(message), Incoming(_name(event_update), presence, locale=_locale(message)))

    async def _changed(self, message: Message, event_update: Update) -> None:
        """Say of a message that was changed that it stays as it was."""
        locale = _locale(message)
        said = Outgoing(_name(event_update), Reply(Translator(locale)(_EDITED)), locale=locale)
        await self._host.post(_who(message), said)

    async def _pressed(self, query: CallbackQuery, event_update: Update) -> None:
        """Keep a button that was pressed, and let Telegram's waiting sign go; that may fail without harm."""
        name, locale = _name(event_update), locale_of(query.from_user)
        button = self._signer.open(query.data or "", str(query.from_user.id))
        if button is None:
            _log.warning("telegram_button_refused", update=name)
            answer = query.answer(Translator(locale)(_NOT_YOURS), show_alert=True)
        else:
            who = Who(NAME, str(query.from_user.id))
            await self._host.take(who, Incoming(name, Press(button), locale=locale))
            answer = query.answer()
        try:
            await answer
        except ApiError as error:
            _log.info("telegram_button_unanswered", update=name, error=type(error).__name__)

    async def _blocked(self, change: ChatMemberUpdated) -> None:
        """Note who blocks the bot: nothing is sent until they write again."""
        await self._host.store.block(Who(NAME, str(change.chat.id)))


# Filters are coroutines, because aiogram runs any other, its own `F` too, in a thread.


async def _is_persons(message: Message) -> bool:
    sender = message.from_user
    return message.chat.type == ChatType.PRIVATE and sender is not None and not sender.is_bot


async def _is_moving(message: Message) -> bool:
    return message.location is not None and await _is_persons(message)


async def _is_groups(message: Message) -> bool:
    return message.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}


async def _is_blocking(change: ChatMemberUpdated) -> bool:
    return change.chat.type == ChatType.PRIVATE and change.new_chat_member.status == ChatMemberStatus.KICKED


def _name(update: Update) -> str:
    return f"tg-{update.update_id}"


def _who(message: Message) -> Who:
    """Return with whom a chat is: one person's has the person's id."""
    return Who(NAME, str(message.chat.id))


def _locale(message: Message) -> str:
    return locale_of(message.from_user)
