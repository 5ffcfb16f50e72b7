"""Invitations, votes and the end of the window, inside a transaction."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import InvitationId, ReportId
from citizen_gateway.platform.db import Transaction, begin
from citizen_gateway.platform.vault import Vault
from citizen_gateway.satisfaction import service, store
from citizen_gateway.satisfaction.jobs import WINDOW_OVER, WindowOver
from citizen_gateway.satisfaction.model import Solved, Vote
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.model import RATING_WINDOW, Ticket, TicketState
from citizen_gateway.worker import duties
from tests.gateway import Gateway, Person
from tests.satisfaction.conftest import CONTENT, Settled


async def ticket_of(tx: Transaction, settled: Settled) -> Ticket:
    """Return the settled ticket as it stands."""
    ticket = await ticket_store.by_number(tx.conn, settled.number)
    assert ticket is not None
    return ticket


class TestWindowOver:
    """The job at the end of the window."""

    async def test_an_unrated_ticket_is_closed_once(self, settled: Settled, tx: Transaction, city: City) -> None:
        """未评价: closed by the system with the reason; a second run changes nothing."""
        ticket = await ticket_of(tx, settled)
        await service.window_over(tx, city, WindowOver(ticket.id))
        closed = await ticket_of(tx, settled)
        assert closed.state is TicketState.CLOSED
        await service.window_over(tx, city, WindowOver(ticket.id))
        assert await ticket_of(tx, settled) == closed

    async def test_a_ticket_that_is_not_resolved_stays(self, tx: Transaction, city: City, citizen: Person) -> None:
        """A ticket at work again, or one that is gone, is left alone."""
        number = (await citizen.report())["ticket"]["number"]
        ticket = await ticket_store.by_number(tx.conn, number)
        assert ticket is not None
        await service.window_over(tx, city, WindowOver(ticket.id))
        assert await ticket_store.by_number(tx.conn, number) == ticket
        await service.window_over(tx, city, WindowOver(UUID(int=1)))

    async def test_the_job_waits_until_then_and_a_worker_can_do_it(self, settled: Settled) -> None:
        """Inviting enqueues the job for the end of the window; the worker's duty of that name closes the ticket."""
        parts = settled.gateway.parts
        async with begin(parts.pool, parts.clock()) as tx:
            ticket = await ticket_of(tx, settled)
            wait = await tx.conn.fetchval(
                "select max(execute_after - created) from job_pgqueuer where entrypoint = $1", WINDOW_OVER.name
            )
        assert abs(wait - RATING_WINDOW) < timedelta(seconds=5)
        duty = next(duty for duty in duties(parts) if duty.kind is WINDOW_OVER)
        await duty.run(parts.pool, parts.clock, b'{"ticket":"%s"}' % str(ticket.id).encode())
        async with begin(parts.pool, parts.clock()) as tx:
            assert (await ticket_of(tx, settled)).state is TicketState.CLOSED


class TestSeveralReporters:
    """A ticket that answers several reports."""

    async def test_all_must_be_content(self, settled: Settled, tx: Transaction, city: City) -> None:
        """The ticket waits for every invited vote, and one who is not content keeps it open."""
        first = await store.of_report(tx.conn, UUID(settled.report))
        assert first is not None
        other = msgspec.structs.replace(first, id=InvitationId(uuid4()), report_id=ReportId(uuid4()), citizen_id=None)
        await store.invite(tx.conn, [other])
        vote = Vote(contacted=True, solved=Solved.SOLVED, satisfied=5)
        await service.rate(tx, city, first, vote)
        assert (await ticket_of(tx, settled)).state is TicketState.RESOLVED
        await service.rate(tx, city, other, vote)
        assert (await ticket_of(tx, settled)).state is TicketState.CLOSED

    async def test_simultaneous_votes_of_two_reporters_both_count(self, settled: Settled, gateway: Gateway) -> None:
        """Neither is told that somebody was first: votes of different people do not exclude each other."""
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            ticket = await ticket_of(tx, settled)
            first = await store.of_report(tx.conn, UUID(settled.report))
            assert first is not None
            others = [
                msgspec.structs.replace(first, id=InvitationId(uuid4()), report_id=ReportId(uuid4())) for _ in range(5)
            ]
            assert ticket.id == first.ticket_id
            await store.invite(tx.conn, others)
        tokens = [service.make_token(gateway.parts.vault, one.id) for one in others]
        paths = [f"/v1/invitations/{token}/rating" for token in (*tokens, settled.invitation["token"])]
        answers = await asyncio.gather(*(gateway.stranger.post(path, CONTENT) for path in paths))
        assert [answer.status_code for answer in answers] == [201] * 6
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            assert (await ticket_of(tx, settled)).state is TicketState.CLOSED


class TestToken:
    """The unguessable part of an invitation's link."""

    def test_opens_its_own_invitation_under_its_own_key(self, vault: Vault) -> None:
        """The token carries the id; another gateway's key does not accept it."""
        invitation = InvitationId(uuid4())
        token = service.make_token(vault, invitation)
        assert service.read_token(vault, token) == invitation
        with pytest.raises(NotFound):
            service.read_token(Vault("another gateway's key, just as long as this one"), token)
