"""New duty rules tried on past tickets: what would have gone elsewhere, and whether that would have been right."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from citizen_gateway.city.model import AreaCode, AreaLevel, CategoryCode, Location
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.questions import Conditions, Selection
from citizen_gateway.platform.db import Connection, read_all

_EXAMPLES = 5


class Past(msgspec.Struct, frozen=True):
    """A ticket of the past: what it was about, where, and who settled it or holds it now."""

    number: str
    category: str
    areas: tuple[str, ...]
    settled_by: str | None


class Moved(msgspec.Struct, frozen=True):
    """Tickets of one category and district that would have gone elsewhere; no department means to a person.

    `settled_by_before` and `settled_by_after` count those that the one or the other really settled in the end.
    """

    category: str
    district: str | None
    before: str | None
    after: str | None
    tickets: int
    settled_by_before: int
    settled_by_after: int
    examples: tuple[str, ...]


class Replay(msgspec.Struct, frozen=True):
    """What new rules would have changed.

    `unknown` are tickets whose category the new pack does not have. `right_before` and `right_after` count the tickets
    that the rules sent to whoever settled them in the end.
    """

    tickets: int
    same: int
    unknown: int
    to_a_person: int
    from_a_person: int
    settled: int
    right_before: int
    right_after: int
    moved: tuple[Moved, ...]


async def past_tickets(conn: Connection, selection: Selection) -> list[Past]:
    """Return the tickets opened in the selection's days whose category is known, as their events tell of them."""
    conditions = Conditions(selection)
    rows = await conn.fetch(
        f"""
        select coalesce(t.number, c.ticket_id::text) as number, c.category, c.areas,
               (select f.department from insight_turn f where f.ticket_id = c.ticket_id and f.resolved_at is not null
                order by f.number desc limit 1) as settled_by
        from insight_case c left join ticket t on t.id = c.ticket_id
        where c.category is not null and {conditions.during("c.opened_at")} and {conditions.within("c.department")}
        order by c.opened_at, 1
        """,
        *conditions.values,
    )
    return read_all(Past, rows)


def replay(old: City, new: City, past: Iterable[Past]) -> Replay:
    """Ask the old and the new rules about each ticket."""
    counted: Counter[str] = Counter()
    groups: dict[tuple[str, str | None, str | None, str | None], list[Past]] = defaultdict(list)
    for ticket in past:
        counted["tickets"] += 1
        before = _answer(old, ticket)
        if CategoryCode(ticket.category) not in new.categories:
            counted["unknown"] += 1
            continue
        after = _answer(new, ticket)
        counted["settled"] += ticket.settled_by is not None
        counted["right_before"] += before is not None and before == ticket.settled_by
        counted["right_after"] += after is not None and after == ticket.settled_by
        if before == after:
            counted["same"] += 1
            continue
        counted["to_a_person"] += after is None
        counted["from_a_person"] += before is None
        groups[ticket.category, _district(new, ticket), before, after].append(ticket)
    moved = [_moved(key, tickets) for key, tickets in groups.items()]
    moved.sort(key=lambda one: (-one.tickets, one.category, one.district or ""))
    names = ("tickets", "same", "unknown", "to_a_person", "from_a_person", "settled", "right_before", "right_after")
    return msgspec.convert({name: counted[name] for name in names} | {"moved": tuple(moved)}, Replay)


def _moved(key: tuple[str, str | None, str | None, str | None], tickets: list[Past]) -> Moved:
    category, district, before, after = key
    settled = Counter(ticket.settled_by for ticket in tickets if ticket.settled_by)
    examples = tuple(ticket.number for ticket in tickets[:_EXAMPLES])
    by_before, by_after = (settled[code] if code else 0 for code in (before, after))
    return Moved(category, district, before, after, len(tickets), by_before, by_after, examples)


def _answer(city: City, ticket: Past) -> str | None:
    category = CategoryCode(ticket.category)
    return city.dispatch(category, place(city, ticket.areas)).department if category in city.categories else None


def place(city: City, codes: Iterable[str]) -> Location | None:
    """Return the place that some codes name in this city, from the finest it has; none where it has none of them."""
    known = [city.areas[AreaCode(code)] for code in codes if AreaCode(code) in city.areas]
    dedicated = next((area for area in known if area.level is AreaLevel.DEDICATED), None)
    finest = next((area for area in known if area.level is not AreaLevel.DEDICATED), None)
    if finest is None:
        return city.location_of(dedicated.code) if dedicated else None
    return Location(city.area_path(finest.code), dedicated)


def _district(city: City, ticket: Past) -> str | None:
    location = place(city, ticket.areas)
    area = location.at(AreaLevel.ZONE) or location.at(AreaLevel.DISTRICT) if location else None
    return area.code if area else None
