"""The endpoint that WeChat calls: checked, understood, kept, and answered within its five seconds.

Whatever comes is answered 200, 403 or 413. WeChat delivers again what it got no answer to, up to three times; each of
these gets the same answer, or the same silence.
"""

import secrets
import time
from collections.abc import Awaitable, Callable

import structlog
from redis.exceptions import RedisError

from citizen_bots.host.channel import Incoming, Who
from citizen_bots.host.host import Host
from citizen_bots.settings import Settings
from citizen_bots.web import TEXT, XML, Request, Response
from citizen_bots.wechat.crypto import Cipher, Unacceptable, is_signed
from citizen_bots.wechat.messages import Fields, Message, fields_of, message_of
from citizen_bots.wechat.reading import Heard, hear
from citizen_bots.wechat.rendering import Seal, answer, passive_text

_log = structlog.get_logger(__name__)

_SILENCE = Response(200, b"success", TEXT)
"""What WeChat takes for an answer without showing anything."""
_FORBIDDEN = Response(403, b"")

NAME = "wechat"

Note = Callable[[Heard, Fields], Awaitable[None]]


class Callbacks:
    """Handles the calls of one account; `note` hears of every one that is taken, before it is worked."""

    def __init__(self, settings: Settings, host: Host, note: Note) -> None:
        self._token = settings.wechat_token or ""
        key = settings.wechat_aes_key
        others = (settings.miniprogram_app_id,) if settings.miniprogram_app_id else ()
        self._cipher = Cipher(key, settings.wechat_app_id or "", others) if key else None
        self._plain = self._cipher is None or settings.wechat_accept_plain
        self._max_age = settings.wechat_max_age_s
        self._patience = settings.wechat_patience_s
        self._host = host
        self._note = note

    @property
    def is_secure(self) -> bool:
        """Whether calls are encrypted."""
        return self._cipher is not None and not self._plain

    async def handle(self, request: Request) -> Response:
        """Answer a call."""
        try:
            if request.method == "GET":
                return Response(200, self._echo(request).encode())
            if request.method != "POST":
                return Response(405)
            message, cipher = self._open(request)
            if self._is_old(request.query.get("timestamp", "")):
                _log.warning("wechat_call_dropped", reason="timestamp")
                return _SILENCE
            return await self._hear(message, cipher)
        except Unacceptable as refusal:
            _log.warning("wechat_call_dropped", reason=refusal.reason)
            return _FORBIDDEN if refusal.reason == "signature" else _SILENCE
        except RedisError as error:
            _log.error("wechat_call_not_kept", error=type(error).__name__)
            return Response(503)

    def _echo(self, request: Request) -> str:
        """Return what the check of the address asks for; it has no effect, so its age does not matter."""
        query = request.query
        echo = query.get("echostr", "")
        stamp = (self._token, query.get("timestamp", ""), query.get("nonce", ""))
        if self._cipher and "msg_signature" in query:
            if not is_signed(query["msg_signature"], *stamp, echo):
                raise Unacceptable("signature")
            return self._cipher.decrypt(echo)
        if not is_signed(query.get("signature", ""), *stamp):
            raise Unacceptable("signature")
        return echo

    def _open(self, request: Request) -> tuple[Message, Cipher | None]:
        """Return the message of a call whose signature is right, and the cipher to answer it with."""
        query = request.query
        stamp = (self._token, query.get("timestamp", ""), query.get("nonce", ""))
        if self._cipher and (query.get("encrypt_type") == "aes" or "msg_signature" in query):
            encrypted = fields_of(request.body).text("Encrypt")
            if not is_signed(query.get("msg_signature", ""), *stamp, encrypted):
                raise Unacceptable("signature")
            return message_of(self._cipher.decrypt(encrypted).encode()), self._cipher
        if not is_signed(query.get("signature", ""), *stamp):
            raise Unacceptable("signature")
        if not self._plain:
            raise Unacceptable("unencrypted")
        return message_of(request.body), None

    def _is_old(self, timestamp: str) -> bool:
        if not self._max_age:
            return False
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return True
        return abs(time.time() - int(timestamp)) > self._max_age

    async def _hear(self, message: Message, cipher: Cipher | None) -> Response:
        heard = hear(message)
        await self._note(heard, message.fields)
        if heard.content is None:
            return _SILENCE
        who = Who(NAME, heard.subject)
        await self._host.take(who, Incoming(heard.id, heard.content, passive=True))
        replies = await self._host.answer(who, heard.id, self._patience)
        text, count = passive_text(replies) if replies else ("", 0)
        if not text:
            return _SILENCE

        async def handed_over() -> None:
            await self._host.handed_over(who, heard.id, count)

        xml = answer(heard.subject, heard.account, heard.created, text)
        if cipher:
            seal = Seal(cipher, self._token)
            xml = seal.sealed(xml, str(int(time.time())), secrets.token_hex(8), secrets.token_bytes(16))
        return Response(200, xml.encode(), XML, handed_over)
