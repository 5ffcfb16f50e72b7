"""Merchants, rewards and redemptions in PostgreSQL, one function per question."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.platform.session import Session
from citizen_gateway.points.rewards.model import (
    Merchant,
    MerchantId,
    Redemption,
    RedemptionId,
    RedemptionState,
    Reward,
    RewardId,
)

_REDEMPTION = [field.name for field in msgspec.structs.fields(Redemption)]
_R = ", ".join(_REDEMPTION)
_INSERT = f"insert into points_redemption ({_R}) values ({', '.join(f'${i + 1}' for i in range(len(_REDEMPTION)))})"
_OF_STOCK = {"merchant_name", "total", "remaining"}
_OF_REWARD = [field.name for field in msgspec.structs.fields(Reward)]
_REWARD = """
    select r.id, r.merchant_id, m.name as merchant_name, r.title, r.description, r.photos, r.price, r.per_person,
           r.valid_hours, r.opens_at, r.closes_at, r.created_at, s.total, s.remaining
    from points_reward r join points_merchant m on m.id = r.merchant_id join points_stock s on s.reward_id = r.id
"""


class SettledLine(msgspec.Struct, frozen=True):
    """How much of one reward a merchant handed out in a period."""

    reward_id: UUID
    title: str
    pieces: int
    points: int


async def insert_merchant(conn: Connection, merchant: Merchant) -> bool:
    """Keep a merchant; return False where the name is taken."""
    status = await conn.execute(
        """
        insert into points_merchant (id, name, place, members, created_at) values ($1, $2, $3, $4, $5)
        on conflict (name) do nothing
        """,
        merchant.id,
        merchant.name,
        merchant.place,
        list(merchant.members),
        merchant.created_at,
    )
    return status == "INSERT 0 1"


async def set_members(conn: Connection, merchant: MerchantId, members: tuple[str, ...]) -> None:
    """Say anew who speaks for a merchant."""
    await conn.execute("update points_merchant set members = $2 where id = $1", merchant, list(members))


async def merchant(conn: Connection, identity: UUID) -> Merchant | None:
    """Return the merchant with this id."""
    row = await conn.fetchrow(
        "select id, name, place, members, created_at from points_merchant where id = $1", identity
    )
    return read(Merchant, row) if row else None


async def merchants(conn: Connection, member: str | None, after: UUID | None, limit: int) -> list[Merchant]:
    """Return all merchants, or those this actor speaks for, the newest first."""
    rows = await conn.fetch(
        """
        select id, name, place, members, created_at from points_merchant
        where ($1::text is null or members @> array[$1]) and ($2::uuid is null or id < $2)
        order by id desc limit $3
        """,
        member,
        after,
        limit,
    )
    return read_all(Merchant, rows)


async def insert_reward(conn: Connection, reward: Reward) -> None:
    """Keep a reward and its stock."""
    names = [name for name in _OF_REWARD if name not in _OF_STOCK]
    places = ", ".join(f"${i + 1}" for i in range(len(names)))
    values = [getattr(reward, name) for name in names]
    await conn.execute(f"insert into points_reward ({', '.join(names)}) values ({places})", *values)
    await conn.execute(
        "insert into points_stock (reward_id, total, remaining) values ($1, $2, $3)",
        reward.id,
        reward.total,
        reward.remaining,
    )


async def reward(conn: Connection, identity: UUID) -> Reward | None:
    """Return a reward with what is left of it."""
    row = await conn.fetchrow(f"{_REWARD} where r.id = $1", identity)
    return read(Reward, row) if row else None


async def rewards_by_id(conn: Connection, rewards: Collection[RewardId]) -> dict[RewardId, Reward]:
    """Return rewards by their ids."""
    rows = await conn.fetch(f"{_REWARD} where r.id = any($1)", list(rewards))
    return {one.id: one for one in read_all(Reward, rows)}


async def rewards(
    conn: Connection, now: datetime, merchant: UUID | None, before: UUID | None, limit: int
) -> list[Reward]:
    """Return the rewards that are open or will be, the newest first."""
    rows = await conn.fetch(
        f"""
        {_REWARD} where r.closes_at > $1 and ($2::uuid is null or r.merchant_id = $2)
            and ($3::uuid is null or r.id < $3) order by r.id desc limit $4
        """,
        now,
        merchant,
        before,
        limit,
    )
    return read_all(Reward, rows)


async def close(conn: Connection, identity: RewardId, now: datetime) -> None:
    """End a release now; one that has not begun never does."""
    await conn.execute(
        """
        update points_reward set closes_at = $2, opens_at = least(opens_at, $2 - interval '1 second')
        where id = $1 and closes_at > $2
        """,
        identity,
        now,
    )


async def add_pieces(conn: Connection, reward: RewardId, pieces: int) -> None:
    """Add pieces to a stock."""
    await conn.execute(
        "update points_stock set total = total + $2, remaining = remaining + $2 where reward_id = $1", reward, pieces
    )


async def take_piece(conn: Connection, reward: RewardId) -> bool:
    """Take one piece off a stock, waiting for others who do; return False where none is left."""
    status = await conn.execute(
        "update points_stock set remaining = remaining - 1 where reward_id = $1 and remaining > 0", reward
    )
    return status == "UPDATE 1"


async def put_piece(conn: Connection, reward: RewardId) -> None:
    """Put one piece back."""
    await conn.execute("update points_stock set remaining = remaining + 1 where reward_id = $1", reward)


def insert(session: Session, redemption: Redemption) -> None:
    """Keep a redemption, when the session sends its rows."""
    values = (getattr(redemption, name) for name in _REDEMPTION)
    session.later(_INSERT, *(value.value if isinstance(value, RedemptionState) else value for value in values))


async def taken_by(conn: Connection, reward: RewardId, holder: str) -> int:
    """Return how many pieces somebody has reserved or fetched."""
    return int(
        await conn.fetchval(
            """
            select count(*) from points_redemption
            where holder = $1 and reward_id = $2 and state in ('reserved', 'settled')
            """,
            holder,
            reward,
        )
    )


async def redemption(conn: Connection, identity: UUID) -> Redemption | None:
    """Return the redemption with this id."""
    row = await conn.fetchrow(f"select {_R} from points_redemption where id = $1", identity)
    return read(Redemption, row) if row else None


async def by_code(conn: Connection, code_hash: bytes) -> Redemption | None:
    """Return the redemption with this code."""
    row = await conn.fetchrow(f"select {_R} from points_redemption where code_hash = $1", code_hash)
    return read(Redemption, row) if row else None


async def redemptions(conn: Connection, holder: str, before: UUID | None, limit: int) -> list[Redemption]:
    """Return somebody's redemptions, the newest first."""
    rows = await conn.fetch(
        f"""
        select {_R} from points_redemption where holder = $1 and ($2::uuid is null or id < $2)
        order by id desc limit $3
        """,
        holder,
        before,
        limit,
    )
    return read_all(Redemption, rows)


async def end(conn: Connection, identity: RedemptionId, state: RedemptionState, by: str, now: datetime) -> bool:
    """End a redemption that still waits; return False where somebody ended it before, or its time forbids it.

    A code is settled while it is valid, and expires afterwards; both at once cannot be.
    """
    status = await conn.execute(
        """
        update points_redemption set state = $2, ended_by = $3, ended_at = $4
        where id = $1 and state = 'reserved'
          and case $2 when 'settled' then valid_until > $4 when 'expired' then valid_until <= $4 else true end
        """,
        identity,
        state.value,
        by,
        now,
    )
    return status == "UPDATE 1"


async def settled(conn: Connection, merchant: UUID, since: datetime, until: datetime) -> list[SettledLine]:
    """Return what a merchant handed out in a period, by reward."""
    rows = await conn.fetch(
        """
        select d.reward_id, r.title, count(*)::int as pieces, sum(d.price)::bigint as points
        from points_redemption d join points_reward r on r.id = d.reward_id
        where d.merchant_id = $1 and d.state = 'settled' and d.ended_at >= $2 and d.ended_at < $3
        group by d.reward_id, r.title order by d.reward_id
        """,
        merchant,
        since,
        until,
    )
    return read_all(SettledLine, rows)
