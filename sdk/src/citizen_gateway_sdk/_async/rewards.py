"""Rewards: what points buy, the codes that fetch it, and the shops that hand it out."""

from collections.abc import Sequence
from datetime import date
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncRewards:
    """The catalogue: redeemed by volunteers, filled by shops and centers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        merchant: UUID | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Reward]:
        """Return what can be redeemed now or soon, the newest first."""
        query: dict[str, object] = {"merchant": merchant, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_REWARDS, options, query)

    async def get(self, reward_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Reward:
        """Return a reward and how many are left."""
        return await self._transport.send(operations.GET_REWARD, options, path={"reward_id": reward_id})

    async def picture(
        self,
        reward_id: UUID | str,
        picture: int,
        *,
        size: models.PhotoSize | None = None,
        **options: Unpack[ReadOptions],
    ) -> bytes:
        """Return a picture of a reward as JPEG; they are counted from 0."""
        path = {"reward_id": reward_id, "picture": str(picture)}
        return await self._transport.send(operations.GET_REWARD_PICTURE, options, path=path, query={"size": size})

    async def redeem(self, reward_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Redemption:
        """Reserve a piece and its price at once; show `code` at the counter before `valid_until`.

        Raises `SoldOut`, `NotEnoughPoints`, `RedemptionLimitReached`, `RewardNotOpenYet`, `RewardOver`, ….
        """
        return await self._transport.send(operations.REDEEM_REWARD, options, path={"reward_id": reward_id})

    async def offer(self, reward: models.OfferReward, **options: Unpack[WriteOptions]) -> models.Reward:
        """Put something into the catalogue. Raises `BadPeriod`, `NotYourMerchant`, `UnknownPhoto`."""
        return await self._transport.send(operations.OFFER_REWARD, options, body=reward)

    async def add_pieces(self, reward_id: UUID | str, *, pieces: int, **options: Unpack[WriteOptions]) -> models.Reward:
        """Add pieces to a reward of the caller's shop."""
        body = models.AddPieces(pieces=pieces)
        return await self._transport.send(operations.ADD_PIECES, options, path={"reward_id": reward_id}, body=body)

    async def withdraw(self, reward_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Reward:
        """End a reward of the caller's shop now; codes already given can still be used."""
        return await self._transport.send(operations.WITHDRAW_REWARD, options, path={"reward_id": reward_id})


class AsyncRedemptions:
    """Codes: of the volunteer who reserved a piece, and at the counter where they are settled."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self, *, cursor: str | None = None, limit: int | None = None, **options: Unpack[ReadOptions]
    ) -> AsyncPages[models.Redemption]:
        """Return what the caller redeemed, the newest first."""
        query: dict[str, object] = {"cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_REDEMPTIONS, options, query)

    async def get(self, redemption_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Redemption:
        """Return a redemption of the caller's, with its code while that is good for something."""
        return await self._transport.send(operations.GET_REDEMPTION, options, path={"redemption_id": redemption_id})

    async def svg(self, redemption_id: UUID | str, **options: Unpack[ReadOptions]) -> bytes:
        """Return the code as a QR picture that can be scaled."""
        path = {"redemption_id": redemption_id}
        return await self._transport.send(operations.GET_REDEMPTION_SVG, options, path=path)

    async def png(self, redemption_id: UUID | str, **options: Unpack[ReadOptions]) -> bytes:
        """Return the code as a QR picture for chats."""
        path = {"redemption_id": redemption_id}
        return await self._transport.send(operations.GET_REDEMPTION_PNG, options, path=path)

    async def cancel(self, redemption_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Redemption:
        """Give a piece up before it is fetched; it goes back, and so do the points. Raises `RedemptionEnded`."""
        path = {"redemption_id": redemption_id}
        return await self._transport.send(operations.CANCEL_REDEMPTION, options, path=path)

    async def confirm(self, code: str, **options: Unpack[WriteOptions]) -> models.Confirmation:
        """Settle a code that a citizen shows (核销), and hand out what the answer names.

        Raises `CodeMistyped`, `CodeUnknown`, `CodeUsed`, `CodeExpired`, `CodeCancelled`, `AnotherMerchantsCode`.
        """
        body = models.ConfirmCode(code=code)
        return await self._transport.send(operations.CONFIRM_REDEMPTION, options, body=body)


class AsyncMerchants:
    """Shops that hand goods out for points."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def add(
        self,
        name: str,
        *,
        place: str | None = None,
        members: Sequence[str] | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Merchant:
        """Add a shop; `members` are keys of those who speak for it, such as `client:…`. Raises `MerchantNameTaken`."""
        body = models.AddMerchant(
            name=name, place=given(place), members=given(members if members is None else [*members])
        )
        return await self._transport.send(operations.ADD_MERCHANT, options, body=body)

    async def change_members(
        self, merchant_id: UUID | str, members: Sequence[str], **options: Unpack[WriteOptions]
    ) -> models.Merchant:
        """Say anew who speaks for a shop."""
        path = {"merchant_id": merchant_id}
        body = models.ChangeMembers(members=[*members])
        return await self._transport.send(operations.CHANGE_MERCHANT_MEMBERS, options, path=path, body=body)

    def list(
        self,
        *,
        mine: bool | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Merchant]:
        """Return the shops, or those the caller speaks for."""
        query: dict[str, object] = {"mine": mine, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_MERCHANTS, options, query)

    async def settlement(
        self, merchant_id: UUID | str, *, first: date, last: date, **options: Unpack[ReadOptions]
    ) -> models.Settlement:
        """Return what a shop handed out from the first to the last day, in the city's time."""
        path = {"merchant_id": merchant_id}
        query: dict[str, object] = {"first": first, "last": last}
        return await self._transport.send(operations.GET_SETTLEMENT, options, path=path, query=query)
