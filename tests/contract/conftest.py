"""The application called with whatever its own description allows, and with whatever it does not."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import httpx2
import pytest
import requests
import schemathesis
from schemathesis import Case
from schemathesis.schemas import BaseSchema

from citizen_gateway.accounts.model import Channel
from citizen_gateway.app.openapi import describe
from citizen_gateway.desk.model import Queue
from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.platform.db import begin
from citizen_gateway.satisfaction import follow_ups
from citizen_gateway.satisfaction.model import Reason
from citizen_gateway.tickets import store as ticket_store
from tests.gateway import DEPARTMENT, UNCLEAR, Gateway, Json, Person
from tests.points.town import attend, give, open_shop, post_task, redeem


class Town(NamedTuple):
    """People who call, and what there is to ask for."""

    gateway: Gateway
    people: dict[str, Person]
    known: dict[str, list[str]]

    async def caller(self, name: str, operation: str) -> Person:
        """Return who calls; who signs out or goes does not call again, so that is always somebody new."""
        gone = operation in {"signOut", "erasePersonalData"}
        return await self.gateway.citizen() if gone else self.people[name]


@pytest.fixture(scope="session")
async def town(gateway: Gateway, staffed: dict[str, Person]) -> Town:
    """Make people, and reports and tickets in every state."""
    citizen, handler = staffed["citizen"], staffed["handler"]
    receipts = [await citizen.report(text) for text in ("垃圾无人清理",) * 4 + (UNCLEAR,)]
    numbers = [str(receipt["ticket"]["number"]) for receipt in receipts]
    for number, actions in zip(numbers, (0, 1, 2, 3), strict=False):
        for action, body in (("accept", None), ("start", None), ("resolve", {"reply": "好"}))[:actions]:
            assert (await handler.act(number, action, body)).status_code == 200
    await gateway.catch_up()
    invitation = (await citizen.get(f"/v1/reports/{receipts[3]['report_id']}/invitation")).json()
    made = await staffed["partner"].post("/v1/webhooks", {"url": "https://partner.example/hook"})
    webhook = str(made.json()["webhook"]["id"])
    tested = await staffed["partner"].post(f"/v1/webhooks/{webhook}/test")
    known = {
        "webhook_id": [webhook],
        "client_id": [str(staffed["partner"].id)],
        "prefix": [str(staffed["partner"].token)[:10]],
        "delivery_id": [str(tested.json()["id"])],
        "number": numbers,
        "report_id": [str(receipt["report_id"]) for receipt in receipts],
        "photo_id": [await citizen.upload()],
        "token": [str(invitation["token"])],
        "follow_up_id": [await _follow_up(gateway, numbers[3])],
        "queue": list(Queue),
        "staff_id": [str((await gateway.staff(Role.HANDLER, DEPARTMENT)).id)],
        "filter_id": [str((await handler.post("/v1/filters", {"name": "mine"})).json()["id"])],
        "handover_id": [await handing_over(gateway)],
    } | await volunteering(gateway, staffed)
    return Town(gateway, staffed, known)


async def _follow_up(gateway: Gateway, number: str) -> str:
    """Have a center call about a ticket."""
    async with begin(gateway.parts.pool, gateway.clock()) as tx:
        ticket = await ticket_store.by_number(tx.conn, number)
        assert ticket is not None
        await follow_ups.ask_for(tx, ticket, ticket.version, Reason.SAMPLE)
        return str(await tx.conn.fetchval("select id from follow_up where ticket_id = $1", ticket.id))


async def handing_over(gateway: Gateway) -> str:
    """Offer the partner's channel a case of another channel's, and return the hand-over's id."""
    hotline = await gateway.partner(*Scope, channel=Channel.HOTLINE_12345)
    report = (await hotline.report(UNCLEAR))["report_id"]
    body = {"report_id": report, "to_channel": Channel.PARTNER.value, "reason": "x"}
    offered = await hotline.post("/v1/handovers", body)
    assert offered.status_code == 201, offered.text
    return str(offered.json()["id"])


async def volunteering(gateway: Gateway, staffed: dict[str, Person]) -> dict[str, list[str]]:
    """Make volunteers, tasks and rewards, and return what there is to ask for."""
    citizen, center = staffed["citizen"], staffed["center"]
    profile = await citizen.call("PUT", "/v1/volunteers/me", json={"nickname": "x"})
    code = str(profile.json()["code"])
    await give(gateway, citizen, 500)
    shop = await open_shop(gateway, center)
    reward = await shop.offer(gateway, photo_ids=[await shop.cashier.upload()])
    redemption = await redeem(citizen, reward)
    organizer, task = await post_task(gateway)
    await attend(gateway, citizen, task)
    await organizer.post(f"/v1/tasks/{task['id']}/helpers/{code}/approval", {})
    period = {"first": "2026-01-01", "last": "2027-12-31"}
    certificate = (await citizen.post("/v1/certificates", period)).json()["certificate"]
    group = (await citizen.post("/v1/groups", {"name": "a group"})).json()
    award = (await center.post("/v1/points/awards", {"to": code, "amount": 1, "reason": "x"})).json()
    return {
        "merchant_id": [shop.id],
        "reward_id": [str(reward["id"])],
        "redemption_id": [str(redemption["id"])],
        "task_id": [str(task["id"])],
        "code": [code],
        "certificate_number": [str(certificate["number"])],
        "group_id": [str(group["id"])],
        "award_id": [str(award["id"])],
        "picture": ["0"],
    }


@pytest.fixture(scope="session")
async def staffed(gateway: Gateway) -> dict[str, Person]:
    """Return people of each kind by what they are."""
    return {
        "citizen": await gateway.citizen(),
        "handler": await gateway.staff(Role.HANDLER, DEPARTMENT),
        "center": await gateway.staff(Role.CENTER),
        "partner": await gateway.partner(*Scope, departments=[DEPARTMENT]),
        "stranger": gateway.stranger,
    }


@pytest.fixture(scope="session")
def schema(gateway: Gateway) -> BaseSchema:
    """Return the description as schemathesis reads it; credentials are brought by us, never made up."""
    spec: Json = describe(gateway.app)
    for item in spec["paths"].values():
        for operation in item.values():
            operation.pop("security", None)
    return schemathesis.openapi.from_dict(spec)


@pytest.fixture(scope="session")
async def send(town: Town) -> Callable[[Case, str], httpx2.Response]:
    """Return what sends a case as one of the people; for another thread than the application's."""
    loop = asyncio.get_running_loop()

    async def call(case: Case, who: str) -> httpx2.Response:
        person = await town.caller(who, case.operation.definition.raw["operationId"])
        made = requests.Request(**case.as_transport_kwargs(base_url="http://gateway.test")).prepare()
        headers = {name: value for name, value in made.headers.items() if name != "Authorization"}
        if person.token:
            headers["Authorization"] = f"Bearer {person.token}"
        content = made.body.encode() if isinstance(made.body, str) else made.body
        request = httpx2.Request(made.method or "", made.url or "", headers=headers, content=content)
        return await town.gateway.http.send(request)

    def run(case: Case, who: str) -> httpx2.Response:
        return asyncio.run_coroutine_threadsafe(call(case, who), loop).result(timeout=30)

    return run
