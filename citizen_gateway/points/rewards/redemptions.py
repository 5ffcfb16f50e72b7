"""`/v1/redemptions`: a citizen's codes, and the counter at which they are settled."""

from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.guards import require_kind
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import BadCursor, Forbidden, NotFound, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, UnitOfWork, Work
from citizen_gateway.platform.limits import Limiter, RateLimited
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points.errors import NoPoints, NotEnoughPoints, SpendingBlocked
from citizen_gateway.points.rewards import service, store
from citizen_gateway.points.rewards.errors import (
    AnotherMerchantsCode,
    CodeCancelled,
    CodeExpired,
    CodeMistyped,
    CodeUnknown,
    CodeUsed,
    LimitReached,
    NotOpenYet,
    RedemptionEnded,
    ReleaseOver,
    SoldOut,
)
from citizen_gateway.points.rewards.model import CODE_TRIES, RedemptionState
from citizen_gateway.points.rewards.schema import ConfirmationView, ConfirmCode, RedemptionView, redemption_view

SVG, PNG = "image/svg+xml", "image/png"
_PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
_SCALE = 8
_MINE = raises(Unauthenticated, NotFound)
_PIECE = (NotOpenYet, ReleaseOver, SoldOut, LimitReached, NotEnoughPoints, SpendingBlocked, NoPoints)
_CODE = (CodeMistyped, CodeUnknown, AnotherMerchantsCode, CodeUsed, CodeCancelled, CodeExpired)


class RedemptionController(Controller):
    """Redemptions."""

    path = "/v1"
    tags = ("rewards",)

    @post(
        "/rewards/{reward_id:uuid}/redemptions",
        operation_id="redeemReward",
        summary="Redeem a reward",
        responses=raises(Unauthenticated, Forbidden, NotFound, *_PIECE),
    )
    async def redeem(self, *, reward_id: FromPath[UUID], actor: Caller, work: Work) -> Response[RedemptionView]:
        """Reserve a piece and its price at once, and get the code that fetches it at the counter.

        Not fetched in time, or cancelled, both come back.
        """
        city, vault = work.part(City), work.part(Vault)
        require_kind(actor, ActorKind.CITIZEN, ActorKind.STAFF)

        async def keep(tx: Transaction) -> RedemptionView:
            redemption, reward, code = await service.redeem(tx, city, vault, reward_id)
            return redemption_view(redemption, reward, code)

        return await work.once(actor, keep, status=201)

    @get(
        "/redemptions", operation_id="listRedemptions", summary="My codes", responses=raises(Unauthenticated, BadCursor)
    )
    async def mine(
        self, *, actor: Caller, work: Work, cursor: PageCursor = None, limit: PageSize = 20
    ) -> Page[RedemptionView]:
        """List what you redeemed, the newest first."""
        before = decode_cursor(cursor) if cursor else None
        vault = work.part(Vault)
        async with work.read(actor) as tx:
            found = await store.redemptions(tx.conn, actor.key, before, limit + 1)
            rewards = await store.rewards_by_id(tx.conn, [one.reward_id for one in found])
        views = [redemption_view(one, rewards[one.reward_id], vault.open(one.code_sealed)) for one in found]
        return page_of(views, limit, [one.id for one in found])

    @get("/redemptions/{redemption_id:uuid}", operation_id="getRedemption", summary="One of my codes", responses=_MINE)
    async def show(self, *, redemption_id: FromPath[UUID], actor: Caller, work: Work) -> RedemptionView:
        """Show a redemption of yours, with its code while that is good for something."""
        async with work.read(actor) as tx:
            return await _view(tx, work.part(Vault), redemption_id)

    @get(
        "/redemptions/{redemption_id:uuid}/qr.svg",
        operation_id="getRedemptionSvg",
        summary="A code as QR, SVG",
        media_type=SVG,
        responses=_MINE,
    )
    async def as_svg(self, *, redemption_id: FromPath[UUID], actor: Caller, work: Work) -> Response[bytes]:
        """Get the code as a QR picture that can be scaled."""
        return Response(await _qr(work, actor, redemption_id, "svg"), media_type=SVG, headers=_PRIVATE)

    @get(
        "/redemptions/{redemption_id:uuid}/qr.png",
        operation_id="getRedemptionPng",
        summary="A code as QR, PNG",
        media_type=PNG,
        responses=_MINE,
    )
    async def as_png(self, *, redemption_id: FromPath[UUID], actor: Caller, work: Work) -> Response[bytes]:
        """Get the code as a QR picture for chats."""
        return Response(await _qr(work, actor, redemption_id, "png"), media_type=PNG, headers=_PRIVATE)

    @post(
        "/redemptions/{redemption_id:uuid}/cancellation",
        operation_id="cancelRedemption",
        summary="Cancel one of my codes",
        status_code=200,
        responses=raises(Unauthenticated, NotFound, RedemptionEnded, NoPoints),
    )
    async def cancel(self, *, redemption_id: FromPath[UUID], actor: Caller, work: Work) -> Response[RedemptionView]:
        """Give up a piece you have not fetched: it goes back to the shelf, and the points to you."""
        city, vault = work.part(City), work.part(Vault)

        async def give_up(tx: Transaction) -> RedemptionView:
            await service.cancel(tx, city, redemption_id)
            return await _view(tx, vault, redemption_id)

        return await work.once(actor, give_up)

    @post(
        "/redemptions/confirmations",
        operation_id="confirmRedemption",
        summary="Settle a code at the counter",
        responses=raises(Unauthenticated, ScopeMissing, RoleMissing, RateLimited, *_CODE),
    )
    async def confirm(self, *, data: JSONBody[ConfirmCode], actor: Caller, work: Work) -> Response[ConfirmationView]:
        """Settle a code that a citizen shows, once, and hand out what the answer names. For the shop itself."""
        return await settle(work, actor, data.code)


async def settle(work: UnitOfWork, actor: Actor, code: str, *, key: str | None = None) -> Response[Any]:
    """Settle a code at the counter and return the confirmation, as JSON already; `key` is a form's `Idempotency-Key`.

    Raises `RateLimited` and what `service.confirm` raises.
    """
    city, vault = work.part(City), work.part(Vault)
    await work.part(Limiter).take(CODE_TRIES, actor.key)

    async def confirm(tx: Transaction) -> ConfirmationView:
        redemption, reward = await service.confirm(tx, city, vault, code)
        return ConfirmationView(redemption.id, reward.id, reward.title, redemption.price, redemption.ended_at or tx.now)

    return await work.once(actor, confirm, status=201, key=key)


async def _view(tx: Transaction, vault: Vault, identity: UUID) -> RedemptionView:
    redemption = await service.redemption_of(tx, identity)
    reward = await service.find(tx, redemption.reward_id)
    return redemption_view(redemption, reward, vault.open(redemption.code_sealed))


async def _qr(work: UnitOfWork, actor: Actor, identity: UUID, kind: str) -> bytes:
    """Draw the code of a redemption that waits. Raises `NotFound`."""
    async with work.read(actor) as tx:
        redemption = await service.redemption_of(tx, identity)
    if redemption.state is not RedemptionState.RESERVED:
        raise NotFound(what="code")
    drawn = BytesIO()
    segno.make_qr(work.part(Vault).open(redemption.code_sealed), error="m").save(drawn, kind=kind, scale=_SCALE)
    return drawn.getvalue()
