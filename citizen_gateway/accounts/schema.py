"""Accounts on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.accounts.model import Channel
from citizen_gateway.accounts.passwords import MOST_SIGNS
from citizen_gateway.platform.actor import Actor, ActorKind, Role, Scope

Subject = Annotated[str, Meta(min_length=1, max_length=128, description="How the channel knows the citizen")]
Locale = Annotated[str, Meta(pattern="^[a-z]{2,3}(_[A-Za-z]{2,4})?$", description="Such as zh_CN or en")]


Login = Annotated[str, Meta(min_length=1, max_length=64)]


class CitizenSignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="citizen"):
    """Sign in as a citizen without proof; for development alone."""

    subject: Subject
    channel: Channel = Channel.APP
    locale: Locale | None = None


class CitizenOfChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A citizen as the calling channel knows them."""

    subject: Subject
    locale: Locale | None = None


class StaffSignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="staff"):
    """Sign in as a member of staff: with a password, or without proof, for development alone."""

    login: Login
    password: Annotated[str, Meta(min_length=1, max_length=MOST_SIGNS)] | None = None


class GrantView(msgspec.Struct, frozen=True):
    """A right: a role, in one department or in all, in one area or in all."""

    role: Role
    department: str | None
    area: str | None


class ActorView(msgspec.Struct, frozen=True):
    """Who is signed in; a partner's client with the channel it speaks for."""

    kind: ActorKind
    id: UUID | None
    name: str
    grants: list[GrantView]
    scopes: list[Scope]
    channel: Channel | None

    @classmethod
    def of(cls, actor: Actor) -> "ActorView":
        """Show an actor."""
        grants = [GrantView(grant.role, grant.department, grant.area) for grant in actor.grants]
        channel = Channel(actor.channel) if actor.channel else None
        return cls(actor.kind, actor.id, actor.name, grants, sorted(actor.scopes), channel)


class SessionView(msgspec.Struct, frozen=True):
    """An open session: send the token as `Authorization: Bearer …`."""

    token: str
    expires_at: datetime
    actor_id: UUID
