"""Accounts in PostgreSQL, one function per question."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.accounts.model import CredentialKind, Staff
from citizen_gateway.kernel.ids import CitizenId
from citizen_gateway.platform.actor import Grant, Scope
from citizen_gateway.platform.db import Connection, read, read_all


class Bearer(msgspec.Struct, frozen=True):
    """Whose secret it is, until when, for which scopes where not all, and whether it is of the sandbox."""

    kind: CredentialKind
    owner: UUID
    expires_at: datetime | None
    scopes: frozenset[Scope] | None = None
    sandbox: bool = False


async def find_bearer(conn: Connection, digest: bytes, now: datetime) -> Bearer | None:
    """Return whose secret has this hash, if it is valid now."""
    row = await conn.fetchrow(
        """
        select kind, owner, expires_at, scopes, sandbox from (
            select hash, kind, owner, expires_at, revoked_at, scopes, false as sandbox from public.credential
            union all
            select hash, kind, owner, expires_at, revoked_at, scopes, true from sandbox.credential
        ) as known
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


class Identity(msgspec.Struct, frozen=True):
    """How a channel knows a citizen; its id is sealed."""

    channel: str
    citizen_id: CitizenId
    subject_sealed: bytes
    created_at: datetime


async def identities_of(conn: Connection, citizens: Collection[UUID]) -> list[Identity]:
    """Return how channels know these citizens."""
    rows = await conn.fetch(
        """
        select channel, citizen_id, subject_sealed, created_at from identity
        where citizen_id = any($1) order by created_at
        """,
        list(citizens),
    )
    return read_all(Identity, rows)


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


async def password_of(conn: Connection, login: str) -> str | None:
    """Return what is kept of the password of the active member of staff with this login."""
    kept: str | None = await conn.fetchval("select password from staff where login = $1 and active", login)
    return kept


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


async def insert_staff(conn: Connection, staff: Staff, now: datetime) -> bool:
    """Add a member of staff with their rights; return False where the login is taken."""
    status = await conn.execute(
        "insert into staff (id, login, name, created_at) values ($1, $2, $3, $4) on conflict (login) do nothing",
        staff.id,
        staff.login,
        staff.name,
        now,
    )
    if status != "INSERT 0 1":
        return False
    await _insert_grants(conn, staff.id, staff.grants)
    return True


async def insert_grant(conn: Connection, staff: UUID, grant: Grant) -> bool:
    """Add a right; return False where it is held already."""
    status = await conn.execute(
        "insert into staff_grant (staff_id, role, department, area) values ($1, $2, $3, $4) on conflict do nothing",
        staff,
        grant.role.value,
        grant.department,
        grant.area,
    )
    return status == "INSERT 0 1"


async def delete_grant(conn: Connection, staff: UUID, grant: Grant) -> bool:
    """Delete a right; return False where it was not held."""
    status = await conn.execute(
        """
        delete from staff_grant
        where staff_id = $1 and role = $2 and department is not distinct from $3 and area is not distinct from $4
        """,
        staff,
        grant.role.value,
        grant.department,
        grant.area,
    )
    return status == "DELETE 1"


async def deactivate_staff(conn: Connection, staff: UUID, now: datetime) -> bool:
    """Switch a member of staff off and revoke their credentials; return False where they were off already."""
    status = await conn.execute("update staff set active = false where id = $1 and active", staff)
    await revoke_all(conn, staff, now)
    return status == "UPDATE 1"


async def save_password(conn: Connection, staff: UUID, kept: str, now: datetime) -> None:
    """Keep what there is to keep of a new password; sessions opened before it end."""
    await conn.execute("update staff set password = $2 where id = $1", staff, kept)
    await revoke_all(conn, staff, now)


async def revoke_all(conn: Connection, owner: UUID, now: datetime) -> None:
    """Revoke all credentials of somebody."""
    await conn.execute("update credential set revoked_at = $2 where owner = $1 and revoked_at is null", owner, now)


class EndedKey(msgspec.Struct, frozen=True):
    """A client's key that is good for nothing any more."""

    expires_at: datetime
    revoked_at: datetime | None


async def ended_key(conn: Connection, digest: bytes) -> EndedKey | None:
    """Return what became of the client's key with this hash, where it was revoked or has an end."""
    row = await conn.fetchrow(
        """
        select coalesce(expires_at, 'infinity') as expires_at, revoked_at from credential
        where hash = $1 and kind = 'client' and (revoked_at is not null or expires_at is not null)
        """,
        digest,
    )
    return read(EndedKey, row) if row else None
