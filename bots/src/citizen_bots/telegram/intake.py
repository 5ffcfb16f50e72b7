"""Takes each update in: kept before anything is done about it, once, whichever way it comes."""

import structlog

from citizen_bots.conversation import Press, Reply
from citizen_bots.host.channel import Incoming, Outgoing, Who
from citizen_bots.host.host import Host
from citizen_bots.host.store import KEPT_S
from citizen_bots.telegram.buttons import Signer
from citizen_bots.telegram.client import ApiAway, ApiBusy, ApiRefused, BotApi, Json
from citizen_bots.telegram.reading import content_of, locale_of, presence_of
from citizen_bots.telegram.updates import CallbackQuery, Chat, MemberChange, Message, Update, User
from citizen_bots.texts import Translator, mark

_log = structlog.get_logger(__name__)

NAME = "telegram"
_PRIVATE = "private"

_NOT_YOURS = mark("This button is not yours, or it is too old. Send /help to see what you can do.")
_NO_GROUPS = mark("I talk with one person at a time, so that nobody else reads it. Please write to me directly.")
_EDITED = mark("I go by what you wrote first. What you changed is not noted: please write it as a new message.")


class Intake:
    """The updates of one bot. Every method may raise `redis.RedisError`: then nothing was kept."""

    def __init__(self, host: Host, api: BotApi, signer: Signer) -> None:
        self._host = host
        self._api = api
        self._signer = signer

    async def take(self, update: Update) -> None:
        """Take an update in; one that came before changes nothing."""
        name = f"tg-{update.update_id}"
        if update.message:
            await self._message(name, update.message)
        elif update.edited_message:
            await self._edited(name, update.edited_message)
        elif update.callback_query:
            await self._pressed(name, update.callback_query)
        elif update.my_chat_member:
            await self._changed(update.my_chat_member)

    async def _changed(self, change: MemberChange) -> None:
        """Note who blocks the bot: nothing is sent until they write again."""
        if change.chat.type == _PRIVATE and change.new_chat_member.status == "kicked":
            await self._host.store.block(Who(NAME, str(change.chat.id)))

    async def _message(self, name: str, message: Message) -> None:
        if message.chat.type != _PRIVATE:
            await self._decline(message.chat, message.sender)
            return
        content = content_of(message)
        if content is None or message.sender is None or message.sender.is_bot:
            return
        group = f"tg-{message.media_group_id}" if message.media_group_id else ""
        who = Who(NAME, str(message.sender.id))
        await self._host.take(who, Incoming(name, content, group, locale_of(message.sender)))

    async def _edited(self, name: str, message: Message) -> None:
        """Take a live position for where somebody is; say of anything else that it stays as it was."""
        if message.chat.type != _PRIVATE or message.sender is None:
            return
        who, locale = Who(NAME, str(message.sender.id)), locale_of(message.sender)
        if message.location:
            if presence := presence_of(message):
                await self._host.take(who, Incoming(name, presence, locale=locale))
            return
        await self._host.post(who, Outgoing(name, Reply(Translator(locale)(_EDITED)), locale=locale))

    async def _pressed(self, name: str, query: CallbackQuery) -> None:
        """Keep a button that was pressed, and let Telegram's waiting sign go; that may fail without harm."""
        subject = str(query.sender.id)
        button = self._signer.open(query.data, subject)
        told: Json = {"callback_query_id": query.id}
        if button is None:
            _log.warning("telegram_button_refused", update=name)
            told |= {"text": Translator(locale_of(query.sender))(_NOT_YOURS), "show_alert": True}
        else:
            await self._host.take(Who(NAME, subject), Incoming(name, Press(button), locale=locale_of(query.sender)))
        try:
            await self._api.call("answerCallbackQuery", told)
        except (ApiAway, ApiBusy, ApiRefused) as error:
            _log.info("telegram_button_unanswered", update=name, error=type(error).__name__)

    async def _decline(self, chat: Chat, sender: User | None) -> None:
        """Tell a group once that nothing is said in groups."""
        if chat.type == "channel":
            return
        who, valkey = Who(NAME, str(chat.id)), self._host.store.valkey
        key = self._host.store.key(who, "declined")
        if await valkey.exists(key):
            return
        locale = locale_of(sender)
        await self._host.post(who, Outgoing("group", Reply(Translator(locale)(_NO_GROUPS)), locale=locale))
        await valkey.set(key, "1", ex=KEPT_S)
