"""`/v1/tickets/…`: what operations centers decide about one ticket."""

from litestar import Controller, Response, post
from litestar.params import FromPath, JSONBody

from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.tickets.errors import AlreadyReopened, SameDepartment, TooLate, UnknownCategory, UnknownDepartment
from citizen_gateway.tickets.requests import AssignTicket, GiveReason, GrantExtension, GrantHold
from citizen_gateway.tickets.schema import TicketView
from citizen_gateway.tickets.steps import Given
from citizen_gateway.tickets.taking import IfMatch, Taking, acts, seen_version, take
from citizen_gateway.tickets.terms import Action, Need


class CenterController(Controller):
    """What centers decide about tickets."""

    path = "/v1/tickets"
    tags = ("tickets",)

    @post(
        "/{number:str}/assign",
        operation_id="assignTicket",
        summary="Give a pending ticket to a department",
        status_code=200,
        responses=acts(UnknownDepartment, UnknownCategory),
    )
    async def assign(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[AssignTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Give a pending ticket to a department, with a reason; its clocks start now."""
        given: Given = {Need.DEPARTMENT: data.department, Need.REASON: data.reason, Need.CATEGORY: data.category}
        return await take(work, actor, Taking(number, Action.ASSIGN, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/arbitrate",
        operation_id="arbitrateTicket",
        summary="Decide for good who must act",
        status_code=200,
        responses=acts(UnknownDepartment, UnknownCategory),
    )
    async def arbitrate(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[AssignTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Decide, after departments returned it, who must act; it cannot be returned again."""
        given: Given = {Need.DEPARTMENT: data.department, Need.REASON: data.reason, Need.CATEGORY: data.category}
        return await take(work, actor, Taking(number, Action.ARBITRATE, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/transfer",
        operation_id="transferTicket",
        summary="Give a ticket to another department",
        status_code=200,
        responses=acts(UnknownDepartment, UnknownCategory, SameDepartment),
    )
    async def transfer(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[AssignTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Take a ticket from one department and give it to another, with new limits."""
        given: Given = {Need.DEPARTMENT: data.department, Need.REASON: data.reason, Need.CATEGORY: data.category}
        return await take(work, actor, Taking(number, Action.TRANSFER, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/reject",
        operation_id="rejectTicket",
        summary="Refuse a ticket",
        status_code=200,
        responses=acts(),
    )
    async def reject(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GiveReason],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Refuse what is not the city's to answer; the legal reason is shown to the citizen."""
        given: Given = {Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.REJECT, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/reopen",
        operation_id="reopenTicket",
        summary="Take a ticket up again",
        status_code=200,
        responses=acts(UnknownDepartment, UnknownCategory, AlreadyReopened),
    )
    async def reopen(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GiveReason],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Give a settled ticket back to its department, with new limits."""
        given: Given = {Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.REOPEN, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/supervise",
        operation_id="superviseTicket",
        summary="Watch a ticket",
        status_code=200,
        responses=acts(),
    )
    async def supervise(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GiveReason],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Have the next level of centers watch it: street, district, city."""
        given: Given = {Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.SUPERVISE, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/hold",
        operation_id="holdTicket",
        summary="Let a ticket wait",
        status_code=200,
        responses=acts(TooLate),
    )
    async def hold(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GrantHold],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Grant what the department asked for: the ticket waits until a review, its clocks stop."""
        given: Given = {Need.REASON: data.reason, Need.REVIEW_ON: data.review_on}
        return await take(work, actor, Taking(number, Action.HOLD, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/refuse-hold",
        operation_id="refuseHold",
        summary="Do not let a ticket wait",
        status_code=200,
        responses=acts(),
    )
    async def refuse_hold(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GiveReason],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Refuse to let it wait."""
        given: Given = {Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.REFUSE_HOLD, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/resume",
        operation_id="resumeTicket",
        summary="End a pause",
        status_code=200,
        responses=acts(),
    )
    async def resume(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GiveReason],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Go on with a ticket that waits; its clocks have what was left of them."""
        given: Given = {Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.RESUME, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/extend",
        operation_id="extendTicket",
        summary="Grant more time",
        status_code=200,
        responses=acts(TooLate),
    )
    async def extend(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GrantExtension],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Grant the time that the department asked for, or another; the citizen is told."""
        given: Given = {Need.REASON: data.reason, Need.UNTIL: data.until}
        return await take(work, actor, Taking(number, Action.EXTEND, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/refuse-extension",
        operation_id="refuseExtension",
        summary="Grant no more time",
        status_code=200,
        responses=acts(),
    )
    async def refuse_extension(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GiveReason],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Refuse more time."""
        given: Given = {Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.REFUSE_EXTENSION, given, seen_version(if_match, data)))
