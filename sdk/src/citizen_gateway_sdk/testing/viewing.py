"""How the fake shows what it remembers."""

from citizen_gateway_sdk import models
from citizen_gateway_sdk.models import ActorKind, TicketState
from citizen_gateway_sdk.testing.world import Case, Filed, Who, World

LEGAL: dict[str, tuple[frozenset[TicketState], str]] = {
    "assign": (frozenset({TicketState.PENDING}), "center"),
    "accept": (frozenset({TicketState.ASSIGNED}), "department"),
    "start": (frozenset({TicketState.ACCEPTED}), "department"),
    "return": (frozenset({TicketState.ASSIGNED, TicketState.ACCEPTED}), "department"),
    "transfer": (frozenset({TicketState.ASSIGNED, TicketState.ACCEPTED, TicketState.IN_PROGRESS}), "center"),
    "ask": (frozenset({TicketState.ASSIGNED, TicketState.ACCEPTED, TicketState.IN_PROGRESS}), "department"),
    "answer": (frozenset({TicketState.ON_HOLD}), "reporter"),
    "resolve": (frozenset({TicketState.ACCEPTED, TicketState.IN_PROGRESS}), "department"),
    "verify": (frozenset({TicketState.RESOLVED}), "center"),
    "reopen": (frozenset({TicketState.RESOLVED, TicketState.CLOSED}), "center"),
    "reject": (frozenset({TicketState.PENDING}), "center"),
    "withdraw": (frozenset({TicketState.PENDING, TicketState.ASSIGNED, TicketState.ACCEPTED}), "reporter"),
    "urge": (
        frozenset(
            {
                TicketState.PENDING,
                TicketState.ASSIGNED,
                TicketState.ACCEPTED,
                TicketState.IN_PROGRESS,
                TicketState.ON_HOLD,
            }
        ),
        "reporter",
    ),
}
"""The fake's part of the table of actions: from which states, by whom."""


def legal(case: Case) -> list[str]:
    """Return what can be done to a ticket now, by whomever."""
    return [action for action, (origins, _) in LEGAL.items() if case.state in origins]


def is_reporter(world: World, who: Who | None, case: Case) -> bool:
    """Whether somebody reported a ticket."""
    return who is not None and any(
        who.id in {world.reports[report].by, world.reports[report].citizen} for report in case.reports
    )


def may_see(world: World, who: Who | None, case: Case) -> bool:
    """Whether somebody may see a ticket: its reporters, its department, a center, and a channel that signed for it."""
    if who is None:
        return False
    signed = any(
        one.state == models.HandoverState.SIGNED
        and one.receiver.channel == who.channel
        and one.report_id in case.reports
        for one in world.handovers.values()
    )
    return who.center or case.department in who.departments or is_reporter(world, who, case) or signed


def ticket_view(world: World, who: Who | None, case: Case) -> models.Ticket:
    """Show a ticket."""
    category = world.city.category(case.category)
    staff = who is not None and (who.center or case.department in who.departments)
    note = models.DispatchNote(
        automatic=case.department is not None, reason="", rule=None, confidence=None, suggestions=[], explanation=[]
    )
    return models.Ticket(
        number=case.number,
        state=case.state,
        version=len(case.past),
        title=case.title,
        category=category.ref() if category else None,
        department=world.city.department(case.department),
        areas=[world.city.area] if case.position else [],
        position=case.position,
        emergency=case.emergency,
        opened_at=case.opened_at,
        assigned_at=case.assigned_at,
        accept_due=case.accept_due,
        resolve_due=case.resolve_due,
        resolved_at=case.resolved_at,
        closed_at=case.closed_at,
        reply=case.reply,
        after_photo_ids=case.after_photos,
        pause=case.pause,
        reporters=len(case.reports),
        merged_into=None,
        actions=[models.Action(action) for action in legal(case) if who and _allowed(world, who, case, action)],
        dispatch=note if staff else None,
        assisting=[] if staff else None,
        handling=_handling(case) if staff else None,
    )


def report_view(world: World, who: Who, report: Filed) -> models.Report:
    """Show a report."""
    said, case = report.said, world.cases[report.number]
    category = world.city.category(case.category)
    client = who.kind == ActorKind.CLIENT
    numbers = {identity: reference for (owner, reference), identity in world.references.items() if owner == who.id}
    return models.Report(
        id=report.id,
        title=report.title,
        text=said.text,
        place=said.place if isinstance(said.place, str) else "",
        position=said.position if isinstance(said.position, models.Position) else None,
        areas=[world.city.area] if case.position else [],
        photo_ids=said.photo_ids if isinstance(said.photo_ids, list) else [],
        category=category.ref() if category else None,
        channel=report.channel,
        channel_status=case.state.value if client else None,
        created_at=report.at,
        external_ref=numbers.get(report.id) if client else None,
        ticket_number=case.number,
        ticket_state=case.state,
    )


def _allowed(world: World, who: Who, case: Case, action: str) -> bool:
    needed = LEGAL[action][1]
    if needed == "center":
        return who.center
    if needed == "department":
        return case.department in who.departments
    return is_reporter(world, who, case)


def _handling(case: Case) -> models.Handling:
    return models.Handling(
        arbitrated=False,
        calls=[],
        extension_wish=None,
        hold_wish=None,
        meeting=None,
        reopened=case.reopened,
        returns=case.returns,
        supervision=None,
    )
