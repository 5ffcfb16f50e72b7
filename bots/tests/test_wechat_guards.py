"""wechatpy inside its guards, before a judge that knows neither: nothing wrong comes through, nothing right is lost."""

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_bots.conversation import Photo, Place, Presence, Press, Several, Unreadable, Words
from citizen_bots.wechat.crypto import Cipher, Unacceptable, is_signed
from citizen_bots.wechat.messages import fields_of, message_of
from citizen_bots.wechat.reading import Heard, Opening, hear
from citizen_bots.wechat.rendering import MOST_BYTES, Seal, answer, parts_of

from .wechat_oracle import elements, encrypted, opened, packed, padded, sealed, signed
from .wechat_stand import AES_KEY, APP_ID, TOKEN

_RANDOM = b"r" * 16
_PACKED = packed("hi", APP_ID, _RANDOM)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_FIELDS = ("FromUserName", "MsgType", "Event", "EventKey", "MsgId", "MsgID", "Content", "MediaId", "Recognition")
_PLACES = ("Location_X", "Label", "Latitude", "Longitude", "CreateTime", "Title", "Url", "List", "ScanCodeInfo")
_KINDS = st.sampled_from(["text", "image", "voice", "location", "link", "event", "device_event", "device_text", "hm"])
_EVENTS = st.sampled_from(["subscribe", "SCAN", "CLICK", "LOCATION", "unsubscribe", "wxa_media_check", "no_such_event"])
_NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | _KINDS | _EVENTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_FIELDS), inner, max_size=3),
    max_leaves=6,
)


def cipher(*others: str) -> Cipher:
    """Make the account's cipher."""
    return Cipher(AES_KEY, APP_ID, others)


def heard(**fields: str) -> Heard:
    """Hear a message of these fields."""
    told = {"FromUserName": "o-li", "ToUserName": "gh_1", "CreateTime": "1700000000"} | fields
    return hear(message_of(f"<xml>{''.join(f'<{n}>{escape(v)}</{n}>' for n, v in told.items())}</xml>".encode()))


