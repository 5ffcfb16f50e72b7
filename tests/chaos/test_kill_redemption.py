"""`kill -9` at random moments while people redeem: nothing is half done, and what was answered is there."""

import asyncio
import os
import random
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from citizen_gateway.accounts import service as accounts
from citizen_gateway.accounts.model import ApiClient, Channel, CredentialKind
from citizen_gateway.accounts.service import find_or_add_citizen, issue
from citizen_gateway.accounts.store import Bearer
from citizen_gateway.city.service import read_city
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.kernel.ids import ClientId, uuid7
from citizen_gateway.platform import db
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import open_vault
from citizen_gateway.points import service as ledger
from citizen_gateway.points.audit import audit
from citizen_gateway.points.rewards import service as rewards
from citizen_gateway.points.rewards.model import Merchant, MerchantId, Reward, RewardId
from citizen_gateway.points.service import Deed
from citizen_gateway_sdk import Gateway, GatewayError
from tests.chaos.test_kill import Gatewayd

ROUNDS = int(os.environ.get("CITIZEN_KILL_ROUNDS", "3"))
PEOPLE = 8
VICTIMS = ("backend", "http", "backend", "http", "serve", "backend", "http", "postgres", "backend", "http", "gateway")
"""One of the database's or of HTTP's own processes, or a whole part: the first two are in the middle of something."""

_ANSWERS_FIRST = 5
_PATIENCE_S = 60.0


class Crowd:
    """People who redeem, cancel and fetch without end, and what they were answered."""

    def __init__(self, people: list[Gateway], cashier: str, reward: UUID) -> None:
        self.answered: dict[UUID, str] = {}
        self._cashier, self._reward = cashier, reward
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._press, args=(me,)) for me in people]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def at_it(self) -> None:
        """Wait until they are all at it."""
        deadline = time.monotonic() + _PATIENCE_S
        while len(self.answered) < _ANSWERS_FIRST and time.monotonic() < deadline:
            time.sleep(0.01)

    def _press(self, me: Gateway) -> None:
        cashier = me.with_options(token=self._cashier)
        while not self._stop.is_set():
            try:
                redemption = me.rewards.redeem(self._reward)
                self.answered[redemption.id] = "reserved"
                chance = random.random()  # noqa: S311 - guards nothing
                if chance < 0.4:
                    self.answered[redemption.id] = "open"
                    self.answered[redemption.id] = me.redemptions.cancel(redemption.id).state.value
                elif chance < 0.5 and redemption.code:
                    self.answered[redemption.id] = "open"
                    cashier.redemptions.confirm(redemption.code)
                    self.answered[redemption.id] = "settled"
            except GatewayError:
                time.sleep(0.02)


def kill(gateway: Gatewayd, victim: str) -> None:
    """Kill a part, or one process of a part, without any warning."""
    parents = {"backend": "postgres", "http": "serve"}
    if victim not in parents:
        gateway.kill(victim)
        return
    parent = gateway.pid(parents[victim])
    own = [
        pid
        for pid in children(parent)
        if victim == "http" or b"gateway" in (Path("/proc") / str(pid) / "cmdline").read_bytes()
    ]
    os.kill(random.choice(own), signal.SIGKILL)  # noqa: S311 - guards nothing


def children(parent: int) -> list[int]:
    """Return the processes that this one started, from whichever of its threads."""
    lists = (Path("/proc") / str(parent) / "task").glob("*/children")
    return [int(pid) for one in lists for pid in one.read_text().split()]


async def _prepare(tx: Transaction, settings: Settings) -> tuple[list[str], str, RewardId]:
    """Give people points, and open a shop with a shelf that never empties."""
    vault, city = open_vault(settings), await read_city(await tx.conn.raw())
    tokens = []
    for number in range(PEOPLE):
        citizen = await find_or_add_citizen(tx, vault, "app", f"crowd-{number}-{secrets.token_hex(4)}")
        await ledger.earn(tx, city, Deed(f"citizen:{citizen}", 90_000, f"crowd:{citizen}", "", tx.now, award=True))
        tokens.append((await issue(tx, Bearer(CredentialKind.CITIZEN, citizen, tx.now + timedelta(days=1)))).secret)
    scopes = frozenset({Scope.POINTS_MERCHANT})
    key = await accounts.add_client(tx, ApiClient(ClientId(uuid7(tx.now)), "till", Channel.PARTNER, scopes))
    center = Transaction(tx.conn, tx.now, Actor(ActorKind.STAFF, uuid7(tx.now), grants=(Grant(Role.CENTER),)))
    shop = Merchant(MerchantId(uuid7(tx.now)), "shop", "", (f"client:{key.owner}",), tx.now)
    await rewards.add_merchant(center, shop)
    reward = Reward(
        id=RewardId(uuid7(tx.now)), merchant_id=shop.id, merchant_name="", title="x", description="", photos=(),
        price=1, per_person=100_000, valid_hours=24, opens_at=tx.now - timedelta(hours=1), created_at=tx.now,
        closes_at=tx.now + timedelta(days=9), total=1_000_000, remaining=1_000_000,
    )  # fmt: skip
    await rewards.offer(center, reward)
    return tokens, key.secret, reward.id


