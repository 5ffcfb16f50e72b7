"""What holds for those who work tickets off."""

from citizen_gateway_sdk import errors
from citizen_gateway_sdk._failures import APIError
from citizen_gateway_sdk.conformance.stage import NotPlayed, Stage, must
from citizen_gateway_sdk.models import Receipt, Scope, TicketState

_HANDLES = (Scope.REPORTS_WRITE, Scope.TICKETS_HANDLE, Scope.TICKETS_CENTER)
UNCLEAR = "你好，麻烦看一下"


def a_ticket_goes_its_way(stage: Stage) -> None:
    """Assigned, signed for, begun, settled: each step once, in order, and each on the timeline."""
    receipt, department = _pending(stage)
    number, tickets = receipt.ticket.number, stage.gateway.tickets
    category = stage.gateway.categories.list()[0].code
    given = tickets.assign(number, department=department, reason="conformance", category=category)
    must(given.state == TicketState.ASSIGNED, f"assigned, the ticket is {given.state}")
    must(given.accept_due and given.resolve_due, "an assigned ticket has no limits")
    must(tickets.accept(number).state == TicketState.ACCEPTED, "accepting did not accept")
    must(tickets.start(number).state == TicketState.IN_PROGRESS, "starting did not start")
    settled = tickets.resolve(number, reply="已处理")
    must((settled.state, settled.reply) == (TicketState.RESOLVED, "已处理"), "resolving did not resolve")
    kinds = [entry.type for entry in tickets.timeline(number)]
    wanted = ["ticket.assigned", "ticket.accepted", "ticket.started", "ticket.resolved"]
    must([kind for kind in kinds if kind in wanted] == wanted, f"the timeline is {kinds}")


def what_cannot_be_done_is_refused(stage: Stage) -> None:
    """An action out of turn names the legal ones; one on an old version the new state; nothing is changed."""
    receipt, department = _pending(stage)
    number, tickets = receipt.ticket.number, stage.gateway.tickets
    error = _refused(stage, number, errors.IllegalAction)
    extra = error.problem.extra if error.problem else {}
    must("legal" in extra, f"an illegal action does not name the legal ones: {extra}")
    version = tickets.get(number).version
    category = stage.gateway.categories.list()[0].code
    tickets.assign(number, department=department, reason="x", category=category, version=version)
    try:
        tickets.accept(number, version=version)
    except errors.TicketChanged:
        must(tickets.get(number).state == TicketState.ASSIGNED, "a refused action changed the ticket")
        return
    must(False, "an action on an old version was taken")


def _pending(stage: Stage) -> tuple[Receipt, str]:
    stage.needs(*_HANDLES)
    grants = stage.gateway.sessions.current().grants
    department = next((grant.department for grant in grants if grant.department), None)
    if department is None:
        raise NotPlayed("the key works for no department")
    receipt = stage.gateway.reports.submit(UNCLEAR)
    must(receipt.ticket.state == TicketState.PENDING, f"an unclear report's ticket is {receipt.ticket.state}")
    return receipt, department


def _refused(stage: Stage, number: str, kind: type[APIError]) -> APIError:
    try:
        stage.gateway.tickets.start(number)
    except kind as error:
        return error
    must(False, "work was begun on a ticket that nobody has")
    raise AssertionError


HANDLING = (a_ticket_goes_its_way, what_cannot_be_done_is_refused)