class TestEncryption:
    """AES is wechatpy's; what it believes is checked."""

    @given(_TEXTS, st.binary(min_size=16, max_size=16))
    def test_both_directions_agree_with_the_judge(self, text: str, random16: bytes) -> None:
        """Byte for byte one way, sign for sign the other."""
        ours = cipher().encrypt(text, random16)
        assert ours == encrypted(text, AES_KEY, APP_ID, random16)
        assert opened(ours, AES_KEY) == (text, APP_ID)
        assert cipher().decrypt(encrypted(text, AES_KEY, APP_ID)) == text

    @given(st.binary(max_size=200) | st.binary(max_size=6).map(lambda some: some * 32))
    def test_nothing_but_our_own_refusal_comes_out(self, noise: bytes) -> None:
        """Whatever the bytes are, before the key and behind it."""
        for some in (noise.decode("latin-1"), noise.decode("utf-8", "surrogateescape"), sealed(padded(noise), AES_KEY)):
            with suppress(Unacceptable):
                cipher().decrypt(some)
        with suppress(Unacceptable):
            cipher().decrypt(sealed(noise[: len(noise) // 16 * 16], AES_KEY))

    @pytest.mark.parametrize(
        ("plain", "reason"),
        [
            pytest.param(padded(_PACKED[:-1]), "app_id", id="another AppID"),
            pytest.param(padded(_PACKED[:22]), "app_id", id="no AppID"),
            pytest.param(padded(_PACKED[:22] + "\u00e9".encode()), "app_id", id="an AppID beyond ASCII"),
            pytest.param(padded(_RANDOM + b"\0\0\0\x63hi" + APP_ID.encode()), "length", id="too long"),
            pytest.param(padded(_RANDOM + b"\xff" * 4), "length", id="far too long"),
            pytest.param(padded(b"short"), "length", id="no length at all"),
            pytest.param(_PACKED[:31] + b"\x00", "padding", id="padding 0"),
            pytest.param(_PACKED[:31] + b"\x21", "padding", id="padding 33"),
            pytest.param(_PACKED[:31] + b"\x02", "padding", id="padding of two values"),
            pytest.param(padded(_RANDOM + b"\0\0\0\1\xff" + APP_ID.encode()), "ciphertext", id="no UTF-8"),
            pytest.param(b"", "ciphertext", id="nothing"),
        ],
    )
    def test_a_wrong_inside_has_its_reason(self, plain: bytes, reason: str) -> None:
        """Although the right key encrypted it."""
        with pytest.raises(Unacceptable) as refusal:
            cipher().decrypt(sealed(plain, AES_KEY))
        assert refusal.value.reason == reason

    @pytest.mark.parametrize("change", [lambda good: good + "!", lambda good: f" {good}", lambda good: good[:-8]])
    def test_what_is_no_base64_of_whole_blocks_is_refused(self, change: Callable[[str], str]) -> None:
        """Also what a mild decoder would take."""
        with pytest.raises(Unacceptable):
            cipher().decrypt(change(encrypted("hi", AES_KEY, APP_ID)))

    def test_the_mini_programs_appid_is_taken_as_well(self) -> None:
        """Where it is known, and not where it is not."""
        theirs = encrypted("hi", AES_KEY, "wx-mini")
        assert cipher("wx-mini").decrypt(theirs) == "hi"
        with pytest.raises(Unacceptable):
            cipher().decrypt(theirs)

    @pytest.mark.parametrize("key", ["", "short", "!" * 43, "A" * 42, "A" * 44, "\u00e9" * 43])
    def test_a_key_that_is_none_is_told(self, key: str) -> None:
        """When the bots start."""
        with pytest.raises(ValueError, match="43 letters and digits"):
            Cipher(key, APP_ID)


class TestSignatures:
    """Signatures are our own."""

    @given(st.lists(_TEXTS, max_size=4))
    def test_the_judges_are_right_and_no_others(self, parts: list[str]) -> None:
        """Whatever is signed."""
        assert is_signed(signed(*parts), *parts)
        assert not is_signed(signed(*parts)[:-1], *parts)
        assert not is_signed(signed(*parts), *parts, "more")


class TestReading:
    """Parsing is wechatpy's; it is shown nothing that harms it."""

    @given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"<xml>{text}</xml>".encode()))
    def test_any_bytes_are_a_message_or_unacceptable(self, noise: bytes) -> None:
        """Nothing else comes out."""
        with suppress(Unacceptable):
            fields_of(noise)
        with suppress(Unacceptable):
            hear(message_of(noise))

    @given(
        st.dictionaries(st.sampled_from(_FIELDS + _PLACES) | st.text(max_size=5), _NESTED),
        _KINDS | _NESTED,
        _EVENTS | _NESTED,
    )
    def test_any_values_are_a_message_or_unacceptable(
        self, told: dict[str, object], kind: object, event: object
    ) -> None:
        """Nested, numbers, missing, or of another type than wechatpy converts to."""
        whole = {"FromUserName": "o-li"} | told | {"MsgType": kind, "Event": event}
        with suppress(Unacceptable):
            hear(message_of(json.dumps(whole).encode()))

    def test_each_kind_says_what_it_says(self) -> None:
        """By wechatpy's types."""
        assert heard(MsgType="text", Content=" a <b> ").content == Words("a <b>")
        assert heard(MsgType="image", MediaId="m").content == Photo("m")
        assert heard(MsgType="image").content == Unreadable("image")
        assert heard(MsgType="voice", Recognition="lamp").content == Words("lamp")
        assert heard(MsgType="voice", MediaId="m").content == Unreadable("voice")
        assert heard(MsgType="link", Title="t", Description="t", Url="u").content == Words("t\nu")
        assert heard(MsgType="sticker").content == Unreadable("sticker")
        place = heard(MsgType="location", Location_X="34.7", Location_Y="113.6", Label="gate").content
        assert isinstance(place, Several)
        assert heard(MsgType="location", Location_X="nan", Location_Y="113.6").content == Unreadable("location")

    def test_each_event_does_what_it_does(self) -> None:
        """And opens what WeChat opens by it; one that nobody knows is silence."""
        followed = heard(MsgType="event", Event="subscribe")
        assert (followed.content, followed.opening) == (Press("help"), Opening.ACTION)
        assert heard(MsgType="event", Event="subscribe", EventKey="qrscene_place=gate").content == Place("gate")
        assert heard(MsgType="event", Event="SCAN", EventKey="place=gate").content == Place("gate")
        assert heard(MsgType="event", Event="subscribe", EventKey="scanbarcode|2|1").content == Press("help")
        pressed = heard(MsgType="event", Event="CLICK", EventKey="points")
        assert (pressed.content, pressed.opening) == (Press("points"), Opening.ACTION)
        assert isinstance(heard(MsgType="event", Event="LOCATION", Latitude="1", Longitude="2").content, Presence)
        assert heard(MsgType="event", Event="LOCATION", Latitude="1").content is None
        assert heard(MsgType="event", Event="LOCATION", Latitude="x", Longitude="2").content is None
        for event in ("unsubscribe", "TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event", "new_in_2027"):
            silent = heard(MsgType="event", Event=event, MsgID="not a number")
            assert (silent.content, silent.opening, silent.event) == (None, Opening.NONE, event.lower())

    def test_a_message_is_known_by_its_number_and_by_all_else_without_one(self) -> None:
        """Two that differ are never one."""
        assert heard(MsgType="text", MsgId="23").id == "wx-23"
        odd = [heard(MsgType="text", MsgId=given).id for given in ("", "x", "-1", "0", "1" * 400, "1" * 5000)]
        assert len(set(odd)) == len(odd)
        assert heard(MsgType="event", Event="CLICK", MsgId="23").id != "wx-23"
        nested = b'{"FromUserName": "o-li", "MsgType": "text", "MsgId": {"a": 23}}'
        assert hear(message_of(nested)).id not in {"wx-23", *odd[1:]}

    @pytest.mark.parametrize(
        "body",
        [
            b"<xml><MsgType>text</MsgType></xml>",
            b"<xml><FromUserName>o-li</FromUserName></xml>",
            b"<xml><FromUserName>o-li</FromUserName><MsgType><a/></MsgType></xml>",
            b"<xml><FromUserName>o</FromUserName><FromUserName>li</FromUserName><MsgType>text</MsgType></xml>",
            b"<!DOCTYPE xml><xml><FromUserName>o-li</FromUserName><MsgType>text</MsgType></xml>",
            b"<xml><FromUserName>o-li</FromUserName><MsgType>text</MsgType>" + b"<a/>" * 2000 + b"</xml>",
            b'{"FromUserName": "o-li", "MsgType": "text", "Content": "\\ud800"}',
            b'{"FromUserName": "o-li", "MsgType": "text", "a b<": "c"}',
        ],
    )
    def test_what_no_message_is_like_is_unacceptable(self, body: bytes) -> None:
        """Each in its way."""
        with pytest.raises(Unacceptable):
            hear(message_of(body))

    def test_what_only_looks_like_a_document_type_is_words(self) -> None:
        """Citizens may write what they want."""
        assert heard(MsgType="text", Content="<!DOCTYPE x>").content == Words("<!DOCTYPE x>")


class TestAnswers:
    """Rendering is wechatpy's; its text is made safe."""

    @given(_TEXTS | st.text("]>&<x"), st.text("]>ox_"))
    def test_every_sign_arrives_where_it_was(self, text: str, name: str) -> None:
        """Encrypted, signed, and read by the standard library; signs that XML does not know are left out."""
        body = Seal(cipher(), TOKEN).sealed(
            answer(name, "gh_1", "1700000000", text), "1700000001", "n", secrets.token_bytes(16)
        )
        envelope = elements(body)
        parts = (TOKEN, envelope["TimeStamp"], envelope["Nonce"], envelope["Encrypt"])
        assert envelope["MsgSignature"] == signed(*parts)
        xml, app_id = opened(envelope["Encrypt"], AES_KEY)
        read = elements(xml)
        assert app_id == APP_ID
        assert list(map(read.get, ("ToUserName", "FromUserName", "CreateTime", "MsgType"))) == [
            *(name, "gh_1", "1700000000", "text")
        ]
        known = (sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))
        assert read["Content"] == "".join(known).replace("\r\n", "\n").replace("\r", "\n")

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=3000))
    def test_long_texts_are_sent_in_parts(self, text: str) -> None:
        """Each fits, and together they are all of it."""
        parts = parts_of(text)
        assert all(len(part.encode()) <= MOST_BYTES for part in parts)
        assert "".join(parts).replace("\n", "") == text.replace("\n", "")
