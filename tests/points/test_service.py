"""The ledger's use cases, inside a transaction."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points import devices, service, store
from citizen_gateway.points.errors import NoPoints, NotEnoughPoints, SpendingBlocked
from citizen_gateway.points.model import AccountKind, TransferId, account_id
from citizen_gateway.points.service import Deed
from tests.points.conftest import Earn, at, balance, somebody

LONG = timedelta(days=4 * 366)
SHOP = account_id(AccountKind.MERCHANT, "shop")


async def take_back(tx: Transaction, city: City, cause: str) -> int:
    """Claw back what a cause earned."""
    earlier = await store.transfer_of(tx.conn, cause)
    assert earlier is not None
    return await service.claw_back(tx, city, earlier, "false")


async def reserve(tx: Transaction, city: City, actor: Actor, price: int) -> str:
    """Put points aside and return the cause by which they are returned."""
    cause = f"redemption:{uuid4()}"
    await service.reserve(tx, city, actor.key, price, (cause, "Tea"))
    return cause


class TestEarn:
    """Points for deeds."""

    async def test_a_deed_earns_once(self, tx: Transaction, earn: Earn) -> None:
        """The same cause again has no effect."""
        who = somebody()
        assert await earn(tx, who, 10, cause="report:1") == 10
        assert await earn(tx, who, 10, cause="report:1") == 0
        assert await balance(tx, who) == 10

    async def test_a_day_and_a_year_have_caps(self, tx: Transaction, earn: Earn) -> None:
        """Of more than 50 on a day the rest is not earned, nor later; a year ends at 1,500."""
        who = somebody()
        assert await earn(tx, who, 45) == 45
        assert await earn(tx, who, 10, cause="report:2") == 5
        assert await earn(tx, who, 10, cause="report:3") == 0
        assert await earn(tx, who, 10, cause="report:3", when=tx.now + timedelta(days=1)) == 0
        days = [datetime(2026, 1, 1, 4, tzinfo=UTC) + timedelta(days=n) for n in range(40)]
        assert sum([await earn(tx, who, 50, when=day) for day in days]) == 1450
        assert await balance(tx, who) == 1500

    async def test_the_day_is_the_citys(self, tx: Transaction, earn: Earn) -> None:
        """In Zhengzhou the day begins at 16:00 UTC."""
        who = somebody()
        before, after = (datetime(2026, 5, 5, hour, 59, tzinfo=UTC) for hour in (15, 16))
        assert await earn(tx, who, 50, when=before) == 50
        assert await earn(tx, who, 50, when=after) == 50
        assert await earn(tx, who, 50, when=after) == 0

    async def test_a_ring_on_one_device_earns_as_one(self, tx: Transaction, earn: Earn, vault: Vault) -> None:
        """Accounts seen on one device share one person's caps; a device not seen for long is forgotten."""
        ring = [somebody() for _ in range(3)]
        for who in ring:
            await devices.note(at(tx, who), vault, "one phone")
        assert [await earn(tx, who, 30) for who in ring] == [30, 20, 0]
        later = at(tx, None, timedelta(days=91))
        assert [await earn(later, who, 30) for who in ring] == [30, 30, 30]

    async def test_an_award_is_outside_the_caps(self, tx: Transaction, earn: Earn, city: City) -> None:
        """It neither meets a cap nor fills one."""
        who = somebody()
        deed = Deed(who.key, 300, "award:1", "Flood relief", tx.now, award=True)
        assert await service.earn(tx, city, deed) == 300
        assert await earn(tx, who, 50) == 50

    async def test_a_city_without_rules_has_no_points(self, tx: Transaction, no_points: City) -> None:
        """Nothing can be earned there."""
        with pytest.raises(NoPoints):
            await service.earn(tx, no_points, Deed("citizen:x", 1, "x", "", tx.now))


class TestSpend:
    """Reserved points, and what becomes of them."""

    async def test_the_oldest_are_spent_first(self, tx: Transaction, earn: Earn, city: City) -> None:
        """What would expire first goes first, so that what is left lives longest."""
        who = somebody()
        await earn(tx, who, 10, when=tx.now - timedelta(days=900))
        await earn(tx, who, 10)
        await reserve(tx, city, who, 12)
        lots = await store.lots_of(tx.conn, [service.person(who.key)])
        assert [(lot.remaining, lot.day) for lot in lots] == [(8, tx.now.date())]

    async def test_what_is_not_there_cannot_be_spent(self, tx: Transaction, earn: Earn, city: City) -> None:
        """Too few, none at all, or expired ones that nobody wrote off yet."""
        who = somebody()
        with pytest.raises(NotEnoughPoints):
            await reserve(tx, city, who, 1)
        await earn(tx, who, 10)
        with pytest.raises(NotEnoughPoints) as refused:
            await reserve(tx, city, who, 11)
        assert refused.value.fields == {"needed": 11, "available": 10}
        with pytest.raises(NotEnoughPoints):
            await reserve(at(tx, None, LONG), city, who, 1)

    async def test_settled_points_are_the_merchants(self, tx: Transaction, earn: Earn, city: City) -> None:
        """From the person by way of what is reserved to the merchant."""
        who = somebody()
        await earn(tx, who, 10)
        await store.open_account(tx.conn, SHOP, AccountKind.MERCHANT, "shop")
        await reserve(tx, city, who, 7)
        assert await store.balance_of(tx.conn, account_id(AccountKind.RESERVED, who.key)) == 7
        service.settle(tx, city, who.key, SHOP, 7, told=("settled:1", "Tea"))
        assert await store.balance_of(tx.conn, SHOP) == 7
        assert await store.balance_of(tx.conn, account_id(AccountKind.RESERVED, who.key)) == 0
        assert await balance(tx, who) == 3

    async def test_returned_points_go_where_they_were(self, tx: Transaction, earn: Earn, city: City) -> None:
        """To their lots, which expire when they would have."""
        who = somebody()
        await earn(tx, who, 10, when=tx.now - timedelta(days=900))
        await earn(tx, who, 10)
        before = await store.lots_of(tx.conn, [service.person(who.key)])
        cause = await reserve(tx, city, who, 15)
        await service.give_back(tx, city, who.key, cause, told=(f"back:{cause}", "Tea"))
        assert await store.lots_of(tx.conn, [service.person(who.key)]) == before

    async def test_reserving_does_not_prolong(self, tx: Transaction, earn: Earn, city: City) -> None:
        """Points that come back after their end are written off at once."""
        who = somebody()
        await earn(tx, who, 10)
        cause = await reserve(tx, city, who, 10)
        await service.give_back(at(tx, None, LONG), city, who.key, cause, told=(f"back:{cause}", "Tea"))
        assert await balance(tx, who) == 0


