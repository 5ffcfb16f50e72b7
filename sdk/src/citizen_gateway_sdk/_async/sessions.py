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
        self,
        subject: str,
        *,
        channel: models.Channel | None = None,
        locale: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Session:
        """Sign a citizen in by their id at a channel, without proof: for development.

        Act as them with `gateway.with_options(token=session.token)`. `locale` is such as `zh_CN` or `en`. Raises
        `DevelopmentLoginOff` where only real people may sign in.
        """
        body = models.CitizenSignIn(subject=subject, channel=given(channel), locale=given(locale))
        return await self._transport.send(operations.SIGN_IN, options, body=body)

    async def for_citizen(
        self, subject: str, *, locale: str | None = None, **options: Unpack[WriteOptions]
    ) -> models.Session:
        """Open a short session for a citizen of your own channel, by the channel's id of them.

        Act as them with `gateway.with_options(token=session.token)` until `session.expires_at`, then ask again. Needs
        an API key with the scope `citizens:act`; raises `ScopeMissing`, or `Forbidden` for who is no partner's client.
        """
        body = models.CitizenOfChannel(subject=subject, locale=given(locale))
        return await self._transport.send(operations.OPEN_CITIZEN_SESSION, options, body=body)

    async def sign_in_staff(
        self, login: str, password: str | None = None, **options: Unpack[WriteOptions]
    ) -> models.Session:
        """Sign a member of staff in by login and password; without one, where only developers are.

        Raises `SignInRefused` for a wrong login or password. Without a password, `DevelopmentLoginOff` where only real
        people may sign in, `UnknownLogin` for nobody's login.
        """
        body = models.StaffSignIn(login=login, password=given(password))
        return await self._transport.send(operations.SIGN_IN, options, body=body)

    async def current(self, **options: Unpack[ReadOptions]) -> models.Actor:
        """Return who this client's token stands for, with their rights. Raises `Unauthenticated` where it has ended."""
        return await self._transport.send(operations.GET_CURRENT_SESSION, options)

    async def sign_out(self, **options: Unpack[WriteOptions]) -> None:
        """End the session whose token this client sends."""
        await self._transport.send(operations.SIGN_OUT, options)
