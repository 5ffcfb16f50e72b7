"""Before a report is sent: how it is understood, and who reported the same already."""

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import Position
from citizen_gateway.intake.errors import (
    CoordinatesSwapped,
    EmptyText,
    OnBehalfOnlyByClients,
    OutsideCity,
    ReferencesOnlyByClients,
)
from citizen_gateway.intake.schema import (
    PLACE_SIGNS,
    TEXT_SIGNS,
    Following,
    ReportPreview,
    SimilarTickets,
    SubmitReport,
)
from citizen_gateway.intake.service import Intake
from citizen_gateway.intake.views import preview, similar_ticket, ticket_receipt
from citizen_gateway.kernel.errors import Forbidden, NotFound, Unauthenticated, Violation
from citizen_gateway.kernel.geo import Datum
from citizen_gateway.media.errors import UnknownPhoto
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import AnyRequest, Caller, Work
from citizen_gateway.platform.i18n import preferred_locale
from citizen_gateway.platform.idempotency import KeyReused
from citizen_gateway.platform.limits import RateLimited
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets.errors import BadTicketNumber, UnknownCategory

_LOOK = (
    Violation,
    EmptyText,
    OutsideCity,
    CoordinatesSwapped,
    UnknownCategory,
    Unauthenticated,
    Forbidden,
    ScopeMissing,
    RateLimited,
)


class NearbyController(Controller):
    """What is known before a report is sent, and following instead of reporting."""

    path = "/v1"
    tags = ("reports",)

    @post(
        "/reports/preview",
        operation_id="previewReport",
        summary="See how a report would be understood",
        status_code=200,
        responses=raises(*_LOOK, UnknownPhoto, OnBehalfOnlyByClients, ReferencesOnlyByClients),
    )
    async def preview(
        self, *, data: JSONBody[SubmitReport], request: AnyRequest, actor: Caller, work: Work
    ) -> ReportPreview:
        """Say what a report would become, and which open tickets are like it; nothing is kept."""
        intake = work.part(Intake)
        await intake.admit_look(actor)
        understood = intake.understand(actor, data)
        locale = preferred_locale(request.headers.get("accept-language"))
        async with work.read(actor) as tx:
            return preview(work.part(City), await intake.preview(tx, understood), locale, tx.now)

    @get(
        "/reports/similar",
        operation_id="findSimilarTickets",
        summary="Who reported the same already",
        responses=raises(*_LOOK),
    )
    async def similar(
        self,
        *,
        actor: Caller,
        work: Work,
        text: Annotated[str, QueryParameter(max_length=TEXT_SIGNS, description="What is wrong; not empty")],
        lat: Annotated[float | None, QueryParameter(ge=-180, le=180, description="Degrees north")] = None,
        lon: Annotated[float | None, QueryParameter(ge=-180, le=180, description="Degrees east")] = None,
        datum: Annotated[Datum, QueryParameter(description="What the degrees are measured in")] = Datum.WGS84,
        place: Annotated[str, QueryParameter(max_length=PLACE_SIGNS, description="The place in words")] = "",
    ) -> SimilarTickets:
        """Return up to three open tickets that may be about the same event, to be followed instead."""
        intake = work.part(Intake)
        await intake.admit_look(actor)
        position = None if lat is None or lon is None else Position(lat, lon, datum)
        understood = intake.understand(actor, SubmitReport(text, position=position, place=place))
        async with work.read(actor) as tx:
            found = await intake.preview(tx, understood)
            city = work.part(City)
            return SimilarTickets([similar_ticket(city, one, tx.now) for one in found.similar])

    @post(
        "/tickets/{number:str}/follow",
        operation_id="followTicket",
        summary="Follow a ticket that others reported",
        status_code=200,
        responses=raises(Unauthenticated, Forbidden, ScopeMissing, NotFound, BadTicketNumber, RateLimited, KeyReused),
    )
    async def follow(self, *, number: FromPath[str], actor: Caller, work: Work) -> Response[Following]:
        """Follow an open ticket of a public matter, such as one found as similar; a second time changes nothing."""
        intake = work.part(Intake)
        city = work.part(City)
        await intake.admit_look(actor)

        async def keep(tx: Transaction) -> Following:
            ticket, secret = await intake.follow(tx, number)
            return Following(ticket_receipt(city, ticket), secret)

        return await work.once(actor, keep)
