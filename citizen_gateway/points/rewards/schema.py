"""Rewards on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.points.model import HUGE
from citizen_gateway.points.rewards.model import Merchant, Redemption, RedemptionState, Reward

Member = Annotated[
    str, Meta(pattern="^(client|staff):[0-9a-f-]{36}$", description="Key of an actor: kind and id, such as `client:…`")
]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Pieces = Annotated[int, Meta(ge=1, le=1_000_000)]


class AddMerchant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shop, and who speaks for it."""

    name: Name
    place: Annotated[str, Meta(max_length=200)] = ""
    members: Annotated[list[Member], Meta(max_length=100)] = []


class ChangeMembers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who speaks for a shop from now on."""

    members: Annotated[list[Member], Meta(max_length=100)]


class OfferReward(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something for the catalogue; a code for it is valid `valid_hours`."""

    merchant_id: UUID
    title: Name
    price: Annotated[int, Meta(ge=1, le=HUGE, description="In points")]
    pieces: Pieces
    opens_at: datetime
    closes_at: datetime
    description: Annotated[str, Meta(max_length=2000)] = ""
    per_person: Annotated[int, Meta(ge=1, le=1000)] = 1
    valid_hours: Annotated[int, Meta(ge=1, le=8760)] = 168
    photo_ids: Annotated[list[UUID], Meta(max_length=9)] = []


class AddPieces(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """More of a reward."""

    pieces: Pieces


class ConfirmCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the citizen shows at the counter."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]


class MerchantView(msgspec.Struct, frozen=True):
    """A shop; `members` are shown to those who may change them."""

    id: UUID
    name: str
    place: str
    members: list[str]


class RewardView(msgspec.Struct, frozen=True):
    """Something in the catalogue; `pictures` are addresses below this API."""

    id: UUID
    merchant_id: UUID
    merchant: str
    title: str
    description: str
    pictures: list[str]
    price: int
    per_person: int
    valid_hours: int
    pieces: int
    remaining: int
    opens_at: datetime
    closes_at: datetime


class RedemptionView(msgspec.Struct, frozen=True):
    """A piece of yours; `code` fetches it, and is shown while it can."""

    id: UUID
    reward_id: UUID
    title: str
    merchant: str
    price: int
    state: RedemptionState
    code: str | None
    created_at: datetime
    valid_until: datetime
    ended_at: datetime | None


class ConfirmationView(msgspec.Struct, frozen=True):
    """What a shop hands out for a code it has just settled; nothing of the citizen."""

    redemption_id: UUID
    reward_id: UUID
    title: str
    price: int
    settled_at: datetime


class SettlementLine(msgspec.Struct, frozen=True):
    """How much of one reward was handed out."""

    reward_id: UUID
    title: str
    pieces: int
    points: int


class SettlementView(msgspec.Struct, frozen=True):
    """What a shop handed out in a period; `balance` is all that its account has ever received."""

    merchant_id: UUID
    merchant: str
    first: date
    last: date
    pieces: int
    points: int
    balance: int
    lines: list[SettlementLine]


def merchant_view(merchant: Merchant, *, with_members: bool) -> MerchantView:
    """Show a shop."""
    return MerchantView(merchant.id, merchant.name, merchant.place, list(merchant.members) if with_members else [])


def reward_view(reward: Reward) -> RewardView:
    """Show a reward."""
    return RewardView(
        id=reward.id,
        merchant_id=reward.merchant_id,
        merchant=reward.merchant_name,
        title=reward.title,
        description=reward.description,
        pictures=[f"/v1/rewards/{reward.id}/pictures/{number}" for number in range(len(reward.photos))],
        price=reward.price,
        per_person=reward.per_person,
        valid_hours=reward.valid_hours,
        pieces=reward.total,
        remaining=reward.remaining,
        opens_at=reward.opens_at,
        closes_at=reward.closes_at,
    )


def redemption_view(redemption: Redemption, reward: Reward, code: str) -> RedemptionView:
    """Show a redemption to its holder."""
    return RedemptionView(
        id=redemption.id,
        reward_id=reward.id,
        title=reward.title,
        merchant=reward.merchant_name,
        price=redemption.price,
        state=redemption.state,
        code=code if redemption.state is RedemptionState.RESERVED else None,
        created_at=redemption.created_at,
        valid_until=redemption.valid_until,
        ended_at=redemption.ended_at,
    )
