"""Rewards as plain values."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from citizen_gateway.platform.limits import Limit

MerchantId = NewType("MerchantId", UUID)
RewardId = NewType("RewardId", UUID)
RedemptionId = NewType("RedemptionId", UUID)

CODE_TRIES = Limit("redemption_code", burst=30, per_hour=1200)
"""How many codes one merchant's key may try. A code has 45 random bits and opens only at its own shop: guessing at this
rate for a whole year, with ten thousand codes of that shop in force, finds one with a chance of 0.3 %."""


class RedemptionState(StrEnum):
    """What became of a redemption."""

    RESERVED = "reserved"
    SETTLED = "settled"  # 已核销
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Merchant(msgspec.Struct, frozen=True):
    """A shop that hands out goods; `members` are the keys of the actors who speak for it."""

    id: MerchantId
    name: str
    place: str
    members: tuple[str, ...]
    created_at: datetime


class Reward(msgspec.Struct, frozen=True):
    """Something in the catalogue, with what is left of it; a code for it is valid `valid_hours`."""

    id: RewardId
    merchant_id: MerchantId
    merchant_name: str
    title: str
    description: str
    photos: tuple[UUID, ...]
    price: int
    per_person: int
    valid_hours: int
    opens_at: datetime
    closes_at: datetime
    created_at: datetime
    total: int
    remaining: int


class Redemption(msgspec.Struct, frozen=True):
    """One piece somebody reserved, and the code that fetches it."""

    id: RedemptionId
    reward_id: RewardId
    merchant_id: MerchantId
    holder: str
    price: int
    state: RedemptionState
    code_hash: bytes
    code_sealed: bytes
    created_at: datetime
    valid_until: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def cause(self) -> str:
        """The cause under which its points were reserved."""
        return f"redemption:{self.id}"
