"""What operations centers do to tickets."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given, seen


class AsyncDeciding:
    """What centers decide about tickets; part of `gateway.tickets`."""

    _transport: AsyncTransport

    async def assign(
        self,
        number: str,
        *,
        department: str,
        reason: str,
        category: str | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Give a pending ticket to a department (派单), and correct its category where one is named."""
        body = models.AssignTicket(
            department=department, reason=reason, category=given(category), version=given(version)
        )
        return await self._transport.send(
            operations.ASSIGN_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def arbitrate(
        self,
        number: str,
        *,
        department: str,
        reason: str,
        category: str | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Decide, after returns, who must act (裁定); that is final."""
        body = models.AssignTicket(
            department=department, reason=reason, category=given(category), version=given(version)
        )
        return await self._transport.send(
            operations.ARBITRATE_TICKET,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version)},
        )

    async def transfer(
        self,
        number: str,
        *,
        department: str,
        reason: str,
        category: str | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Take a ticket from its department and give it to another (改派)."""
        body = models.AssignTicket(
            department=department, reason=reason, category=given(category), version=given(version)
        )
        return await self._transport.send(
            operations.TRANSFER_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def convene(
        self,
        number: str,
        *,
        reason: str,
        departments: Sequence[str],
        meets_on: date,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Put a case on the list of a day's meeting (三跨会商)."""
        body = models.ConveneTicket(
            reason=reason, departments=[*departments], meets_on=meets_on, version=given(version)
        )
        return await self._transport.send(
            operations.CONVENE_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def conclude(
        self,
        number: str,
        *,
        conclusion: str,
        department: str,
        follow_up_on: date | None = None,
        category: str | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Write down what the meeting decided; the department it names has the ticket now."""
        body = models.ConcludeMeeting(
            conclusion=conclusion,
            department=department,
            follow_up_on=given(follow_up_on),
            category=given(category),
            version=given(version),
        )
        return await self._transport.send(
            operations.CONCLUDE_MEETING,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version)},
        )

    async def follow_up(
        self, number: str, *, done: bool, note: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Say whether a meeting's conclusion was carried out."""
        body = models.FollowUpMeeting(done=done, note=note, version=given(version))
        return await self._transport.send(
            operations.FOLLOW_UP_MEETING,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version)},
        )

    async def hold(
        self,
        number: str,
        *,
        reason: str | None = None,
        review_on: datetime | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Let a ticket wait (挂账), as asked for or until another review."""
        body = models.GrantHold(reason=given(reason), review_on=given(review_on), version=given(version))
        return await self._transport.send(
            operations.HOLD_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def refuse_hold(
        self, number: str, *, reason: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Do not let a ticket wait."""
        body = models.GiveReason(reason=reason, version=given(version))
        return await self._transport.send(
            operations.REFUSE_HOLD, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def resume(
        self, number: str, *, reason: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """End a pause (解挂); the clocks go on with what was left of them."""
        body = models.GiveReason(reason=reason, version=given(version))
        return await self._transport.send(
            operations.RESUME_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def extend(
        self,
        number: str,
        *,
        reason: str | None = None,
        until: datetime | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Grant more time (延期), as asked for or until another moment."""
        body = models.GrantExtension(reason=given(reason), until=given(until), version=given(version))
        return await self._transport.send(
            operations.EXTEND_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def refuse_extension(
        self, number: str, *, reason: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Grant no more time."""
        body = models.GiveReason(reason=reason, version=given(version))
        return await self._transport.send(
            operations.REFUSE_EXTENSION,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version)},
        )

    async def reopen(
        self, number: str, *, reason: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Give a settled ticket back to its department (重办)."""
        body = models.GiveReason(reason=reason, version=given(version))
        return await self._transport.send(
            operations.REOPEN_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def reject(
        self, number: str, *, reason: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Refuse what is not the city's to answer (不予受理), for a legal reason that citizens read."""
        body = models.GiveReason(reason=reason, version=given(version))
        return await self._transport.send(
            operations.REJECT_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def supervise(
        self, number: str, *, reason: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Have the next level of centers watch a ticket (督办)."""
        body = models.GiveReason(reason=reason, version=given(version))
        return await self._transport.send(
            operations.SUPERVISE_TICKET,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version)},
        )

    async def merge(
        self, number: str, *, into: str, reason: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Have another open ticket, by its number, answer this one's reports (并单)."""
        body = models.MergeTicket(into=into, reason=reason, version=given(version))
        return await self._transport.send(
            operations.MERGE_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def unmerge(
        self, number: str, *, reason: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Undo a merger while the other ticket is open."""
        body = models.GiveReason(reason=reason, version=given(version))
        return await self._transport.send(
            operations.UNMERGE_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def split(
        self,
        number: str,
        *,
        report_ids: Sequence[UUID],
        reason: str,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.SplitTickets:
        """Give some of a ticket's reports a ticket of their own (拆单); merging it back undoes that."""
        body = models.SplitTicket(report_ids=[*report_ids], reason=reason, version=given(version))
        return await self._transport.send(
            operations.SPLIT_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    def meetings(
        self,
        *,
        meets_on: date | None = None,
        stage: models.MeetingStage | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Ticket]:
        """Return the cases on the lists of the weekly meetings: undecided ones, or those of `stage`."""
        query: dict[str, object] = {"meets_on": meets_on, "stage": stage, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_MEETINGS, options, query)
