"""Taking a step: whether it is possible, allowed and complete, and keeping what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.platform import events
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Fact, Happening, Head
from citizen_gateway.tickets import clocks, jobs, store
from citizen_gateway.tickets.errors import Missing, NotYours, Outrun
from citizen_gateway.tickets.events import Asked, Assigned, Extended, Held, Resumed, Unmerged
from citizen_gateway.tickets.history import apply_all
from citizen_gateway.tickets.model import Step, may, step_for
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.terms import WHO, Action, Need, Who

Given = Mapping[Need, object]

_MOVES_CLOCKS = (Assigned, Asked, Extended, Held, Resumed, Unmerged)


async def admit(tx: Transaction, ticket: Ticket, action: Action, given: Given, secret: bytes | None = None) -> Step:
    """Return the step by which the actor, or the bearer of this secret, may do this now with what they bring.

    Raises `IllegalAction`, `NotPossible`, `NotYours`, `Missing`.
    """
    reporter = await reports_it(tx, ticket, secret)
    step = step_for(action, ticket, tx.actor, tx.now, reporter=reporter)
    if not may(tx.actor, step, ticket, reporter=reporter):
        raise NotYours(who=WHO[next((who for who in step.who if who is not Who.SYSTEM), Who.SYSTEM)])
    for need in step.needs:
        if need is Need.AFTER_PHOTO and not ticket.with_photo:
            continue
        value = given.get(need)
        if value is None or (isinstance(value, str | list | tuple) and not _said(value)):
            raise Missing(need=need.value)
    return step


async def reports_it(tx: Transaction, ticket: Ticket, secret: bytes | None) -> bool:
    """Whether the actor, or the bearer of this secret, is a reporter of the ticket."""
    if tx.actor.kind is ActorKind.SYSTEM:
        return False
    key = tx.actor.key if tx.actor.kind is not ActorKind.ANONYMOUS else None
    if key is None and secret is None:
        return False
    return await store.reported(tx.conn, ticket.id, key, secret)


def ids(given: Given, need: Need) -> tuple[UUID, ...]:
    """Return the ids that were brought, none where none were."""
    found = given.get(need)
    return tuple(one for one in found if isinstance(one, UUID)) if isinstance(found, list | tuple) else ()


def check_version(ticket: Ticket, seen: int | None) -> None:
    """Raise `Outrun` where the ticket is not what the caller saw, if they say what they saw."""
    if seen is not None and seen != ticket.version:
        raise Outrun(state=ticket.state.value, version=ticket.version)


async def keep(tx: Transaction, city: City, ticket: Ticket, told: Sequence[Happening]) -> Ticket:
    """Record what happened, make the ticket what that makes of it, and plan the next look at its clocks.

    Raises `Outrun` where somebody else changed the ticket meanwhile.
    """
    after = apply_all(ticket, told, tx.now)
    if not any(isinstance(one, _MOVES_CLOCKS) for one in told):
        return await save(tx, ticket, after, [one.as_fact() for one in told])
    chained = await _chained(tx, after, [one.as_fact() for one in told])
    planned = await _plan(tx, city, chained, told)
    return await _stored(tx, ticket, planned)


async def save(tx: Transaction, seen: Ticket, changed: Ticket, facts: Sequence[Fact]) -> Ticket:
    """Record facts and keep the changed ticket. Raises `Outrun`."""
    return await _stored(tx, seen, await _chained(tx, changed, facts))


async def plan(tx: Transaction, ticket: Ticket, at: datetime | None) -> Ticket:
    """Have the ticket's clocks looked at then; the caller keeps the ticket."""
    if at is not None:
        await jobs.DUE.enqueue(tx, jobs.Due(ticket.id, at), at)
    return msgspec.structs.replace(ticket, next_check=at)


async def opened(tx: Transaction, city: City, ticket: Ticket, told: Sequence[tuple[Happening, Fact]]) -> Ticket:
    """Begin a ticket's timeline; return the ticket as it is to be inserted."""
    ticket = apply_all(ticket, [one for one, _ in told], tx.now)
    ticket = await _chained(tx, ticket, [fact for _, fact in told])
    given = next((one for one, _ in told if isinstance(one, Assigned)), None)
    if given is None:
        return ticket
    return await plan(tx, ticket, clocks.next_moment(clocks.started(given, tx.now), city.calendar, tx.now))


async def _plan(tx: Transaction, city: City, ticket: Ticket, told: Sequence[Happening]) -> Ticket:
    if ticket.pause is not None:
        return await plan(tx, ticket, ticket.pause.until)
    given = next((one for one in told if isinstance(one, Assigned)), None)
    if given is not None:
        now = clocks.started(given, tx.now)
    else:
        now = clocks.deadlines(await events.stream_events(tx.conn, ticket.id, public_only=False))
    return await plan(tx, ticket, clocks.next_moment(now, city.calendar, tx.now))


async def _chained(tx: Transaction, ticket: Ticket, facts: Sequence[Fact]) -> Ticket:
    head = await events.record(tx, ticket.id, Head(ticket.version, ticket.head_hash), facts)
    return msgspec.structs.replace(ticket, version=head.version, head_hash=head.hash)


async def _stored(tx: Transaction, seen: Ticket, changed: Ticket) -> Ticket:
    if await store.update(tx.conn, changed, seen.version):
        return changed
    now = await store.by_id(tx.conn, seen.id) or seen
    raise Outrun(state=now.state.value, version=now.version)


def _said(value: str | Sequence[object]) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)
