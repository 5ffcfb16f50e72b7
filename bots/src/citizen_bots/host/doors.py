"""How the bots become a citizen: by the channel's key, for an hour at a time."""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta

from citizen_bots.host.channel import Who
from citizen_gateway_sdk import AsyncGateway, models

_REMEMBERED = 50_000
_SPARE = timedelta(minutes=5)


class ChannelDoors:
    """The sessions of the citizens of all channels, remembered while they last."""

    def __init__(self, clients: dict[str, AsyncGateway]) -> None:
        self._clients = clients
        self._sessions: OrderedDict[str, models.Session] = OrderedDict()

    def door(self, who: Who, locale: str) -> "ChannelDoor":
        """Return the door through which one citizen comes in."""
        return ChannelDoor(self, who, locale)

    async def open(self, who: Who, locale: str) -> AsyncGateway:
        """Return a client that acts as the citizen. Raises the SDK's errors."""
        client = self._clients[who.channel]
        session = self._sessions.get(who.key)
        if session is None or session.expires_at - _SPARE < datetime.now(UTC):
            session = await client.sessions.for_citizen(who.subject, locale=locale)
            self._sessions[who.key] = session
            while len(self._sessions) > _REMEMBERED:
                self._sessions.popitem(last=False)
        return client.with_options(token=session.token, locale=locale.replace("_", "-"))

    def shut(self, who: Who) -> None:
        """Forget a citizen's session."""
        self._sessions.pop(who.key, None)


class ChannelDoor:
    """Signs one citizen of a channel in."""

    def __init__(self, doors: ChannelDoors, who: Who, locale: str) -> None:
        self._doors, self._who, self._locale = doors, who, locale

    async def open(self) -> AsyncGateway:
        """Return a client that acts as the citizen. Raises the SDK's errors."""
        return await self._doors.open(self._who, self._locale)

    def shut(self) -> None:
        """Forget the session: the gateway no longer takes it."""
        self._doors.shut(self._who)
