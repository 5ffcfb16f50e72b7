"""The sandbox as partners use it: the city plays along when it is asked to."""

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.partners.bell import Bell
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Pool, Transaction
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.steps import Given
from citizen_gateway.tickets.terms import Action, Need, TicketState

CITY = Actor(ActorKind.SYSTEM, name="sandbox", grants=(Grant(Role.CENTER), Grant(Role.HANDLER)), sandbox=True)
"""Who plays the city: a center, and every department."""


class Sandbox(msgspec.Struct, frozen=True):
    """What a process works with in the sandbox: connections to its tables, and news of its own log."""

    pool: Pool
    bell: Bell


class NotInSandbox(Problem):
    """A client of the real city asks the city to play."""

    status = 403
    code = "not_in_sandbox"
    title = "This is for the sandbox alone"
    detail = "Only a client of the sandbox may let the city play."


class NothingToPlay(Problem):
    """A ticket whose life has ended, or waits for somebody else than the city."""

    status = 409
    code = "nothing_to_play"
    title = "The city has nothing to do here"
    detail = "A ticket that is {state} does not wait for the city."
    shown = ("state",)


async def advance(tx: Transaction, city: City, number: str) -> Ticket:
    """Let the city take the next step of a ticket of the sandbox, up to its end, and return the ticket.

    Raises `NotFound`, `BadTicketNumber`, `NothingToPlay`.
    """
    ticket = await tickets.find(tx, number)
    played = Transaction(tx.conn, tx.now, CITY)
    action, given = _next(city, ticket)
    if action is Action.ASSIGN and (ticket.category is None or ticket.category not in city.categories):
        ticket = msgspec.structs.replace(ticket, category=min(city.categories))
        given = {**given, Need.CATEGORY: ticket.category}
    return await tickets.act(played, city, ticket, action, given)


def _next(city: City, ticket: Ticket) -> tuple[Action, Given]:
    match ticket.state:
        case TicketState.PENDING:
            wanted = [one.department for one in ticket.dispatch.suggestions] or sorted(city.departments)
            return Action.ASSIGN, {Need.DEPARTMENT: wanted[0], Need.REASON: "The sandbox plays on."}
        case TicketState.ASSIGNED:
            return Action.ACCEPT, {}
        case TicketState.ACCEPTED:
            return Action.START, {}
        case TicketState.ON_HOLD:
            return Action.RESUME, {Need.CAUSE: "center", Need.REASON: "The sandbox plays on."}
        case TicketState.IN_PROGRESS:
            return Action.RESOLVE, {Need.REPLY: "The sandbox has settled it."}
        case TicketState.RESOLVED:
            return Action.CLOSE, {Need.REASON: "The sandbox has filed it."}
        case _:
            raise NothingToPlay(state=ticket.state.value)
