"""Checking the messages of webhooks."""

import base64
import json

import pytest

from citizen_gateway_sdk import events, webhooks

from .test_events import event

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_" + base64.b64encode(b"the secret before that one").decode()
NOW = 1_700_000_000
BODY = json.dumps(event("ticket.resolved", reply="done", after_photos=[])).encode()


def message(*secrets: str, body: bytes = BODY, moment: int = NOW, identity: str = "msg-1") -> dict[str, str]:
    """Return the headers of a message signed by these secrets."""
    signed = " ".join(webhooks.sign(identity, str(moment), body, secret) for secret in secrets)
    return {"Webhook-Id": identity, "Webhook-Timestamp": str(moment), "Webhook-Signature": signed}


class TestVerify:
    """What is in order."""

    def test_the_event_is_typed(self) -> None:
        """Header names in any case, the body as bytes or text."""
        for body in (BODY, BODY.decode()):
            found = webhooks.verify(body, message(SECRET), [SECRET], now=NOW)
            assert isinstance(found, events.TicketResolved)
            assert found.data.reply == "done"

    def test_the_vector_of_the_standard(self) -> None:
        """The example of the Standard Webhooks specification's libraries."""
        signature = webhooks.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}', SECRET)
        assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    @pytest.mark.parametrize("known", [[SECRET], [OLD], [OLD, SECRET], (secret for secret in [OLD])])
    def test_while_secrets_change(self, known: list[str]) -> None:
        """Signed by both, known be one or both; versions of signatures that are not known are passed over."""
        headers = message(SECRET, OLD)
        headers["Webhook-Signature"] = "v1a,AAAA " + headers["Webhook-Signature"] + " v2,BBBB"
        assert webhooks.verify(BODY, headers, known, now=NOW).type == "ticket.resolved"

    def test_a_newer_gateway_s_event(self) -> None:
        """Is a plain event."""
        body = json.dumps(event("ticket.sung_about", song="x")).encode()
        assert type(webhooks.verify(body, message(SECRET, body=body), [SECRET], now=NOW)) is events.Event


class TestRefused:
    """What must not be acted on."""

    @pytest.mark.parametrize("position", [0, len(BODY) // 2, len(BODY) - 1])
    def test_a_body_changed_by_one_byte(self, position: int) -> None:
        """Anywhere."""
        changed = BODY[:position] + bytes([BODY[position] ^ 1]) + BODY[position + 1 :]
        with pytest.raises(webhooks.WrongSignature):
            webhooks.verify(changed, message(SECRET), [SECRET], now=NOW)

    def test_another_id_or_moment_under_the_same_signature(self) -> None:
        """Both are signed."""
        for name, value in (("Webhook-Id", "msg-2"), ("Webhook-Timestamp", str(NOW + 1))):
            with pytest.raises(webhooks.WrongSignature):
                webhooks.verify(BODY, message(SECRET) | {name: value}, [SECRET], now=NOW)

    @pytest.mark.parametrize("known", [[], [OLD]])
    def test_a_foreign_secret(self, known: list[str]) -> None:
        """Nobody we know signed it."""
        with pytest.raises(webhooks.WrongSignature):
            webhooks.verify(BODY, message(SECRET), known, now=NOW)

    @pytest.mark.parametrize("off", [-600, 600, -301, 301])
    def test_a_clock_ten_minutes_off(self, off: int) -> None:
        """Either way; a replayed message is one from long ago."""
        with pytest.raises(webhooks.WrongMoment, match="300 s are allowed"):
            webhooks.verify(BODY, message(SECRET), [SECRET], now=NOW + off)
        assert webhooks.verify(BODY, message(SECRET), [SECRET], now=NOW + off, tolerance=600)

    def test_a_message_replayed_at_once(self) -> None:
        """Found by its id, where the receiver keeps those it saw; a forged one does not mark an id as seen."""
        seen: set[str] = set()
        with pytest.raises(webhooks.WrongSignature):
            webhooks.verify(BODY + b" ", message(SECRET), [SECRET], now=NOW, seen=seen)
        webhooks.verify(BODY, message(SECRET), [SECRET], now=NOW, seen=seen)
        with pytest.raises(webhooks.DuplicateMessage):
            webhooks.verify(BODY, message(SECRET), [SECRET], now=NOW, seen=seen)

    @pytest.mark.parametrize("name", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
    @pytest.mark.parametrize("value", [None, ""])
    def test_a_header_that_is_missing(self, name: str, value: str | None) -> None:
        """Named."""
        headers = {key: text for key, text in message(SECRET).items() if key != name}
        headers |= {} if value is None else {name: value}
        with pytest.raises(webhooks.MalformedMessage, match=name.lower()):
            webhooks.verify(BODY, headers, [SECRET], now=NOW)

    @pytest.mark.parametrize("moment", ["now", "-1", "1e9", "９", "1" * 13])
    def test_a_moment_that_is_none(self, moment: str) -> None:
        """Not read as anything."""
        with pytest.raises(webhooks.MalformedMessage):
            webhooks.verify(BODY, message(SECRET) | {"Webhook-Timestamp": moment}, [SECRET], now=NOW)

    @pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"[1]"])
    def test_a_signed_body_that_is_no_event(self, body: bytes) -> None:
        """Said so, since the signature was good."""
        with pytest.raises(webhooks.MalformedMessage, match="no event"):
            webhooks.verify(body, message(SECRET, body=body), [SECRET], now=NOW)

    @pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!"])
    def test_what_is_no_secret(self, secret: str) -> None:
        """Is the program's own mistake."""
        with pytest.raises(ValueError, match="whsec_"):
            webhooks.verify(BODY, message(SECRET), [secret], now=NOW)
