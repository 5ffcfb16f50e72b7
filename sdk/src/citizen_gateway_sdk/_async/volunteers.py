"""Volunteers: the caller's profile and family, groups, the leaderboard, and certificates of service."""

from collections.abc import Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncVolunteers:
    """Who takes part. Others know a volunteer by the code of their profile."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def me(self, **options: Unpack[ReadOptions]) -> models.Volunteer:
        """Return the caller's profile. Raises `NotAVolunteer` before the first `save`."""
        return await self._transport.send(operations.GET_VOLUNTEER, options)

    async def save(
        self,
        nickname: str,
        *,
        listed: bool | None = None,
        skills: Sequence[str] | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Volunteer:
        """Register the caller, or change their profile; who is `listed` may be seen on the leaderboard."""
        body = models.SaveVolunteer(
            nickname=nickname, listed=given(listed), skills=given(skills if skills is None else [*skills])
        )
        return await self._transport.send(operations.SAVE_VOLUNTEER, options, body=body)

    async def family(self, **options: Unpack[ReadOptions]) -> list[models.Relative]:
        """Return whom the caller named as family."""
        return (await self._transport.send(operations.LIST_FAMILY, options)).items

    async def name_relative(self, code: str, **options: Unpack[WriteOptions]) -> list[models.Relative]:
        """Name a relative; once they name the caller too, points can be sent. Raises `UnknownVolunteer`, …."""
        return (await self._transport.send(operations.NAME_RELATIVE, options, path={"code": code})).items

    async def drop_relative(self, code: str, **options: Unpack[WriteOptions]) -> list[models.Relative]:
        """Take a relative off the caller's list."""
        return (await self._transport.send(operations.DROP_RELATIVE, options, path={"code": code})).items

    async def leaderboard(
        self, *, period: models.Period | None = None, **options: Unpack[ReadOptions]
    ) -> list[models.Rank]:
        """Return who helped longest this month (or year, or ever), of those who wish to be seen."""
        return (await self._transport.send(operations.GET_LEADERBOARD, options, query={"period": period})).items


class AsyncGroups:
    """Groups of volunteers who act together."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def found(self, name: str, **options: Unpack[WriteOptions]) -> models.Group:
        """Found a group with the caller in it. Raises `GroupNameTaken`, `NotAVolunteer`."""
        return await self._transport.send(operations.FOUND_GROUP, options, body=models.FoundGroup(name=name))

    def list(
        self, *, cursor: str | None = None, limit: int | None = None, **options: Unpack[ReadOptions]
    ) -> AsyncPages[models.Group]:
        """Return the groups, the newest first."""
        query: dict[str, object] = {"cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_GROUPS, options, query)

    async def join(self, group_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Group:
        """Join a group."""
        return await self._transport.send(operations.JOIN_GROUP, options, path={"group_id": group_id})

    async def leave(self, group_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Group:
        """Leave a group."""
        return await self._transport.send(operations.LEAVE_GROUP, options, path={"group_id": group_id})


class AsyncCertificates:
    """Signed records of service, which anybody can have verified."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def issue(self, *, first: date, last: date, **options: Unpack[WriteOptions]) -> models.SignedCertificate:
        """Certify the caller's approved service from the first to the last day. Raises `NothingToCertify`."""
        body = models.IssueCertificate(first=first, last=last)
        return await self._transport.send(operations.ISSUE_CERTIFICATE, options, body=body)

    async def get(self, certificate_number: str, **options: Unpack[ReadOptions]) -> models.SignedCertificate:
        """Return a certificate as it was issued, by the number its holder showed."""
        path = {"certificate_number": certificate_number}
        return await self._transport.send(operations.GET_CERTIFICATE, options, path=path)

    async def pdf(self, certificate_number: str, **options: Unpack[ReadOptions]) -> bytes:
        """Return a certificate as PDF, in the client's language."""
        path = {"certificate_number": certificate_number}
        return await self._transport.send(operations.GET_CERTIFICATE_PDF, options, path=path)

    async def verify(
        self, certificate: models.Certificate, *, signature: str, **options: Unpack[WriteOptions]
    ) -> models.Verdict:
        """Ask whether the gateway signed exactly this."""
        body = models.SignedCertificate(certificate=certificate, signature=signature)
        return await self._transport.send(operations.VERIFY_CERTIFICATE, options, body=body)
