"""`/v1/tickets/…`, `/v1/meetings`: what centers do where several departments or tickets are concerned."""

from datetime import date
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.guards import require_role, require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import BadCursor, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Actor, Role, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets import merging, service, store
from citizen_gateway.tickets.errors import (
    NotItsReports,
    NotOpen,
    SameTicket,
    TooLate,
    UnknownCategory,
    UnknownDepartment,
)
from citizen_gateway.tickets.model import actions_of
from citizen_gateway.tickets.requests import (
    ConcludeMeeting,
    ConveneTicket,
    FollowUpMeeting,
    GiveReason,
    MergeTicket,
    SplitTicket,
)
from citizen_gateway.tickets.schema import SplitTickets, TicketView, ticket_view
from citizen_gateway.tickets.steps import Given
from citizen_gateway.tickets.store import MeetingFilter, MeetingStage
from citizen_gateway.tickets.taking import IfMatch, Taking, acts, require_any_scope, seen_version, shown, take
from citizen_gateway.tickets.terms import Action, Need


class TogetherController(Controller):
    """What centers do with cases of several departments, and with several tickets."""

    path = "/v1/tickets"
    tags = ("tickets",)

    @post(
        "/{number:str}/convene",
        operation_id="conveneTicket",
        summary="Put a ticket on a meeting's list",
        status_code=200,
        responses=acts(UnknownDepartment, TooLate),
    )
    async def convene(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[ConveneTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Put a case that crosses districts, levels or departments on the list of a day's meeting."""
        given: Given = {Need.REASON: data.reason, Need.DEPARTMENTS: data.departments, Need.MEETS_ON: data.meets_on}
        return await take(work, actor, Taking(number, Action.CONVENE, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/conclude",
        operation_id="concludeMeeting",
        summary="Write down what a meeting decided",
        status_code=200,
        responses=acts(UnknownDepartment, UnknownCategory, TooLate),
    )
    async def conclude(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[ConcludeMeeting],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Write down a meeting's conclusion; the department it names has the ticket now."""
        given: Given = {
            Need.CONCLUSION: data.conclusion,
            Need.DEPARTMENT: data.department,
            Need.FOLLOW_UP_ON: data.follow_up_on,
            Need.CATEGORY: data.category,
        }
        return await take(work, actor, Taking(number, Action.CONCLUDE, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/follow-up",
        operation_id="followUpMeeting",
        summary="Follow a conclusion up",
        status_code=200,
        responses=acts(),
    )
    async def follow_up(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[FollowUpMeeting],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Say whether a meeting's conclusion was carried out."""
        given: Given = {Need.DONE: data.done, Need.NOTE: data.note}
        return await take(work, actor, Taking(number, Action.FOLLOW_UP, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/merge",
        operation_id="mergeTicket",
        summary="Have another ticket answer this one",
        status_code=200,
        responses=acts(SameTicket, NotOpen),
    )
    async def merge(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[MergeTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Merge a ticket into another open one; its reporters and followers move along and are told."""
        given: Given = {Need.INTO: data.into, Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.MERGE, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/unmerge",
        operation_id="unmergeTicket",
        summary="Undo a merger",
        status_code=200,
        responses=acts(NotOpen),
    )
    async def unmerge(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[GiveReason],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[TicketView]:
        """Undo a merger while the other ticket is open; reports and reporters are where they were."""
        given: Given = {Need.REASON: data.reason}
        return await take(work, actor, Taking(number, Action.UNMERGE, given, seen_version(if_match, data)))

    @post(
        "/{number:str}/split",
        operation_id="splitTicket",
        summary="Give some reports a ticket of their own",
        status_code=200,
        responses=acts(NotItsReports),
    )
    async def split(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[SplitTicket],
        actor: Caller,
        work: Work,
        if_match: IfMatch = None,
    ) -> Response[SplitTickets]:
        """Give some of a ticket's reports a ticket of their own, which waits to be assigned; a merger undoes it."""
        require_any_scope(actor, Action.SPLIT)
        city, seen = work.part(City), seen_version(if_match, data)

        async def do(tx: Transaction) -> SplitTickets:
            ticket = await service.find(tx, number)
            service.check_version(ticket, seen)
            left, new = await merging.split(tx, city, ticket, data.report_ids, data.reason)
            return SplitTickets(await shown(tx, city, left), await shown(tx, city, new))

        return await work.once(actor, do)


class MeetingController(Controller):
    """The lists of the weekly meetings."""

    path = "/v1/meetings"
    tags = ("tickets",)

    @get(
        operation_id="listMeetings",
        summary="The cases on meetings' lists",
        responses=raises(Unauthenticated, BadCursor, RoleMissing, ScopeMissing),
    )
    async def cases(
        self,
        *,
        actor: Caller,
        work: Work,
        meets_on: Annotated[date | None, QueryParameter(description="Only of this day's meeting")] = None,
        stage: Annotated[
            MeetingStage, QueryParameter(description="Undecided, to be followed up, or all")
        ] = MeetingStage.UNDECIDED,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[TicketView]:
        """List the cases that weekly meetings take up in the caller's area, oldest first."""
        city = work.part(City)
        require_scope(actor, Scope.TICKETS_CENTER)
        require_role(actor, Role.CENTER, Role.AUDITOR)
        wanted = MeetingFilter(stage, meets_on.isoformat() if meets_on else None)
        after = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            rows = await store.convened(tx.conn, _areas(actor), wanted, after, limit + 1)
        views = [ticket_view(city, one, staff=True, actions=actions_of(actor, one, work.clock())) for one in rows]
        return page_of(views, limit, [ticket.id for ticket in rows])


def _areas(actor: Actor) -> list[str] | None:
    held = [grant.area for grant in actor.grants if grant.role in {Role.CENTER, Role.AUDITOR}]
    return None if None in held else [area for area in held if area is not None]
