"""Who calls: signing in and out."""

from typing import Unpack

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncSessions:
    """Sessions of people. A partner's system has an API key and needs none."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def sign_in_citizen(
        self, subject: str, *, channel: str | None = None, locale: str | None = None, **options: Unpack[WriteOptions]
    ) -> models.Session:
        """Sign a citizen in by their id at a channel; where development logins are off, this is refused.

        Act as them with `gateway.with_options(token=session.token)`.
        """
        body = models.CitizenSignIn(subject=subject, channel=given(channel), locale=given(locale))
        return await self._transport.send(operations.SIGN_IN, options, body=body)

    async def sign_in_staff(self, login: str, **options: Unpack[WriteOptions]) -> models.Session:
        """Sign a member of staff in by their login; where development logins are off, this is refused."""
        return await self._transport.send(operations.SIGN_IN, options, body=models.StaffSignIn(login=login))

    async def current(self, **options: Unpack[ReadOptions]) -> models.Session:
        """Return the session whose token this client sends. Raises `Unauthenticated` where it has ended."""
        return await self._transport.send(operations.GET_SESSION, options)

    async def sign_out(self, **options: Unpack[WriteOptions]) -> None:
        """End the session whose token this client sends."""
        await self._transport.send(operations.SIGN_OUT, options)
