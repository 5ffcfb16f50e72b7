"""A person's data on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

PolicyName = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z][a-z0-9_.-]*$")]
PolicyVersion = Annotated[str, Meta(min_length=1, max_length=32)]


class GiveConsent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agree to a version of a policy, such as `privacy`, or with `given` false no longer do."""

    policy: PolicyName
    version: PolicyVersion
    given: bool = True


class ConsentView(msgspec.Struct, frozen=True):
    """What the citizen said last about a policy."""

    policy: str
    version: str
    given: bool
    at: datetime


class Consents(msgspec.Struct, frozen=True):
    """What the citizen said last about each policy."""

    items: list[ConsentView]


class LinkCodeView(msgspec.Struct, frozen=True):
    """A code to type in the channel that is to join this account, once, until it expires."""

    code: str
    expires_at: datetime


class LinkAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code made in another channel."""

    code: Annotated[str, Meta(min_length=1, max_length=32)]


class LinkedAccount(msgspec.Struct, frozen=True):
    """The account that both channels are now."""

    citizen_id: UUID


class PersonalData(msgspec.Struct, frozen=True):
    """All that is kept of a citizen, by kind.

    `data` has identities (masked), consents, reports, answers to Open311's questions, photos, ratings and follows.
    """

    citizen_id: UUID
    exported_at: datetime
    data: dict[str, object]
