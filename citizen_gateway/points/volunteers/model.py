"""Volunteers as plain values."""

from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

GroupId = NewType("GroupId", UUID)


class Volunteer(msgspec.Struct, frozen=True):
    """Somebody who takes part; others know them by their code, and by their nickname where they are `listed`."""

    holder: str
    code: str
    nickname: str
    listed: bool
    skills: tuple[str, ...]
    joined_at: datetime


class Relative(msgspec.Struct, frozen=True):
    """Somebody a volunteer named as family; `mutual` where they named them too."""

    code: str
    nickname: str
    mutual: bool


class Group(msgspec.Struct, frozen=True):
    """Volunteers who act together; `minutes` is what its members helped."""

    id: GroupId
    name: str
    members: int
    minutes: int
    mine: bool


class Rank(msgspec.Struct, frozen=True):
    """A line of the leaderboard."""

    place: int
    nickname: str
    minutes: int
    points: int


class Period(StrEnum):
    """What time a leaderboard is about."""

    MONTH = "month"
    YEAR = "year"
    ALL = "all"


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One task on a certificate."""

    title: str
    place: str
    organizer: str
    day: date
    minutes: int


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record of service (志愿服务证明) as it is signed: nothing of it can be changed unnoticed."""

    number: str
    city: str
    code: str
    nickname: str
    first: date
    last: date
    minutes: int
    services: list[Service]
    issued_at: datetime
