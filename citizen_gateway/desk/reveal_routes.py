"""`/v1/tickets/{number}/reports` and `/reveal`: what was said, masked, and unmasked for a purpose."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.guards import require_scope
from citizen_gateway.accounts.model import Channel
from citizen_gateway.desk import reveal
from citizen_gateway.desk.errors import PurposeMissing
from citizen_gateway.desk.reveal import Said
from citizen_gateway.kernel.errors import NotFound, Unauthenticated
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets.errors import BadTicketNumber
from citizen_nlp import Nature


class ContactView(msgspec.Struct, frozen=True):
    """How a channel knows whoever reported: a phone number, an id."""

    channel: Channel
    subject: str


class SaidView(msgspec.Struct, frozen=True):
    """A report that a ticket answers, as staff see it; `masked` says that personal data are hidden."""

    report_id: UUID
    title: str
    text: str
    place: str
    nature: Nature
    channel: Channel
    photo_ids: list[UUID]
    created_at: datetime
    contacts: list[ContactView]
    masked: bool

    @classmethod
    def of(cls, said: Said, *, masked: bool) -> "SaidView":
        """Show a report."""
        report = said.report
        return cls(
            report_id=report.id,
            title=report.title,
            text=report.text,
            place=report.place,
            nature=report.analysis.nature,
            channel=report.channel,
            photo_ids=list(report.photos),
            created_at=report.created_at,
            contacts=[ContactView(Channel(one.channel), one.subject) for one in said.contacts],
            masked=masked,
        )


class TicketReports(msgspec.Struct, frozen=True):
    """The reports a ticket answers, oldest first."""

    items: list[SaidView]


class RevealPersonalData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What personal data are looked at for; it is written into the audit log."""

    purpose: Annotated[str, Meta(max_length=500, description="Not empty")]


_REFUSED = raises(Unauthenticated, NotFound, BadTicketNumber, ScopeMissing)


class RevealController(Controller):
    """Reports of a ticket."""

    path = "/v1/tickets/{number:str}"
    tags = ("tickets",)

    @get("/reports", operation_id="listTicketReports", summary="The reports a ticket answers", responses=_REFUSED)
    async def said(self, *, number: FromPath[str], actor: Caller, work: Work) -> TicketReports:
        """List what was said, for those who see the ticket by office; phone numbers, names and the like are masked."""
        require_scope(actor, Scope.TICKETS_READ)
        async with work.read(actor) as tx:
            _, said = await reveal.said_of(tx, work.part(Vault), number)
        return TicketReports([SaidView.of(one, masked=True) for one in said])

    @post(
        "/reveal",
        operation_id="revealPersonalData",
        summary="Look at personal data, for a purpose",
        status_code=200,
        responses=_REFUSED | raises(RoleMissing, ScopeMissing, PurposeMissing),
    )
    async def reveal(
        self, *, number: FromPath[str], data: JSONBody[RevealPersonalData], actor: Caller, work: Work
    ) -> Response[TicketReports]:
        """List what was said unmasked, with how to reach whoever said it; who looked and why is kept for auditors."""
        require_scope(actor, Scope.TICKETS_HANDLE)

        async def look(tx: Transaction) -> TicketReports:
            _, said = await reveal.reveal(tx, work.part(Vault), number, data.purpose)
            return TicketReports([SaidView.of(one, masked=False) for one in said])

        return await work.once(actor, look, keeps_answer=False)
