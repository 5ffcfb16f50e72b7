"""What departments, those called to help, and grid workers do to tickets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import WriteOptions
from citizen_gateway_sdk._model import given, seen


class AsyncHandling:
    """What is done to tickets by who works on them; part of `gateway.tickets`."""

    _transport: AsyncTransport

    async def accept(
        self, number: str, *, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Take an assigned ticket on (签收)."""
        return await self._transport.send(
            operations.ACCEPT_TICKET, options, path={"number": number}, headers={"If-Match": seen(version)}
        )

    async def start(self, number: str, *, version: int | None = None, **options: Unpack[WriteOptions]) -> models.Ticket:
        """Begin the work on an accepted ticket (处置)."""
        return await self._transport.send(
            operations.START_TICKET, options, path={"number": number}, headers={"If-Match": seen(version)}
        )

    async def give_back(
        self,
        number: str,
        *,
        code: models.ReturnCode,
        evidence: str,
        photo_ids: Sequence[UUID] | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Give a ticket back to the center (退单); the third time, the center arbitrates."""
        body = models.ReturnTicket(
            code=code,
            evidence=evidence,
            photo_ids=given(photo_ids if photo_ids is None else [*photo_ids]),
            version=given(version),
        )
        return await self._transport.send(
            operations.RETURN_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def ask(
        self, number: str, *, question: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Ask the citizens something (补充信息); the clocks stop until one answers."""
        body = models.AskCitizen(question=question, version=given(version))
        return await self._transport.send(
            operations.ASK_CITIZEN, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def request_hold(
        self,
        number: str,
        *,
        reason: str,
        review_on: datetime,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Ask the center to let a ticket wait (申请挂账) until `review_on`, a moment with its time zone."""
        body = models.RequestHold(reason=reason, review_on=review_on, version=given(version))
        return await self._transport.send(
            operations.REQUEST_HOLD, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def request_extension(
        self, number: str, *, reason: str, until: datetime, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Ask the center for more time (申请延期) before the limit; `until` is a moment with its time zone."""
        body = models.RequestExtension(reason=reason, until=until, version=given(version))
        return await self._transport.send(
            operations.REQUEST_EXTENSION,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version)},
        )

    async def call(
        self,
        number: str,
        *,
        departments: Sequence[str],
        reason: str,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Call other departments to help (吹哨); whoever has the ticket answers for all."""
        body = models.CallDepartments(departments=[*departments], reason=reason, version=given(version))
        return await self._transport.send(
            operations.CALL_DEPARTMENTS,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version)},
        )

    async def answer_call(
        self, number: str, *, answer: str, version: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Answer for a department that was called (报到)."""
        body = models.AnswerCall(answer=answer, version=given(version))
        return await self._transport.send(
            operations.ANSWER_CALL, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def resolve(
        self,
        number: str,
        *,
        reply: str,
        photo_ids: Sequence[UUID] | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Report the work as done (办结), with the reply that citizens read and photos that show it."""
        body = models.ResolveTicket(
            reply=reply, photo_ids=given(photo_ids if photo_ids is None else [*photo_ids]), version=given(version)
        )
        return await self._transport.send(
            operations.RESOLVE_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )

    async def verify(
        self,
        number: str,
        *,
        done: bool,
        note: str,
        photo_ids: Sequence[UUID] | None = None,
        version: int | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Say whether it is really done (核查); where it is not, it goes back to the department."""
        body = models.VerifyTicket(
            done=done,
            note=note,
            photo_ids=given(photo_ids if photo_ids is None else [*photo_ids]),
            version=given(version),
        )
        return await self._transport.send(
            operations.VERIFY_TICKET, options, path={"number": number}, body=body, headers={"If-Match": seen(version)}
        )
