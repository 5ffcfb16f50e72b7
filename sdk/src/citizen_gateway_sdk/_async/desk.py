"""The desk of those who handle tickets: queues, search and saved filters."""

from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncDesk:
    """What staff, and partners who handle tickets, find and where they find it.

    Queues and searches are narrowed by a `department`, an `area` with all that lies in it, a `category`, a `state`,
    `emergency`, and by a saved filter's id; what the caller's rights do not reach raises `RoleMissing` or
    `ForeignArea`.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def counts(self, *, filter: UUID | str | None = None, **options: Unpack[ReadOptions]) -> models.QueueCounts:  # noqa: A002 - the parameter's name in the contract
        """Return how many tickets each of the caller's queues holds, up to a thousand."""
        return await self._transport.send(operations.COUNT_QUEUES, options, query={"filter": filter})

    def queue(  # noqa: PLR0913 - one for each parameter of the contract
        self,
        queue: models.Queue,
        *,
        department: str | None = None,
        area: str | None = None,
        category: str | None = None,
        state: models.TicketState | None = None,
        emergency: bool | None = None,
        filter: UUID | str | None = None,  # noqa: A002 - the parameter's name in the contract
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Ticket]:
        """Return the tickets of a queue, emergencies first, then what is due first."""
        query: dict[str, object] = {
            "department": department,
            "area": area,
            "category": category,
            "state": state,
            "emergency": emergency,
            "filter": filter,
            "cursor": cursor,
            "limit": limit,
        }
        return AsyncPages(self._transport, operations.LIST_QUEUE, options, query, path={"queue": queue})

    def search(  # noqa: PLR0913 - one for each parameter of the contract
        self,
        q: str | None = None,
        *,
        phone: str | None = None,
        same_person_as: str | None = None,
        department: str | None = None,
        area: str | None = None,
        category: str | None = None,
        state: models.TicketState | None = None,
        emergency: bool | None = None,
        filter: UUID | str | None = None,  # noqa: A002 - the parameter's name in the contract
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Ticket]:
        """Find tickets, newest first: by words or a number, by phone, or by whoever reported another ticket.

        Raises `NothingToSearch` where nothing to look for is given. Looking for a person is written into the audit log.
        """
        query: dict[str, object] = {
            "q": q,
            "same_person_as": same_person_as,
            "department": department,
            "area": area,
            "category": category,
            "state": state,
            "emergency": emergency,
            "filter": filter,
            "cursor": cursor,
            "limit": limit,
        }
        headers = {"Search-Phone": phone}
        return AsyncPages(self._transport, operations.SEARCH_TICKETS, options, query, headers=headers)

    async def filters(self, **options: Unpack[ReadOptions]) -> list[models.Filter]:
        """Return the caller's saved filters by name."""
        return (await self._transport.send(operations.LIST_FILTERS, options)).items

    async def save_filter(
        self,
        name: str,
        *,
        department: str | None = None,
        area: str | None = None,
        category: str | None = None,
        state: models.TicketState | None = None,
        emergency: bool | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Filter:
        """Keep conditions under a name, for the caller alone. Raises `FilterNameTaken` or `TooManyFilters`."""
        body = models.SaveFilter(
            name=name,
            department=given(department),
            area=given(area),
            category=given(category),
            state=given(state),
            emergency=given(emergency),
        )
        return await self._transport.send(operations.SAVE_FILTER, options, body=body)

    async def delete_filter(self, filter_id: UUID | str, **options: Unpack[WriteOptions]) -> None:
        """Delete a saved filter. Raises `NotFound` where the caller has no such filter."""
        await self._transport.send(operations.DELETE_FILTER, options, path={"filter_id": filter_id})

    async def reports(self, number: str, **options: Unpack[ReadOptions]) -> list[models.Said]:
        """Return the reports a ticket answers as staff see them: phone numbers, names and the like are masked."""
        found = await self._transport.send(operations.LIST_TICKET_REPORTS, options, path={"number": number})
        return found.items

    async def reveal(self, number: str, *, purpose: str, **options: Unpack[WriteOptions]) -> list[models.Said]:
        """Return the reports a ticket answers unmasked, with how to reach whoever said them.

        Who looked and why is written into the audit log. Raises `PurposeMissing` without a purpose.
        """
        body = models.RevealPersonalData(purpose=purpose)
        found = await self._transport.send(operations.REVEAL_PERSONAL_DATA, options, path={"number": number}, body=body)
        return found.items

    def audit(
        self,
        *,
        subject: UUID | str | None = None,
        by: UUID | str | None = None,
        what: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.AuditEntry]:
        """Return the audit log, newest first, for auditors and administrators."""
        query: dict[str, object] = {"subject": subject, "by": by, "what": what, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_AUDIT, options, query)
