"""What is answered about reports: receipts, previews, and the public side of tickets nearby."""

from datetime import datetime

from citizen_gateway.city.model import AreaCode, AreaLevel, CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import AreaView
from citizen_gateway.intake.model import Accepted, Preview, Similar
from citizen_gateway.intake.schema import (
    EmergencyAdvice,
    Guess,
    Receipt,
    ReportPreview,
    SimilarTicket,
    TicketReceipt,
)
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.tickets.opening import dispatch_of
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.schema import area_refs, category_ref, department_ref
from citizen_nlp import Analysis, CategoryGuess, mask

DANGER = message(
    "This may be dangerous to life. Please call {numbers} now; we have passed your report on as an emergency."
)
DANGER_UNSENT = message("This may be dangerous to life. Please call {numbers} now, and do not wait for us.")
_NAMED = (AreaLevel.DEDICATED, AreaLevel.COMMUNITY, AreaLevel.STREET, AreaLevel.DISTRICT)


def receipt(city: City, accepted: Accepted, locale: str) -> Receipt:
    """Make the receipt of an accepted report."""
    analysis = accepted.report.analysis
    return Receipt(
        report_id=accepted.report.id,
        ticket=ticket_receipt(city, accepted.ticket),
        secret=accepted.secret,
        keywords=[keyword.text for keyword in analysis.keywords],
        guesses=_guesses(city, analysis),
        emergency=_advice(analysis, DANGER, locale) if accepted.ticket.emergency else None,
        joined=accepted.joined,
    )


def ticket_receipt(city: City, ticket: Ticket) -> TicketReceipt:
    """Show where a ticket went and by when it must be dealt with."""
    return TicketReceipt(
        number=ticket.number,
        state=ticket.state,
        category=category_ref(city, ticket.category),
        department=department_ref(city, ticket.department),
        areas=area_refs(city, ticket.area),
        reason=ticket.dispatch.reason,
        accept_due=ticket.accept_due,
        resolve_due=ticket.resolve_due,
    )


def preview(city: City, found: Preview, locale: str, now: datetime) -> ReportPreview:
    """Show what a report would become."""
    analysis, case = found.understood.analysis, found.case
    note, department = dispatch_of(city, case)
    return ReportPreview(
        category=category_ref(city, case.category),
        sure=note.automatic,
        guesses=_guesses(city, analysis),
        nature=analysis.nature,
        keywords=[keyword.text for keyword in analysis.keywords],
        areas=[AreaView.of(area) for area in case.location.areas] if case.location else [],
        department=department_ref(city, department),
        reason=note.reason,
        private=list(dict.fromkeys(item.kind for item in analysis.private)),
        emergency=_advice(analysis, DANGER_UNSENT, locale) if case.emergency else None,
        similar=[similar_ticket(city, one, now) for one in found.similar],
    )


def similar_ticket(city: City, similar: Similar, now: datetime) -> SimilarTicket:
    """Show a ticket nearby to anybody."""
    ticket = similar.ticket
    return SimilarTicket(
        number=ticket.number,
        title=mask(ticket.title).text,
        category=category_ref(city, ticket.category),
        area=_named_area(city, ticket),
        state=ticket.state,
        opened_at=ticket.opened_at,
        age_hours=max(0, int((now - ticket.opened_at).total_seconds() // 3600)),
        reporters=similar.known.reports,
        likeness=round(similar.likeness.score, 2),
    )


def _named_area(city: City, ticket: Ticket) -> AreaView | None:
    """Return the finest area whose name people use."""
    path = city.area_path(AreaCode(ticket.area)) if ticket.area else ()
    return next((AreaView.of(area) for area in path if area.level in _NAMED), None)


def _advice(analysis: Analysis, text: str, locale: str) -> EmergencyAdvice:
    numbers = list(analysis.emergency_numbers)
    told = translate(text, locale, numbers=" / ".join(numbers))
    return EmergencyAdvice(numbers, told, [span.text for span in analysis.danger])


def _guesses(city: City, analysis: Analysis) -> list[Guess]:
    return [_guess(city, guess) for guess in analysis.categories if CategoryCode(guess.code) in city.categories]


def _guess(city: City, guess: CategoryGuess) -> Guess:
    category = category_ref(city, guess.code)
    if category is None:
        raise LookupError(guess.code)
    return Guess(category, round(guess.confidence, 4), [span.text for span in guess.evidence])
