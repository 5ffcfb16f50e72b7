"""`/v1/tickets/…`: what departments, those called to assist, and grid workers do."""

from litestar import Controller, Response, post
from litestar.params import FromPath, JSONBody

from citizen_gateway.media.errors import UnknownPhoto
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.tickets.errors import SameDepartment, TooLate, UnknownCategory, UnknownDepartment
from citizen_gateway.tickets.requests import (
    AnswerCall,
    AskCitizen,
    CallDepartments,
    RequestExtension,
    RequestHold,
    ResolveTicket,
    ReturnTicket,
    VerifyTicket,
)
from citizen_gateway.tickets.schema import TicketView
from citizen_gateway.tickets.steps import Given
from citizen_gateway.tickets.taking import IfMatch, Taking, acts, seen_version, take
from citizen_gateway.tickets.terms import Action, Need


class DepartmentController(Controller):
    """What departments do with tickets."""

    path = "/v1/tickets"
    tags = ("tickets",)

    @post(
        "/{number:str}/accept",
        operation_id="acceptTicket",
        summary="Sign for a ticket",
        status_code=200,
        responses=acts(),
    )
    async def accept(
        self,
        *,
        number: FromPath[str],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Sign for a ticket assigned to your department."""
        given: Given = {}
        return await take(work, actor, Taking(number, Action.ACCEPT, given, seen_version(if_match)))

    @post(
        "/{number:str}/start",
        operation_id="startTicket",
        summary="Begin work on a ticket",
        status_code=200,
        responses=acts(),
    )
    async def start(
        self,
        *,
        number: FromPath[str],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Say that work has begun."""
        given: Given = {}
        return await take(work, actor, Taking(number, Action.START, given, seen_version(if_match)))

    @post(
        "/{number:str}/return",
        operation_id="returnTicket",
        summary="Give a ticket back",
        status_code=200,
        responses=acts(UnknownPhoto),
    )
    async def give_back(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[ReturnTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Give a ticket back to the center, with a reason and evidence; the third time the center arbitrates."""
        given: Given = {Need.CODE: data.code, Need.EVIDENCE: data.evidence, Need.PHOTOS: data.photo_ids}
        return await take(work, actor, Taking(number, Action.RETURN, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/ask",
        operation_id="askCitizen",
        summary="Ask who reported it",
        status_code=200,
        responses=acts(),
    )
    async def ask(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[AskCitizen],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Ask the citizens something; the clocks stop until one answers, five working days at most."""
        given: Given = {Need.QUESTION: data.question}
        return await take(work, actor, Taking(number, Action.ASK, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/request-hold",
        operation_id="requestHold",
        summary="Ask to let a ticket wait",
        status_code=200,
        responses=acts(TooLate),
    )
    async def request_hold(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[RequestHold],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Ask the center to let a ticket wait until a review."""
        given: Given = {Need.REASON: data.reason, Need.REVIEW_ON: data.review_on}
        return await take(work, actor, Taking(number, Action.REQUEST_HOLD, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/request-extension",
        operation_id="requestExtension",
        summary="Ask for more time",
        status_code=200,
        responses=acts(TooLate),
    )
    async def request_extension(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[RequestExtension],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Ask the center for more time, before the limit."""
        given: Given = {Need.REASON: data.reason, Need.UNTIL: data.until}
        return await take(work, actor, Taking(number, Action.REQUEST_EXTENSION, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/assist",
        operation_id="callDepartments",
        summary="Call other departments to help",
        status_code=200,
        responses=acts(UnknownDepartment, SameDepartment),
    )
    async def assist(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[CallDepartments],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Call other departments; whoever has the ticket answers for all of them."""
        given: Given = {Need.DEPARTMENTS: data.departments, Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.ASSIST, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/answer-call",
        operation_id="answerCall",
        summary="Answer a call to help",
        status_code=200,
        responses=acts(),
    )
    async def answer_call(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[AnswerCall],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Answer for your department, which was called to help."""
        given: Given = {Need.ANSWER: data.answer}
        return await take(work, actor, Taking(number, Action.ANSWER_CALL, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/resolve",
        operation_id="resolveTicket",
        summary="Say that the matter is settled",
        status_code=200,
        responses=acts(UnknownPhoto),
    )
    async def resolve(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[ResolveTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Settle a ticket: a reply for the citizen, and a photo of the result where they sent one."""
        given: Given = {Need.REPLY: data.reply, Need.AFTER_PHOTO: data.photo_ids}
        return await take(work, actor, Taking(number, Action.RESOLVE, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/verify",
        operation_id="verifyTicket",
        summary="Say whether it is really done",
        status_code=200,
        responses=acts(UnknownPhoto, UnknownDepartment, UnknownCategory),
    )
    async def verify(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[VerifyTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Say whether it is really done; where it is not, it goes back to the department."""
        given: Given = {Need.DONE: data.done, Need.NOTE: data.note, Need.PHOTOS: data.photo_ids}
        return await take(work, actor, Taking(number, Action.VERIFY, given, seen_version(if_match, data)))
