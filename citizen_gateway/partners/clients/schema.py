"""Partners' clients on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from citizen_gateway.accounts.keys import Key
from citizen_gateway.accounts.model import ApiClient, Channel
from citizen_gateway.platform.actor import Scope

Networks = Annotated[
    list[Annotated[str, Meta(min_length=2, max_length=50)]],
    Meta(max_length=50, description="Addresses or networks it may call from; none: from anywhere"),
]
Departments = Annotated[list[Annotated[str, Meta(min_length=1, max_length=64)]], Meta(max_length=200)]
Burst = Annotated[int, Meta(ge=1, le=1_000_000, description="Calls at once")]
PerHour = Annotated[int, Meta(ge=1, le=100_000_000, description="Calls in an hour")]
Days = Annotated[int, Meta(ge=1, le=3650, description="Days until the key ends; none: it does not")]


class AddClient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Add a partner's system. One of the sandbox has reports and tickets of its own, which no one else sees."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=50)]
    channel: Channel = Channel.PARTNER
    departments: Departments = []
    addresses: Networks = []
    sandbox: bool = False
    days: Days | None = None


class ChangeClient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Change what is named; `burst` and `per_hour` null: as the gateway's settings say."""

    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=50)] | UnsetType = UNSET
    departments: Departments | UnsetType = UNSET
    addresses: Networks | UnsetType = UNSET
    burst: Burst | UnsetType | None = UNSET
    per_hour: PerHour | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET


class RotateKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Make a new key."""

    overlap_hours: Annotated[
        int, Meta(ge=0, le=2160, description="Hours for which the keys before it are good too")
    ] = 24
    days: Days | None = None


class KeyView(msgspec.Struct, frozen=True):
    """A key, known by how it begins."""

    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class ClientView(msgspec.Struct, frozen=True):
    """A partner's system, with its keys, oldest first."""

    id: UUID
    name: str
    channel: Channel
    scopes: list[Scope]
    departments: list[str]
    addresses: list[str]
    burst: int | None
    per_hour: int | None
    sandbox: bool
    active: bool
    keys: list[KeyView]


class NewKey(msgspec.Struct, frozen=True):
    """A new key, shown this once."""

    token: str
    prefix: str
    expires_at: datetime | None


class NewClient(msgspec.Struct, frozen=True):
    """A client with its first key, shown this once."""

    client: ClientView
    key: NewKey


class Clients(msgspec.Struct, frozen=True):
    """Clients, by name."""

    items: list[ClientView]


def client_view(client: ApiClient, keys: list[Key]) -> ClientView:
    """Show a client."""
    return ClientView(
        id=client.id,
        name=client.name,
        channel=client.channel,
        scopes=sorted(client.scopes),
        departments=sorted(client.departments),
        addresses=list(client.addresses),
        burst=client.burst,
        per_hour=client.per_hour,
        sandbox=client.sandbox,
        active=client.active,
        keys=[KeyView(key.prefix, key.created_at, key.expires_at, key.revoked_at) for key in keys],
    )
