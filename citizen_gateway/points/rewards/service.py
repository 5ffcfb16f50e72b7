"""From a press on a button to goods over a counter.

Locks are taken in one order by everybody: the redemption's row, people's accounts, other accounts, and the stock last,
so that a stock on which a thousand people press is held for no longer than it takes to commit.
"""

from datetime import timedelta
from uuid import UUID

from citizen_gateway.accounts.guards import require_role, require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.media.service import owned_photos
from citizen_gateway.platform.actor import Actor, Role, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points import jobs
from citizen_gateway.points import service as ledger
from citizen_gateway.points import store as books
from citizen_gateway.points.codes import new_code, read_code
from citizen_gateway.points.errors import BadPeriod
from citizen_gateway.points.model import AccountId, AccountKind, account_id
from citizen_gateway.points.rewards import store
from citizen_gateway.points.rewards.errors import (
    AnotherMerchantsCode,
    CodeCancelled,
    CodeExpired,
    CodeMistyped,
    CodeUnknown,
    CodeUsed,
    LimitReached,
    MerchantNameTaken,
    NotOpenYet,
    NotYourMerchant,
    RedemptionEnded,
    ReleaseOver,
    SoldOut,
)
from citizen_gateway.points.rewards.model import (
    Merchant,
    Redemption,
    RedemptionId,
    RedemptionState,
    Reward,
)


async def add_merchant(tx: Transaction, merchant: Merchant) -> Merchant:
    """Keep a new merchant and open its account. Raises `RoleMissing`, `MerchantNameTaken`."""
    require_role(tx.actor, Role.CENTER, Role.ADMINISTRATOR)
    if not await store.insert_merchant(tx.conn, merchant):
        raise MerchantNameTaken(name=merchant.name)
    await books.open_account(tx.conn, till(merchant.id), AccountKind.MERCHANT, str(merchant.id))
    return merchant


async def change_members(tx: Transaction, merchant: UUID, members: tuple[str, ...]) -> Merchant:
    """Say anew who speaks for a merchant. Raises `RoleMissing`, `NotFound`."""
    require_role(tx.actor, Role.CENTER, Role.ADMINISTRATOR)
    found = await store.merchant(tx.conn, merchant)
    if found is None:
        raise NotFound(what="merchant")
    await store.set_members(tx.conn, found.id, members)
    return await merchant_for(tx, found.id)


def till(merchant: UUID) -> AccountId:
    """Return a merchant's account."""
    return account_id(AccountKind.MERCHANT, str(merchant))


async def merchant_for(tx: Transaction, merchant: UUID) -> Merchant:
    """Return a merchant the actor speaks for, or any to a center. Raises `NotFound`, `NotYourMerchant`."""
    require_scope(tx.actor, Scope.POINTS_MERCHANT)
    found = await store.merchant(tx.conn, merchant)
    if found is None:
        raise NotFound(what="merchant")
    if not _speaks_for(tx.actor, found):
        raise NotYourMerchant
    return found


def _speaks_for(actor: Actor, merchant: Merchant) -> bool:
    member = actor.key in merchant.members and actor.holds(Role.MERCHANT)
    return member or actor.holds(Role.CENTER, Role.ADMINISTRATOR)


async def offer(tx: Transaction, reward: Reward) -> Reward:
    """Put a reward into the catalogue. Raises `BadPeriod`, `UnknownPhoto` and what `merchant_for` raises."""
    if reward.closes_at <= max(reward.opens_at, tx.now):
        raise BadPeriod
    await merchant_for(tx, reward.merchant_id)
    await owned_photos(tx, reward.photos)
    await store.insert_reward(tx.conn, reward)
    return await find(tx, reward.id)


async def find(tx: Transaction, reward: UUID) -> Reward:
    """Return a reward. Raises `NotFound`."""
    found = await store.reward(tx.conn, reward)
    if found is None:
        raise NotFound(what="reward")
    return found


async def restock(tx: Transaction, reward: UUID, pieces: int) -> Reward:
    """Add pieces to a reward of the actor's shop."""
    found = await find(tx, reward)
    await merchant_for(tx, found.merchant_id)
    await store.add_pieces(tx.conn, found.id, pieces)
    return await find(tx, reward)


async def withdraw(tx: Transaction, reward: UUID) -> Reward:
    """End a reward of the actor's shop; codes already given keep their time."""
    found = await find(tx, reward)
    await merchant_for(tx, found.merchant_id)
    await store.close(tx.conn, found.id, tx.now)
    return await find(tx, reward)


