"""`POST /oauth2/token`: RFC 6749 §4.4, with its refusals."""

import base64
from datetime import timedelta

import httpx2
import pytest

from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import Gateway, Json, Person

TOKEN = "/oauth2/token"
ME = "/v1/sessions/current"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
async def client(gateway: Gateway) -> Person:
    """Give a client with two scopes."""
    return await gateway.partner(Scope.REPORTS_READ, Scope.TICKETS_READ)


def own(client: Person) -> Json:
    """Return a client's credentials for a body."""
    return {"client_id": str(client.id), "client_secret": client.token}


def basic(name: str, secret: str | None) -> Json:
    """Return credentials for a header."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


async def asked(gateway: Gateway, form: Json, **headers: str) -> httpx2.Response:
    """Ask for a token."""
    return await gateway.stranger.post(TOKEN, data=form, headers=headers)


class TestTokens:
    """A token of fifteen minutes."""

    async def test_by_header_or_by_body(self, gateway: Gateway, client: Person) -> None:
        """Both open what the client's key opens; no cache keeps the answer."""
        for form, headers in ((GRANT | own(client), {}), (GRANT, basic(str(client.id), client.token))):
            answer = await asked(gateway, form, **headers)
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "no-store"
            body = answer.json()
            assert body | {"access_token": ""} == {
                "access_token": "",
                "token_type": "Bearer",
                "expires_in": 900,
                "scope": "reports:read tickets:read",
            }
            me = (await Person(gateway.http, body["access_token"]).get(ME)).json()
            assert (me["kind"], me["id"], me["scopes"]) == ("client", str(client.id), ["reports:read", "tickets:read"])

    async def test_for_fewer_scopes(self, gateway: Gateway, client: Person) -> None:
        """The token opens no more than was asked for."""
        body = (await asked(gateway, GRANT | own(client) | {"scope": "reports:read"})).json()
        assert body["scope"] == "reports:read"
        answer = await Person(gateway.http, body["access_token"]).get("/v1/tickets")
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")

    async def test_ends(self, gateway: Gateway, client: Person) -> None:
        """After fifteen minutes; and with the key, when that is revoked."""
        body = (await asked(gateway, GRANT | own(client))).json()
        caller = Person(gateway.http, body["access_token"])
        gateway.clock.advance(timedelta(minutes=16))
        assert (await caller.get(ME)).json()["code"] == "key_expired"
        body = (await asked(gateway, GRANT | own(client))).json()
        caller = Person(gateway.http, body["access_token"])
        administrator = await gateway.staff(Role.ADMINISTRATOR)
        prefix = str(client.token)[:10]
        assert (await administrator.call("DELETE", f"/v1/clients/{client.id}/keys/{prefix}")).status_code == 204
        assert (await caller.get(ME)).json()["code"] == "key_revoked"

    async def test_no_token_for_a_token(self, gateway: Gateway, client: Person) -> None:
        """A short life cannot be made a long one."""
        body = (await asked(gateway, GRANT | own(client))).json()
        answer = await asked(gateway, GRANT | own(client) | {"client_secret": body["access_token"]})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


class TestRefusals:
    """The words of RFC 6749 §5.2."""

    @pytest.mark.parametrize(
        ("change", "status", "error"),
        [
            ({"grant_type": None}, 400, "invalid_request"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
            ({"scope": "tickets:center"}, 400, "invalid_scope"),
            ({"scope": "everything"}, 400, "invalid_scope"),
            ({"client_secret": "cgk_wrong"}, 401, "invalid_client"),
            ({"client_id": "01890a5d-ac96-774b-bcce-b302099a8057"}, 401, "invalid_client"),
            ({"client_id": None}, 401, "invalid_client"),
            ({"client_secret": None}, 401, "invalid_client"),
        ],
    )
    async def test_each(self, *, gateway: Gateway, client: Person, change: Json, status: int, error: str) -> None:
        """By its word, with a sentence; nothing is stored."""
        form = {name: value for name, value in (GRANT | own(client) | change).items() if value is not None}
        before = await gateway.census()
        answer = await asked(gateway, form)
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert set(answer.json()) == {"error", "error_description"}
        assert await gateway.census() == before

    @pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Digest x", "Basic /w=="])
    async def test_a_header_that_cannot_be_read(self, gateway: Gateway, header: str) -> None:
        """401 with the challenge."""
        answer = await asked(gateway, GRANT, Authorization=header)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["WWW-Authenticate"].startswith("Basic")

    async def test_both_ways_at_once(self, gateway: Gateway, client: Person) -> None:
        """Refused, and so is a member said twice, and another form of body."""
        both = await asked(gateway, GRANT | own(client), **basic(str(client.id), client.token))
        twice = await asked(gateway, GRANT | own(client) | {"grant_type": ["client_credentials"] * 2})
        json = await gateway.stranger.post(TOKEN, GRANT | own(client))
        for answer in (both, twice, json):
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
