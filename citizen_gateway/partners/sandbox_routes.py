"""`/v1/sandbox`: for partners who try things out."""

from litestar import Controller, Response, post
from litestar.params import FromPath

from citizen_gateway.accounts.guards import require_kind
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import Forbidden, NotFound, Unauthenticated
from citizen_gateway.partners.sandbox import NothingToPlay, NotInSandbox, advance
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets.errors import BadTicketNumber, IllegalAction, Missing, NotPossible, Outrun
from citizen_gateway.tickets.schema import TicketView, ticket_view


class SandboxController(Controller):
    """The sandbox."""

    path = "/v1/sandbox"
    tags = ("sandbox",)

    @post(
        "/tickets/{number:str}/advance",
        operation_id="advanceTicket",
        summary="Let the sandbox's city take the next step",
        status_code=200,
        responses=raises(
            Unauthenticated,
            Forbidden,
            NotInSandbox,
            NotFound,
            BadTicketNumber,
            NothingToPlay,
            IllegalAction,
            NotPossible,
            Missing,
            Outrun,
        ),
    )
    async def advance(self, *, number: FromPath[str], actor: Caller, work: Work) -> Response[TicketView]:
        """Play a ticket of the sandbox one step on: assigned, accepted, begun, settled, filed."""
        require_kind(actor, ActorKind.CLIENT)
        if not actor.sandbox:
            raise NotInSandbox
        city = work.part(City)

        async def play(tx: Transaction) -> TicketView:
            return ticket_view(city, await advance(tx, city, number), staff=False)

        return await work.once(actor, play)
