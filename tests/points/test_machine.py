"""Many people at once, in real transactions, against a model of a few lines; then the whole ledger is added up.

Each step of the machine lets several actors act at the same moment, so that they meet in the database, and then lets
the model do the same one after the other in the order in which the database finished them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points import jobs, service, store
from citizen_gateway.points.audit import audit
from citizen_gateway.points.rewards import service as rewards
from citizen_gateway.points.rewards.model import Merchant, MerchantId, Reward, RewardId
from citizen_gateway.points.service import Deed
from tests.points.simple import Book, Refused

PEOPLE = 3
STEP = timedelta(hours=7)
MOMENT = timedelta(milliseconds=1)
LIMIT = 2
THREE_YEARS = 3_800  # steps, and some days
PRICES = (4, 9)
START = datetime.fromisoformat("2026-11-22T01:00:00+00:00")

Work = Callable[[Transaction], Awaitable[Any]]

people = st.integers(0, PEOPLE - 1)
endings = st.lists(st.sampled_from(["fetch", "cancel", "run_out"]), min_size=1, max_size=4)
presses = st.lists(st.tuples(people, st.integers(0, len(PRICES) - 1)), min_size=1, max_size=5)


class Machine(RuleBasedStateMachine):
    """People earn, redeem, cancel, fetch, send and lose points, together."""

    loop: asyncio.AbstractEventLoop
    pool: Pool
    city: City
    vault: Vault

    def run(self, work: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever the work is
        """Do something on the loop of the pool, from the thread in which hypothesis thinks."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    @initialize()
    def begin(self) -> None:
        """Open a shop with few pieces, and let three people come."""
        self.now = START
        self.book = Book()
        self.people = [Actor(ActorKind.CITIZEN, uuid4()) for _ in range(PEOPLE)]
        self.codes: dict[UUID, str] = {}
        self.done: list[str] = []
        self.run(self._open())
        for who in range(PEOPLE):
            for points in (17, 20):
                self.earn(who, points, 1)

    async def _open(self) -> None:
        self.cashier = Actor(ActorKind.STAFF, uuid4(), grants=(Grant(Role.MERCHANT),))
        center = Actor(ActorKind.STAFF, uuid4(), grants=(Grant(Role.CENTER),))
        async with begin(self.pool, self.now, center) as tx:
            shop = Merchant(MerchantId(uuid7(tx.now)), f"machine {uuid4()}", "", (self.cashier.key,), tx.now)
            await rewards.add_merchant(tx, shop)
            self.shop, self.rewards = shop.id, []
            for price in PRICES:
                reward = Reward(
                    id=RewardId(uuid4()), merchant_id=shop.id, merchant_name="", title="x", description="", photos=(),
                    price=price, per_person=LIMIT, valid_hours=24, opens_at=tx.now, created_at=tx.now,
                    closes_at=tx.now + timedelta(days=9000), total=3, remaining=3,
                )  # fmt: skip
                await rewards.offer(tx, reward)
                self.rewards.append(reward.id)
                self.book.stock[reward.id] = 3

    async def _do(self, actor: Actor, work: Work) -> object:
        async with begin(self.pool, self.now, actor) as tx:
            return await work(tx)

    def together(self, *works: tuple[Actor, Work]) -> list[Any]:
        """Let actors act at the same moment; a refusal is an answer too."""

        async def all_at_once() -> list[object]:
            return await asyncio.gather(*(self._do(*work) for work in works), return_exceptions=True)

        answers: list[Any] = self.run(all_at_once())
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, Problem):
                raise answer
        return answers

    @rule(who=people, points=st.integers(1, 30), times=st.integers(1, 3))
    def earn(self, who: int, points: int, times: int) -> None:
        """One deed, told by several at once: it earns once, within the cap."""
        self.now += MOMENT
        actor, cause = self.people[who], f"machine:{uuid4()}"
        deed = Deed(actor.key, points, cause, "", self.now)
        answers = self.together(*[(actor, lambda tx: service.earn(tx, self.city, deed))] * times)
        assert sum(answers) == self.book.earn(actor.key, points, cause, self.now)
        self.done.append(cause)

    @rule(wanted=presses)
    def redeem(self, wanted: list[tuple[int, int]]) -> None:
        """Several press at once: no more than there are, no more than they may, no more than they can pay."""
        self.now += MOMENT
        alone = len(wanted) == 1 and self._may(*wanted[0])
        works = [(self.people[who], self._press(self.rewards[what])) for who, what in wanted]
        sold = {answer[0].id: answer for answer in self.together(*works) if isinstance(answer, tuple)}
        assert len(wanted) > 1 or bool(sold) is alone
        for identity in self.run(self._order("points_redemption", "id", sold)):
            redemption, _, code = sold[identity]
            self.codes[identity] = code
            self.book.reserve(redemption.holder, redemption.reward_id, redemption.price, identity, self.now)
            assert self.book.stock[redemption.reward_id] >= 0
            assert self.book.held(redemption.holder, redemption.reward_id) <= LIMIT

    def _may(self, who: int, what: int) -> bool:
        holder, reward = self.people[who].key, self.rewards[what]
        rich = self.book.worth(holder, self.now) >= PRICES[what]
        return rich and self.book.stock[reward] > 0 and self.book.held(holder, reward) < LIMIT

    def _press(self, reward: UUID) -> Work:
        return lambda tx: rewards.redeem(tx, self.city, self.vault, reward)

    @rule(which=st.integers(0, 99), ways=endings, later=st.sampled_from([0, 0, 4, THREE_YEARS]))
    def end(self, which: int, ways: list[str], later: int) -> None:
        """Fetch a code, cancel it and let it run out at the same moment: one of them happens, if any may."""
        if not self.book.redemptions:
            return
        self.now += MOMENT + later * STEP
        identity = list(self.book.redemptions)[which % len(self.book.redemptions)]
        holder = self.book.redemptions[identity].holder
        actor = next(one for one in self.people if one.key == holder)
        works = [self._ending(way, identity, actor) for way in ways]
        answers = self.together(*works)
        state = self.run(self._state(identity))
        self.book.end(identity, str(state), self.now)
        fetched = [
            way for way, answer in zip(ways, answers, strict=True) if way == "fetch" and isinstance(answer, tuple)
        ]
        assert len(fetched) <= 1

    def _ending(self, way: str, identity: UUID, actor: Actor) -> tuple[Actor, Work]:
        if way == "fetch":
            return self.cashier, lambda tx: rewards.confirm(tx, self.city, self.vault, self.codes[identity])
        if way == "cancel":
            return actor, lambda tx: rewards.cancel(tx, self.city, identity)
        return Actor(ActorKind.SYSTEM), lambda tx: rewards.run_out(tx, self.city, jobs.RedemptionOver(identity))

    async def _state(self, identity: UUID) -> str:
        return str(await self.pool.fetchval("select state from points_redemption where id = $1", identity))

    @rule(which=st.integers(0, 99), times=st.integers(1, 3), later=st.sampled_from([0, 0, 4, THREE_YEARS]))
    def claw_back(self, which: int, times: int, later: int) -> None:
        """Let several say at once, perhaps years later, that a deed was false: it is taken back once."""
        self.now += MOMENT + later * STEP
        cause = self.done[which % len(self.done)]

        async def take(tx: Transaction) -> int:
            earlier = await store.transfer_of(tx.conn, cause)
            assert earlier is not None
            return await service.claw_back(tx, self.city, earlier, "")

        answers = self.together(*[(Actor(ActorKind.SYSTEM), take)] * times)
        assert sum(answers) == self.book.claw_back(cause, self.now)

    @rule(giver=people, taker=people, amount=st.integers(1, 20))
    def send(self, giver: int, taker: int, amount: int) -> None:
        """Two people send to each other at once, which must not block both for ever."""
        if giver == taker:
            return
        self.now += MOMENT
        one, two = self.people[giver], self.people[taker]
        causes = [f"sent:{uuid4()}", f"sent:{uuid4()}"]

        def sending(to: Actor, cause: str) -> Work:
            return lambda tx: service.send(tx, self.city, to.key, amount, (cause, ""))

        answers = self.together((one, sending(two, causes[0])), (two, sending(one, causes[1])))
        order = self.run(self._order("points_transfer", "cause", causes))
        assert len(order) == sum(answer is None for answer in answers)
        ends = {causes[0]: (one.key, two.key), causes[1]: (two.key, one.key)}
        for cause in order:
            self.book.send(*ends[cause], amount, self.now)
        for cause in causes if not order else ():
            with pytest.raises(Refused):
                self.book.send(*ends[cause], amount, self.now)

    async def _order(self, table: str, column: str, wanted: Collection[object]) -> list[Any]:
        """Return those of the rows that are there, in the order in which their transactions began to write."""
        sql = f"select {column} from {table} where {column} = any($1) order by xmin::text::bigint"
        return [row[0] for row in await self.pool.fetch(sql, list(wanted))]

    @rule(steps=st.sampled_from([1, 4, 40, THREE_YEARS]), clerk=st.booleans())
    def wait(self, steps: int, clerk: bool) -> None:
        """Time passes, up to three years; the clerk who writes off what has expired may come or not."""
        self.now += steps * STEP
        if clerk:
            self.together(*[(Actor(ActorKind.SYSTEM), lambda tx: service.write_off(tx, self.city, 1000))] * 2)

    @invariant()
    def agrees(self) -> None:
        """Compare what people can spend and owe with the model; all accounts together are nothing."""
        if not hasattr(self, "book"):
            return
        self.run(self._compare())

    async def _compare(self) -> None:
        async with self.pool.acquire() as conn:
            assert await conn.fetchval("select sum(balance) from points_account") == 0
            for actor in self.people:
                purse = await store.purse(conn, service.person(actor.key))
                has = purse.spendable(self.now) - purse.debt if purse else 0
                assert has == self.book.worth(actor.key, self.now)
            for reward, left in self.book.stock.items():
                assert await conn.fetchval("select remaining from points_stock where reward_id = $1", reward) == left
            till = await store.balance_of(conn, rewards.till(self.shop))
        assert till == self.book.till

    def teardown(self) -> None:
        """Add up the whole ledger."""
        if hasattr(self, "book"):
            self.run(self._audit())

    async def _audit(self) -> None:
        async with self.pool.acquire() as conn:
            found = await audit(conn)
        assert found.ok, found.wrong


async def test_the_ledger_agrees_with_a_simple_model(pool: Pool, city: City, vault: Vault) -> None:
    """Whatever people do together, in whatever order."""
    Machine.loop, Machine.pool, Machine.city, Machine.vault = asyncio.get_running_loop(), pool, city, vault
    chosen = settings(
        max_examples=20, stateful_step_count=25, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    await asyncio.to_thread(run_state_machine_as_test, Machine, settings=chosen)
