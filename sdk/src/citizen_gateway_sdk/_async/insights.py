"""Insights: what the city's work adds up to, for those who answer for it."""

from datetime import date
from typing import Unpack

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions


class AsyncInsights:
    """Figures of a department or an area, for centers, auditors and department leads.

    Days are named by `period` (`2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`) or by `first` and `last`; the
    last thirty where neither is. All figures come before and after exclusion. Somebody else's raise `ForeignFigures`.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def figures(  # noqa: PLR0913 - each is one parameter of the query
        self,
        *,
        period: str | None = None,
        first: date | None = None,
        last: date | None = None,
        department: str | None = None,
        area: str | None = None,
        category: str | None = None,
        channel: models.Channel | None = None,
        by: models.Grouping | None = None,
        level: models.AreaLevel | None = None,
        **options: Unpack[ReadOptions],
    ) -> models.Figures:
        """Return the three rates, times, returns and what was overdue, told apart by `by` where it is named.

        By area, `level` says which; the areas right below `area` where it is not named. Raises `UnknownPeriod`,
        `PeriodReversed`, `PeriodTooWide`, ….
        """
        query: dict[str, object] = {
            "period": period,
            "from": first,
            "to": last,
            "department": department,
            "area": area,
            "category": category,
            "channel": channel,
            "by": by,
            "level": level,
        }
        return await self._transport.send(operations.GET_FIGURES, options, query=query)

    async def overview(
        self, *, department: str | None = None, area: str | None = None, **options: Unpack[ReadOptions]
    ) -> models.Overview:
        """Return everything one screen needs: today, the last thirty days, and what presses."""
        query: dict[str, object] = {"department": department, "area": area}
        return await self._transport.send(operations.GET_OVERVIEW, options, query=query)

    async def export_csv(
        self,
        *,
        period: str | None = None,
        first: date | None = None,
        last: date | None = None,
        department: str | None = None,
        area: str | None = None,
        **options: Unpack[ReadOptions],
    ) -> bytes:
        """Return the tickets opened in a period as CSV, without a citizen's words."""
        query: dict[str, object] = {
            "period": period,
            "from": first,
            "to": last,
            "department": department,
            "area": area,
        }
        return await self._transport.send(operations.EXPORT_CSV, options, query=query)

    async def export_parquet(
        self,
        *,
        period: str | None = None,
        first: date | None = None,
        last: date | None = None,
        department: str | None = None,
        area: str | None = None,
        **options: Unpack[ReadOptions],
    ) -> bytes:
        """Return the same as Parquet. Raises `FormatUnavailable` where the server cannot write it."""
        query: dict[str, object] = {
            "period": period,
            "from": first,
            "to": last,
            "department": department,
            "area": area,
        }
        return await self._transport.send(operations.EXPORT_PARQUET, options, query=query)

    def exclusions(
        self,
        *,
        department: str | None = None,
        area: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Exclusion]:
        """Return the tickets that are left out of the figures; `limit` is the size of a page."""
        query: dict[str, object] = {"department": department, "area": area, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_EXCLUSIONS, options, query)

    async def exclude(self, ticket: str, *, reason: str, **options: Unpack[WriteOptions]) -> models.Exclusion:
        """Leave a ticket out of the figures after exclusion (剔除), by its number.

        Raises `AlreadyExcluded`, `ExclusionReasonMissing`.
        """
        body = models.ExcludeTicket(ticket=ticket, reason=reason)
        return await self._transport.send(operations.EXCLUDE_TICKET, options, body=body)

    async def include(self, ticket: str, *, reason: str, **options: Unpack[WriteOptions]) -> models.Exclusion:
        """Let a ticket count again. Raises `NotExcluded`."""
        body = models.IncludeTicket(reason=reason)
        return await self._transport.send(operations.INCLUDE_TICKET, options, path={"number": ticket}, body=body)

    async def hotspots(
        self,
        *,
        day: date | None = None,
        department: str | None = None,
        area: str | None = None,
        **options: Unpack[ReadOptions],
    ) -> models.HotSpots:
        """Return where more was reported of something than its past explains, up to a day (today where not named)."""
        query: dict[str, object] = {"date": day, "department": department, "area": area}
        return await self._transport.send(operations.LIST_HOT_SPOTS, options, query=query)

    async def briefing(
        self, center: str | None = None, *, day: date | None = None, **options: Unpack[ReadOptions]
    ) -> models.Briefing:
        """Return a center's day: of a district, zone or street by its code, else of the city; yesterday or `day`.

        Raises `UnknownCenter`, `ForeignFigures`.
        """
        return await self._transport.send(operations.GET_BRIEFING, options, query={"center": center, "date": day})

    async def briefing_text(
        self, center: str | None = None, *, day: date | None = None, **options: Unpack[ReadOptions]
    ) -> bytes:
        """Return the same as plain text, UTF-8."""
        return await self._transport.send(operations.GET_BRIEFING_TEXT, options, query={"center": center, "date": day})

    async def briefing_page(
        self, center: str | None = None, *, day: date | None = None, **options: Unpack[ReadOptions]
    ) -> bytes:
        """Return the same as an HTML page with charts."""
        return await self._transport.send(operations.GET_BRIEFING_PAGE, options, query={"center": center, "date": day})

    async def briefing_picture(
        self, center: str | None = None, *, day: date | None = None, **options: Unpack[ReadOptions]
    ) -> bytes:
        """Return its charts as a PNG picture. Raises `FormatUnavailable` where the server cannot draw."""
        return await self._transport.send(
            operations.GET_BRIEFING_PICTURE, options, query={"center": center, "date": day}
        )
