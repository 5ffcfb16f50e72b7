"""Volunteers on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.points.volunteers.model import Certificate, Group, Rank, Relative, Volunteer

Skill = Annotated[str, Meta(min_length=1, max_length=32)]


class SaveVolunteer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one takes part; who is `listed` may be seen by nickname on the leaderboard."""

    nickname: Annotated[str, Meta(min_length=1, max_length=32)]
    listed: bool = False
    skills: Annotated[list[Skill], Meta(max_length=10)] = []


class FoundGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new group."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]


class IssueCertificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first and the last day of what is certified, in the city's time."""

    first: date
    last: date


class VolunteerView(msgspec.Struct, frozen=True):
    """One's own profile; others need only the code."""

    code: str
    nickname: str
    listed: bool
    skills: list[str]
    minutes: int
    joined_at: datetime


class RelativeView(msgspec.Struct, frozen=True):
    """Somebody named as family; points can be sent once it is mutual."""

    code: str
    nickname: str
    mutual: bool


class Family(msgspec.Struct, frozen=True):
    """All whom one named."""

    items: list[RelativeView]


class GroupView(msgspec.Struct, frozen=True):
    """Volunteers who act together; `minutes` is what its members helped, `mine` says that one is among them."""

    id: UUID
    name: str
    members: int
    minutes: int
    mine: bool


class RankView(msgspec.Struct, frozen=True):
    """A line of the leaderboard."""

    place: int
    nickname: str
    minutes: int
    points: int


class Leaderboard(msgspec.Struct, frozen=True):
    """Who helped longest, of those who wish to be seen."""

    items: list[RankView]


class SignedCertificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate and its signature: whoever is shown them can have them verified."""

    certificate: Certificate
    signature: Annotated[str, Meta(max_length=200)]


class Verdict(msgspec.Struct, frozen=True):
    """Whether the gateway signed exactly this."""

    genuine: bool


def volunteer_view(volunteer: Volunteer, minutes: int) -> VolunteerView:
    """Show a profile to its owner."""
    return VolunteerView(
        volunteer.code, volunteer.nickname, volunteer.listed, list(volunteer.skills), minutes, volunteer.joined_at
    )


def family_view(relatives: list[Relative]) -> Family:
    """Show whom somebody named."""
    return Family([RelativeView(one.code, one.nickname, one.mutual) for one in relatives])


def group_view(group: Group) -> GroupView:
    """Show a group."""
    return GroupView(group.id, group.name, group.members, group.minutes, group.mine)


def leaderboard(ranks: list[Rank]) -> Leaderboard:
    """Show the leaderboard."""
    return Leaderboard([RankView(one.place, one.nickname, one.minutes, one.points) for one in ranks])
