"""Accounts in PostgreSQL, one function per question."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.accounts.model import ApiClient, CredentialKind, Staff
from citizen_gateway.kernel.ids import CitizenId
from citizen_gateway.platform.actor import Grant, Scope
from citizen_gateway.platform.db import Connection, read


class Bearer(msgspec.Struct, frozen=True):
    """Whose secret it is, and until when."""

    kind: CredentialKind
    owner: UUID
    expires_at: datetime | None


async def find_bearer(conn: Connection, digest: bytes, now: datetime) -> Bearer | None:
    """Return whose secret has this hash, if it is valid now."""
    row = await conn.fetchrow(
        """
        select kind, owner, expires_at from credential
        where hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
        """,
        digest,
        now,
    )
    return read(Bearer, row) if row else None


async def insert_credential(conn: Connection, digest: bytes, hint: str, bearer: Bearer, now: datetime) -> None:
    """Keep a new secret's hash."""
    await conn.execute(
        "insert into credential (hash, hint, kind, owner, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        digest,
        hint,
        bearer.kind.value,
        bearer.owner,
        now,
        bearer.expires_at,
    )


async def revoke_credential(conn: Connection, digest: bytes, now: datetime) -> bool:
    """Revoke one secret; return whether it was valid until now."""
    status = await conn.execute(
        "update credential set revoked_at = $2 where hash = $1 and revoked_at is null", digest, now
    )
    return status == "UPDATE 1"


async def citizen_locale(conn: Connection, citizen: UUID) -> str | None:
    """Return a citizen's chosen language, if they chose one."""
    found: str | None = await conn.fetchval("select locale from citizen where id = $1", citizen)
    return found


async def citizen_of(conn: Connection, channel: str, subject_hash: bytes) -> CitizenId | None:
    """Return the citizen a channel knows by this keyed hash."""
    found = await conn.fetchval(
        "select citizen_id from identity where channel = $1 and subject_hash = $2", channel, subject_hash
    )
    return CitizenId(found) if found else None


async def insert_citizen(conn: Connection, citizen: CitizenId, locale: str | None, now: datetime) -> None:
    """Add a citizen."""
    await conn.execute("insert into citizen (id, locale, created_at) values ($1, $2, $3)", citizen, locale, now)


async def insert_identity(
    conn: Connection, channel: str, subject: tuple[bytes, bytes], citizen: CitizenId, now: datetime
) -> bool:
    """Tie a channel's id (keyed hash, sealed text) to a citizen; return False where it is tied already."""
    status = await conn.execute(
        """
        insert into identity (channel, subject_hash, subject_sealed, citizen_id, created_at)
        values ($1, $2, $3, $4, $5) on conflict do nothing
        """,
        channel,
        *subject,
        citizen,
        now,
    )
    return status == "INSERT 0 1"


_STAFF = """
    select s.id, s.login, s.name,
           coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'department', g.department, 'area', g.area))
                    filter (where g.role is not null), '[]') as grants
    from staff s left join staff_grant g on g.staff_id = s.id
    where s.active and {where} group by s.id
"""


async def staff_by_login(conn: Connection, login: str) -> Staff | None:
    """Return the active member of staff with this login."""
    row = await conn.fetchrow(_STAFF.format(where="s.login = $1"), login)
    return read(Staff, row) if row else None


async def staff_by_id(conn: Connection, staff: UUID) -> Staff | None:
    """Return the active member of staff with this id."""
    row = await conn.fetchrow(_STAFF.format(where="s.id = $1"), staff)
    return read(Staff, row) if row else None


async def save_staff(conn: Connection, staff: Staff, now: datetime) -> None:
    """Add a member of staff, or give an existing login this name and these rights."""
    identity = await conn.fetchval(
        """
        insert into staff (id, login, name, created_at) values ($1, $2, $3, $4)
        on conflict (login) do update set name = excluded.name, active = true returning id
        """,
        staff.id,
        staff.login,
        staff.name,
        now,
    )
    await conn.execute("delete from staff_grant where staff_id = $1", identity)
    await _insert_grants(conn, identity, staff.grants)


async def _insert_grants(conn: Connection, staff: UUID, grants: Sequence[Grant]) -> None:
    await conn.executemany(
        "insert into staff_grant (staff_id, role, department, area) values ($1, $2, $3, $4)",
        [(staff, grant.role.value, grant.department, grant.area) for grant in grants],
    )


_CLIENT = "select id, name, channel, scopes, departments from api_client where active and {where}"


async def client_by_id(conn: Connection, client: UUID) -> ApiClient | None:
    """Return the active client with this id."""
    row = await conn.fetchrow(_CLIENT.format(where="id = $1"), client)
    return read(ApiClient, row) if row else None


async def insert_client(conn: Connection, client: ApiClient, now: datetime) -> bool:
    """Add a client; return False where its name is taken."""
    status = await conn.execute(
        """
        insert into api_client (id, name, channel, scopes, departments, created_at)
        values ($1, $2, $3, $4, $5, $6) on conflict (name) do nothing
        """,
        client.id,
        client.name,
        client.channel.value,
        sorted(scope.value for scope in client.scopes),
        sorted(client.departments),
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
