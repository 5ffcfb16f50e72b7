"""Rating a result: signed in, or by the link of an invitation."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound, Unauthenticated, Violation
from citizen_gateway.platform.actor import ANONYMOUS
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.vault import Vault
from citizen_gateway.satisfaction import service, store
from citizen_gateway.satisfaction.errors import AlreadyRated, NotYetInvited, RatingClosed, RatingSuperseded
from citizen_gateway.satisfaction.model import Invitation, Vote
from citizen_gateway.satisfaction.schema import InvitationView, RateReport, RatingView
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.record import Ticket
from citizen_nlp import mask

_RATING = raises(Violation, NotFound, AlreadyRated, RatingClosed, RatingSuperseded)


class RatingController(Controller):
    """Ratings."""

    path = "/v1"
    tags = ("ratings",)

    @get(
        "/reports/{report_id:uuid}/invitation",
        operation_id="getInvitationOfReport",
        summary="The invitation to rate one of my reports",
        responses=raises(Unauthenticated, NotFound, NotYetInvited),
    )
    async def of_report(
        self,
        *,
        report_id: FromPath[UUID],
        actor: Caller,
        work: Work,
    ) -> InvitationView:
        """Show the invitation of one of your own reports, once its ticket is resolved."""
        vault = work.part(Vault)
        async with work.read(actor) as tx:
            return await _view(tx, vault, await service.of_report(tx, report_id))

    @post(
        "/reports/{report_id:uuid}/rating",
        operation_id="rateReport",
        summary="Rate the result of one of my reports",
        responses=_RATING | raises(Unauthenticated, NotFound, NotYetInvited),
    )
    async def rate_report(
        self,
        *,
        report_id: FromPath[UUID],
        data: JSONBody[RateReport],
        actor: Caller,
        work: Work,
    ) -> Response[RatingView]:
        """Rate the result, once. The handler never sees who rated."""
        city = work.part(City)

        async def keep(tx: Transaction) -> RatingView:
            return await _rate(tx, city, await service.of_report(tx, report_id), data)

        return await work.once(actor, keep, status=201)

    @get(
        "/invitations/{token:str}",
        operation_id="getInvitation",
        summary="An invitation to rate, by its link",
        responses=raises(NotFound),
    )
    async def of_token(
        self,
        *,
        token: FromPath[str],
        work: Work,
    ) -> InvitationView:
        """Show an invitation to whoever has its link; nobody need sign in."""
        vault = work.part(Vault)
        async with work.read(ANONYMOUS) as tx:
            return await _view(tx, vault, await service.by_token(tx, vault, token))

    @post(
        "/invitations/{token:str}/rating",
        operation_id="rateByInvitation",
        summary="Rate by the link of an invitation",
        responses=_RATING,
    )
    async def rate_by_token(
        self,
        *,
        token: FromPath[str],
        data: JSONBody[RateReport],
        work: Work,
    ) -> Response[RatingView]:
        """Rate the result, once, by the link of an invitation; nobody need sign in."""
        vault = work.part(Vault)
        city = work.part(City)

        async def keep(tx: Transaction) -> RatingView:
            return await _rate(tx, city, await service.by_token(tx, vault, token), data)

        return await work.once(ANONYMOUS, keep, status=201)


async def _rate(tx: Transaction, city: City, invitation: Invitation, data: RateReport) -> RatingView:
    vote = Vote(data.contacted, data.solved, data.satisfied, tuple(data.tags), data.comment)
    await service.rate(tx, city, invitation, vote)
    ticket = await _ticket(tx, invitation)
    return RatingView(
        report_id=invitation.report_id,
        contacted=vote.contacted,
        solved=vote.solved,
        satisfied=vote.satisfied,
        tags=list(vote.tags),
        comment=vote.comment,
        ticket_state=ticket.state.value,
    )


async def _view(tx: Transaction, vault: Vault, invitation: Invitation) -> InvitationView:
    ticket = await _ticket(tx, invitation)
    return InvitationView(
        token=service.make_token(vault, invitation.id),
        ticket_number=ticket.number,
        title=mask(ticket.title).text,
        reply=ticket.reply,
        invited_at=invitation.invited_at,
        expires_at=invitation.expires_at,
        rated=await store.vote_of(tx.conn, invitation.id) is not None,
    )


async def _ticket(tx: Transaction, invitation: Invitation) -> Ticket:
    ticket = await ticket_store.by_id(tx.conn, invitation.ticket_id)
    if ticket is None:
        raise NotFound(what="ticket")
    return ticket
