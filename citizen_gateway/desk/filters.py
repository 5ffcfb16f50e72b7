"""Saved filters in PostgreSQL: conditions that a member of staff keeps under a name, for themselves alone."""

from uuid import UUID

import msgspec

from citizen_gateway.desk.errors import FilterNameTaken, TooManyFilters
from citizen_gateway.desk.model import Conditions, SavedFilter
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.db import Connection, Transaction, read, read_all

MOST = 50


async def save(tx: Transaction, name: str, conditions: Conditions) -> SavedFilter:
    """Keep conditions under a name. Raises `FilterNameTaken`, `TooManyFilters`."""
    if len(await of_owner(tx.conn, tx.actor.id)) >= MOST:
        raise TooManyFilters(most=MOST)
    kept = SavedFilter(uuid7(tx.now), name, conditions, tx.now)
    status = await tx.conn.execute(
        """
        insert into saved_filter (id, owner, name, conditions, created_at) values ($1, $2, $3, $4, $5)
        on conflict (owner, name) do nothing
        """,
        kept.id,
        tx.actor.id,
        name,
        msgspec.to_builtins(conditions),
        tx.now,
    )
    if status != "INSERT 0 1":
        raise FilterNameTaken(name=name)
    return kept


async def of_owner(conn: Connection, owner: UUID | None) -> list[SavedFilter]:
    """Return somebody's filters by name."""
    rows = await conn.fetch(
        "select id, name, conditions, created_at from saved_filter where owner = $1 order by name", owner
    )
    return read_all(SavedFilter, rows)


async def by_id(tx: Transaction, identity: UUID) -> SavedFilter:
    """Return one of the actor's filters. Raises `NotFound`."""
    row = await tx.conn.fetchrow(
        "select id, name, conditions, created_at from saved_filter where id = $1 and owner = $2", identity, tx.actor.id
    )
    if row is None:
        raise NotFound(what="filter")
    return read(SavedFilter, row)


async def delete(tx: Transaction, identity: UUID) -> None:
    """Delete one of the actor's filters. Raises `NotFound`."""
    status = await tx.conn.execute("delete from saved_filter where id = $1 and owner = $2", identity, tx.actor.id)
    if status != "DELETE 1":
        raise NotFound(what="filter")
