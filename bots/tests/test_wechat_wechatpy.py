"""wechatpy as the other side: it reads what we write, and we read what it writes."""

import secrets
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_bots.wechat.crypto import Cipher, Unacceptable, is_signed
from citizen_bots.wechat.messages import parse
from citizen_bots.wechat.rendering import MOST_BYTES, Seal, answer, parts_of

from .wechat_stand import AES_KEY, APP_ID, TOKEN

wechatpy_crypto = pytest.importorskip("wechatpy.crypto")
wechatpy_replies = pytest.importorskip("wechatpy.replies")
wechatpy_parser = pytest.importorskip("wechatpy.parser")

_SIGNS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="]>\n")).map(
    lambda text: text.replace("\r", "")
)


@given(_SIGNS.filter(str.strip))
def test_it_reads_our_answers(text: str) -> None:
    """Encrypted, signed, and with every sign of the text where it was."""
    cipher = Cipher(AES_KEY, APP_ID)
    xml = answer("o-li", "gh_1", "1700000000", text)
    body = Seal(cipher, TOKEN).sealed(xml, "1700000001", "n", secrets.token_bytes(16))
    fields = parse(body.encode())
    other = wechatpy_crypto.WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    plain = other.decrypt_message(body, fields.text("MsgSignature"), "1700000001", "n")
    read = wechatpy_replies.deserialize_reply(plain)
    assert (read.type, read.target, read.source) == ("text", "o-li", "gh_1")
    assert (read.content or "").strip() == "".join(sign for sign in text if sign not in "\ufffe\uffff").strip()


@given(_SIGNS)
def test_we_read_its_ciphertexts(text: str) -> None:
    """And its signatures."""
    other = wechatpy_crypto.WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    fields = parse(other.encrypt_message(f"a{text}", "n", "1700000001").encode())
    assert is_signed(fields.text("MsgSignature"), TOKEN, "1700000001", "n", fields.text("Encrypt"))
    assert Cipher(AES_KEY, APP_ID).decrypt(fields.text("Encrypt")) == f"a{text}"


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    """Whatever they are, they are a message or unacceptable."""
    for read in (parse, lambda some: Cipher(AES_KEY, APP_ID).decrypt(some.decode("latin-1"))):
        with suppress(Unacceptable):
            read(noise)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=3000))
def test_long_texts_are_sent_in_parts(text: str) -> None:
    """Each fits, and together they are all of it."""
    parts = parts_of(text)
    assert all(len(part.encode()) <= MOST_BYTES for part in parts)
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")
