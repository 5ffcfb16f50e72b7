"""Partners' clients in PostgreSQL, one function per question."""

from datetime import datetime
from uuid import UUID

from citizen_gateway.accounts.model import ApiClient
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import Connection, read, read_all

_CLIENT_NAMES = ", ".join(ApiClient.__struct_fields__)
_CLIENT = f"select {_CLIENT_NAMES} from api_client where active and {{where}}"


async def client_by_id(conn: Connection, client: UUID) -> ApiClient | None:
    """Return the active client with this id."""
    row = await conn.fetchrow(_CLIENT.format(where="id = $1"), client)
    return read(ApiClient, row) if row else None


async def insert_client(conn: Connection, client: ApiClient, now: datetime) -> bool:
    """Add a client; return False where its name is taken."""
    status = await conn.execute(
        """
        insert into api_client
            (id, name, channel, scopes, departments, addresses, burst, per_hour, sandbox, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (name) do nothing
        """,
        client.id,
        client.name,
        client.channel.value,
        sorted(scope.value for scope in client.scopes),
        sorted(client.departments),
        list(client.addresses),
        client.burst,
        client.per_hour,
        client.sandbox,
        now,
    )
    return status == "INSERT 0 1"


async def has_client(conn: Connection, channel: str, scope: Scope) -> bool:
    """Whether an active client of this channel has the scope."""
    found: bool = await conn.fetchval(
        "select exists (select from api_client where active and channel = $1 and $2 = any(scopes))",
        channel,
        scope.value,
    )
    return found


async def any_client(conn: Connection, client: UUID) -> ApiClient | None:
    """Return the client with this id, active or not."""
    row = await conn.fetchrow(f"select {_CLIENT_NAMES} from api_client where id = $1", client)
    return read(ApiClient, row) if row else None


async def clients(conn: Connection) -> list[ApiClient]:
    """Return all clients by name."""
    return read_all(ApiClient, await conn.fetch(f"select {_CLIENT_NAMES} from api_client order by name"))


async def client_named(conn: Connection, name: str) -> ApiClient | None:
    """Return the client of this name, active or not."""
    row = await conn.fetchrow(f"select {_CLIENT_NAMES} from api_client where name = $1", name)
    return read(ApiClient, row) if row else None


async def update_client(conn: Connection, client: ApiClient) -> None:
    """Keep what a client may do and what it is held to."""
    await conn.execute(
        """
        update api_client set scopes = $2, departments = $3, addresses = $4, burst = $5, per_hour = $6, active = $7
        where id = $1
        """,
        client.id,
        sorted(scope.value for scope in client.scopes),
        sorted(client.departments),
        list(client.addresses),
        client.burst,
        client.per_hour,
        client.active,
    )
