"""`/v1/clients` over HTTP: administrators and the keys they give."""

from datetime import timedelta

import pytest

from citizen_gateway.accounts.keys import MOST_KEYS
from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import Gateway, Json, Person

CLIENTS = "/v1/clients"
ME = "/v1/sessions/current"


@pytest.fixture
async def administrator(gateway: Gateway) -> Person:
    """Give an administrator of the gateway."""
    return await gateway.staff(Role.ADMINISTRATOR)


async def added(administrator: Person, **more: object) -> Json:
    """Add a client."""
    given = {"name": f"client-{id(more)}-{len(more)}", "scopes": ["reports:read"]} | more
    answer = await administrator.post(CLIENTS, given)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def holder(gateway: Gateway, made: Json) -> Person:
    """Return who has a key."""
    return Person(gateway.http, made.get("key", made)["token"])


async def code(person: Person) -> tuple[int, str]:
    """Return how a call is answered."""
    answer = await person.get(ME)
    return answer.status_code, answer.json().get("code", "")


class TestKeys:
    """Made, rotated with an overlap, expiring, revoked, found."""

    async def test_rotation_has_an_overlap(self, gateway: Gateway, administrator: Person) -> None:
        """Both keys work for that long, then the new one alone; the old one's holder is told why."""
        made = await added(administrator, name="rotating")
        keys = f"{CLIENTS}/{made['client']['id']}/keys"
        old = holder(gateway, made)
        new = holder(gateway, (await administrator.post(keys, {"overlap_hours": 2})).json())
        assert [await code(old), await code(new)] == [(200, ""), (200, "")]
        gateway.clock.advance(timedelta(hours=2, minutes=1))
        assert [await code(old), await code(new)] == [(401, "key_expired"), (200, "")]

    async def test_a_key_ends_when_it_was_said_to(self, gateway: Gateway, administrator: Person) -> None:
        """After its days."""
        made = await added(administrator, name="for a day", days=1)
        assert made["key"]["expires_at"]
        before = gateway.clock._now
        gateway.clock.advance(timedelta(days=1, minutes=1))
        answered = await code(holder(gateway, made))
        gateway.clock._now = before
        assert answered == (401, "key_expired")

    async def test_revoked_at_once(self, gateway: Gateway, administrator: Person) -> None:
        """By how it begins; twice is not found."""
        made = await added(administrator, name="revoked")
        caller = holder(gateway, made)
        assert await code(caller) == (200, "")
        path = f"{CLIENTS}/{made['client']['id']}/keys/{made['key']['prefix']}"
        assert (await administrator.call("DELETE", path)).status_code == 204
        assert await code(caller) == (401, "key_revoked")
        assert (await administrator.call("DELETE", path)).status_code == 404

    async def test_what_is_no_key(self, gateway: Gateway, administrator: Person) -> None:
        """One that is cut short says so; one that nobody gave, or another city, is not known."""
        token = (await added(administrator, name="whole"))["key"]["token"]
        assert await code(Person(gateway.http, token[:-1])) == (401, "malformed_key")
        assert await code(Person(gateway.http, token + "x")) == (401, "malformed_key")
        foreign = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
        assert await code(Person(gateway.http, foreign)) == (401, "unauthenticated")

    async def test_found_by_how_it_begins(self, administrator: Person) -> None:
        """Whose is a leaked one? The list never holds a key itself."""
        made = await added(administrator, name="leaky")
        token = made["key"]["token"]
        found = await administrator.get(CLIENTS, params={"key_prefix": token})
        assert [client["name"] for client in found.json()["items"]] == ["leaky"]
        everything = await administrator.get(CLIENTS)
        assert token not in everything.text
        assert "leaky" in everything.text

    async def test_has_an_end(self, administrator: Person) -> None:
        """So many keys at once."""
        made = await added(administrator, name="many keys")
        keys = f"{CLIENTS}/{made['client']['id']}/keys"
        for _ in range(MOST_KEYS - 1):
            assert (await administrator.post(keys, {})).status_code == 201
        answer = await administrator.post(keys, {})
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_keys")


class TestClients:
    """What a client may do, and from where."""

    async def test_changed_within_seconds(self, gateway: Gateway, administrator: Person) -> None:
        """Scopes are others at once where it was changed; a client that is not active is nobody."""
        made = await added(administrator, name="changing")
        caller, path = holder(gateway, made), f"{CLIENTS}/{made['client']['id']}"
        assert (await caller.get(ME)).json()["scopes"] == ["reports:read"]
        changed = await administrator.call("PATCH", path, json={"scopes": ["tickets:read"], "burst": 5, "per_hour": 60})
        assert (changed.json()["scopes"], changed.json()["burst"]) == (["tickets:read"], 5)
        assert (await caller.get(ME)).json()["scopes"] == ["tickets:read"]
        await administrator.call("PATCH", path, json={"active": False})
        assert await code(caller) == (401, "unauthenticated")

    async def test_from_its_addresses_alone(self, gateway: Gateway, administrator: Person) -> None:
        """Others are told; a header that nobody trusts changes nothing."""
        here = await added(administrator, name="at home", addresses=["127.0.0.0/8", "2001:db8::/32"])
        away = await added(administrator, name="away", addresses=["203.0.113.7"])
        assert await code(holder(gateway, here)) == (200, "")
        caller = holder(gateway, away)
        for headers in ({}, {"X-Forwarded-For": "203.0.113.7"}):
            answer = await caller.get(ME, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "address_not_allowed")

    async def test_only_administrators(self, gateway: Gateway, center: Person, citizen: Person) -> None:
        """Nobody else sees clients or makes keys."""
        partner = await gateway.partner(*Scope)
        for person in (center, citizen, partner):
            answer = await person.get(CLIENTS)
            assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")

    @pytest.mark.parametrize(
        ("body", "status", "expected"),
        [
            ({"name": "x", "scopes": []}, 422, "invalid_request"),
            ({"name": "x", "scopes": ["reports:burn"]}, 422, "invalid_request"),
            ({"name": "x", "scopes": ["reports:read"], "addresses": ["nowhere"]}, 422, "bad_network"),
            ({"name": "twice", "scopes": ["reports:read"]}, 409, "name_taken"),
        ],
    )
    async def test_bad_input_changes_nothing(
        self, *, gateway: Gateway, administrator: Person, body: Json, status: int, expected: str
    ) -> None:
        """Each with its code."""
        await administrator.post(CLIENTS, {"name": "twice", "scopes": ["reports:read"]})
        before = await gateway.census()
        answer = await administrator.post(CLIENTS, body)
        assert (answer.status_code, answer.json()["code"]) == (status, expected)
        assert await gateway.census() == before


class TestLimits:
    """How often a client may call."""

    async def test_each_answer_says_what_is_left(self, gateway: Gateway, administrator: Person) -> None:
        """As the IETF draft has it; when nothing is left, 429 says when to come back. Others are not touched."""
        made = await added(administrator, name="limited")
        await administrator.call("PATCH", f"{CLIENTS}/{made['client']['id']}", json={"burst": 3, "per_hour": 60})
        caller = holder(gateway, made)
        answers = [await caller.get(ME) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert answers[0].headers["RateLimit-Policy"] == '"calls";q=3;w=180'
        assert answers[0].headers["RateLimit"] == '"calls";r=2;t=60'
        assert 0 < int(answers[3].headers["Retry-After"]) <= 60
        assert answers[3].json()["code"] == "rate_limited"
        other = holder(gateway, await added(administrator, name="unlimited"))
        assert await code(other) == (200, "")
        assert "RateLimit" not in (await administrator.get(ME)).headers
