"""`/v1/points`: what one has, how it moved, the city's rules, awards and what is taken back."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.accounts.guards import require_kind
from citizen_gateway.city.points import PointsRules
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import BadCursor, Forbidden, NotFound, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import AnyRequest, Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.i18n import MESSAGES, preferred_locale, translate
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points import devices, judging, service, store
from citizen_gateway.points.errors import (
    AwardDecided,
    AwardTooLarge,
    DeclaredFalse,
    FamilyOff,
    NoPoints,
    NotAVolunteer,
    NotEnoughPoints,
    NotFamily,
    SecondPersonNeeded,
    SentEnough,
    SpendingBlocked,
    UnknownVolunteer,
)
from citizen_gateway.points.judging import AwardState
from citizen_gateway.points.model import AccountKind, account_id, local_day
from citizen_gateway.points.schema import (
    AwardView,
    ClawBackView,
    DeclareDevice,
    DeclareFalse,
    EarningView,
    Expiring,
    PointsRulesView,
    PointsView,
    ProposeAward,
    SendPoints,
    SentView,
    StatementLine,
    award_view,
    statement_line,
)
from citizen_gateway.points.volunteers import service as volunteers

_SEND = (FamilyOff, NotAVolunteer, UnknownVolunteer, NotFamily, SentEnough, NotEnoughPoints, SpendingBlocked, NoPoints)
_DECISION = raises(Unauthenticated, RoleMissing, NotFound, SecondPersonNeeded, AwardDecided, NoPoints)


class PointsController(Controller):
    """Points."""

    path = "/v1/points"
    tags = ("points",)

    @get(operation_id="getPoints", summary="My points", responses=raises(Unauthenticated, NoPoints))
    async def mine(self, *, actor: Caller, work: Work) -> PointsView:
        """Show what you have, what stands behind codes, and how near the caps you are."""
        city = work.part(City)
        rules = service.rules_of(city)
        account = service.person(actor.key)
        async with work.read(actor) as tx:
            purse = await store.purse(tx.conn, account)
            reserved = await store.balance_of(tx.conn, account_id(AccountKind.RESERVED, actor.key))
            group = [service.person(holder) for holder in await devices.within(tx, city, actor.key)]
            today, year = await store.earned(tx.conn, group, local_day(tx.now, city.timezone))
        live = [lot for lot in (purse.lots if purse else ()) if lot.expires_at > tx.now]
        ends = live[0].expires_at if live else None
        amount = sum(lot.remaining for lot in live if lot.expires_at == ends)
        return PointsView(
            balance=purse.balance if purse else 0,
            available=purse.spendable(tx.now) if purse else 0,
            reserved=reserved,
            earned_today=today,
            cap_today=rules.caps.day,
            earned_this_year=year,
            cap_this_year=rules.caps.year,
            next_to_expire=Expiring(amount, ends) if ends else None,
        )

    @get(
        "/statement",
        operation_id="listStatement",
        summary="How they moved",
        responses=raises(Unauthenticated, BadCursor),
    )
    async def statement(
        self, *, request: AnyRequest, actor: Caller, work: Work, cursor: PageCursor = None, limit: PageSize = 20
    ) -> Page[StatementLine]:
        """List what moved your points, the newest first, each with the balance behind it."""
        before = decode_cursor(cursor) if cursor else None
        locale = preferred_locale(request.headers.get("accept-language"))
        async with work.read(actor) as tx:
            rows = await store.statement(tx.conn, service.person(actor.key), before, limit + 1)
        lines = [statement_line(row, translate(row.note, locale) if row.note in MESSAGES else row.note) for row in rows]
        return page_of(lines, limit, [row.id for row in rows])

    @get("/rules", operation_id="getPointsRules", summary="The city's rules", responses=raises(NoPoints))
    async def rules(self, *, work: Work) -> PointsRulesView:
        """Show what earns points here, the caps, and how long points live. Nobody need sign in."""
        return _rules_view(service.rules_of(work.part(City)))

    @post(
        "/transfers",
        operation_id="sendPoints",
        summary="Send points to a relative",
        responses=raises(Unauthenticated, *_SEND),
    )
    async def send(self, *, data: JSONBody[SendPoints], actor: Caller, work: Work) -> Response[SentView]:
        """Send points to a relative, who has named you too; they expire when they would have."""
        city = work.part(City)

        async def give(tx: Transaction) -> SentView:
            return SentView(data.amount, await volunteers.send(tx, city, data.to, data.amount))

        return await work.once(actor, give, status=201)

    @post(
        "/devices",
        operation_id="declareDevice",
        summary="Name my device",
        status_code=204,
        responses=raises(Unauthenticated, Forbidden),
    )
    async def device(self, *, data: JSONBody[DeclareDevice], actor: Caller, work: Work) -> None:
        """Say which device this account is used on. Accounts on one device count as one person for the caps."""
        vault = work.part(Vault)
        require_kind(actor, ActorKind.CITIZEN, ActorKind.STAFF)

        async def note(tx: Transaction) -> None:
            await devices.note(tx, vault, data.device)

        await work.once(actor, note, status=204)

    @post(
        "/awards",
        operation_id="proposeAward",
        summary="Propose an award",
        responses=raises(Unauthenticated, RoleMissing, AwardTooLarge, UnknownVolunteer, NoPoints),
    )
    async def propose(self, *, data: JSONBody[ProposeAward], actor: Caller, work: Work) -> Response[AwardView]:
        """Propose to give somebody points by hand; a second person decides. For a city operations center."""
        city = work.part(City)

        async def keep(tx: Transaction) -> AwardView:
            return award_view(await judging.propose(tx, city, data.to, data.amount, data.reason))

        return await work.once(actor, keep, status=201)

    @get(
        "/awards",
        operation_id="listAwards",
        summary="Awards",
        responses=raises(Unauthenticated, RoleMissing, BadCursor),
    )
    async def awards(
        self,
        *,
        actor: Caller,
        work: Work,
        wanted: Annotated[AwardState | None, QueryParameter(name="state", description="Only these")] = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[AwardView]:
        """List awards, the newest first. For centers and auditors."""
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            found = await judging.awards(tx, wanted, before, limit + 1)
        return page_of([award_view(one) for one in found], limit, [one.id for one in found])

    @post(
        "/awards/{award_id:uuid}/approval",
        operation_id="approveAward",
        summary="Approve an award",
        status_code=200,
        responses=_DECISION,
    )
    async def approve(self, *, award_id: FromPath[UUID], actor: Caller, work: Work) -> Response[AwardView]:
        """Approve an award that somebody else proposed; the points are given at once."""
        city = work.part(City)

        async def decide(tx: Transaction) -> AwardView:
            return award_view(await judging.decide(tx, city, award_id, approve=True))

        return await work.once(actor, decide)

    @post(
        "/awards/{award_id:uuid}/refusal",
        operation_id="refuseAward",
        summary="Refuse an award",
        status_code=200,
        responses=_DECISION,
    )
    async def refuse(self, *, award_id: FromPath[UUID], actor: Caller, work: Work) -> Response[AwardView]:
        """Refuse an award that somebody else proposed."""
        city = work.part(City)

        async def decide(tx: Transaction) -> AwardView:
            return award_view(await judging.decide(tx, city, award_id, approve=False))

        return await work.once(actor, decide)

    @post(
        "/false-reports",
        operation_id="declareReportFalse",
        summary="Take back what a false report earned",
        responses=raises(Unauthenticated, RoleMissing, NotFound, DeclaredFalse, NoPoints),
    )
    async def false(self, *, data: JSONBody[DeclareFalse], actor: Caller, work: Work) -> Response[ClawBackView]:
        """Declare a report false: what it earned is taken back, and what was spent of that is owed."""
        city = work.part(City)
        service.rules_of(city)

        async def take(tx: Transaction) -> ClawBackView:
            taken = await judging.declare_false(tx, city, data.report_id, data.reason)
            return ClawBackView(data.report_id, taken, local_day(tx.now, city.timezone))

        return await work.once(actor, take, status=201)


def _rules_view(rules: PointsRules) -> PointsRulesView:
    earn = rules.earn
    deeds = {
        "first_report": earn.first_report,
        "joining": earn.joining,
        "rating": earn.rating,
        "verification": earn.verification,
        "task_hour": earn.task_hour,
    }
    return PointsRulesView(
        earnings=[EarningView(deed, earning.points) for deed, earning in deeds.items()],
        cap_day=rules.caps.day,
        cap_year=rules.caps.year,
        expiry=rules.expiry.mode.value,
        expiry_after=rules.expiry.after,
        family_allowed=rules.family.allowed,
        family_per_year=rules.family.per_year,
    )
