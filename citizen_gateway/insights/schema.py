"""Figures on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.insights.figures import BeforeAfter, Grouping


class SelectionView(msgspec.Struct, frozen=True):
    """What was counted: days of the city, both included, and whose; `null` means all."""

    first: date
    last: date
    timezone: str
    department: str | None
    area: str | None
    category: str | None
    channel: str | None


class FigureGroup(msgspec.Struct, frozen=True):
    """One department, area, category, channel, day, week or month; an empty key is what has none."""

    key: str
    name: str
    figures: BeforeAfter


class Figures(msgspec.Struct, frozen=True):
    """The figures of a period, before and after exclusion, as a whole and told apart."""

    selection: SelectionView
    total: BeforeAfter
    by: Grouping | None
    groups: list[FigureGroup]


class ExcludeTicket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Leave a ticket out of the figures after exclusion (剔除)."""

    ticket: Annotated[str, Meta(min_length=1, max_length=64, description="Its number")]
    reason: Annotated[str, Meta(max_length=2000)]


class IncludeTicket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Let a ticket count again."""

    reason: Annotated[str, Meta(max_length=2000)]


class ExclusionView(msgspec.Struct, frozen=True):
    """A ticket and whether it is left out of the figures, why, by whom and since when."""

    ticket: str
    excluded: bool
    reason: str | None
    by: UUID | None
    at: datetime | None


class Exclusions(msgspec.Struct, frozen=True):
    """Tickets that are left out, the latest first."""

    items: list[ExclusionView]
