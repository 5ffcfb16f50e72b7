"""One reader of the feed over time: from a cursor on, waiting where nothing has happened yet."""

import time
from collections.abc import AsyncIterator

import msgspec

from citizen_gateway.accounts.guards import provide_actor
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import Unauthenticated
from citizen_gateway.partners import feed, store
from citizen_gateway.partners.bell import Bell
from citizen_gateway.partners.catalogue import kinds
from citizen_gateway.partners.cursors import LATEST, Cursors, Place
from citizen_gateway.partners.errors import UnknownEventType
from citizen_gateway.partners.model import Batch, Sight, sight_of
from citizen_gateway.partners.sandbox import Sandbox
from citizen_gateway.partners.schema import EventView, batch_view
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.http import UnitOfWork
from citizen_gateway.platform.vault import Vault

_ENCODER = msgspec.json.Encoder()
HEARTBEAT_S = 15.0
"""How often a stream on which nothing happens says that it lives."""
_SEARCH_S = 5.0
"""How long one call looks through events of which its reader may see none."""


def read_types(given: str | None) -> frozenset[str] | None:
    """Return the types a caller wants, named with commas between them. Raises `UnknownEventType`."""
    wanted = frozenset(filter(None, (name.strip() for name in (given or "").split(","))))
    for name in sorted(wanted):
        if name not in kinds():
            raise UnknownEventType(type=name)
    return wanted or None


class Follower:
    """Follows the feed for one caller."""

    def __init__(self, work: UnitOfWork, actor: Actor, types: frozenset[str] | None) -> None:
        self._work = work
        self._sight: Sight = sight_of(actor, work.part(City))
        self._types = types
        self.cursors = Cursors(work.part(Vault), actor.key)

    async def start(self, after: str | None) -> Place:
        """Return the place a caller names. Raises `BadCursor`, `ForeignCursor` or `StaleCursor`."""
        if after == LATEST:
            return await store.head(self._work.pool_for(self._sight.actor))
        if after:
            return self.cursors.read(after, self._work.clock())
        async with self._work.read(self._sight.actor) as tx:
            return await feed.oldest(tx)

    async def next(self, place: Place, *, wait: float, limit: int) -> Batch:
        """Return the next events behind a place, after at most so many seconds; none where nothing happened."""
        began = time.monotonic()
        while True:
            async with self._work.read(self._sight.actor) as tx:
                batch = await feed.look(tx, self._work.part(Vault), self._sight, place, limit=limit, types=self._types)
            spent = time.monotonic() - began
            if batch.told or (batch.more and spent >= _SEARCH_S):
                return batch
            place = batch.place
            if not batch.more and not await self._bell().wait(place, wait - spent):
                return batch

    async def stream(self, place: Place, *, limit: int) -> AsyncIterator[bytes]:
        """Yield the feed as server-sent events, until the caller leaves or their credential ends."""
        yield b": here\n\n"
        while await self._still_known():
            batch = await self.next(place, wait=HEARTBEAT_S, limit=limit)
            place = batch.place
            yield b"".join(map(_frame, batch_view(batch, self.cursors).items)) or b": still here\n\n"

    def _bell(self) -> Bell:
        return self._work.part(Sandbox).bell if self._sight.actor.sandbox else self._work.part(Bell)

    async def _still_known(self) -> bool:
        try:
            self._sight = sight_of(await provide_actor(self._work), self._work.part(City))
        except Unauthenticated:
            return False
        return True


def _frame(event: EventView) -> bytes:
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (event.cursor.encode(), event.type.encode(), _ENCODER.encode(event))
