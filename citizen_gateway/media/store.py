"""Photos in the database."""

from collections.abc import Collection
from uuid import UUID

from citizen_gateway.media.model import Photo, PhotoState
from citizen_gateway.platform.db import Connection, read, read_all

_COLUMNS = """
    id, owner, sha256, state, width, height, size_bytes, perceptual_hash, taken_at,
    case when lat is not null then array[lat, lon] end as position, created_at
"""


async def insert(conn: Connection, photo: Photo) -> bool:
    """Insert a photo; return False, changing nothing, where its owner has this content already."""
    lat, lon = photo.position or (None, None)
    status = await conn.execute(
        """
        insert into photo (id, owner, sha256, state, width, height, size_bytes, perceptual_hash,
                           taken_at, lat, lon, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (owner, sha256) do nothing
        """,
        photo.id,
        photo.owner,
        photo.sha256,
        photo.state.value,
        photo.width,
        photo.height,
        photo.size_bytes,
        photo.perceptual_hash,
        photo.taken_at,
        lat,
        lon,
        photo.created_at,
    )
    return status == "INSERT 0 1"


async def by_content(conn: Connection, owner: str, sha256: bytes) -> Photo | None:
    """Return the owner's photo of this content."""
    row = await conn.fetchrow(f"select {_COLUMNS} from photo where owner = $1 and sha256 = $2", owner, sha256)
    return read(Photo, row) if row else None


async def by_id(conn: Connection, photo: UUID) -> Photo | None:
    """Return a photo, whoever owns it."""
    row = await conn.fetchrow(f"select {_COLUMNS} from photo where id = $1", photo)
    return read(Photo, row) if row else None


async def owned(conn: Connection, owner: str, ids: Collection[UUID]) -> list[Photo]:
    """Return those of these photos that the owner has, in no order."""
    rows = await conn.fetch(f"select {_COLUMNS} from photo where id = any($1) and owner = $2", list(ids), owner)
    return read_all(Photo, rows)


async def share(conn: Connection, ids: Collection[UUID], actors: Collection[str]) -> None:
    """Let these actors see the photos too."""
    await conn.execute(
        "update photo set viewers = array(select distinct unnest(viewers || $2)) where id = any($1)",
        list(ids),
        list(actors),
    )


async def shared_with(conn: Connection, photo: UUID, actor: str) -> bool:
    """Whether the photo was shared with the actor."""
    found: bool = await conn.fetchval("select $2 = any(viewers) from photo where id = $1", photo, actor)
    return found


async def mark_ready(conn: Connection, sha256: bytes) -> None:
    """Note that the thumbnail of this content is stored."""
    await conn.execute(
        "update photo set state = $2 where sha256 = $1 and state = $3",
        sha256,
        PhotoState.READY.value,
        PhotoState.RECEIVED.value,
    )


async def is_had(conn: Connection, sha256: bytes) -> bool:
    """Whether anybody has a photo of this content."""
    found: bool = await conn.fetchval("select exists (select from photo where sha256 = $1)", sha256)
    return found
