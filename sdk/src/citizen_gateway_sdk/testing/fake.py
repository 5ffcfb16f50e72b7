"""The fake gateway, as a partner's test holds it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Unpack

from citizen_gateway_sdk import models
from citizen_gateway_sdk._async.client import AsyncGateway
from citizen_gateway_sdk._settings import ClientOptions
from citizen_gateway_sdk._sync.client import Gateway
from citizen_gateway_sdk.models import ActorKind, Channel, Position, Scope
from citizen_gateway_sdk.testing.city import read_city
from citizen_gateway_sdk.testing.feeding import FEEDING, SignedMessage, messages
from citizen_gateway_sdk.testing.handing import HANDING
from citizen_gateway_sdk.testing.handling import HANDLING
from citizen_gateway_sdk.testing.reporting import REPORTING, citizen_of, open_session
from citizen_gateway_sdk.testing.serving import FakeTransport
from citizen_gateway_sdk.testing.world import Who, World

URL = "http://gateway.fake"
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PARTS = REPORTING | HANDLING | FEEDING | HANDING
"""The operations that are played; any other call raises `NotFaked`."""


class FakeGateway:
    """A gateway in memory: deterministic, with a clock that stands still until told, and a small city.

    `here` is a point in its city. Words decide where a report goes, as `city.json` beside this file says: one about a
    street light, with a place, is assigned to the department `lights`.
    """

    def __init__(self, now: datetime = START) -> None:
        self._world = World(read_city(), now)
        self.transport = FakeTransport(self._world, PARTS)

    @property
    def here(self) -> Position:
        """A point in the city."""
        return self._world.city.middle

    @property
    def now(self) -> datetime:
        """The fake's time."""
        return self._world.now

    def advance(self, time: timedelta) -> None:
        """Let time pass: a settled ticket that nobody rated within 7 days is closed."""
        self._world.let_pass(time)

    def partner(
        self,
        *,
        scopes: Iterable[Scope] = tuple(Scope),
        channel: Channel = Channel.PARTNER,
        departments: Iterable[str] = (),
    ) -> str:
        """Add a partner's system and return its key; `departments` are those whose tickets it works on."""
        held = frozenset(scopes)
        handles = tuple(departments) if Scope.TICKETS_HANDLE in held else ()
        who = Who(ActorKind.CLIENT, self._world.next_id(), channel, held, handles, center=Scope.TICKETS_CENTER in held)
        return self._admit("cgk", who)

    def citizen(self, subject: str = "citizen", channel: Channel = Channel.APP) -> str:
        """Return the token of a citizen whom a channel knows so."""
        return open_session(self._world, citizen_of(self._world, channel, subject), channel).token

    def handler(self, *departments: str) -> str:
        """Add a member of staff of these departments and return their token."""
        return self._admit("cgs", Who(ActorKind.STAFF, self._world.next_id(), departments=departments))

    def center(self) -> str:
        """Add an operator of the city's center and return their token."""
        return self._admit("cgs", Who(ActorKind.STAFF, self._world.next_id(), center=True))

    def client(self, token: str | None = None, /, **options: Unpack[ClientOptions]) -> Gateway:
        """Return an SDK client of this gateway, as whoever the token stands for."""
        return Gateway(URL, transport=self.transport, **(ClientOptions(token=token) | options))

    def async_client(self, token: str | None = None, /, **options: Unpack[ClientOptions]) -> AsyncGateway:
        """Return an async SDK client of this gateway, as whoever the token stands for."""
        return AsyncGateway(URL, transport=self.transport, **(ClientOptions(token=token) | options))

    def settle(self, number: str, *, reply: str) -> models.Ticket:
        """Have a ticket that a department holds signed for, begun and settled, as that department."""
        held = self._world.case(number).department
        with self.client(self.handler(*([held] if held else []))) as handler:
            handler.tickets.accept(number)
            handler.tickets.start(number)
            return handler.tickets.resolve(number, reply=reply)

    def messages(self, token: str, secret: str) -> list[SignedMessage]:
        """Return all that webhooks have told a partner so far, signed by `secret` (whsec_…) as of the fake's time."""
        return messages(self._world, self._world.people[token], secret)

    def _admit(self, prefix: str, who: Who) -> str:
        token = f"{prefix}_{who.id.hex}"
        self._world.people[token] = who
        return token
