"""Several departments, several levels: calls for help, weekly meetings, supervision."""

from datetime import date, timedelta

from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.events import Happening
from citizen_gateway.tickets.actions.acting import Acting
from citizen_gateway.tickets.actions.dispatching import moved
from citizen_gateway.tickets.errors import SameDepartment, TooLate
from citizen_gateway.tickets.events import (
    Assisted,
    AssistRequested,
    Concluded,
    Convened,
    FollowedUp,
    Supervised,
)
from citizen_gateway.tickets.terms import Level, Need


def assist(acting: Acting) -> list[Happening]:
    """Call other departments (吹哨). Raises `SameDepartment` for the one that has it."""
    departments = acting.departments()
    if acting.ticket.department in departments:
        raise SameDepartment(department=acting.ticket.department)
    return [AssistRequested(departments, acting.text(Need.REASON))]


def answer_call(acting: Acting) -> list[Happening]:
    """Answer a call (报到), for each department of one's own that was called."""
    ticket = acting.ticket
    waiting = {call.department for call in ticket.calls if call.answer is None}
    mine = [
        department
        for department in ticket.assisting
        if acting.actor.holds(Role.HANDLER, Role.LEAD, department=department, areas=ticket.area_path)
    ]
    called = [department for department in mine if department in waiting] or mine[:1]
    return [Assisted(department, acting.text(Need.ANSWER)) for department in called]


def convene(acting: Acting) -> list[Happening]:
    """Put it on the list of a weekly meeting (三跨会商). Raises `TooLate` for a day that is past."""
    meets_on = _day(acting, Need.MEETS_ON)
    return [Convened(acting.text(Need.REASON), acting.departments(), meets_on.isoformat())]


def conclude(acting: Acting) -> list[Happening]:
    """Write down what the meeting decided, and give the ticket to whom it named."""
    department, conclusion = acting.department(), acting.text(Need.CONCLUSION)
    follow_up_on = _day(acting, Need.FOLLOW_UP_ON).isoformat() if acting.given.get(Need.FOLLOW_UP_ON) else None
    held = acting.ticket.department
    given = moved(acting, department, conclusion) if held else acting.assignment(department, conclusion)
    return [Concluded(conclusion, department, follow_up_on), given]


def follow_up(acting: Acting) -> list[Happening]:
    """Say whether the conclusion was carried out."""
    return [FollowedUp(acting.bring(Need.DONE, bool), acting.text(Need.NOTE))]


def supervise(acting: Acting) -> list[Happening]:
    """Watch it, one level higher than before (督办)."""
    return [watched(acting.ticket.supervision, acting.text(Need.REASON))]


def watched(level: Level | None, reason: str) -> Supervised:
    """Return that the next level watches it."""
    return Supervised((level.next if level else Level.STREET).value, reason)


def _day(acting: Acting, need: Need) -> date:
    day = acting.bring(need, date)
    today = acting.now.astimezone(acting.city.calendar.timezone).date()
    if day < today:
        raise TooLate(need=need.value, after=(today - timedelta(days=1)).isoformat())
    return day
