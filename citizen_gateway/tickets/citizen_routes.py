"""`/v1/tickets/…`: what citizens do, by session or with the secret of their receipt."""

from litestar import Controller, Response, post
from litestar.params import FromPath, JSONBody

from citizen_gateway.media.errors import UnknownPhoto
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.tickets.errors import UrgedToday
from citizen_gateway.tickets.requests import AnswerQuestion, WithdrawTicket
from citizen_gateway.tickets.schema import TicketView
from citizen_gateway.tickets.steps import Given
from citizen_gateway.tickets.taking import IfMatch, Taking, TicketSecret, acts, seen_version, take
from citizen_gateway.tickets.terms import Action, Need


class CitizenTicketController(Controller):
    """What citizens do with tickets they reported."""

    path = "/v1/tickets"
    tags = ("tickets",)

    @post(
        "/{number:str}/answer",
        operation_id="answerQuestion",
        summary="Answer the department's question",
        status_code=200,
        responses=acts(UnknownPhoto),
    )
    async def answer(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[AnswerQuestion],
        visitor: Caller,
        work: Work,
        if_match: IfMatch = None,
        secret: TicketSecret = None,
    ) -> Response[TicketView]:
        """Answer what the department asked about your report; work goes on."""
        given: Given = {Need.ANSWER: data.answer, Need.PHOTOS: data.photo_ids}
        return await take(
            work,
            visitor,
            Taking(number, Action.ANSWER, given, seen_version(if_match, data), secret=secret),
        )

    @post(
        "/{number:str}/urge",
        operation_id="urgeTicket",
        summary="Ask to hurry",
        status_code=200,
        responses=acts(UrgedToday),
    )
    async def urge(
        self,
        *,
        number: FromPath[str],
        visitor: Caller,
        work: Work,
        if_match: IfMatch = None,
        secret: TicketSecret = None,
    ) -> Response[TicketView]:
        """Ask the department to hurry, at most once a day."""
        given: Given = {}
        return await take(work, visitor, Taking(number, Action.URGE, given, seen_version(if_match), secret=secret))

    @post(
        "/{number:str}/withdraw",
        operation_id="withdrawTicket",
        summary="Take back what you reported",
        status_code=200,
        responses=acts(),
    )
    async def withdraw(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[WithdrawTicket],
        visitor: Caller,
        work: Work,
        if_match: IfMatch = None,
        secret: TicketSecret = None,
    ) -> Response[TicketView]:
        """Take your report back, while nobody else reported the same and work has not begun."""
        given: Given = {Need.REASON: data.reason}
        return await take(
            work, visitor, Taking(number, Action.WITHDRAW, given, seen_version(if_match, data), secret=secret)
        )
