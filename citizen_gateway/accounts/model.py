"""Who there is, as plain values."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import ClientId, StaffId
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Scope

CITIZEN_SESSION = timedelta(days=30)
STAFF_SESSION = timedelta(hours=12)
CHANNEL_SESSION = timedelta(hours=1)
"""How long a channel acts for a citizen before it asks again: short, since nobody ends these sessions."""

TOKEN_PREFIX = "cgt_"  # noqa: S105 - what an access token of OAuth 2 begins with
TOKEN_LIFE = timedelta(minutes=15)


class Channel(StrEnum):
    """Where a report comes in (受理渠道)."""

    APP = "app"
    MINIPROGRAM = "miniprogram"
    H5 = "h5"
    WECHAT = "wechat"
    TELEGRAM = "telegram"
    HOTLINE_12345 = "hotline_12345"
    POLICE_110 = "police_110"
    MAYOR_MAILBOX = "mayor_mailbox"
    MESSAGE_BOARD = "message_board"
    GRID_PATROL = "grid_patrol"
    ONLINE_COUNTER = "online_counter"
    IOT = "iot"
    PARTNER = "partner"


class CredentialKind(StrEnum):
    """Whom a bearer secret stands for."""

    CITIZEN = "citizen"
    STAFF = "staff"
    CLIENT = "client"

    @property
    def prefix(self) -> str:
        """What such a secret begins with, so that a leaked one is recognised."""
        return {"citizen": "cgc_", "staff": "cgs_", "client": "cgk_"}[self.value]


class Staff(msgspec.Struct, frozen=True):
    """A member of staff with their rights."""

    id: StaffId
    login: str
    name: str
    grants: tuple[Grant, ...] = ()

    def as_actor(self) -> Actor:
        """Return them as one who acts."""
        return Actor(ActorKind.STAFF, self.id, self.name, grants=self.grants)


class ApiClient(msgspec.Struct, frozen=True):
    """A partner's system: the channel it speaks for, its scopes, and the departments whose tickets it may work on.

    `addresses`, `burst` and `per_hour` are its terms; where it has none, those of the settings.
    """

    id: ClientId
    name: str
    channel: Channel
    scopes: frozenset[Scope]
    departments: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()
    burst: int | None = None
    per_hour: int | None = None
    sandbox: bool = False
    active: bool = True


class IssuedCredential(msgspec.Struct, frozen=True):
    """A new bearer secret: shown this once, kept as a hash."""

    secret: str
    owner: UUID
    expires_at: datetime | None