async def redeem(tx: Transaction, city: City, vault: Vault, reward: UUID) -> tuple[Redemption, Reward, str]:
    """Reserve one piece and its price together, and return both with the code that fetches it.

    Raises `NotFound`, `NotOpenYet`, `ReleaseOver`, `SoldOut`, `LimitReached`, `NotEnoughPoints`, `SpendingBlocked`.
    """
    found = await find(tx, reward)
    if tx.now < found.opens_at:
        raise NotOpenYet(opens_at=found.opens_at.isoformat())
    if tx.now >= found.closes_at:
        raise ReleaseOver(closes_at=found.closes_at.isoformat())
    if found.remaining == 0:
        raise SoldOut
    code = new_code()
    redemption = Redemption(
        id=RedemptionId(uuid7(tx.now)),
        reward_id=found.id,
        merchant_id=found.merchant_id,
        holder=tx.actor.key,
        price=found.price,
        state=RedemptionState.RESERVED,
        code_hash=code_hash(vault, code),
        code_sealed=vault.seal(code),
        created_at=tx.now,
        valid_until=tx.now + timedelta(hours=found.valid_hours),
    )
    await ledger.reserve(tx, city, tx.actor.key, found.price, (redemption.cause, found.title))
    store.insert(tx.conn, redemption)
    await jobs.REDEMPTION_OVER.enqueue(tx, jobs.RedemptionOver(redemption.id), redemption.valid_until)
    if await store.taken_by(tx.conn, found.id, tx.actor.key) > found.per_person:
        raise LimitReached(per_person=found.per_person)
    if not await store.take_piece(tx.conn, found.id):
        raise SoldOut
    return redemption, found, code


def code_hash(vault: Vault, code: str) -> bytes:
    """Return the keyed hash under which a code is found."""
    return vault.index(f"redemption:{code}")


async def confirm(tx: Transaction, city: City, vault: Vault, text: str) -> tuple[Redemption, Reward]:
    """Settle a code at the counter (核销): once, by the shop that offers the reward, while it is valid.

    Raises `CodeMistyped`, `CodeUnknown`, `AnotherMerchantsCode`, `CodeUsed`, `CodeCancelled`, `CodeExpired`.
    """
    require_scope(tx.actor, Scope.POINTS_MERCHANT)
    require_role(tx.actor, Role.MERCHANT)
    code = read_code(text)
    if code is None:
        raise CodeMistyped
    found = await store.by_code(tx.conn, code_hash(vault, code))
    if found is None:
        raise CodeUnknown
    merchant = await store.merchant(tx.conn, found.merchant_id)
    if merchant is None or tx.actor.key not in merchant.members:
        raise AnotherMerchantsCode
    if not await store.end(tx.conn, found.id, RedemptionState.SETTLED, tx.actor.key, tx.now):
        raise await _why_not(tx, found)
    reward = await find(tx, found.reward_id)
    told = (f"settled:{found.id}", reward.title)
    ledger.settle(tx, city, found.holder, till(merchant.id), found.price, told=told)
    return await _again(tx, found), reward


async def _why_not(tx: Transaction, seen: Redemption) -> CodeUsed | CodeCancelled | CodeExpired:
    ended = await _again(tx, seen)
    if ended.state is RedemptionState.SETTLED and ended.ended_at:
        return CodeUsed(ended_at=ended.ended_at.isoformat())
    if ended.state is RedemptionState.CANCELLED:
        return CodeCancelled()
    return CodeExpired(valid_until=ended.valid_until.isoformat())


async def _again(tx: Transaction, seen: Redemption) -> Redemption:
    found = await store.redemption(tx.conn, seen.id)
    if found is None:
        raise LookupError(seen.id)
    return found


async def redemption_of(tx: Transaction, identity: UUID) -> Redemption:
    """Return a redemption of the actor's. Raises `NotFound` for anybody else's."""
    found = await store.redemption(tx.conn, identity)
    if found is None or found.holder != tx.actor.key:
        raise NotFound(what="redemption")
    return found


async def cancel(tx: Transaction, city: City, identity: UUID) -> Redemption:
    """Give up a redemption of the actor's: piece and points go back. Raises `NotFound`, `RedemptionEnded`."""
    found = await redemption_of(tx, identity)
    if not await _undo(tx, city, found, RedemptionState.CANCELLED):
        raise RedemptionEnded(state=(await _again(tx, found)).state.value)
    return await _again(tx, found)


async def run_out(tx: Transaction, city: City, over: jobs.RedemptionOver) -> None:
    """Give piece and points back where a code was not used in its time; any other redemption is left alone."""
    found = await store.redemption(tx.conn, over.redemption)
    if found is None or await _undo(tx, city, found, RedemptionState.EXPIRED):
        return
    if found.state is RedemptionState.RESERVED and found.valid_until > tx.now:  # the database's clock is ahead of ours
        await jobs.REDEMPTION_OVER.enqueue(tx, over, found.valid_until)


async def give_up(tx: Transaction, city: City, identity: UUID) -> None:
    """Cancel a redemption for somebody whose account ends; one that has ended stays as it is."""
    found = await store.redemption(tx.conn, identity)
    if found is not None:
        await _undo(tx, city, found, RedemptionState.CANCELLED)


async def _undo(tx: Transaction, city: City, redemption: Redemption, state: RedemptionState) -> bool:
    if not await store.end(tx.conn, redemption.id, state, tx.actor.key, tx.now):
        return False
    reward = await find(tx, redemption.reward_id)
    told = (f"returned:{redemption.id}", reward.title)
    await ledger.give_back(tx, city, redemption.holder, redemption.cause, told=told)
    await store.put_piece(tx.conn, redemption.reward_id)
    return True
