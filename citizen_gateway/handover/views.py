"""A hand-over as it is shown: three ways, by the sender, the receiver and the city."""

from uuid import UUID

from citizen_gateway.accounts.model import Channel
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import Position
from citizen_gateway.handover import service
from citizen_gateway.handover.model import Handover
from citizen_gateway.handover.schema import HandoverCase, HandoverSide, HandoverView
from citizen_gateway.intake import references
from citizen_gateway.kernel.geo import Datum
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets.schema import area_refs, category_ref, channel_status, department_ref


async def view(tx: Transaction, city: City, handover: Handover, locale: str) -> HandoverView:
    """Show a hand-over with the case it is about."""
    report, ticket = await service.case_of(tx, handover)
    position = None if report.lat is None or report.lon is None else Position(report.lat, report.lon, Datum.WGS84)

    async def side(channel: Channel, client: UUID | None) -> HandoverSide:
        reference = await references.of_report(tx.conn, client, report.id) if client else None
        return HandoverSide(channel, reference, channel_status(city, channel, ticket.state, locale))

    return HandoverView(
        id=handover.id,
        report_id=handover.report_id,
        state=handover.state,
        responsible=handover.responsible,
        sender=await side(handover.from_channel, handover.from_client),
        receiver=await side(handover.to_channel, handover.to_client),
        case=HandoverCase(
            title=report.title,
            text=report.text,
            place=report.place,
            position=position,
            areas=area_refs(city, report.area),
            photo_ids=list(report.photos),
            emergency=ticket.emergency,
            reported_at=report.created_at,
            ticket_number=ticket.number,
            ticket_state=ticket.state,
            category=category_ref(city, ticket.category),
            department=department_ref(city, ticket.department),
        ),
        reason=handover.reason,
        answer=handover.answer,
        offered_at=handover.offered_at,
        sign_due=handover.sign_due,
        answered_at=handover.answered_at,
    )
