"""Reports: what a citizen says."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncReports:
    """Reports of citizens: filed, and read again by those who filed them."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def submit(  # noqa: PLR0913 - the members of the form, by keyword
        self,
        text: str,
        *,
        title: str | None = None,
        position: models.Position | None = None,
        place: str | None = None,
        photo_ids: Sequence[UUID] | None = None,
        category: str | None = None,
        channel: models.Channel | None = None,
        on_behalf_of: models.OnBehalfOf | None = None,
        external_ref: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Receipt:
        """File a report; the receipt names its ticket, who handles it and by when.

        Say where it is by `position` (degrees, with their datum) or by `place` in words. A partner's client names in
        `on_behalf_of` who spoke, and in `external_ref` what its own system calls the case. Keep `receipt.secret`: with
        it, somebody without a session may follow the ticket.
        Raises `EmptyText`, `OutsideCity`, `CoordinatesSwapped`, `UnknownPhoto`, `UnknownCategory`, ….
        """
        body = models.SubmitReport(
            text=text,
            title=given(title),
            position=given(position),
            place=given(place),
            photo_ids=given(photo_ids if photo_ids is None else [*photo_ids]),
            category=given(category),
            channel=given(channel),
            on_behalf_of=given(on_behalf_of),
            external_ref=given(external_ref),
        )
        return await self._transport.send(operations.SUBMIT_REPORT, options, body=body)

    async def preview(  # noqa: PLR0913 - one parameter for each field of the contract
        self,
        text: str,
        *,
        title: str | None = None,
        position: models.Position | None = None,
        place: str | None = None,
        photo_ids: Sequence[UUID] | None = None,
        category: str | None = None,
        channel: models.Channel | None = None,
        on_behalf_of: models.OnBehalfOf | None = None,
        external_ref: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.ReportPreview:
        """Ask how a report would be understood, and what is like it; nothing is filed.

        Show the citizen `guesses` to confirm, `emergency` at once, and `similar` to be followed instead. Raises as
        `submit` does.
        """
        body = models.SubmitReport(
            text=text,
            title=given(title),
            position=given(position),
            place=given(place),
            photo_ids=given(photo_ids if photo_ids is None else [*photo_ids]),
            category=given(category),
            channel=given(channel),
            on_behalf_of=given(on_behalf_of),
            external_ref=given(external_ref),
        )
        return await self._transport.send(operations.PREVIEW_REPORT, options, body=body)

    async def similar(
        self,
        text: str,
        *,
        lat: float | None = None,
        lon: float | None = None,
        datum: models.Datum | None = None,
        place: str | None = None,
        **options: Unpack[ReadOptions],
    ) -> list[models.SimilarTicket]:
        """Return up to three open tickets that may be about the same event; `tickets.follow` follows one instead."""
        query: dict[str, object] = {"text": text, "lat": lat, "lon": lon, "datum": datum, "place": place}
        return (await self._transport.send(operations.FIND_SIMILAR_TICKETS, options, query=query)).items

    async def get(self, report_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Report:
        """Return a report of the caller. Raises `NotFound` for any other."""
        return await self._transport.send(operations.GET_REPORT, options, path={"report_id": report_id})

    def list(
        self,
        *,
        external_ref: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.ReportListing]:
        """Return the caller's reports, newest first; `limit` is the size of a page.

        With `external_ref`, only the one that a partner's own system calls so.
        """
        query: dict[str, object] = {"external_ref": external_ref, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_REPORTS, options, query)
