"""A citizen's own data."""

from typing import Unpack

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given as said


class AsyncMe:
    """What a signed-in citizen may do with their own data; anybody else gets `Forbidden`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def consents(self, **options: Unpack[ReadOptions]) -> list[models.Consent]:
        """Return what the citizen said last about each policy."""
        return (await self._transport.send(operations.LIST_CONSENTS, options)).items

    async def consent(
        self, policy: str, version: str, *, given: bool | None = None, **options: Unpack[WriteOptions]
    ) -> models.Consent:
        """Agree to a version of a policy such as `privacy`; with `given=False`, no longer do."""
        body = models.GiveConsent(policy=policy, version=version, given=said(given))
        return await self._transport.send(operations.GIVE_CONSENT, options, body=body)

    async def export(self, **options: Unpack[ReadOptions]) -> models.PersonalData:
        """Return a copy of all that is kept of the citizen."""
        return await self._transport.send(operations.EXPORT_PERSONAL_DATA, options)

    async def erase(self, **options: Unpack[WriteOptions]) -> None:
        """Let the citizen be forgotten: tickets go on without them, sessions end. There is no way back."""
        await self._transport.send(operations.ERASE_PERSONAL_DATA, options)

    async def make_link_code(self, **options: Unpack[WriteOptions]) -> models.LinkCode:
        """Make a code that works once, for ten minutes: typed in another channel, it joins that account to this one."""
        return await self._transport.send(operations.MAKE_LINK_CODE, options)

    async def link(self, code: str, **options: Unpack[WriteOptions]) -> models.LinkedAccount:
        """Type a code made in another channel; both are one account then, and this session goes on as that one's.

        Raises `LinkCodeUnknown` for a code that does not work, `LinkedToItself` in the account that made it.
        """
        return await self._transport.send(operations.LINK_ACCOUNT, options, body=models.LinkAccount(code=code))
