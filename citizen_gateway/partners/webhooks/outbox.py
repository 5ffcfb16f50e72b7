"""Messages to webhooks in PostgreSQL: enqueued, taken, attempted, settled; one function per question."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.partners.webhooks.model import Delivery, DeliveryState, Outcome
from citizen_gateway.platform.db import Connection, read, read_all

_DELIVERY = ", ".join(Delivery.__struct_fields__)


class Attempt(msgspec.Struct, frozen=True):
    """One attempt as it is kept."""

    number: int
    at: datetime
    status: int | None
    error: str | None
    took_ms: int
    answer: str


class Taken(msgspec.Struct, frozen=True):
    """A message taken to be sent; body and secrets are sealed."""

    id: UUID
    endpoint_id: UUID
    event_id: UUID
    attempts: int
    driven_from: int
    body: bytes
    url: str
    secrets: tuple[bytes, ...]


class Room(msgspec.Struct, frozen=True):
    """An endpoint that has messages due, and how many may be under way to it."""

    endpoint: UUID
    slots: int


async def insert_delivery(conn: Connection, delivery: Delivery, sealed: bytes) -> bool:
    """Keep a message to be sent; return False where the endpoint has one of this event."""
    status = await conn.execute(
        """
        insert into webhook_delivery (id, endpoint_id, event_id, type, body, state, due_at, created_at)
        values ($1, $2, $3, $4, $5, 'pending', $6, $6) on conflict (endpoint_id, event_id) do nothing
        """,
        delivery.id,
        delivery.endpoint_id,
        delivery.event_id,
        delivery.type,
        sealed,
        delivery.created_at,
    )
    return status == "INSERT 0 1"


async def rooms(conn: Connection, now: datetime, slots: int) -> list[Room]:
    """Return the endpoints with messages due; one that fails gets one message at a time until it takes one."""
    rows = await conn.fetch(
        """
        select e.id as endpoint, case when e.failing_since is null then $2::int else 1 end as slots
        from webhook_endpoint e
        where e.state = 'active' and exists (
            select from webhook_delivery d
            where d.endpoint_id = e.id and d.state = 'pending' and d.due_at <= $1
              and (d.taken_until is null or d.taken_until <= $1)
        )
        """,
        now,
        slots,
    )
    return read_all(Room, rows)


async def take(conn: Connection, endpoint: UUID, now: datetime, until: datetime, count: int) -> list[Taken]:
    """Take the oldest messages due to an endpoint, for one process until then."""
    rows = await conn.fetch(
        """
        with due as (
            select id from webhook_delivery
            where endpoint_id = $1 and state = 'pending' and due_at <= $2 and (taken_until is null or taken_until <= $2)
            order by due_at, id limit $4 for update skip locked
        )
        update webhook_delivery d set taken_until = $3 from due, webhook_endpoint e
        where d.id = due.id and e.id = d.endpoint_id
        returning d.id, d.endpoint_id, d.event_id, d.attempts, d.driven_from, d.body, e.url, array(
            select s.sealed from webhook_secret s
            where s.endpoint_id = e.id and (s.expires_at is null or s.expires_at > $2) order by s.created_at desc
        ) as secrets
        """,
        endpoint,
        now,
        until,
        count,
    )
    return read_all(Taken, rows)


async def under_way(conn: Connection, endpoint: UUID, now: datetime) -> int:
    """Return how many messages to an endpoint are taken by any process; others wait until this transaction ends."""
    await conn.execute("select pg_advisory_xact_lock(hashtextextended('webhook ' || $1::text, 0))", str(endpoint))
    return int(
        await conn.fetchval(
            "select count(*) from webhook_delivery where endpoint_id = $1 and state = 'pending' and taken_until > $2",
            endpoint,
            now,
        )
    )


async def insert_attempt(conn: Connection, delivery: UUID, number: int, at: datetime, outcome: Outcome) -> bool:
    """Keep what came of an attempt; return False where it is kept already."""
    status = await conn.execute(
        """
        insert into webhook_attempt (delivery_id, number, at, status, error, took_ms, answer)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
        """,
        delivery,
        number,
        at,
        outcome.status,
        outcome.error,
        outcome.took_ms,
        outcome.answer,
    )
    return status == "INSERT 0 1"


async def settle(conn: Connection, delivery: UUID, attempts: int, state: DeliveryState, at: datetime) -> None:
    """Keep where a message stands after an attempt: delivered or dead at that moment, or due again then."""
    await conn.execute(
        """
        update webhook_delivery set attempts = $2, state = $3, taken_until = null,
               due_at = case when $3 = 'pending' then $4 else due_at end,
               delivered_at = case when $3 = 'delivered' then $4 else delivered_at end
        where id = $1
        """,
        delivery,
        attempts,
        state.value,
        at,
    )


async def deliveries(
    conn: Connection, endpoint: UUID, state: DeliveryState | None, before: UUID | None, limit: int
) -> list[Delivery]:
    """Return the messages to an endpoint, newest first."""
    rows = await conn.fetch(
        f"""
        select {_DELIVERY} from webhook_delivery
        where endpoint_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or id < $3)
        order by id desc limit $4
        """,
        endpoint,
        state.value if state else None,
        before,
        limit,
    )
    return read_all(Delivery, rows)


async def delivery(conn: Connection, endpoint: UUID, identity: UUID) -> Delivery | None:
    """Return one message to an endpoint."""
    row = await conn.fetchrow(
        f"select {_DELIVERY} from webhook_delivery where endpoint_id = $1 and id = $2", endpoint, identity
    )
    return read(Delivery, row) if row else None


async def attempts(conn: Connection, identity: UUID) -> list[Attempt]:
    """Return what came of each attempt, oldest first."""
    rows = await conn.fetch(
        "select number, at, status, error, took_ms, answer from webhook_attempt where delivery_id = $1 order by number",
        identity,
    )
    return read_all(Attempt, rows)


async def drive_again(conn: Connection, endpoint: UUID, only: Sequence[UUID] | None, now: datetime) -> int:
    """Make dead messages due again, all or only some, each with all its attempts before it; return how many."""
    status = await conn.execute(
        """
        update webhook_delivery set state = 'pending', due_at = $3, taken_until = null, driven_from = attempts
        where endpoint_id = $1 and state = 'dead' and ($2::uuid[] is null or id = any($2))
        """,
        endpoint,
        None if only is None else list(only),
        now,
    )
    return int(status.split()[-1])


async def forget_old(conn: Connection, before: datetime) -> int:
    """Forget messages of that time with their log, delivered and dead ones; return how many."""
    status = await conn.execute("delete from webhook_delivery where created_at < $1 and state <> 'pending'", before)
    return int(status.split()[-1])
