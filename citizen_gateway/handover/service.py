"""Use cases of hand-over: offered by whoever answers for a case, signed or refused by the other side."""

from uuid import UUID

from citizen_gateway.accounts import client_store
from citizen_gateway.accounts.guards import require_kind, require_scope
from citizen_gateway.accounts.model import Channel
from citizen_gateway.handover import jobs, store
from citizen_gateway.handover.errors import HandoverAnswered, HandoverOpen, NobodyThere, NotResponsible
from citizen_gateway.handover.events import (
    HandoverOffered,
    HandoverRefused,
    HandoverSigned,
    HandoverUnsigned,
    HandoverWithdrawn,
)
from citizen_gateway.handover.model import Handover, HandoverState, answered, sign_due
from citizen_gateway.intake import references
from citizen_gateway.intake import store as reports
from citizen_gateway.intake.model import Report
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import new_secret, secret_hash, uuid7
from citizen_gateway.platform.actor import Actor, ActorKind, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.record import Follower, Ticket

_Told = HandoverOffered | HandoverSigned | HandoverRefused | HandoverWithdrawn | HandoverUnsigned


async def offer(tx: Transaction, report_id: UUID, to: Channel, reason: str) -> Handover:
    """Offer a case to another channel.

    Raises `NotFound` for a report the client has nothing to do with, `NotResponsible` where another channel signed for
    it since, `NobodyThere`, `HandoverOpen`.
    """
    client = _client(tx.actor)
    report, ticket = await _case(tx, report_id)
    before = await store.of_report(tx.conn, report.id)
    signed = next((one for one in before if one.state is HandoverState.SIGNED), None)
    holder = signed.to_client if signed else _author(report)
    if client != holder:
        if any(one.is_party(client, tx.actor.channel) for one in before) or client == _author(report):
            raise NotResponsible(channel=(signed.to_channel if signed else report.channel).value)
        raise NotFound(what="report")
    if to.value == tx.actor.channel or not await client_store.has_client(tx.conn, to.value, Scope.HANDOVERS):
        raise NobodyThere(channel=to.value)
    made = Handover(
        id=uuid7(tx.now),
        report_id=report.id,
        from_client=client,
        from_channel=Channel(tx.actor.channel),
        to_client=None,
        to_channel=to,
        state=HandoverState.OFFERED,
        reason=reason,
        answer=None,
        offered_at=tx.now,
        sign_due=sign_due(tx.now, emergency=ticket.emergency),
        answered_at=None,
    )
    if not await store.insert(tx.conn, made):
        raise HandoverOpen(channel=next(one.to_channel.value for one in before if one.state is HandoverState.OFFERED))
    await _tell(tx, made, HandoverOffered)
    await jobs.SIGN_DUE.enqueue(tx, jobs.SignDue(made.id), made.sign_due)
    return made


async def sign(tx: Transaction, identity: UUID, reference: str | None) -> Handover:
    """Sign for a case: from now on the client's channel answers for it, and its system may watch the ticket.

    `reference` is what the client's own system calls it. Raises `NotFound`, `HandoverAnswered`, `ReferenceTaken`.
    """
    client = _client(tx.actor)
    signed = answered(await _offered_here(tx, identity), HandoverState.SIGNED, tx.now, client)
    await _answer(tx, signed, HandoverSigned)
    report, ticket = await _case(tx, signed.report_id)
    watcher = Follower(secret_hash(new_secret("")), (tx.actor.key,))
    ticket_store.add_follower(tx.conn, ticket.id, watcher, tx.now)
    if reference:
        await references.keep(tx, reference, report.id)
    return signed


async def refuse(tx: Transaction, identity: UUID, reason: str) -> Handover:
    """Refuse a case; whoever offered it goes on answering for it. Raises `NotFound`, `HandoverAnswered`."""
    client = _client(tx.actor)
    refused = answered(await _offered_here(tx, identity), HandoverState.REFUSED, tx.now, client, reason)
    return await _answer(tx, refused, HandoverRefused)


async def withdraw(tx: Transaction, identity: UUID) -> Handover:
    """Take an offer back. Raises `NotFound`, `HandoverAnswered`."""
    found = await store.by_id(tx.conn, identity)
    if found is None or found.from_client != tx.actor.id:
        raise NotFound(what="handover")
    return await _answer(tx, answered(found, HandoverState.WITHDRAWN, tx.now), HandoverWithdrawn)


async def show(tx: Transaction, identity: UUID) -> Handover:
    """Return a hand-over of the client's side or offered to its channel. Raises `NotFound`."""
    found = await store.by_id(tx.conn, identity)
    if found is None or not found.is_party(tx.actor.id, tx.actor.channel):
        raise NotFound(what="handover")
    return found


async def check_signed(tx: Transaction, due: jobs.SignDue) -> None:
    """Record that nobody signed in time, once."""
    found = await store.by_id(tx.conn, due.handover)
    if found and found.state is HandoverState.OFFERED and found.sign_due <= tx.now:
        await _tell(tx, found, HandoverUnsigned)


async def case_of(tx: Transaction, handover: Handover) -> tuple[Report, Ticket]:
    """Return what is handed over: what the citizen said, and what the city does about it."""
    return await _case(tx, handover.report_id)


async def _offered_here(tx: Transaction, identity: UUID) -> Handover:
    found = await store.by_id(tx.conn, identity)
    if found is None or found.to_channel.value != tx.actor.channel:
        raise NotFound(what="handover")
    return found


async def _answer(tx: Transaction, now: Handover, kind: type[_Told]) -> Handover:
    if not await store.answer(tx.conn, now):
        before = await store.by_id(tx.conn, now.id) or now
        raise HandoverAnswered(state=before.state.value, since=f"{before.answered_at:%Y-%m-%dT%H:%M:%S%z}")
    await _tell(tx, now, kind)
    return now


async def _tell(tx: Transaction, handover: Handover, kind: type[_Told]) -> None:
    report, _ = await _case(tx, handover.report_id)
    told = kind(handover.id, report.id, handover.from_channel.value, handover.to_channel.value)
    await tickets.note(tx, report.ticket_id, [told.as_fact()])


async def _case(tx: Transaction, report_id: UUID) -> tuple[Report, Ticket]:
    report = await reports.by_id(tx.conn, report_id)
    ticket = await ticket_store.by_id(tx.conn, report.ticket_id) if report else None
    if report is None or ticket is None:
        raise NotFound(what="report")
    return report, ticket


def _client(actor: Actor) -> UUID:
    """Return the calling client. Raises `Forbidden` for people, `ScopeMissing` for a client without the scope."""
    require_kind(actor, ActorKind.CLIENT)
    require_scope(actor, Scope.HANDOVERS)
    if actor.id is None:
        raise NotFound(what="client")
    return actor.id


def _author(report: Report) -> UUID | None:
    """Return the client that filed a report, None where a person did."""
    kind, _, identity = report.author.partition(":")
    return UUID(identity) if kind == ActorKind.CLIENT.value else None
