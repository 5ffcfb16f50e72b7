"""Endpoints and their secrets in PostgreSQL, one function per question."""

from datetime import datetime
from uuid import UUID

from citizen_gateway.partners.cursors import Place
from citizen_gateway.partners.webhooks.model import Endpoint, PauseReason
from citizen_gateway.platform.db import Connection, read, read_all

_ENDPOINT = (
    "id, client_id, url, types, description, state, paused_because, failing_since, "
    "xid::text::bigint as xid, seq, created_at"
)


async def insert_endpoint(conn: Connection, endpoint: Endpoint) -> None:
    """Keep a new endpoint."""
    await conn.execute(
        """
        insert into webhook_endpoint (id, client_id, url, types, description, state, xid, seq, created_at)
        values ($1, $2, $3, $4, $5, $6, $7::text::xid8, $8, $9)
        """,
        endpoint.id,
        endpoint.client_id,
        endpoint.url,
        None if endpoint.types is None else list(endpoint.types),
        endpoint.description,
        endpoint.state.value,
        str(endpoint.xid),
        endpoint.seq,
        endpoint.created_at,
    )


async def of_client(conn: Connection, client: UUID) -> list[Endpoint]:
    """Return a client's endpoints, oldest first."""
    rows = await conn.fetch(f"select {_ENDPOINT} from webhook_endpoint where client_id = $1 order by id", client)
    return read_all(Endpoint, rows)


async def hold_client(conn: Connection, client: UUID) -> None:
    """Keep others from adding endpoints to this client until the transaction ends."""
    await conn.execute("select from api_client where id = $1 for update", client)


async def by_id(conn: Connection, client: UUID, endpoint: UUID) -> Endpoint | None:
    """Return a client's endpoint, and keep others from changing it until the transaction ends."""
    row = await conn.fetchrow(
        f"select {_ENDPOINT} from webhook_endpoint where id = $1 and client_id = $2 for update", endpoint, client
    )
    return read(Endpoint, row) if row else None


async def update_endpoint(conn: Connection, endpoint: Endpoint) -> None:
    """Keep what a client changed."""
    await conn.execute(
        """
        update webhook_endpoint set url = $2, types = $3, description = $4, state = $5, paused_because = $6,
               failing_since = $7 where id = $1
        """,
        endpoint.id,
        endpoint.url,
        None if endpoint.types is None else list(endpoint.types),
        endpoint.description,
        endpoint.state.value,
        endpoint.paused_because.value if endpoint.paused_because else None,
        endpoint.failing_since,
    )


async def delete_endpoint(conn: Connection, endpoint: UUID) -> None:
    """Delete an endpoint with its messages and their log."""
    await conn.execute("delete from webhook_endpoint where id = $1", endpoint)


async def insert_secret(conn: Connection, endpoint: UUID, sealed: bytes, now: datetime) -> None:
    """Keep a new secret."""
    await conn.execute(
        "insert into webhook_secret (endpoint_id, sealed, created_at) values ($1, $2, $3)", endpoint, sealed, now
    )


async def end_secrets(conn: Connection, endpoint: UUID, now: datetime, until: datetime) -> int:
    """Let the endpoint's secrets end then, forget those that have ended, and return how many are left."""
    await conn.execute("delete from webhook_secret where endpoint_id = $1 and expires_at <= $2", endpoint, now)
    status = await conn.execute(
        "update webhook_secret set expires_at = least(expires_at, $2) where endpoint_id = $1", endpoint, until
    )
    return int(status.split()[-1])


async def plannable(conn: Connection, head: Place, *, sandbox: bool) -> list[UUID]:
    """Return the active endpoints of active clients, of the sandbox or not, that are behind this place of their log."""
    rows = await conn.fetch(
        """
        select e.id from webhook_endpoint e join api_client c on c.id = e.client_id and c.active and c.sandbox = $3
        where e.state = 'active' and (e.xid, e.seq) < ($1::text::xid8, $2) order by e.id
        """,
        str(head.xid),
        head.seq,
        sandbox,
    )
    return [row["id"] for row in rows]


async def claim(conn: Connection, endpoint: UUID) -> Endpoint | None:
    """Return an active endpoint for this transaction alone, or None where another process has it."""
    row = await conn.fetchrow(
        f"select {_ENDPOINT} from webhook_endpoint where id = $1 and state = 'active' for update skip locked", endpoint
    )
    return read(Endpoint, row) if row else None


async def move(conn: Connection, endpoint: UUID, place: Place) -> None:
    """Keep how far in the log an endpoint is."""
    await conn.execute(
        "update webhook_endpoint set xid = $2::text::xid8, seq = $3 where id = $1", endpoint, str(place.xid), place.seq
    )


async def mark(conn: Connection, endpoint: UUID, failing_since: datetime | None) -> datetime | None:
    """Keep whether an endpoint fails, and return since when it has."""
    found: datetime | None = await conn.fetchval(
        """
        update webhook_endpoint
        set failing_since = case when $2::timestamptz is null then null else coalesce(failing_since, $2) end
        where id = $1 returning failing_since
        """,
        endpoint,
        failing_since,
    )
    return found


async def pause(conn: Connection, endpoint: UUID, reason: PauseReason) -> Endpoint | None:
    """Pause an active endpoint and return it; None where it was paused before."""
    row = await conn.fetchrow(
        f"""
        update webhook_endpoint set state = 'paused', paused_because = $2
        where id = $1 and state = 'active' returning {_ENDPOINT}
        """,
        endpoint,
        reason.value,
    )
    return read(Endpoint, row) if row else None
