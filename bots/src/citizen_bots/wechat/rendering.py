"""Replies as WeChat shows them: texts, with choices as numbered lines; and the XML of an answer."""

import re
import unicodedata
from collections.abc import Sequence

import msgspec
from wechatpy.replies import TextReply

from citizen_bots.conversation import Reply
from citizen_bots.texts import Translator
from citizen_bots.wechat.crypto import Cipher, signature

MOST_BYTES = 2_000
"""A text may have 2,048 bytes of UTF-8; some are left for what surrounds it."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_of(reply: Reply, first: int = 1) -> str:
    """Return a reply as one text; `first` is the number of its first choice."""
    lines = [reply.text, *(f"{number}) {button.label}" for number, button in enumerate(reply.buttons, first))]
    return "\n".join(lines)


def notice_text(reply: Reply, locale: str) -> str:
    """Return something unasked: without numbers, since a number chooses among what was answered last."""
    t = Translator(locale)
    numbers = [button.id.partition(":")[2] for button in reply.buttons if button.id.startswith("ticket:")]
    hint = t("Send {number} to see it and what you can do.", number=numbers[0]) if numbers else ""
    return f"{reply.text}\n\n{hint}" if hint else reply.text


def passive_text(replies: Sequence[Reply]) -> tuple[str, int]:
    """Return as many replies as one answer can hold, as one text, and how many they are."""
    text, first = "", 1
    for number, reply in enumerate(replies):
        longer = f"{text}\n\n{text_of(reply, first)}" if text else text_of(reply, first)
        if len(longer.encode()) > MOST_BYTES:
            return text, number
        text, first = longer, first + len(reply.buttons)
    return text, len(replies)


def parts_of(text: str) -> list[str]:
    """Return a text in parts that can each be sent, cut between lines where possible."""
    parts: list[str] = []
    part = ""
    for line in (piece for whole in text.split("\n") for piece in _pieces(whole)):
        longer = f"{part}\n{line}" if part else line
        if part and len(longer.encode()) > MOST_BYTES:
            parts.append(part)
            part = line
        else:
            part = longer
    return [*parts, part] if part else parts


def _pieces(line: str) -> list[str]:
    """Cut a line that is too long by itself; never within a sign and what belongs to it."""
    pieces, piece, size = [], "", 0
    for sign in line:
        length = len(sign.encode())
        if size + length > MOST_BYTES and not unicodedata.combining(sign):
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + sign, size + length
    return [*pieces, piece]


def answer(to: str, sender: str, at: str, text: str) -> str:
    """Return the XML that answers a message with a text."""
    return str(TextReply(target=_safe(to), source=_safe(sender), time=at, content=_safe(text)).render())


class Seal(msgspec.Struct, frozen=True):
    """What secure mode encrypts and signs an answer with."""

    cipher: Cipher
    token: str

    def sealed(self, xml: str, at: str, nonce: str, random16: bytes) -> str:
        """Return an answer as secure mode has it."""
        encrypted = self.cipher.encrypt(xml, random16)
        return (
            f"<xml><Encrypt>{encrypted}</Encrypt>"
            f"<MsgSignature>{signature(self.token, at, nonce, encrypted)}</MsgSignature>"
            f"<TimeStamp>{at}</TimeStamp><Nonce>{nonce}</Nonce></xml>"
        )


def _safe(text: str) -> str:
    """Return a text that wechatpy may put into CDATA: an end mark is divided, and what XML does not know left out."""
    return _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
