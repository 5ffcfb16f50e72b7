"""The mirror image: sends a partner's receiver of webhooks what a gateway may send it, and what nobody should."""

import base64
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx2
import msgspec

from citizen_gateway_sdk.conformance.stage import Broken, Outcome, Result, must
from citizen_gateway_sdk.webhooks import TOLERANCE_S, sign

PATIENCE_S = 10.0
"""How long a gateway waits for an answer."""

_LARGE = 512 * 1024


class Post(msgspec.Struct, frozen=True):
    """A receiver, the secret it shares with us, and how its messages travel."""

    http: httpx2.Client
    url: str
    secret: str

    def send(self, body: bytes, *, identity: str | None = None, at: float | None = None, **change: str) -> int:
        """Send a signed message and return the status of the answer; `change` replaces headers."""
        identity, moment = identity or f"msg_{uuid4().hex}", str(int(time.time() if at is None else at))
        headers = {
            "content-type": "application/json",
            "webhook-id": identity,
            "webhook-timestamp": moment,
            "webhook-signature": sign(identity, moment, body, self.secret),
        }
        headers |= {name.replace("_", "-"): value for name, value in change.items()}
        try:
            return self.http.post(self.url, content=body, headers=headers).status_code
        except httpx2.TimeoutException as error:
            raise Broken(f"no answer within {PATIENCE_S:.0f} s") from error


def deliver(url: str, secret: str, *, transport: httpx2.BaseTransport | None = None) -> list[Outcome]:
    """Send a receiver good, late, doubled, reordered, wrongly signed and large messages; return how it took them."""
    with httpx2.Client(transport=transport, timeout=PATIENCE_S, follow_redirects=False) as http:
        return list(_judged(Post(http, url, secret)))


def _judged(post: Post) -> Iterator[Outcome]:
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            check(post)
        except Broken as seen:
            yield Outcome(name, Result.FAILED, f"{check.__doc__} — {seen}")
        except httpx2.HTTPError as error:
            yield Outcome(name, Result.FAILED, f"{type(error).__name__}: {error}")
        else:
            yield Outcome(name, Result.PASSED)


def a_good_message_is_taken(post: Post) -> None:
    """It is answered with 2xx."""
    _taken(post.send(message()))


def a_message_twice_is_taken_twice(post: Post) -> None:
    """The second delivery of one id is answered with 2xx too, or the gateway would go on sending it."""
    body, identity = message(), f"msg_{uuid4().hex}"
    _taken(post.send(body, identity=identity))
    _taken(post.send(body, identity=identity))


def messages_out_of_order_are_taken(post: Post) -> None:
    """After an outage a later event of a ticket may come first."""
    for version in (3, 2, 1):
        _taken(post.send(message(version=version)))


def an_unknown_event_is_taken(post: Post) -> None:
    """New types may appear at any time."""
    _taken(post.send(message(kind="ticket.sung_about")))


def a_large_message_is_answered(post: Post) -> None:
    """With 2xx, or 413 where it is too large; within the time."""
    status = post.send(message(note="话" * (_LARGE // 3)))
    must(status == 413 or 200 <= status < 300, f"a message of {_LARGE >> 10} KiB was answered with {status}")


def a_wrong_signature_is_refused(post: Post) -> None:
    """Signed by another secret, or not at all."""
    body = message()
    forged = sign("msg_x", str(int(time.time())), body, f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}")
    _not_taken(post.send(body, identity="msg_x", webhook_signature=forged))
    _not_taken(post.send(body, webhook_signature="v1,"))


def a_changed_body_is_refused(post: Post) -> None:
    """One byte is enough."""
    body, identity, moment = message(), f"msg_{uuid4().hex}", str(int(time.time()))
    good = sign(identity, moment, body, post.secret)
    _not_taken(post.send(body[:-1] + b" }", identity=identity, at=float(moment), webhook_signature=good))


def an_old_message_is_refused(post: Post) -> None:
    """So is one from the future: a replay, or a clock that is wrong."""
    for shift in (-2 * TOLERANCE_S, 2 * TOLERANCE_S):
        _not_taken(post.send(message(), at=time.time() + shift))


def message(*, kind: str = "ticket.accepted", version: int = 2, note: str | None = None) -> bytes:
    """Return the body of an event."""
    event = {
        "id": str(uuid4()),
        "type": kind,
        "at": datetime.now(UTC),
        "ticket": "ZZ-20261122-7K3F9Q-M",
        "version": version,
        "by": "staff",
        "public": True,
        "data": {"note": note} if note else {},
        "reports": [],
        "cursor": "",
    }
    return msgspec.json.encode(event)


def _taken(status: int) -> None:
    must(200 <= status < 300, f"it was answered with {status}")


def _not_taken(status: int) -> None:
    must(400 <= status < 500, f"it was answered with {status}, where 4xx was due")


CHECKS: tuple[Callable[[Post], None], ...] = (
    a_good_message_is_taken,
    a_message_twice_is_taken_twice,
    messages_out_of_order_are_taken,
    an_unknown_event_is_taken,
    a_large_message_is_answered,
    a_wrong_signature_is_refused,
    a_changed_body_is_refused,
    an_old_message_is_refused,
)
