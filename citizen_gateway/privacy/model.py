"""Consent and codes, as plain values."""

from datetime import datetime

import msgspec


class Consent(msgspec.Struct, frozen=True):
    """That a citizen agreed to a version of a policy, or no longer does."""

    policy: str
    version: str
    given: bool
    at: datetime


class LinkCode(msgspec.Struct, frozen=True):
    """A code for a person to type in another channel, until then."""

    code: str
    expires_at: datetime
