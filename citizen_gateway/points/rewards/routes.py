"""`/v1/merchants` and `/v1/rewards`: shops, their catalogue, and what they handed out."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import BadCursor, NotFound, Unauthenticated
from citizen_gateway.kernel.ids import PhotoId, uuid7
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.media.darkroom import Darkroom
from citizen_gateway.media.errors import PhotoNotFound, UnknownPhoto
from citizen_gateway.media.model import PhotoSize
from citizen_gateway.media.service import photo_for, served_bytes
from citizen_gateway.platform.actor import ANONYMOUS, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.points import store as books
from citizen_gateway.points.errors import BadPeriod
from citizen_gateway.points.rewards import service, store
from citizen_gateway.points.rewards.errors import MerchantNameTaken, NotYourMerchant
from citizen_gateway.points.rewards.model import Merchant, MerchantId, Reward, RewardId
from citizen_gateway.points.rewards.schema import (
    AddMerchant,
    AddPieces,
    ChangeMembers,
    MerchantView,
    OfferReward,
    RewardView,
    SettlementLine,
    SettlementView,
    merchant_view,
    reward_view,
)

JPEG = "image/jpeg"
_SHOP = (Unauthenticated, NotFound, ScopeMissing, NotYourMerchant)
_PUBLIC = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


class MerchantController(Controller):
    """Merchants."""

    path = "/v1/merchants"
    tags = ("rewards",)

    @post(
        operation_id="addMerchant",
        summary="Add a shop",
        responses=raises(Unauthenticated, RoleMissing, MerchantNameTaken),
    )
    async def add(self, *, data: JSONBody[AddMerchant], actor: Caller, work: Work) -> Response[MerchantView]:
        """Add a shop that takes points, and say who speaks for it. For a city operations center."""

        async def keep(tx: Transaction) -> MerchantView:
            identity = MerchantId(uuid7(tx.now))
            merchant = Merchant(identity, data.name, data.place, tuple(data.members), tx.now)
            return merchant_view(await service.add_merchant(tx, merchant), with_members=True)

        return await work.once(actor, keep, status=201)

    @put(
        "/{merchant_id:uuid}/members",
        operation_id="changeMerchantMembers",
        summary="Say who speaks for a shop",
        responses=raises(Unauthenticated, RoleMissing, NotFound, ScopeMissing, NotYourMerchant),
    )
    async def members(
        self, *, merchant_id: FromPath[UUID], data: JSONBody[ChangeMembers], actor: Caller, work: Work
    ) -> Response[MerchantView]:
        """Replace the list of those who speak for a shop. For a city operations center."""

        async def change(tx: Transaction) -> MerchantView:
            return merchant_view(await service.change_members(tx, merchant_id, tuple(data.members)), with_members=True)

        return await work.once(actor, change)

    @get(operation_id="listMerchants", summary="The shops", responses=raises(Unauthenticated, BadCursor))
    async def all(
        self,
        *,
        actor: Caller,
        work: Work,
        mine: Annotated[bool, QueryParameter(description="Only those you speak for")] = False,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[MerchantView]:
        """List the shops that take points, the newest first."""
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            found = await store.merchants(tx.conn, actor.key if mine else None, before, limit + 1)
        official = actor.holds(Role.CENTER, Role.ADMINISTRATOR)
        views = [merchant_view(one, with_members=official or actor.key in one.members) for one in found]
        return page_of(views, limit, [one.id for one in found])

    @get(
        "/{merchant_id:uuid}/settlement",
        operation_id="getSettlement",
        summary="What a shop handed out",
        responses=raises(*_SHOP, BadPeriod),
    )
    async def settlement(
        self,
        *,
        merchant_id: FromPath[UUID],
        first: Annotated[date, QueryParameter(description="First day, in the city's time")],
        last: Annotated[date, QueryParameter(description="Last day, in the city's time")],
        actor: Caller,
        work: Work,
    ) -> SettlementView:
        """Report what a shop handed out for points from the first to the last day."""
        if last < first:
            raise BadPeriod
        zone = ZoneInfo(work.part(City).timezone)
        since = datetime.combine(first, time(), zone)
        try:
            until = datetime.combine(last + timedelta(days=1), time(), zone)
        except OverflowError as error:
            raise BadPeriod from error
        async with work.read(actor) as tx:
            merchant = await service.merchant_for(tx, merchant_id)
            lines = await store.settled(tx.conn, merchant_id, since, until)
            balance = await books.balance_of(tx.conn, service.till(merchant_id))
        return SettlementView(
            merchant_id=merchant.id,
            merchant=merchant.name,
            first=first,
            last=last,
            pieces=sum(line.pieces for line in lines),
            points=sum(line.points for line in lines),
            balance=balance,
            lines=[SettlementLine(line.reward_id, line.title, line.pieces, line.points) for line in lines],
        )


class RewardController(Controller):
    """The catalogue."""

    path = "/v1/rewards"
    tags = ("rewards",)

    @post(
        operation_id="offerReward",
        summary="Put something into the catalogue",
        responses=raises(*_SHOP, BadPeriod, UnknownPhoto),
    )
    async def offer(self, *, data: JSONBody[OfferReward], actor: Caller, work: Work) -> Response[RewardView]:
        """Offer something for points: for the shop itself, or a city operations center."""

        async def keep(tx: Transaction) -> RewardView:
            return reward_view(await service.offer(tx, _reward(data, RewardId(uuid7(tx.now)), tx.now)))

        return await work.once(actor, keep, status=201)

    @get(operation_id="listRewards", summary="The catalogue", responses=raises(BadCursor))
    async def all(
        self,
        *,
        work: Work,
        merchant: Annotated[UUID | None, QueryParameter(description="Only of this shop")] = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[RewardView]:
        """List what can be redeemed now or soon, the newest first. Nobody need sign in."""
        before = decode_cursor(cursor) if cursor else None
        async with work.read(ANONYMOUS) as tx:
            found = await store.rewards(tx.conn, tx.now, merchant, before, limit + 1)
        return page_of([reward_view(one) for one in found], limit, [one.id for one in found])

    @get("/{reward_id:uuid}", operation_id="getReward", summary="A reward", responses=raises(NotFound))
    async def show(self, *, reward_id: FromPath[UUID], work: Work) -> RewardView:
        """Show one reward and how many are left."""
        async with work.read(ANONYMOUS) as tx:
            return reward_view(await service.find(tx, reward_id))

    @get(
        "/{reward_id:uuid}/pictures/{picture:int}",
        operation_id="getRewardPicture",
        summary="A picture of a reward",
        media_type=JPEG,
        responses=raises(NotFound, PhotoNotFound),
    )
    async def picture(
        self,
        *,
        reward_id: FromPath[UUID],
        picture: FromPath[int],
        size: Annotated[PhotoSize, QueryParameter(description="Which copy")] = PhotoSize.FULL,
        work: Work,
    ) -> Response[bytes]:
        """Get a picture of the catalogue as JPEG; they are counted from 0."""
        async with work.read(ANONYMOUS) as tx:
            photos = (await service.find(tx, reward_id)).photos
            if not 0 <= picture < len(photos):
                raise NotFound(what="picture")
            photo = await photo_for(tx, PhotoId(photos[picture]), all_photos=True)
        shown = await served_bytes(work.part(Darkroom), photo, size)
        return Response(shown, media_type=JPEG, headers=_PUBLIC)

    @post(
        "/{reward_id:uuid}/stock",
        operation_id="addPieces",
        summary="Add pieces to a reward",
        status_code=200,
        responses=raises(*_SHOP),
    )
    async def restock(
        self, *, reward_id: FromPath[UUID], data: JSONBody[AddPieces], actor: Caller, work: Work
    ) -> Response[RewardView]:
        """Add pieces to a reward of your shop."""

        async def add(tx: Transaction) -> RewardView:
            return reward_view(await service.restock(tx, reward_id, data.pieces))

        return await work.once(actor, add)

    @post(
        "/{reward_id:uuid}/withdrawal",
        operation_id="withdrawReward",
        summary="End a reward",
        status_code=200,
        responses=raises(*_SHOP),
    )
    async def withdraw(self, *, reward_id: FromPath[UUID], actor: Caller, work: Work) -> Response[RewardView]:
        """End a reward of your shop now; codes already given can still be used."""

        async def end(tx: Transaction) -> RewardView:
            return reward_view(await service.withdraw(tx, reward_id))

        return await work.once(actor, end)


def _reward(data: OfferReward, identity: RewardId, now: datetime) -> Reward:
    return Reward(
        id=identity,
        merchant_id=MerchantId(data.merchant_id),
        merchant_name="",
        title=data.title,
        description=data.description,
        photos=tuple(data.photo_ids),
        price=data.price,
        per_person=data.per_person,
        valid_hours=data.valid_hours,
        opens_at=data.opens_at,
        closes_at=data.closes_at,
        created_at=now,
        total=data.pieces,
        remaining=data.pieces,
    )
