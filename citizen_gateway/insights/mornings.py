"""Each morning's briefings: asked for once a day, made one by one, and kept; other days are made when asked."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.city.read_model import City
from citizen_gateway.insights import briefing as briefings
from citizen_gateway.insights.briefing import Briefing
from citizen_gateway.insights.errors import ForeignFigures, UnknownPeriod
from citizen_gateway.insights.jobs import MAKE_BRIEFING, MakeBriefing
from citizen_gateway.insights.rights import reach_of
from citizen_gateway.insights.service import today
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import Connection, Transaction

HOUR = time(6, 30)
"""From when on, by the city's clock, yesterday's briefings are made."""


async def ask_for_briefings(tx: Transaction, city: City) -> int:
    """Enqueue the briefings of yesterday, if it is time and nobody did; return how many."""
    local = tx.now.astimezone(ZoneInfo(city.timezone))
    if local.time() < HOUR:
        return 0
    day = local.date() - timedelta(days=1)
    first = await tx.conn.fetchval(
        "insert into insight_morning (day, asked_at) values ($1, $2) on conflict do nothing returning day", day, tx.now
    )
    if first is None:
        return 0
    centers = briefings.centers(city)
    for center in centers:
        await MAKE_BRIEFING.enqueue(tx, MakeBriefing(center, day))
        await tx.conn.flush()  # all of them in one statement would be too many parameters
    return len(centers)


async def make_briefing(tx: Transaction, city: City, wanted: MakeBriefing) -> None:
    """Make and keep one center's briefing; one that is kept stays as it is."""
    made = await briefings.make(tx, city, wanted.center, wanted.day, city.settings.language)
    await tx.conn.execute(
        """
        insert into insight_briefing (center, day, made_at, content) values ($1, $2, $3, $4)
        on conflict (center, day) do nothing
        """,
        wanted.center,
        wanted.day,
        tx.now,
        msgspec.to_builtins(made),
    )


async def kept(conn: Connection, center: str, day: date) -> Briefing | None:
    """Return the briefing a center was given in the morning after a day."""
    content = await conn.fetchval("select content from insight_briefing where center = $1 and day = $2", center, day)
    return msgspec.convert(content, Briefing) if content is not None else None


async def briefing(tx: Transaction, city: City, center: str, day: date | None, language: str) -> Briefing:
    """Return a center's briefing as it was kept, or made now; yesterday's where no day is named.

    Raises `UnknownCenter`, `UnknownPeriod` for a day to come, and what `reach_of` does.
    """
    area = briefings.area_of(city, center)
    _must_see(tx, city, area)
    now = today(tx, city)
    chosen = day or now - timedelta(days=1)
    if not date(2000, 1, 1) <= chosen <= now:
        raise UnknownPeriod(period=chosen.isoformat())
    found = await kept(tx.conn, center, chosen)
    if found is not None:
        return briefings.in_language(found, city, language)
    return await briefings.make(tx, city, center, chosen, language)


def _must_see(tx: Transaction, city: City, area: str | None) -> None:
    """Raise where the actor works for no center or auditor's office that looks after the area."""
    if not tx.actor.holds(Role.CENTER, Role.AUDITOR):
        raise RoleMissing(roles=f"{Role.CENTER}, {Role.AUDITOR}")
    reach = reach_of(tx.actor, city, None, area)
    if reach.department is not None or reach.area != area:
        shown = [reach.area] if reach.area else []
        raise ForeignFigures(yours=", ".join(shown) or "—", departments=[], areas=shown)
