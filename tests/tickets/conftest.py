"""Tickets of several kinds, inside a transaction that leaves no trace."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.geo import Point
from citizen_gateway.kernel.ids import new_secret, secret_hash, uuid7
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import first_broken_link, stream_events
from citizen_gateway.tickets import service
from citizen_gateway.tickets.model import Follower, Ticket
from citizen_gateway.tickets.service import Case
from tests.gateway import DEPARTMENT, SPOT

HERE = Point(SPOT["lat"], SPOT["lon"])

OpenTicket = Callable[..., Awaitable[Ticket]]


@pytest.fixture
def as_handler() -> Actor:
    """Return a handler of the department of the usual spot."""
    return Actor(ActorKind.STAFF, UUID(int=7), "h", grants=(Grant(Role.HANDLER, DEPARTMENT),))


@pytest.fixture
def as_center() -> Actor:
    """Return an operator of the center."""
    return Actor(ActorKind.STAFF, UUID(int=8), "c", grants=(Grant(Role.CENTER),))


@pytest.fixture
def open_ticket(city: City) -> OpenTicket:
    """Return what opens a ticket for rubbish at the usual spot, or for what it is told."""

    async def open_one(
        tx: Transaction,
        category: str | None = "101",
        *,
        confidence: float = 0.9,
        category_given: bool = False,
        point: Point | None = HERE,
        emergency: bool = False,
        with_photo: bool = False,
        secret: str | None = None,
    ) -> Ticket:
        case = Case(
            title="垃圾无人清理",
            report=uuid7(tx.now),
            category=CategoryCode(category) if category else None,
            confidence=confidence,
            category_given=category_given,
            location=city.locate(point) if point else None,
            point=point,
            emergency=("110", "119") if emergency else (),
            with_photo=with_photo,
        )
        follower = Follower(secret_hash(secret or new_secret("")), (tx.actor.key,))
        return await service.open_ticket(tx, city, case, follower)

    return open_one


def acting(tx: Transaction, actor: Actor, later: timedelta = timedelta()) -> Transaction:
    """Go on in the same transaction as somebody else, perhaps later."""
    return Transaction(tx.conn, tx.now + later, actor)


async def types(tx: Transaction, ticket: Ticket) -> list[str]:
    """Return what happened to a ticket, having checked that its chain is whole."""
    assert await first_broken_link(tx.conn, ticket.id) is None
    return [event.type for event in await stream_events(tx.conn, ticket.id, public_only=False)]
