"""A shopkeeper of a trade area reports, helps, earns points and gets goods: service for points, points for real things.

Through the SDK alone, as the app, a shop's till and a center's desk would; the clock is ours, so that two hours pass.
"""

from datetime import timedelta

import httpx2
import pytest

from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.points.audit import audit
from citizen_gateway_sdk import AsyncGateway, errors, models
from tests.gateway import DEPARTMENT, Gateway, Person

TOWER = models.Position(lat=34.7522, lon=113.6603, datum=models.Datum.WGS84)
"""A shopping street under a tower: a dedicated grid of its own."""


def through_sdk(gateway: Gateway, person: Person) -> AsyncGateway:
    """Let somebody act through the SDK."""
    transport = httpx2.ASGITransport(app=gateway.app)  # type: ignore[arg-type]
    return AsyncGateway("http://gateway.test", token=person.token, transport=transport)


async def report_and_rate(gateway: Gateway, keeper: AsyncGateway, center: AsyncGateway) -> None:
    """Report a problem of the street, have it settled, and rate the result."""
    receipt = await keeper.reports.submit("商铺门口的垃圾桶满了两天没人清运，路过的游客都捂着鼻子", position=TOWER)
    number = receipt.ticket.number
    if receipt.ticket.department is None:
        assigned = await center.tickets.assign(number, department=DEPARTMENT, reason="属地", category="101")
    else:
        assigned = await center.tickets.get(number)
    assert assigned.department is not None
    handler = through_sdk(gateway, await gateway.staff(Role.HANDLER, assigned.department.code))
    await handler.tickets.accept(number)
    await handler.tickets.resolve(number, reply="已清运并加密频次")
    await gateway.catch_up()
    await keeper.ratings.rate_report(receipt.report_id, contacted=True, solved=models.Solved.SOLVED, satisfied=5)
    await gateway.catch_up()
    await handler.aclose()


async def help_at_the_tower(gateway: Gateway, keeper: AsyncGateway, center: AsyncGateway) -> None:
    """Guide visitors for two and a half hours, and have that approved."""
    starts = gateway.clock() + timedelta(minutes=20)
    task = await center.tasks.post(
        models.PostTask(
            title="引导游客", place="塔前广场", position=TOWER, capacity=1,
            starts_at=starts, ends_at=starts + timedelta(hours=3),
        )
    )  # fmt: skip
    assert (await keeper.tasks.sign_up(task.id)).state == models.AttendanceState.SIGNED_UP
    gateway.clock.advance(timedelta(minutes=20))
    await keeper.tasks.check_in(task.id, TOWER, device="the shopkeeper's phone")
    gateway.clock.advance(timedelta(hours=2, minutes=30))
    assert (await keeper.tasks.check_out(task.id, TOWER)).minutes == 150
    (helper,) = await center.tasks.helpers(task.id)
    await center.tasks.approve_hours(task.id, helper.code)


async def test_service_becomes_points_and_points_become_goods(gateway: Gateway) -> None:
    """From the first report to the receipt of the till, with every point accounted for."""
    keeper = through_sdk(gateway, await gateway.citizen())
    center = through_sdk(gateway, await gateway.staff(Role.CENTER))
    cashier = await gateway.partner(Scope.POINTS_MERCHANT)
    till = through_sdk(gateway, cashier)
    profile = await keeper.volunteers.save("塔下茶馆老板", listed=True)

    await report_and_rate(gateway, keeper, center)
    assert (await keeper.points.get()).balance == 12
    came = (gateway.clock() + timedelta(hours=8)).date()
    await help_at_the_tower(gateway, keeper, center)
    assert (await keeper.points.get()).balance == 37

    shop = await center.merchants.add(f"塔下杂货 {profile.code}", members=[f"client:{cashier.id}"])
    now = gateway.clock()
    reward = await till.rewards.offer(
        models.OfferReward(
            merchant_id=shop.id, title="大米五公斤", price=30, pieces=2,
            opens_at=now, closes_at=now + timedelta(days=7),
        )
    )  # fmt: skip
    redemption = await keeper.rewards.redeem(reward.id)
    assert redemption.code
    assert b"<svg" in await keeper.redemptions.svg(redemption.id)
    goods = await till.redemptions.confirm(redemption.code)
    assert (goods.title, goods.price) == ("大米五公斤", 30)
    with pytest.raises(errors.CodeUsed):
        await till.redemptions.confirm(redemption.code)
    with pytest.raises(errors.NotEnoughPoints):
        await keeper.rewards.redeem((await till.rewards.offer(
            models.OfferReward(
                merchant_id=shop.id, title="食用油", price=30, pieces=2, opens_at=now, closes_at=now + timedelta(days=7)
            )
        )).id)  # fmt: skip

    day = (gateway.clock() + timedelta(hours=8)).date()
    report = await till.merchants.settlement(shop.id, first=day, last=day)
    assert (report.pieces, report.points) == (1, 30)
    told = [(line.kind.value, line.amount, line.balance) async for line in keeper.points.statement()]
    assert told == [("reserved", -30, 7), ("earned", 25, 37), *told[2:]]
    assert sorted(line[1] for line in told[2:]) == [2, 10]
    signed = await keeper.certificates.issue(first=came, last=day)  # the hours may end behind midnight
    assert (await till.certificates.verify(signed.certificate, signature=signed.signature)).genuine
    async with gateway.parts.pool.acquire() as conn:
        assert (await audit(conn)).ok
    for client in (keeper, center, till):
        await client.aclose()
