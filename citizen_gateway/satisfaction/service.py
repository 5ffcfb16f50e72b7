"""Use cases of satisfaction: inviting when a ticket is resolved, rating once, closing when the citizens are content."""

import base64
import binascii
from uuid import UUID

from citizen_gateway.city.read_model import City
from citizen_gateway.intake import service as intake
from citizen_gateway.intake import store as reports
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import InvitationId, TicketId, uuid7
from citizen_gateway.platform.actor import SYSTEM, Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Event
from citizen_gateway.platform.vault import Vault
from citizen_gateway.satisfaction import jobs, store
from citizen_gateway.satisfaction.errors import AlreadyRated, NotYetInvited, RatingClosed
from citizen_gateway.satisfaction.events import Rated
from citizen_gateway.satisfaction.model import Invitation, Vote
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.events import Resolved
from citizen_gateway.tickets.model import RATING_WINDOW, Action, Need, TicketState

_MAC = 16


async def on_event(tx: Transaction, event: Event) -> None:
    """Invite every reporter of a ticket that was just resolved."""
    if event.type != Resolved.name:
        return
    ticket = TicketId(event.stream)
    until = tx.now + RATING_WINDOW
    invitations = [
        Invitation(InvitationId(uuid7(tx.now)), report.id, ticket, report.citizen_id, tx.now, until)
        for report in await reports.of_ticket(tx.conn, ticket)
    ]
    await store.invite(tx.conn, invitations)
    await jobs.WINDOW_OVER.enqueue(tx, jobs.WindowOver(ticket), until)


async def of_report(tx: Transaction, report: UUID) -> Invitation:
    """Return the invitation of the actor's own report. Raises `NotFound`, `NotYetInvited`."""
    await intake.report_of(tx, report)
    found = await store.of_report(tx.conn, report)
    if found is None:
        raise NotYetInvited
    return found


async def by_token(tx: Transaction, vault: Vault, token: str) -> Invitation:
    """Return the invitation a link stands for. Raises `NotFound` for a link we did not make."""
    found = await store.by_id(tx.conn, read_token(vault, token))
    if found is None:
        raise NotFound(what="invitation")
    return found


async def rate(tx: Transaction, city: City, invitation: Invitation, vote: Vote) -> None:
    """Keep a vote; when all who were invited are content, close the ticket.

    The timeline shows the vote but not who gave it. Raises `AlreadyRated`, `RatingClosed`.
    """
    if invitation.expires_at <= tx.now:
        raise RatingClosed(expired_at=invitation.expires_at.date().isoformat())
    if not await store.insert_vote(tx.conn, invitation, vote, tx.now):
        raise AlreadyRated
    rated = Rated(vote.contacted, vote.solved.value, vote.satisfied)
    nameless = Transaction(tx.conn, tx.now, Actor(ActorKind.CITIZEN))
    await tickets.note(nameless, invitation.ticket_id, [rated.as_fact()])
    votes = await store.votes_of(tx.conn, invitation.ticket_id)
    if len(votes) == await store.invited(tx.conn, invitation.ticket_id) and all(vote.content for vote in votes):
        await _close(tx, city, invitation.ticket_id, "All who reported it are satisfied.")


async def window_over(tx: Transaction, city: City, over: jobs.WindowOver) -> None:
    """Close a ticket whose time to be rated is over."""
    await _close(tx, city, over.ticket, "The time to rate is over.")


async def _close(tx: Transaction, city: City, ticket_id: TicketId, reason: str) -> None:
    ticket = await ticket_store.by_id(tx.conn, ticket_id)
    if ticket and ticket.state is TicketState.RESOLVED:
        by_system = Transaction(tx.conn, tx.now, SYSTEM)
        await tickets.act(by_system, city, ticket, Action.CLOSE, {Need.REASON: reason})


def make_token(vault: Vault, invitation: InvitationId) -> str:
    """Return the unguessable part of an invitation's link; nothing of it is stored."""
    mac = vault.index(f"invitation:{invitation}")[:_MAC]
    return base64.urlsafe_b64encode(invitation.bytes + mac).rstrip(b"=").decode()


def read_token(vault: Vault, token: str) -> UUID:
    """Return the invitation's id. Raises `NotFound` for a token we did not make."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        invitation = InvitationId(UUID(bytes=raw[:16]))
    except (ValueError, binascii.Error) as error:
        raise NotFound(what="invitation") from error
    if not vault.same(make_token(vault, invitation), token):
        raise NotFound(what="invitation")
    return invitation
