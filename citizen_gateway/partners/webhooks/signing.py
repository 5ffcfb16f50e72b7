"""Signatures of Standard Webhooks: over id, moment and body, one for each secret."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """Make a secret of 192 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def headers_for(identity: str, at: datetime, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """Return the headers of a message that is signed with each of these secrets."""
    moment = str(int(at.timestamp()))
    return {
        "webhook-id": identity,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(sign(identity, moment, body, key) for key in keys),
    }


def sign(identity: str, moment: str, body: bytes, key: str) -> str:
    """Return one signature, such as `v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=`."""
    raw = base64.b64decode(key.removeprefix(PREFIX))
    digest = hmac.digest(raw, f"{identity}.{moment}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"
