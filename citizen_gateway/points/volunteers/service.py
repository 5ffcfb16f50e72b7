"""Use cases of volunteers: a profile, family, groups, the leaderboard."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from citizen_gateway.accounts.guards import require_kind
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.points import service as ledger
from citizen_gateway.points import store as books
from citizen_gateway.points.codes import new_code, read_code
from citizen_gateway.points.errors import (
    FamilyFull,
    FamilyOff,
    NotAVolunteer,
    NotFamily,
    SentEnough,
    UnknownVolunteer,
    Yourself,
)
from citizen_gateway.points.model import local_day
from citizen_gateway.points.notes import GIFT
from citizen_gateway.points.service import person, rules_of
from citizen_gateway.points.volunteers import store
from citizen_gateway.points.volunteers.errors import GroupNameTaken
from citizen_gateway.points.volunteers.model import Group, GroupId, Period, Rank, Relative, Volunteer

LEADERS = 50


async def me(tx: Transaction) -> Volunteer:
    """Return the actor's profile. Raises `NotAVolunteer` where they have none."""
    found = await store.by_holder(tx.conn, tx.actor.key)
    if found is None:
        raise NotAVolunteer
    return found


async def by_code(tx: Transaction, code: str) -> Volunteer:
    """Return the volunteer with this code, as it was typed. Raises `UnknownVolunteer`."""
    canonical = read_code(code)
    found = await store.by_code(tx.conn, canonical) if canonical else None
    if found is None:
        raise UnknownVolunteer(code=code)
    return found


async def save(tx: Transaction, nickname: str, skills: tuple[str, ...], *, listed: bool) -> Volunteer:
    """Register the actor, or change their profile. Raises `Forbidden` for partners' systems."""
    require_kind(tx.actor, ActorKind.CITIZEN, ActorKind.STAFF)
    while (known := await store.by_holder(tx.conn, tx.actor.key)) is None:
        await store.add(tx.conn, Volunteer(tx.actor.key, new_code(), nickname, listed, skills, tx.now))
    changed = msgspec.structs.replace(known, nickname=nickname, listed=listed, skills=skills)
    await store.change(tx.conn, changed)
    return changed


async def name_relative(tx: Transaction, city: City, code: str) -> list[Relative]:
    """Name a relative; once they name the actor too, points can be sent.

    Raises `FamilyOff`, `NotAVolunteer`, `UnknownVolunteer`, `Yourself`, `FamilyFull`.
    """
    rules = rules_of(city).family
    if not rules.allowed:
        raise FamilyOff
    mine, relative = await me(tx), await by_code(tx, code)
    if mine.holder == relative.holder:
        raise Yourself
    await tx.conn.execute("select from volunteer where holder = $1 for update", mine.holder)
    named = await store.relatives(tx.conn, mine.holder)
    if len(named) >= rules.members and relative.code not in {one.code for one in named}:
        raise FamilyFull(members=rules.members)
    await store.name_relative(tx.conn, mine.holder, relative.holder, tx.now)
    return await store.relatives(tx.conn, mine.holder)


async def drop_relative(tx: Transaction, code: str) -> list[Relative]:
    """No longer name a relative. Raises `NotAVolunteer`, `UnknownVolunteer`."""
    mine, relative = await me(tx), await by_code(tx, code)
    await store.drop_relative(tx.conn, mine.holder, relative.holder)
    return await store.relatives(tx.conn, mine.holder)


async def send(tx: Transaction, city: City, code: str, amount: int) -> int:
    """Send points to a relative, and return what may still be sent this year.

    Raises `FamilyOff`, `NotAVolunteer`, `UnknownVolunteer`, `NotFamily`, `SentEnough` and what spending raises.
    """
    rules = rules_of(city).family
    if not rules.allowed:
        raise FamilyOff
    mine, relative = await me(tx), await by_code(tx, code)
    if not any(one.code == relative.code and one.mutual for one in await store.relatives(tx.conn, mine.holder)):
        raise NotFamily
    await ledger.fresh(tx, city, [person(mine.holder), person(relative.holder)])
    new_year = local_day(tx.now, city.timezone).replace(month=1, day=1)
    left = rules.per_year - await books.sent_since(tx.conn, person(mine.holder), new_year)
    if amount > left:
        raise SentEnough(left=max(left, 0))
    await ledger.send(tx, city, relative.holder, amount, (f"sent:{uuid7(tx.now)}", GIFT))
    return left - amount


async def found_group(tx: Transaction, name: str) -> Group:
    """Found a group, with the actor in it. Raises `NotAVolunteer`, `GroupNameTaken`."""
    mine = await me(tx)
    identity = GroupId(uuid7(tx.now))
    if not await store.insert_group(tx.conn, identity, name, mine.holder, tx.now):
        raise GroupNameTaken(name=name)
    return await group(tx, identity)


async def group(tx: Transaction, identity: UUID) -> Group:
    """Return a group. Raises `NotFound`."""
    found = await store.group(tx.conn, tx.actor.key, identity)
    if found is None:
        raise NotFound(what="group")
    return found


async def join_group(tx: Transaction, identity: UUID) -> Group:
    """Join a group. Raises `NotAVolunteer`, `NotFound`."""
    mine = await me(tx)
    await group(tx, identity)
    await store.join_group(tx.conn, identity, mine.holder, tx.now)
    return await group(tx, identity)


async def leave_group(tx: Transaction, identity: UUID) -> Group:
    """Leave a group. Raises `NotFound`."""
    await group(tx, identity)
    await store.leave_group(tx.conn, identity, tx.actor.key)
    return await group(tx, identity)


async def leaders(tx: Transaction, city: City, period: Period) -> list[Rank]:
    """Return who helped longest this month or year, or ever; only those who wish to be seen."""
    today = local_day(tx.now, city.timezone)
    starts = {Period.MONTH: today.replace(day=1), Period.YEAR: today.replace(month=1, day=1)}
    first = starts.get(period)
    since = datetime.combine(first, time(), ZoneInfo(city.timezone)) if first else None
    return await store.leaders(tx.conn, since, LEADERS)
