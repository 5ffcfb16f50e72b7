"""What people bring when they act on tickets, and how the simple model moves on when they may."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from citizen_gateway.city.read_model import City
from tests.gateway import DEPARTMENT, ELSEWHERE, Json
from tests.tickets.life_model import HOUR, Modelled, Row

EVENTS = {
    "assign": "assigned", "accept": "accepted", "start": "started", "return": "returned", "arbitrate": "arbitrated",
    "transfer": "transferred", "assist": "assist_requested", "answer-call": "assisted", "convene": "convened",
    "conclude": "concluded", "follow-up": "followed_up", "ask": "asked", "answer": "answered",
    "request-hold": "hold_requested", "hold": "held", "refuse-hold": "hold_refused", "resume": "resumed",
    "request-extension": "extension_requested", "extend": "extended", "refuse-extension": "extension_refused",
    "resolve": "resolved", "verify": "verified", "reject": "rejected", "withdraw": "withdrawn", "merge": "merged",
    "unmerge": "unmerged", "urge": "urged", "supervise": "supervised",
}  # fmt: skip
CHANGES: dict[str, Json] = {
    "assign": {"arbitrated": False},
    "arbitrate": {"arbitrated": True},
    "transfer": {"arbitrated": False},
    "conclude": {"arbitrated": False, "meeting": "decided"},
    "accept": {"state": "accepted"},
    "start": {"state": "in_progress"},
    "return": {"state": "pending", "extension_wish": None, "department": None, "clocks": {}},
    "assist": {"helped": True},
    "convene": {"helped": True, "meeting": "open"},
    "hold": {"hold_wish": None},
    "refuse-hold": {"hold_wish": None},
    "extend": {"extension_wish": None},
    "refuse-extension": {"extension_wish": None},
    "resolve": {"state": "resolved", "hold_wish": None, "extension_wish": None, "clocks": {}},
    "reject": {"state": "rejected", "clocks": {}},
    "withdraw": {"state": "withdrawn", "clocks": {}},
}
_WITH_REASON = ("refuse-hold", "resume", "refuse-extension", "reopen", "reject", "unmerge", "supervise")


class Deed(NamedTuple):
    """What somebody did: who, what, when, with what, and what the gateway answered."""

    who: str
    action: str
    at: datetime
    body: Json
    answer: Json


def body(city: City, action: str, ticket: Modelled, other: Modelled, now: datetime) -> Json | None:
    """Return what an action brings, always well-formed."""
    today = now.astimezone(city.calendar.timezone).date()
    department = ELSEWHERE if ticket.department == DEPARTMENT else DEPARTMENT
    due = ticket.clocks["resolve"].due if "resolve" in ticket.clocks else now
    given = {"department": department, "reason": "r"}
    bodies: dict[str, Json] = {
        **{name: given for name in ("assign", "arbitrate", "transfer")},  # noqa: C420 - read only
        **{name: {} for name in ("hold", "extend", "withdraw")},
        **{name: {"reason": "r"} for name in _WITH_REASON},
        "return": {"code": "not_our_duty", "evidence": "e"},
        "assist": {"departments": ["zz-gas"], "reason": "r"},
        "answer-call": {"answer": "a"},
        "convene": {"departments": ["zz-gas"], "reason": "r", "meets_on": (today + timedelta(days=2)).isoformat()},
        "conclude": {"conclusion": "c", "department": department},
        "follow-up": {"done": True, "note": "n"},
        "ask": {"question": "q"},
        "answer": {"answer": "a"},
        "request-hold": {"reason": "r", "review_on": (now + 20 * HOUR).isoformat()},
        "request-extension": {"reason": "r", "until": (max(due, now) + 30 * HOUR).isoformat()},
        "resolve": {"reply": "r"},
        "verify": {"done": ticket.level % 2 == 0, "note": "n"},
        "merge": {"into": other.number, "reason": "r"},
        "split": {"report_ids": ticket.reports[-1:] or list(ticket.rows)[:1], "reason": "r"},
    }
    return bodies.get(action)


def follow(city: City, deed: Deed, ticket: Modelled, other: Modelled, tickets: dict[str, Modelled]) -> None:
    """Move the model on after a deed that was allowed, as the rules say it in words."""
    at, given = deed.at, deed.body
    if deed.action in EVENTS:
        ticket.events.update([EVENTS[deed.action]])
    for name, value in CHANGES.get(deed.action, {}).items():
        setattr(ticket, name, dict(value) if isinstance(value, dict) else value)
    moves: Mapping[str, Callable[[], object]] = {
        "assign": lambda: ticket.give(city, at, given["department"]),
        "arbitrate": lambda: ticket.give(city, at, given["department"]),
        "transfer": lambda: ticket.give(city, at, given["department"]),
        "conclude": lambda: _conclude(city, ticket, at, given["department"]),
        "accept": lambda: ticket.clocks.pop("accept"),
        "return": lambda: setattr(ticket, "returns", ticket.returns + 1),
        "ask": lambda: ticket.pause(at, _until(deed), asked=True),
        "hold": lambda: ticket.pause(at, _until(deed), asked=False),
        "resume": lambda: ticket.resume(at),
        "answer": lambda: (ticket.resume(at), ticket.events.update(["resumed"])),
        "request-hold": lambda: setattr(ticket, "hold_wish", datetime.fromisoformat(given["review_on"])),
        "request-extension": lambda: setattr(ticket, "extension_wish", datetime.fromisoformat(given["until"])),
        "extend": lambda: ticket.clocks["resolve"].extend(datetime.fromisoformat(deed.answer["resolve_due"])),
        "reopen": lambda: ticket.back_to_lead(city, at),
        "verify": lambda: None if given["done"] else ticket.back_to_lead(city, at),
        "supervise": lambda: setattr(ticket, "level", ticket.level + 1),
        "urge": lambda: ticket.urged.update({deed.who: at.astimezone(city.calendar.timezone).date()}),
        "merge": lambda: _merge(ticket, other),
        "unmerge": lambda: _unmerge(ticket, tickets),
        "split": lambda: _split(ticket, deed.answer["new"]["number"], tickets),
    }
    moves.get(deed.action, lambda: None)()


def _until(deed: Deed) -> datetime:
    return datetime.fromisoformat(deed.answer["pause"]["until"])


def _conclude(city: City, ticket: Modelled, at: datetime, department: str) -> None:
    ticket.events.update(["transferred" if ticket.department else "assigned"])
    ticket.give(city, at, department)


def _merge(ticket: Modelled, other: Modelled) -> None:
    for report, row in ticket.rows.items():
        known = other.rows.setdefault(report, Row(row.name, reports=False, via=ticket.number))
        known.reports = known.reports or row.reports
    ticket.merged = (other.number, list(ticket.reports), ticket.state)
    other.reports += ticket.reports
    ticket.reports, ticket.state = [], "merged"
    ticket.stopped, ticket.clocks = ticket.clocks, {}
    other.events.update(["absorbed"])


def _unmerge(ticket: Modelled, tickets: dict[str, Modelled]) -> None:
    assert ticket.merged is not None
    number, reports, before = ticket.merged
    into = tickets[number]
    moved = [report for report in reports if report in into.reports]
    into.reports = [report for report in into.reports if report not in moved]
    into.rows = {report: row for report, row in into.rows.items() if row.via != ticket.number}
    for report in moved:
        if report in into.rows:
            into.rows[report].reports = False
    ticket.reports, ticket.state, ticket.merged, ticket.clocks = moved, before, None, ticket.stopped
    into.events.update(["unmerged"])


def _split(ticket: Modelled, number: str, tickets: dict[str, Modelled]) -> None:
    report = ticket.reports.pop()
    row = ticket.rows[report]
    new = Modelled(number, {report: row.name}, ["opened"])
    new.rows[report].via = ticket.number
    row.reports = False
    ticket.events.update(["split"])
    tickets[number] = new
