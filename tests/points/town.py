"""What tests of points over HTTP have in common: volunteers with points, a shop, rewards and tasks."""

from datetime import timedelta
from uuid import uuid4

from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.platform.db import begin
from citizen_gateway.points import service
from citizen_gateway.points.service import Deed
from tests.gateway import SPOT, Gateway, Json, Person

FAR = {"lat": 34.765, "lon": 113.64, "datum": "wgs84"}
"""Five kilometres north of `SPOT`."""


async def volunteer(gateway: Gateway, points: int = 0) -> Person:
    """Register somebody as a volunteer, with points by an award."""
    person = await gateway.citizen()
    answer = await person.call("PUT", "/v1/volunteers/me", json={"nickname": uuid4().hex[:8]})
    assert answer.status_code == 200, answer.text
    if points:
        await give(gateway, person, points)
    return person


async def give(gateway: Gateway, person: Person, points: int) -> None:
    """Award points."""
    async with begin(gateway.parts.pool, gateway.clock()) as tx:
        deed = Deed(f"citizen:{person.id}", points, f"test:{uuid4()}", "An award", tx.now, award=True)
        await service.earn(tx, gateway.parts.city, deed)


async def code_of(person: Person) -> str:
    """Return somebody's code as a volunteer."""
    return str((await person.get("/v1/volunteers/me")).json()["code"])


async def points_of(person: Person) -> Json:
    """Return what somebody has."""
    answer = await person.get("/v1/points")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


class Shop:
    """A merchant, and who speaks for it."""

    def __init__(self, center: Person, cashier: Person, record: Json) -> None:
        self.center, self.cashier, self.id = center, cashier, record["id"]

    async def offer(self, gateway: Gateway, **more: object) -> Json:
        """Offer something for ten points, open now, unless told otherwise."""
        now = gateway.clock()
        reward = {
            "merchant_id": self.id,
            "title": "一杯热茶",
            "price": 10,
            "pieces": 5,
            "opens_at": (now - timedelta(hours=1)).isoformat(),
            "closes_at": (now + timedelta(days=30)).isoformat(),
        }
        answer = await self.cashier.post("/v1/rewards", reward | more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


async def open_shop(gateway: Gateway, center: Person) -> Shop:
    """Open a shop for which a partner's key speaks."""
    cashier = await gateway.partner(Scope.POINTS_MERCHANT)
    merchant = {"name": f"shop {uuid4()}", "members": [f"client:{cashier.id}"]}
    answer = await center.post("/v1/merchants", merchant)
    assert answer.status_code == 201, answer.text
    return Shop(center, cashier, answer.json())


async def redeem(person: Person, reward: Json) -> Json:
    """Redeem a reward and return the redemption with its code."""
    answer = await person.post(f"/v1/rewards/{reward['id']}/redemptions")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def post_task(gateway: Gateway, **more: object) -> tuple[Person, Json]:
    """Post a task of two hours that begins in ten minutes at `SPOT`, and return who did."""
    organizer = await gateway.staff(Role.CENTER)
    starts = gateway.clock() + timedelta(minutes=10)
    task = {
        "title": "清扫小游园",
        "place": "小游园北门",
        "position": SPOT,
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "capacity": 2,
    }
    answer = await organizer.post("/v1/tasks", task | more)
    assert answer.status_code == 201, answer.text
    return organizer, dict(answer.json())


async def attend(gateway: Gateway, person: Person, task: Json, helped: timedelta = timedelta(hours=2)) -> None:
    """Sign up, check in at the start and check out after some time."""
    assert (await person.post(f"/v1/tasks/{task['id']}/sign-up")).status_code == 200
    gateway.clock.advance(timedelta(minutes=10))
    assert (await person.post(f"/v1/tasks/{task['id']}/check-in", {"position": SPOT})).status_code == 200
    gateway.clock.advance(helped)
    answer = await person.post(f"/v1/tasks/{task['id']}/check-out", {"position": SPOT})
    assert answer.status_code == 200, answer.text