async def _check(url: str, answered: dict[UUID, str]) -> int:
    """Check the whole ledger, and that each answer given is the truth; return how many redemptions there are."""
    conn = await db.connect(url)
    try:
        found = await audit(conn)
        assert found.ok, found.wrong
        half = await conn.fetchval(
            """
            select count(*) from points_redemption d
            where not exists (select from points_transfer t where t.cause = 'redemption:' || d.id)
               or (state = 'settled') <> exists (select from points_transfer t where t.cause = 'settled:' || d.id)
               or (state in ('cancelled', 'expired'))
                  <> exists (select from points_transfer t where t.cause = 'returned:' || d.id)
            """
        )
        assert half == 0
        kept = {row["id"]: row["state"] for row in await conn.fetch("select id, state from points_redemption")}
    finally:
        await conn.close()
    assert answered.keys() <= kept.keys()
    assert [one for one, state in answered.items() if state != "open" and kept[one] != state] == []
    return len(kept)


@pytest.fixture
def gateway(tmp_path_factory: pytest.TempPathFactory, thin_pack: object) -> Iterator[Gatewayd]:
    """Start a gateway as a process of its own."""
    started = Gatewayd(tmp_path_factory.mktemp("r"), thin_pack)  # type: ignore[arg-type]
    started.start()
    yield started
    started.stop()


def test_nothing_is_half_done(gateway: Gatewayd) -> None:
    """Time after time: killed in the middle, started again, all agrees, and no answer was a lie."""
    url = f"postgresql://gateway@/citizen_gateway?host={gateway.data / 'sockets'}"
    settings = Settings(data=str(gateway.data))
    tokens, cashier, reward = asyncio.run(in_transaction(url, lambda tx: _prepare(tx, settings)))
    with ExitStack() as stack:
        clients = (Gateway(gateway.url, token=token, max_retries=0, timeout=5) for token in tokens)
        people = [stack.enter_context(client) for client in clients]
        answered = kill_again_and_again(gateway, people, cashier, reward)
    assert len(answered) >= ROUNDS * _ANSWERS_FIRST


def kill_again_and_again(gateway: Gatewayd, people: list[Gateway], cashier: str, reward: UUID) -> dict[UUID, str]:
    """Kill something in each round, and check everything after it; return all that was answered."""
    url = f"postgresql://gateway@/citizen_gateway?host={gateway.data / 'sockets'}"
    answered: dict[UUID, str] = {}
    for number in range(ROUNDS):
        victim = VICTIMS[number % len(VICTIMS)]
        with Crowd(people, cashier, reward) as crowd:
            crowd.at_it()
            time.sleep(random.uniform(0, 0.3))  # noqa: S311 - guards nothing
            kill(gateway, victim)
        answered |= crowd.answered
        if victim in {"postgres", "gateway"}:
            assert gateway.child is not None
            gateway.child.wait(_PATIENCE_S)
            gateway.start()
        else:
            gateway.wait()
        there = asyncio.run(_check(url, answered))
        print(f"round {number + 1}: {victim} killed, {len(answered)} answered, {there} there")
    return answered


async def test_a_transaction_cut_off_in_the_middle_leaves_nothing(database: str) -> None:
    """The lines of a transfer come together or not at all: the database takes no half of one."""
    conn = await asyncpg.connect(database)
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await conn.execute(
                """
                with t as (
                    insert into points_transfer (id, kind, cause, actor, asked, day, at)
                    values (gen_random_uuid(), 'earned', gen_random_uuid()::text, 'x', 0, now(), now()) returning id
                )
                insert into points_entry (transfer_id, line, account_id, amount)
                select t.id, 1, a.id, -5 from t, points_account a where a.kind = 'issuance' limit 1
                """
            )
    finally:
        await conn.close()
