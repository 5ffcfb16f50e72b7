"""What a citizen may do with what is kept of them, over the SDK."""

from citizen_bots.asking import Asking
from citizen_bots.conversation.privacy import POLICY
from citizen_gateway_sdk import models


class AccountCalls(Asking):
    """Implements `conversation.port.Account`."""

    async def consents(self) -> list[models.Consent]:
        """Return what the citizen said last about each policy."""
        return await self.ask(lambda sdk: sdk.me.consents())

    async def consent(self, version: str, key: str, *, given: bool) -> None:
        """Agree to the privacy policy, or no longer do."""
        await self.ask(lambda sdk: sdk.me.consent(POLICY, version, given=given, idempotency_key=key))

    async def export(self) -> models.PersonalData:
        """Return a copy of all that is kept of the citizen."""
        return await self.ask(lambda sdk: sdk.me.export())

    async def erase(self, key: str) -> None:
        """Let the citizen be forgotten; the session ends with it."""
        await self.ask(lambda sdk: sdk.me.erase(idempotency_key=key))
        self._door.shut()

    async def make_link_code(self, key: str) -> models.LinkCode:
        """Make a code for another channel."""
        return await self.ask(lambda sdk: sdk.me.make_link_code(idempotency_key=key))

    async def link(self, code: str, key: str) -> None:
        """Join this account to the code's; the session goes on as that one's."""
        await self.ask(lambda sdk: sdk.me.link(code, idempotency_key=key))
        self._door.shut()
