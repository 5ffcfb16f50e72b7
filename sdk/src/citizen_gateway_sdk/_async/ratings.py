"""Ratings: what citizens say of the city's answer."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncRatings:
    """Ratings, one for each report: by the reporter's session or by the link of an invitation."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def invitation(self, token: str, **options: Unpack[ReadOptions]) -> models.Invitation:
        """Return what an invitation asks to be rated. Raises `NotFound` for a token that opens nothing."""
        return await self._transport.send(operations.GET_INVITATION, options, path={"token": token})

    async def invitation_of_report(self, report_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Invitation:
        """Return the invitation to rate the answer to a report of the caller.

        Raises `NotYetInvited` before the ticket is resolved.
        """
        return await self._transport.send(operations.GET_INVITATION_OF_REPORT, options, path={"report_id": report_id})

    async def of_ticket(self, number: str, **options: Unpack[ReadOptions]) -> models.RatingSummary:
        """Return the votes on a ticket, counted, for its staff: never who voted.

        A department gets them only when the time to rate is over and enough voted; `withheld` says that it is not so.
        """
        return await self._transport.send(operations.GET_RATINGS, options, path={"number": number})

    async def rate_invitation(
        self,
        token: str,
        *,
        contacted: bool,
        solved: models.Solved,
        satisfied: int,
        tags: Sequence[str] | None = None,
        comment: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Rating:
        """Rate by the token of an invitation; `satisfied` is 1 to 5. Raises `AlreadyRated` or `RatingClosed`."""
        body = _answers(contacted, solved, satisfied, tags, comment)
        return await self._transport.send(operations.RATE_BY_INVITATION, options, path={"token": token}, body=body)

    async def rate_report(
        self,
        report_id: UUID | str,
        *,
        contacted: bool,
        solved: models.Solved,
        satisfied: int,
        tags: Sequence[str] | None = None,
        comment: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Rating:
        """Rate the answer to a report of the caller; `satisfied` is 1 to 5. Raises as `rate_invitation` does."""
        body = _answers(contacted, solved, satisfied, tags, comment)
        return await self._transport.send(operations.RATE_REPORT, options, path={"report_id": report_id}, body=body)


def _answers(
    contacted: bool,
    solved: models.Solved,
    satisfied: int,
    tags: Sequence[str] | None,
    comment: str | None,
) -> models.RateReport:
    return models.RateReport(
        contacted=contacted,
        solved=solved,
        satisfied=satisfied,
        tags=given(tags if tags is None else [*tags]),
        comment=given(comment),
    )
