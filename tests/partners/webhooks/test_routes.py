"""`/v1/webhooks` over HTTP."""

from uuid import uuid4

import msgspec
import pytest

from citizen_gateway.partners.webhooks.dispatch import Dispatcher
from citizen_gateway.partners.webhooks.model import MOST_ENDPOINTS, MOST_SECRETS
from citizen_gateway.platform.actor import Scope
from tests.gateway import Gateway, Json, Person
from tests.partners.webhooks.receiver import Receiver

HOOKS = "/v1/webhooks"
URL = "https://partner.example/hook"


async def added(client: Person, **more: object) -> Json:
    """Add a webhook."""
    answer = await client.post(HOOKS, {"url": URL} | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


class TestEndpoints:
    """Adding, changing, deleting."""

    async def test_a_life(self, client: Person) -> None:
        """Added with a secret shown once, changed in parts, paused and resumed, deleted."""
        made = await added(client, types=["ticket.resolved"], description="ours")
        path = f"{HOOKS}/{made['webhook']['id']}"
        assert made["secret"].startswith("whsec_")
        assert made["secret"] not in (await client.get(path)).text
        changed = (await client.call("PATCH", path, json={"types": None, "paused": True})).json()
        assert (changed["types"], changed["description"], changed["paused_because"]) == (None, "ours", "asked")
        resumed = (await client.call("PATCH", path, json={"paused": False})).json()
        assert (resumed["state"], resumed["paused_because"]) == ("active", None)
        assert [one["id"] for one in (await client.get(HOOKS)).json()["items"]] == [made["webhook"]["id"]]
        assert (await client.call("DELETE", path)).status_code == 204
        assert (await client.get(path)).status_code == 404

    async def test_secrets_lie_nowhere_in_plain_text(self, gateway: Gateway, client: Person) -> None:
        """Sealed."""
        made = await added(client)
        rows = await gateway.parts.pool.fetch("select s::text as text from webhook_secret s")
        plain = made["secret"].encode().hex()
        assert not [row for row in rows if plain in row["text"] or made["secret"] in row["text"]]

    async def test_another_client_s_is_none(self, gateway: Gateway, client: Person) -> None:
        """Neither seen nor changed nor driven."""
        made = await added(client)
        other = await gateway.partner(Scope.REPORTS_READ)
        path = f"{HOOKS}/{made['webhook']['id']}"
        answers = [
            await other.get(path),
            await other.call("PATCH", path, json={"paused": True}),
            await other.call("DELETE", path),
            await other.post(f"{path}/secrets", {}),
            await other.post(f"{path}/test"),
            await other.get(f"{path}/deliveries"),
            await other.get(f"{path}/deliveries/{uuid4()}"),
            await other.post(f"{path}/redrive", {}),
        ]
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}

    async def test_people_have_none(self, citizen: Person, center: Person) -> None:
        """Webhooks are for systems."""
        for person in (citizen, center):
            answer = await person.post(HOOKS, {"url": URL})
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")

    async def test_a_key_that_reads_nothing(self, gateway: Gateway) -> None:
        """Would be told nothing, and is told so."""
        writer = await gateway.partner(Scope.REPORTS_WRITE)
        answer = await writer.post(HOOKS, {"url": URL})
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"url": "http://10.0.0.1/hook"}, "bad_webhook_url"),
            ({"url": "https://user:word@partner.example/"}, "bad_webhook_url"),
            ({"url": URL, "types": ["ticket.exploded"]}, "unknown_event_type"),
            ({"url": URL, "types": []}, "invalid_request"),
            ({"url": "short"}, "invalid_request"),
            ({"url": URL, "colour": "red"}, "invalid_request"),
        ],
    )
    async def test_bad_input_changes_nothing(self, gateway: Gateway, client: Person, body: Json, code: str) -> None:
        """Each with its code."""
        before = await gateway.census()
        answer = await client.post(HOOKS, body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert await gateway.census() == before

    async def test_limits(self, client: Person) -> None:
        """So many endpoints, so many secrets."""
        first = await added(client)
        for _ in range(MOST_ENDPOINTS - 1):
            await added(client)
        answer = await client.post(HOOKS, {"url": URL})
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")
        secrets = f"{HOOKS}/{first['webhook']['id']}/secrets"
        for _ in range(MOST_SECRETS - 1):
            assert (await client.post(secrets, {})).status_code == 201
        answer = await client.post(secrets, {})
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhook_secrets")
        assert (await client.post(secrets, {"overlap_hours": 0})).status_code == 409


class TestTest:
    """The test message."""

    async def test_arrives_and_is_logged(self, client: Person, receiver: Receiver, dispatcher: Dispatcher) -> None:
        """As an event of its own type; the log shows the attempt and what the receiver said."""
        made = await added(client, url=receiver.url)
        receiver.secrets.append(made["secret"])
        path = f"{HOOKS}/{made['webhook']['id']}"
        sent = await client.post(f"{path}/test", key="once")
        again = await client.post(f"{path}/test", key="once")
        assert sent.status_code == 202
        assert again.json() == sent.json()
        while await dispatcher.step():
            await dispatcher.settle()
        (event,) = receiver.taken.values()
        assert (event.type, str(event.id)) == ("webhook.tested", sent.json()["event_id"])
        log = (await client.get(f"{path}/deliveries/{sent.json()['id']}")).json()
        assert log["delivery"]["state"] == "delivered"
        assert [(one["number"], one["status"], one["error"]) for one in log["attempts"]] == [(1, 204, None)]
        assert msgspec.json.decode(receiver.asked[0][1])["data"] == {"endpoint": made["webhook"]["id"]}
