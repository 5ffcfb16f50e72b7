"""How an action comes in over HTTP: the same way for all, one transaction and one answer."""

from typing import Annotated

import msgspec
from litestar import Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.accounts.guards import require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound, Problem, Unauthenticated, Violation
from citizen_gateway.kernel.ids import secret_hash
from citizen_gateway.media.service import owned_photos
from citizen_gateway.platform.actor import Actor, ActorKind, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import UnitOfWork
from citizen_gateway.platform.i18n import message
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets import service
from citizen_gateway.tickets.errors import BadTicketNumber, IllegalAction, Missing, NotPossible, NotYours, Outrun
from citizen_gateway.tickets.model import scopes_of
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.requests import Body
from citizen_gateway.tickets.schema import TicketView, ticket_view
from citizen_gateway.tickets.steps import Given, ids
from citizen_gateway.tickets.terms import Action, Need

TicketSecret = Annotated[
    str | None, HeaderParameter(name="Ticket-Secret", description="The secret of a receipt, in place of a session")
]
IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", description="The ticket's `version` you saw; refused where it is another now"),
]

_BAD_VERSION = message("If-Match is the version of a ticket: a whole number, perhaps in quotes.")


class Taking(msgspec.Struct, frozen=True):
    """An action that somebody wants to take: on which ticket, with what, having seen which version."""

    number: str
    action: Action
    given: Given
    seen: int | None = None
    secret: str | None = None


def acts(*more: type[Problem]) -> dict[int, ResponseSpec]:
    """Return what any action may be refused with, and what this one may besides."""
    usual = (Unauthenticated, NotFound, BadTicketNumber, IllegalAction, NotPossible, Outrun, NotYours, ScopeMissing)
    return raises(*usual, Missing, Violation, *more)


def seen_version(if_match: str | None, body: Body | None = None) -> int | None:
    """Return the version a caller saw, as they say in the body or the header. Raises `Violation`."""
    if body is not None and body.version is not None:
        return body.version
    if if_match is None or if_match.strip() == "*":
        return None
    plain = if_match.strip().removeprefix("W/").strip('"')
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise Violation(reason=_BAD_VERSION, pointer="/If-Match")
    return int(plain)


async def take(work: UnitOfWork, actor: Actor, taking: Taking) -> Response[TicketView]:
    """Take an action and answer with the ticket as it is then."""
    require_any_scope(actor, taking.action)
    city, secret = work.part(City), secret_hash(taking.secret) if taking.secret else None

    async def do(tx: Transaction) -> TicketView:
        ticket = await service.find(tx, taking.number, secret)
        service.check_version(ticket, taking.seen)
        await owned_photos(tx, [*ids(taking.given, Need.PHOTOS), *ids(taking.given, Need.AFTER_PHOTO)])
        after = await service.act(tx, city, ticket, taking.action, taking.given, secret=secret)
        return await shown(tx, city, after, secret)

    # Strangers share one name, so the secret is part of what makes their calls the same.
    request = await work.request.body() + secret if secret else None
    return await work.once(actor, do, fingerprint=request)


async def shown(tx: Transaction, city: City, ticket: Ticket, secret: bytes | None = None) -> TicketView:
    """Show a ticket to whoever asks, with what they may do now."""
    actions = await service.actions_for(tx, ticket, secret)
    return ticket_view(city, ticket, staff=service.is_staff_view(tx.actor, ticket), actions=actions)


def require_any_scope(actor: Actor, action: Action) -> None:
    """Raise `ScopeMissing` where a partner's client lacks every scope that opens an action."""
    scopes = scopes_of(action)
    if actor.kind is ActorKind.CLIENT and actor.scopes.isdisjoint(scopes):
        require_scope(actor, scopes[0] if scopes else Scope.TICKETS_CENTER)
