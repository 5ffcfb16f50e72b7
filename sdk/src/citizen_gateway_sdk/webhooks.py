"""Checks the messages of webhooks (Standard Webhooks) and reads the event in them.

    event = webhooks.verify(request.body, request.headers, ["whsec_…"])

Answer a message that is in order with 2xx, within 10 seconds; do the work afterwards. The same event may come again,
always with the same `id`: deal with it once.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping, MutableSet

import msgspec

from citizen_gateway_sdk import models
from citizen_gateway_sdk._events import Event, typed

__all__ = ["DuplicateMessage", "MalformedMessage", "WebhookError", "WrongMoment", "WrongSignature", "sign", "verify"]

TOLERANCE_S = 300.0
_PREFIX = "whsec_"


class WebhookError(Exception):
    """A message that must not be acted on; its text says why and names no secret."""


class MalformedMessage(WebhookError):  # noqa: N818 - an error is named by what happened
    """A header is missing or cannot be read, or the signed body is no event."""


class WrongMoment(WebhookError):  # noqa: N818 - as above
    """The message was signed too long ago, or ahead of time: a replayed one, or a clock that is wrong."""


class WrongSignature(WebhookError):  # noqa: N818 - as above
    """No secret of ours signed this body under this id and moment."""


class DuplicateMessage(WebhookError):  # noqa: N818 - as above
    """The message was seen before: answer 2xx and do nothing."""


def verify(
    body: bytes | str,
    headers: Mapping[str, str],
    secrets: Iterable[str],
    *,
    tolerance: float = TOLERANCE_S,
    now: float | None = None,
    seen: MutableSet[str] | None = None,
) -> Event:
    """Check a message and return its event as the class of its type.

    `body` is what arrived, byte for byte. `secrets` are all that may sign: while one replaces another, both.
    `tolerance` is in seconds, `now` in seconds since 1970. Where `seen` is given, ids are kept in it and known ones
    refused.
    Raises `MalformedMessage`, `WrongMoment`, `WrongSignature` or `DuplicateMessage`.
    """
    raw = body.encode() if isinstance(body, str) else body
    identity, moment, signatures = _headers(headers)
    _check_moment(moment, tolerance, time.time() if now is None else now)
    given = [part.partition(",")[2] for part in signatures.split(" ") if part.startswith("v1,")]
    good = False
    for secret in secrets:
        wanted = sign(identity, moment, raw, secret).partition(",")[2]
        for signature in given:  # all are compared, so that the time taken does not tell which one fits
            good |= hmac.compare_digest(wanted.encode(), signature.encode(errors="replace"))
    if not good:
        raise WrongSignature("no secret of ours signed this message")
    if seen is not None:
        if identity in seen:
            raise DuplicateMessage(f"message {identity} was seen before")
        seen.add(identity)
    return _event(raw)


def sign(identity: str, moment: str, body: bytes, secret: str) -> str:
    """Return the signature of a message by one secret, as in `webhook-signature`. Raises `ValueError` for no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret of a webhook is whsec_ and base64") from error
    if not key:
        raise ValueError("a secret of a webhook is whsec_ and base64")
    digest = hmac.digest(key, f"{identity}.{moment}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def _headers(headers: Mapping[str, str]) -> tuple[str, str, str]:
    lower = {name.lower(): value for name, value in headers.items()}
    found = [lower.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
    for name, value in zip(("id", "timestamp", "signature"), found, strict=True):
        if not value:
            raise MalformedMessage(f"the header webhook-{name} is missing")
    return found[0], found[1], found[2]


def _check_moment(moment: str, tolerance: float, now: float) -> None:
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        raise MalformedMessage("the header webhook-timestamp is no number of seconds")
    if abs(now - int(moment)) > tolerance:
        raise WrongMoment(f"the message was signed {now - int(moment):+.0f} s from now; {tolerance:.0f} s are allowed")


def _event(raw: bytes) -> Event:
    try:
        return typed(msgspec.json.decode(raw, type=models.Event))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage(f"the body is no event: {error}") from error
