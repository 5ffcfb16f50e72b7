"""What a city offers its volunteers: a task, a shop with a reward, and points for somebody."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from citizen_gateway.accounts.model import ApiClient, Channel, IssuedCredential, Staff
from citizen_gateway.accounts.service import add_client
from citizen_gateway.accounts.store import save_staff
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.running import Running
from citizen_gateway.kernel.ids import ClientId, StaffId, uuid7
from citizen_gateway.platform.actor import Grant, Role, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway_sdk import Gateway, models

from .spots import next_spot

WHERE = "小游园北门"
TEA = "一杯热茶"


class Offers:
    """One task that can be joined now, and one reward; both end with `close`."""

    def __init__(self, city: Running, api: Gateway) -> None:
        self._api = api
        self._center, self._second = self._operator(city), self._operator(city)
        self.till = self._cashier(city)
        now = datetime.now(UTC)
        lat, lon = next_spot()
        self.task = self._center.tasks.post(
            models.PostTask(
                title="清扫小游园",
                place=WHERE,
                position=models.Position(lat=lat, lon=lon, datum=models.Datum.WGS84),
                radius_m=20_000,
                starts_at=now + timedelta(minutes=1),
                ends_at=now + timedelta(hours=2),
                capacity=5,
            )
        )
        self._reward = self.till.rewards.offer(
            models.OfferReward(
                merchant_id=self._shop.id,
                title=TEA,
                price=10,
                pieces=5,
                opens_at=now - timedelta(hours=1),
                closes_at=now + timedelta(days=1),
            )
        )

    def award(self, citizen: Gateway, points: int) -> None:
        """Make somebody a volunteer, and have two operators give them points."""
        volunteer = citizen.volunteers.save("阿黎")
        award = self._center.points.propose_award(volunteer.code, amount=points, reason="楼道清扫")
        self._second.points.approve_award(award.id)

    def helpers(self) -> list[models.Helper]:
        """Return who takes part, as the organizer sees them."""
        return self._center.tasks.helpers(self.task.id)

    def close(self) -> None:
        """End the task and the reward, so that there is nothing on offer."""
        self._center.tasks.cancel(self.task.id)
        self.till.rewards.withdraw(self._reward.id)

    def _operator(self, city: Running) -> Gateway:
        login = uuid4().hex

        async def add(tx: Transaction) -> None:
            await save_staff(tx.conn, Staff(StaffId(uuid7(tx.now)), login, login, (Grant(Role.CENTER, None),)), tx.now)

        asyncio.run(in_transaction(city.engines.database_url, add))
        return self._api.with_options(token=self._api.sessions.sign_in_staff(login).token)

    def _cashier(self, city: Running) -> Gateway:
        async def add(tx: Transaction) -> tuple[IssuedCredential, str]:
            client = ApiClient(
                ClientId(uuid7(tx.now)), uuid4().hex, Channel.ONLINE_COUNTER, frozenset({Scope.POINTS_MERCHANT})
            )
            return await add_client(tx, client), str(client.id)

        issued, identity = asyncio.run(in_transaction(city.engines.database_url, add))
        self._shop = self._center.merchants.add(f"茶馆 {uuid4()}", members=[f"client:{identity}"])
        return self._api.with_options(token=issued.secret)
