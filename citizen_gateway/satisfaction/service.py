"""Use cases of satisfaction: inviting when a ticket is resolved, rating once, closing or reopening by what is said."""

import base64
import binascii
from datetime import timedelta
from uuid import UUID

from citizen_gateway.city.read_model import City
from citizen_gateway.intake import service as intake
from citizen_gateway.intake import store as reports
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import InvitationId, TicketId, uuid7
from citizen_gateway.platform.actor import SYSTEM, Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Event
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.platform.vault import Vault
from citizen_gateway.satisfaction import follow_ups, jobs, store
from citizen_gateway.satisfaction.errors import AlreadyRated, NotYetInvited, RatingClosed, RatingSuperseded
from citizen_gateway.satisfaction.events import Invited, Rated
from citizen_gateway.satisfaction.model import Invitation, Reason, Vote
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.events import Closed, Resolved
from citizen_gateway.tickets.model import RATING_WINDOW, Action, Need, TicketState
from citizen_gateway.tickets.record import Ticket

ALL_CONTENT = message("All who reported it are satisfied.")
NOT_CONTENT = message("Somebody who reported it is not satisfied.")
TIME_OVER = message("The time to rate is over.")
UNRATED = message("Nobody rated it in time.")

WINDOW_SLACK = timedelta(hours=1)
"""An invitation goes out a moment after the resolution, so its time ends a moment after the window."""

_MAC = 16


async def on_event(tx: Transaction, city: City, event: Event) -> None:
    """Invite every reporter of a ticket that was just resolved; of those closed, draw some to be called."""
    if event.type == Resolved.name:
        await _invite(tx, event)
    elif event.type == Closed.name:
        await follow_ups.draw(tx, city, TicketId(event.stream))


async def _invite(tx: Transaction, event: Event) -> None:
    """Invite once for each resolution, and not for one that was undone before anybody could be told."""
    ticket = await ticket_store.by_id(tx.conn, TicketId(event.stream))
    if ticket is None or ticket.resolved_at != event.at:
        return
    until = tx.now + RATING_WINDOW
    invitations = [
        Invitation(InvitationId(uuid7(tx.now)), one.id, ticket.id, one.citizen_id, tx.now, until, event.version)
        for one in await reports.by_ids(tx.conn, ticket.reports)
    ]
    if invited := await store.invite(tx.conn, invitations):
        await tickets.note(Transaction(tx.conn, tx.now, SYSTEM), ticket.id, [Invited(tuple(invited)).as_fact()])
        await jobs.WINDOW_OVER.enqueue(tx, jobs.WindowOver(ticket.id, event.version), until)


async def of_report(tx: Transaction, report: UUID) -> Invitation:
    """Return the newest invitation of the actor's own report. Raises `NotFound`, `NotYetInvited`."""
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
    """Keep a vote; when all who were invited are content, close the ticket; when one is not, reopen it once.

    The timeline shows the vote but not who gave it. Votes on one ticket wait for each other. Raises `AlreadyRated`,
    `RatingClosed`, and `RatingSuperseded` where the ticket is at work again.
    """
    if invitation.expires_at <= tx.now:
        raise RatingClosed(expired_at=invitation.expires_at.date().isoformat())
    await ticket_store.hold(tx.conn, invitation.ticket_id)
    if await store.vote_of(tx.conn, invitation.id) is not None:
        raise AlreadyRated
    ticket = await _rateable(tx, invitation)
    if not await store.insert_vote(tx.conn, invitation, vote, tx.now):
        raise AlreadyRated
    nameless = Transaction(tx.conn, tx.now, Actor(ActorKind.CITIZEN))
    rated = Rated(vote.contacted, vote.solved.value, vote.satisfied)
    ticket = await tickets.note(nameless, ticket.id, [rated.as_fact()])
    if vote.content:
        counted = await store.tally(tx.conn, ticket.id, invitation.resolution)
        if len(counted.votes) == counted.invited and all(one.content for one in counted.votes):
            await _settle(tx, city, ticket, Action.CLOSE, ALL_CONTENT)
    elif ticket.reopened_unsatisfied:
        await follow_ups.ask_for(tx, ticket, invitation.resolution, Reason.UNSATISFIED)
    else:
        await _settle(tx, city, ticket, Action.REOPEN, NOT_CONTENT)


async def _rateable(tx: Transaction, invitation: Invitation) -> Ticket:
    """Return the ticket if the resolution that the invitation is about still stands."""
    ticket = await ticket_store.by_id(tx.conn, invitation.ticket_id)
    if ticket is None:
        raise NotFound(what="ticket")
    again = ticket.assigned_at is not None and ticket.assigned_at > invitation.invited_at
    if ticket.resolved_at is None or again:
        raise RatingSuperseded
    return ticket


async def window_over(tx: Transaction, city: City, over: jobs.WindowOver) -> None:
    """Close a ticket whose time to be rated is over; the end of a former resolution's time is nobody's matter."""
    await ticket_store.hold(tx.conn, over.ticket)
    ticket = await ticket_store.by_id(tx.conn, over.ticket)
    newest = await store.newest_resolution(tx.conn, over.ticket)
    if ticket is None or over.resolution not in {0, newest}:
        return
    rated = (await store.tally(tx.conn, over.ticket, newest)).votes
    await _settle(tx, city, ticket, Action.CLOSE, TIME_OVER if rated else UNRATED)


async def _settle(tx: Transaction, city: City, ticket: Ticket, action: Action, why: str) -> None:
    """Close or reopen a ticket that is still resolved, by the system's hand."""
    if ticket.state is TicketState.RESOLVED:
        by_system = Transaction(tx.conn, tx.now, SYSTEM)
        reason = translate(why, city.settings.language)
        await tickets.act(by_system, city, ticket, action, {Need.REASON: reason})


async def is_over(tx: Transaction, ticket: Ticket) -> bool:
    """Whether nobody can rate the ticket's last resolution any more."""
    if ticket.state is not TicketState.RESOLVED:
        return True
    return ticket.resolved_at is not None and ticket.resolved_at + RATING_WINDOW + WINDOW_SLACK <= tx.now


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
