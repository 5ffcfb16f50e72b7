"""Sends what happened to those who want it sent: planned from the log, taken, attempted, and settled.

Planning moves an endpoint's place in the log in the transaction that enqueues its messages, so that none is lost and
none enqueued twice. A message is taken for a while, sent outside any transaction, and settled in one; where the process
dies in between it is sent again, with the same id. Each endpoint has slots of its own, so that a slow one holds up
nobody else.
"""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import structlog

from citizen_gateway.accounts import client_store
from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.accounts.service import client_actor
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.clock import Clock
from citizen_gateway.partners import feed
from citizen_gateway.partners import store as log
from citizen_gateway.partners.cursors import KEPT, Cursors, Place
from citizen_gateway.partners.model import sight_of
from citizen_gateway.partners.schema import event_view
from citizen_gateway.partners.webhooks import outbox, service, store
from citizen_gateway.partners.webhooks.model import GIVEN_UP, DeliveryState, Outcome, PauseReason, next_due
from citizen_gateway.partners.webhooks.outbox import Taken
from citizen_gateway.partners.webhooks.sending import Sender
from citizen_gateway.partners.webhooks.signing import headers_for
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.vault import Vault

SLOTS = 4
"""How many messages may be under way to one endpoint."""
MOST_UNDER_WAY = 200
TAKEN_FOR = timedelta(seconds=60)
"""After so long a message whose process died is taken again."""

_log = structlog.get_logger(__name__)


class Dispatcher:
    """Plans and sends, for all endpoints; any number of them may run beside each other.

    `pools` are that of the city and that of the sandbox.
    """

    def __init__(self, pools: tuple[Pool, Pool], clock: Clock, vault: Vault, city: City, sender: Sender) -> None:
        self._pool, self._sandbox = pools
        self._clock, self._vault, self._city, self._sender = clock, vault, city, sender
        self._under_way: set[asyncio.Task[None]] = set()

    async def step(self) -> bool:
        """Plan what is new and begin to send what is due; return whether there was anything."""
        planned = await self._plan()
        return await self._begin() or planned

    async def forget_old(self) -> int:
        """Forget what was sent a month ago and its log; return how many messages that were."""
        now = self._clock()
        async with begin(self._pool, now) as tx:
            return await outbox.forget_old(tx.conn, now - KEPT)

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _plan(self) -> bool:
        found = False
        for pool in (self._pool, self._sandbox):
            head = await log.head(pool)
            async with self._pool.acquire() as conn:
                behind = await store.plannable(conn, head, sandbox=pool is self._sandbox)
            for endpoint in behind:
                found |= await self._plan_one(pool, endpoint)
        return found

    async def _plan_one(self, pool: Pool, identity: UUID) -> bool:
        async with begin(pool, self._clock()) as tx:
            endpoint = await store.claim(tx.conn, identity)
            client = await client_store.client_by_id(tx.conn, endpoint.client_id) if endpoint else None
            if endpoint is None or client is None:
                return False
            actor = client_actor(client)
            types = None if endpoint.types is None else frozenset(endpoint.types)
            place = Place(endpoint.xid, endpoint.seq)
            place = await self._enqueue(tx, actor, endpoint.id, place, types)
            await store.move(tx.conn, endpoint.id, place)
        return True

    async def _enqueue(
        self, tx: Transaction, actor: Actor, endpoint: UUID, place: Place, types: frozenset[str] | None
    ) -> Place:
        """Enqueue what a stretch of the log tells this client, and return the place behind it."""
        try:
            sight = sight_of(actor, self._city)
        except ScopeMissing:  # its scopes were taken away since
            return await log.head(self._sandbox if actor.sandbox else self._pool)
        batch = await feed.look(tx, self._vault, sight, place, limit=feed.STRETCH, types=types)
        cursors = Cursors(self._vault, actor.key)
        for told in batch.told:
            await service.enqueue(tx, self._vault, endpoint, event_view(told, cursors, batch.at))
        return batch.place

    async def _begin(self) -> bool:
        now = self._clock()
        async with self._pool.acquire() as conn:
            rooms = await outbox.rooms(conn, now, SLOTS)
        begun = False
        for room in rooms:
            free = min(room.slots, MOST_UNDER_WAY - len(self._under_way))
            async with begin(self._pool, now) as tx:
                free -= await outbox.under_way(tx.conn, room.endpoint, now)
                taken = await outbox.take(tx.conn, room.endpoint, now, now + TAKEN_FOR, free) if free > 0 else []
            for message in taken:
                task = asyncio.create_task(self._deliver(message))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
                begun = True
        return begun

    async def _deliver(self, message: Taken) -> None:
        try:
            body = self._vault.open_bytes(message.body)
            secrets = [self._vault.open(sealed) for sealed in message.secrets]
            headers = headers_for(str(message.event_id), self._clock(), body, secrets)
            outcome = await self._sender.send(message.url, headers, body)
            async with begin(self._pool, self._clock()) as tx:
                await self._keep(tx, message, outcome)
        except Exception as error:  # noqa: BLE001 - whatever it is, the message is taken again once its time is over
            _log.error("webhook_attempt_failed", delivery=str(message.id), exc_info=error)

    async def _keep(self, tx: Transaction, message: Taken, outcome: Outcome) -> None:
        attempts = message.attempts + 1
        if not await outbox.insert_attempt(tx.conn, message.id, attempts, tx.now, outcome):
            return  # another process took the message over and was first
        if outcome.good:
            await outbox.settle(tx.conn, message.id, attempts, DeliveryState.DELIVERED, tx.now)
            await store.mark(tx.conn, message.endpoint_id, None)
            return
        chance = random.random()  # noqa: S311 - spreads attempts in time, guards nothing
        due = next_due(attempts - message.driven_from, tx.now, outcome, chance)
        state = DeliveryState.DEAD if due is None else DeliveryState.PENDING
        await outbox.settle(tx.conn, message.id, attempts, state, due or tx.now)
        since = await store.mark(tx.conn, message.endpoint_id, tx.now)
        failing = due is None and since is not None and tx.now - since >= GIVEN_UP
        if outcome.gone or outcome.forbidden or failing:
            reason = PauseReason.GONE if outcome.gone else PauseReason.FAILING
            await self._pause(tx, message, PauseReason.FORBIDDEN if outcome.forbidden else reason)

    async def _pause(self, tx: Transaction, message: Taken, reason: PauseReason) -> None:
        paused = await service.pause(tx, self._vault, message.endpoint_id, reason)
        if paused:
            _log.warning("webhook_paused", endpoint=str(paused.id), client=str(paused.client_id), reason=reason.value)
