"""`/v1/volunteers`, `/v1/groups` and `/v1/certificates`: who takes part, with whom, and the proof of it."""

import asyncio
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import BadCursor, Forbidden, NotFound, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import ANONYMOUS
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import AnyRequest, Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.i18n import preferred_locale
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points.errors import (
    BadPeriod,
    FamilyFull,
    FamilyOff,
    NoPoints,
    NotAVolunteer,
    UnknownVolunteer,
    Yourself,
)
from citizen_gateway.points.volunteers import certificates, pdf, service, store
from citizen_gateway.points.volunteers.errors import GroupNameTaken, NothingToCertify
from citizen_gateway.points.volunteers.model import Period
from citizen_gateway.points.volunteers.schema import (
    Family,
    FoundGroup,
    GroupView,
    IssueCertificate,
    Leaderboard,
    SaveVolunteer,
    SignedCertificate,
    Verdict,
    VolunteerView,
    family_view,
    group_view,
    leaderboard,
    volunteer_view,
)

PDF = "application/pdf"


class VolunteerController(Controller):
    """Volunteers."""

    path = "/v1/volunteers"
    tags = ("volunteers",)

    @get("/me", operation_id="getVolunteer", summary="My profile", responses=raises(Unauthenticated, NotAVolunteer))
    async def me(self, *, actor: Caller, work: Work) -> VolunteerView:
        """Show your profile, your code, and how long you have helped."""
        async with work.read(actor) as tx:
            return await _profile(tx)

    @put("/me", operation_id="saveVolunteer", summary="Take part", responses=raises(Unauthenticated, Forbidden))
    async def save(self, *, data: JSONBody[SaveVolunteer], actor: Caller, work: Work) -> Response[VolunteerView]:
        """Register as a volunteer, or change your nickname, your skills and whether you are listed."""

        async def keep(tx: Transaction) -> VolunteerView:
            await service.save(tx, data.nickname, tuple(data.skills), listed=data.listed)
            return await _profile(tx)

        return await work.once(actor, keep)

    @get("/me/family", operation_id="listFamily", summary="My family", responses=raises(Unauthenticated, NotAVolunteer))
    async def family(self, *, actor: Caller, work: Work) -> Family:
        """List whom you named as family, and who named you too."""
        async with work.read(actor) as tx:
            return family_view(await store.relatives(tx.conn, (await service.me(tx)).holder))

    @put(
        "/me/family/{code:str}",
        operation_id="nameRelative",
        summary="Name a relative",
        responses=raises(Unauthenticated, FamilyOff, FamilyFull, NotAVolunteer, UnknownVolunteer, Yourself, NoPoints),
    )
    async def name(self, *, code: FromPath[str], actor: Caller, work: Work) -> Response[Family]:
        """Name a relative by their code; once they name you too, points can be sent."""
        city = work.part(City)

        async def add(tx: Transaction) -> Family:
            return family_view(await service.name_relative(tx, city, code))

        return await work.once(actor, add)

    @delete(
        "/me/family/{code:str}",
        operation_id="dropRelative",
        summary="No longer name a relative",
        status_code=200,
        responses=raises(Unauthenticated, NotAVolunteer, UnknownVolunteer),
    )
    async def drop(self, *, code: FromPath[str], actor: Caller, work: Work) -> Response[Family]:
        """Take a relative off your list."""

        async def remove(tx: Transaction) -> Family:
            return family_view(await service.drop_relative(tx, code))

        return await work.once(actor, remove)

    @get("/leaderboard", operation_id="getLeaderboard", summary="Who helped longest")
    async def leaders(
        self,
        *,
        work: Work,
        period: Annotated[Period, QueryParameter(description="Of which time")] = Period.MONTH,
    ) -> Leaderboard:
        """List by nickname those who helped longest and wish to be seen. Nobody need sign in."""
        async with work.read(ANONYMOUS) as tx:
            return leaderboard(await service.leaders(tx, work.part(City), period))


