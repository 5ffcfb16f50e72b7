"""What points keep of a citizen: their part in the ledger, which only grows, and what they did as a volunteer."""

from uuid import uuid4

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.ids import CitizenId, uuid7
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.points import service, store
from citizen_gateway.points.notes import LINKED

_CHILDREN = (
    ("volunteer_relative", "holder", ("relative",)),
    ("volunteer_relative", "relative", ("holder",)),
    ("volunteer_group_member", "holder", ("group_id",)),
    ("volunteer_attendance", "holder", ("task_id",)),
)


async def export(tx: Transaction, citizen: CitizenId) -> dict[str, object]:
    """Return the citizen's points, their entries in the ledger, their profile, hours and rewards."""
    key = _key(citizen)
    account = service.person(key)
    entries = await tx.conn.fetch(
        """
        select t.at, t.kind, t.note, e.amount from points_entry e join points_transfer t on t.id = e.transfer_id
        where e.account_id = $1 order by t.id, e.line
        """,
        account,
    )
    profile = await tx.conn.fetch(
        "select code, nickname, listed, skills, joined_at from volunteer where holder = $1", key
    )
    attended = await tx.conn.fetch(
        """
        select k.title, a.state, a.checked_in_at, a.checked_out_at, a.minutes
        from volunteer_attendance a join volunteer_task k on k.id = a.task_id where a.holder = $1 order by a.id
        """,
        key,
    )
    redeemed = await tx.conn.fetch(
        """
        select w.title, r.price, r.state, r.created_at from points_redemption r
        join points_reward w on w.id = r.reward_id where r.holder = $1 order by r.id
        """,
        key,
    )
    return {
        "points": {
            "balance": await store.balance_of(tx.conn, account),
            "entries": [dict(row) for row in entries],
            "volunteer": [dict(row) for row in profile],
            "tasks": [dict(row) for row in attended],
            "rewards": [dict(row) for row in redeemed],
        }
    }


async def erase(tx: Transaction, citizen: CitizenId) -> None:
    """Take the person out: the ledger and the hours stay under a name that means nobody; certificates are void."""
    key, nobody = _key(citizen), f"erased:{uuid4()}"
    await tx.conn.execute("delete from volunteer_certificate where holder = $1", key)
    await _rehome(tx, key, nobody)
    await tx.conn.execute(
        "update volunteer set code = $1, nickname = '', listed = false, skills = '{}' where holder = $1", nobody
    )
    await tx.conn.execute("update points_account set holder = $2 where holder = $1", key, nobody)
    await tx.conn.execute("delete from points_device where holder = $1", key)
    for table in ("points_redemption", "points_award"):
        await tx.conn.execute(f"update {table} set holder = $2 where holder = $1", key, nobody)


async def move(tx: Transaction, city: City, source: CitizenId, target: CitizenId) -> None:
    """Send one citizen's points to another's account, with the days on which they expire, and make the rest theirs."""
    old, new = _key(source), _key(target)
    purse = await store.purse(tx.conn, service.person(old))
    if purse and (amount := purse.spendable(tx.now)):
        sender = Transaction(tx.conn, tx.now, Actor(ActorKind.CITIZEN, source))
        await service.send(sender, city, new, amount, (f"linked:{uuid7(tx.now)}", LINKED))
    await _rehome(tx, old, new)
    await tx.conn.execute("update volunteer_certificate set holder = $2 where holder = $1", old, new)
    await tx.conn.execute(
        """
        insert into points_device (device, holder, seen_at) select device, $2, seen_at from points_device
        where holder = $1 on conflict do nothing
        """,
        old,
        new,
    )
    await tx.conn.execute("delete from points_device where holder = $1", old)
    for table in ("points_redemption", "points_award"):
        await tx.conn.execute(f"update {table} set holder = $2 where holder = $1", old, new)
    await tx.conn.execute("update points_account set holder = 'linked:' || id where holder = $1", old)


async def _rehome(tx: Transaction, old: str, new: str) -> None:
    """Put all that hangs on one volunteer on another, who is made where there is none."""
    profile = await tx.conn.fetchrow("select code from volunteer where holder = $1 for update", old)
    if profile is None:
        return
    await tx.conn.execute("update volunteer set code = $2 where holder = $1", old, f"moved:{uuid4()}")
    await tx.conn.execute(
        """
        insert into volunteer (holder, code, nickname, listed, skills, joined_at)
        select $2, $3, nickname, listed, skills, joined_at from volunteer where holder = $1 on conflict do nothing
        """,
        old,
        new,
        profile["code"],
    )
    await tx.conn.execute("delete from volunteer_relative where holder = any($1) and relative = any($1)", [old, new])
    for table, column, others in _CHILDREN:
        same = " and ".join(f"o.{other} = c.{other}" for other in others)
        await tx.conn.execute(
            f"""
            delete from {table} c where {column} = $1
              and exists (select from {table} o where o.{column} = $2 and {same})
            """,
            old,
            new,
        )
        await tx.conn.execute(f"update {table} set {column} = $2 where {column} = $1", old, new)
    await tx.conn.execute("update volunteer_certificate set holder = $2 where holder = $1", old, new)
    await tx.conn.execute("update volunteer_group set founder = $2 where founder = $1", old, new)
    await tx.conn.execute("delete from volunteer where holder = $1", old)


def _key(citizen: CitizenId) -> str:
    return f"citizen:{citizen}"
