"""A report: what one citizen said, once."""

from datetime import datetime

import msgspec

from citizen_gateway.accounts.model import Channel
from citizen_gateway.city.model import Location
from citizen_gateway.intake.matching import Known, Likeness
from citizen_gateway.intake.schema import SubmitReport
from citizen_gateway.kernel.geo import Point
from citizen_gateway.kernel.ids import CitizenId, PhotoId, ReportId, TicketId
from citizen_gateway.tickets.opening import Case
from citizen_gateway.tickets.record import Ticket
from citizen_nlp import Analysis

TITLE_SIGNS = 40


class Report(msgspec.Struct, frozen=True):
    """A report as it is kept, with what the analyser read in it at the time; `author` is the key of who sent it."""

    id: ReportId
    ticket_id: TicketId
    citizen_id: CitizenId | None
    author: str
    channel: Channel
    title: str
    text: str
    photos: tuple[PhotoId, ...]
    lat: float | None
    lon: float | None
    place: str
    area: str | None
    category: str | None
    analysis: Analysis
    created_at: datetime


class Understood(msgspec.Struct, frozen=True):
    """A report checked and read, before anything is stored."""

    said: SubmitReport
    channel: Channel
    point: Point | None
    location: Location | None
    analysis: Analysis


class Accepted(msgspec.Struct, frozen=True):
    """A report, the ticket that answers it, and the secret that opens it; `joined` says that others were first."""

    report: Report
    ticket: Ticket
    secret: str
    joined: bool = False


class Similar(msgspec.Struct, frozen=True):
    """An open ticket that may be about the same event as what somebody is about to report."""

    ticket: Ticket
    known: Known
    likeness: Likeness


class Preview(msgspec.Struct, frozen=True):
    """What a report would become: how it is understood, and which tickets are like it."""

    understood: Understood
    case: Case
    similar: list[Similar]


class ListedReport(msgspec.Struct, frozen=True):
    """A report with the number and state of its ticket."""

    id: ReportId
    title: str
    created_at: datetime
    ticket_number: str
    ticket_state: str


def heading(title: str, text: str) -> str:
    """Return what a list shows of a report: its title, or the beginning of its first sentence."""
    if title.strip():
        return title.strip()
    line = text.strip().splitlines()[0]
    return line if len(line) <= TITLE_SIGNS else f"{line[: TITLE_SIGNS - 1]}…"