class GroupController(Controller):
    """Groups."""

    path = "/v1/groups"
    tags = ("volunteers",)

    @post(
        operation_id="foundGroup",
        summary="Found a group",
        responses=raises(Unauthenticated, NotAVolunteer, GroupNameTaken),
    )
    async def found(self, *, data: JSONBody[FoundGroup], actor: Caller, work: Work) -> Response[GroupView]:
        """Found a group of volunteers, with you in it."""

        async def keep(tx: Transaction) -> GroupView:
            return group_view(await service.found_group(tx, data.name))

        return await work.once(actor, keep, status=201)

    @get(operation_id="listGroups", summary="Groups", responses=raises(Unauthenticated, BadCursor))
    async def all(
        self, *, actor: Caller, work: Work, cursor: PageCursor = None, limit: PageSize = 20
    ) -> Page[GroupView]:
        """List the groups, the newest first."""
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            found = await store.groups(tx.conn, actor.key, before, limit + 1)
        return page_of([group_view(one) for one in found], limit, [one.id for one in found])

    @put(
        "/{group_id:uuid}/members/me",
        operation_id="joinGroup",
        summary="Join a group",
        responses=raises(Unauthenticated, NotFound, NotAVolunteer),
    )
    async def join(self, *, group_id: FromPath[UUID], actor: Caller, work: Work) -> Response[GroupView]:
        """Join a group."""

        async def add(tx: Transaction) -> GroupView:
            return group_view(await service.join_group(tx, group_id))

        return await work.once(actor, add)

    @delete(
        "/{group_id:uuid}/members/me",
        operation_id="leaveGroup",
        summary="Leave a group",
        status_code=200,
        responses=raises(Unauthenticated, NotFound),
    )
    async def leave(self, *, group_id: FromPath[UUID], actor: Caller, work: Work) -> Response[GroupView]:
        """Leave a group."""

        async def remove(tx: Transaction) -> GroupView:
            return group_view(await service.leave_group(tx, group_id))

        return await work.once(actor, remove)


class CertificateController(Controller):
    """Certificates of service."""

    path = "/v1/certificates"
    tags = ("volunteers",)

    @post(
        operation_id="issueCertificate",
        summary="Certify my service",
        responses=raises(Unauthenticated, NotAVolunteer, BadPeriod, NothingToCertify),
    )
    async def issue(
        self, *, data: JSONBody[IssueCertificate], actor: Caller, work: Work
    ) -> Response[SignedCertificate]:
        """Issue a signed record of your approved service; show its number to whoever should see it."""
        city, vault = work.part(City), work.part(Vault)

        async def keep(tx: Transaction) -> SignedCertificate:
            certificate = await certificates.issue(tx, city, data.first, data.last)
            return SignedCertificate(certificate, certificates.sign(vault, certificate))

        return await work.once(actor, keep, status=201)

    @get(
        "/{certificate_number:str}", operation_id="getCertificate", summary="A certificate", responses=raises(NotFound)
    )
    async def show(self, *, certificate_number: FromPath[str], work: Work) -> SignedCertificate:
        """Show a certificate as it was issued to whoever has its number; nobody need sign in."""
        async with work.read(ANONYMOUS) as tx:
            certificate = await certificates.find(tx, certificate_number)
        return SignedCertificate(certificate, certificates.sign(work.part(Vault), certificate))

    @get(
        "/{certificate_number:str}/pdf",
        operation_id="getCertificatePdf",
        summary="A certificate on paper",
        media_type=PDF,
        responses=raises(NotFound),
    )
    async def paper(self, *, certificate_number: FromPath[str], request: AnyRequest, work: Work) -> Response[bytes]:
        """Get a certificate as PDF, with a QR that leads to where it is verified."""
        async with work.read(ANONYMOUS) as tx:
            certificate = await certificates.find(tx, certificate_number)
        signature = certificates.sign(work.part(Vault), certificate)
        url = f"{str(request.base_url).rstrip('/')}/v1/certificates/{certificate.number}"
        locale = preferred_locale(request.headers.get("accept-language"))
        drawn = await asyncio.to_thread(pdf.draw, certificate, signature, url, locale, work.part(City).timezone)
        return Response(drawn, media_type=PDF, headers={"Cache-Control": "private, no-store"})

    @post("/verifications", operation_id="verifyCertificate", summary="Is it genuine?", status_code=200)
    async def verify(self, *, data: JSONBody[SignedCertificate], work: Work) -> Response[Verdict]:
        """Say whether the gateway signed exactly this; nobody need sign in, and nothing is kept."""
        vault = work.part(Vault)

        async def compare(_tx: Transaction) -> Verdict:
            return Verdict(certificates.is_genuine(vault, data.certificate, data.signature))

        return await work.once(ANONYMOUS, compare, keeps_answer=False)


async def _profile(tx: Transaction) -> VolunteerView:
    mine = await service.me(tx)
    return volunteer_view(mine, await store.minutes_of(tx.conn, mine.holder))
