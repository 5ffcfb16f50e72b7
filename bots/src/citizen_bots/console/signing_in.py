"""How the console becomes a citizen: by the development login."""

from citizen_gateway_sdk import AsyncGateway


class DevelopmentDoor:
    """Signs a citizen in by name alone, when first needed; a gateway for real citizens refuses that."""

    def __init__(self, sdk: AsyncGateway, subject: str) -> None:
        self._sdk = sdk
        self._subject = subject
        self._token: str | None = None
        self.locale = ""

    async def open(self) -> AsyncGateway:
        """Return a client that acts as the citizen. Raises `DevelopmentLoginOff`."""
        if self._token is None:
            session = await self._sdk.sessions.sign_in_citizen(self._subject, locale=self.locale)
            self._token = session.token
        return self._sdk.with_options(token=self._token, locale=self.locale.replace("_", "-"))

    def shut(self) -> None:
        """Forget the session."""
        self._token = None