class TestExpiry:
    """The end of points."""

    async def test_the_clerk_writes_off_once(self, tx: Transaction, earn: Earn, city: City) -> None:
        """At the midnight behind the last day, and not again."""
        who = somebody()
        await earn(tx, who, 10, when=datetime(2026, 1, 31, 4, tzinfo=UTC))
        last = datetime(2029, 1, 31, 15, 59, tzinfo=UTC)
        assert await service.write_off(Transaction(tx.conn, last), city, 100) == 0
        assert await service.write_off(Transaction(tx.conn, last + timedelta(minutes=1)), city, 100) == 1
        assert await service.write_off(Transaction(tx.conn, last + timedelta(minutes=1)), city, 100) == 0
        assert await balance(tx, who) == 0


class TestClawBack:
    """What a false report earned."""

    async def test_is_taken_once_and_may_leave_a_debt(self, tx: Transaction, earn: Earn, city: City) -> None:
        """What was spent is owed, spending is blocked, and what is earned next pays it first."""
        who = somebody()
        await earn(tx, who, 10, cause="report:1")
        await reserve(tx, city, who, 8)
        assert await take_back(tx, city, "report:1") == 10
        assert await take_back(tx, city, "report:1") == 0
        assert await balance(tx, who) == -8
        with pytest.raises(SpendingBlocked):
            await reserve(tx, city, who, 1)
        await earn(tx, who, 10)
        assert await balance(tx, who) == 2
        await reserve(tx, city, who, 2)

    async def test_what_expired_is_not_taken_again(self, tx: Transaction, earn: Earn, city: City) -> None:
        """Whichever comes first, expiry or clawback, the end is the same."""
        ends = []
        for clawed_first in (True, False):
            who, cause = somebody(), f"report:{uuid4()}"
            await earn(tx, who, 10, cause=cause)
            await reserve(tx, city, who, 4)
            if clawed_first:
                await take_back(tx, city, cause)
            await service.write_off(at(tx, None, LONG), city, 100)
            if not clawed_first:
                await take_back(at(tx, None, LONG), city, cause)
            ends.append(await balance(tx, who))
        assert ends == [-4, -4]

    async def test_a_return_pays_what_is_owed(self, tx: Transaction, earn: Earn, city: City) -> None:
        """Points behind a code come back, and pay first."""
        who = somebody()
        await earn(tx, who, 10, cause="report:1")
        cause = await reserve(tx, city, who, 10)
        await take_back(tx, city, "report:1")
        await service.give_back(tx, city, who.key, cause, told=(f"back:{cause}", "Tea"))
        assert await balance(tx, who) == 0

    async def test_a_deed_that_earned_nothing_leaves_nothing_to_take(
        self, tx: Transaction, earn: Earn, city: City
    ) -> None:
        """A capped deed costs nothing when it proves false."""
        who = somebody()
        await earn(tx, who, 50)
        await earn(tx, who, 10, cause="report:1")
        assert await take_back(tx, city, "report:1") == 0


class TestSend:
    """Points for a relative."""

    async def test_keep_their_end(self, tx: Transaction, earn: Earn, city: City) -> None:
        """What was about to expire still is, and neither fills the receiver's cap."""
        giver, taker = somebody(), somebody()
        await earn(tx, giver, 10, when=tx.now - timedelta(days=900))
        (lot,) = await store.lots_of(tx.conn, [service.person(giver.key)])
        await service.send(at(tx, giver), city, taker.key, 4, ("gift:1", "For you"))
        (sent,) = await store.lots_of(tx.conn, [service.person(taker.key)])
        assert (sent.remaining, sent.expires_at, sent.counted) == (4, lot.expires_at, False)
        assert await earn(tx, taker, 50) == 50

    async def test_pay_what_the_receiver_owes(self, tx: Transaction, earn: Earn, city: City) -> None:
        """A debt is paid out of a gift too."""
        giver, taker = somebody(), somebody()
        await earn(tx, giver, 10)
        await earn(tx, taker, 5, cause="report:1")
        await reserve(tx, city, taker, 5)
        await take_back(tx, city, "report:1")
        await service.send(at(tx, giver), city, taker.key, 8, ("gift:1", "For you"))
        assert await balance(tx, taker) == 3


class TestUnknownReservation:
    """A return without what it returns."""

    async def test_is_a_defect(self, tx: Transaction, earn: Earn, city: City) -> None:
        """It is raised, not passed over."""
        who = somebody()
        await earn(tx, who, 5)
        with pytest.raises(LookupError):
            await service.give_back(tx, city, who.key, "nothing", told=("back", ""))
        assert await store.lines_of(tx.conn, TransferId(uuid4())) == []
