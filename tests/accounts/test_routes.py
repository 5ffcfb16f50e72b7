"""`/v1/sessions` over HTTP."""

from datetime import datetime
from uuid import uuid4

import httpx2
import msgspec
import pytest

from citizen_gateway.accounts.model import CHANNEL_SESSION, Channel
from citizen_gateway.app import create_app
from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.platform.settings import Environment, Settings
from tests.gateway import DEPARTMENT, Gateway, Json, Person, living

SESSIONS = "/v1/sessions"


class TestSignIn:
    """Signing in without proof, in development."""

    async def test_a_citizen_is_who_the_channel_says(self, gateway: Gateway) -> None:
        """Signing in again is the same citizen with another token; both work."""
        given = {"kind": "citizen", "subject": uuid4().hex, "channel": "wechat", "locale": "zh_CN"}
        sessions = [(await gateway.stranger.post(SESSIONS, given)).json() for _ in range(2)]
        assert sessions[0]["actor_id"] == sessions[1]["actor_id"]
        assert sessions[0]["token"] != sessions[1]["token"]
        for session in sessions:
            me = (await Person(gateway.http, session["token"]).get(f"{SESSIONS}/current")).json()
            assert (me["kind"], me["id"]) == ("citizen", session["actor_id"])

    async def test_staff_see_their_rights(self, gateway: Gateway, handler: Person) -> None:
        """Who am I: kind, name, grants; a client its scopes."""
        me = (await handler.get(f"{SESSIONS}/current")).json()
        assert me["kind"] == "staff"
        assert me["grants"] == [{"role": "handler", "department": DEPARTMENT, "area": None}]
        client = await gateway.partner(Scope.REPORTS_READ, Scope.REPORTS_WRITE)
        assert (await client.get(f"{SESSIONS}/current")).json()["scopes"] == ["reports:read", "reports:write"]

    async def test_an_unknown_login_is_refused(self, gateway: Gateway) -> None:
        """With its own code."""
        answer = await gateway.stranger.post(SESSIONS, {"kind": "staff", "login": "nobody"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_login")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"kind": "king"},
            {"kind": "citizen"},
            {"kind": "citizen", "subject": ""},
            {"kind": "citizen", "subject": "s" * 129},
            {"kind": "citizen", "subject": "s", "login": "l"},
            {"kind": "citizen", "subject": "s", "channel": "smoke"},
            {"kind": "citizen", "subject": "s", "locale": "EN"},
            {"kind": "staff", "login": "\0"},
        ],
    )
    async def test_a_body_out_of_form_is_refused(self, body: Json, gateway: Gateway) -> None:
        """And nothing is stored."""
        before = await gateway.census()
        answer = await gateway.stranger.post(SESSIONS, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert await gateway.census() == before


class TestActingForACitizen:
    """A channel that proved who somebody is."""

    async def test_opens_a_short_session_of_the_channels_own_citizen(self, gateway: Gateway) -> None:
        """The same person as signs in through that channel, and another than the same id elsewhere."""
        subject = uuid4().hex
        client = await gateway.partner(Scope.CITIZENS_ACT, channel=Channel.WECHAT)
        opened = (await client.post(f"{SESSIONS}/citizens", {"subject": subject, "locale": "en"})).json()
        assert opened["actor_id"] == str((await gateway.citizen(subject, Channel.WECHAT)).id)
        assert opened["actor_id"] != str((await gateway.citizen(subject, Channel.TELEGRAM)).id)
        me = (await Person(gateway.http, opened["token"]).get(f"{SESSIONS}/current")).json()
        assert (me["kind"], me["id"], me["channel"]) == ("citizen", opened["actor_id"], None)
        assert (await client.get(f"{SESSIONS}/current")).json()["channel"] == "wechat"

    async def test_ends_after_an_hour(self, gateway: Gateway) -> None:
        """Nobody signs such a session out, so it is short; the channel opens the next one."""
        client = await gateway.partner(Scope.CITIZENS_ACT, channel=Channel.WECHAT)
        opened = (await client.post(f"{SESSIONS}/citizens", {"subject": uuid4().hex})).json()
        assert datetime.fromisoformat(opened["expires_at"]) - gateway.clock() < CHANNEL_SESSION
        again = (await client.post(f"{SESSIONS}/citizens", {"subject": uuid4().hex}, key="k")).json()
        assert again["token"] != opened["token"]

    async def test_needs_a_clients_key_with_the_scope(self, gateway: Gateway, citizen: Person) -> None:
        """People do not act for others, nor does a key without the scope; nobody is added."""
        other = await gateway.partner(Scope.REPORTS_WRITE, channel=Channel.WECHAT)
        before = await gateway.census()
        for caller, status, code in (
            (gateway.stranger, 401, "unauthenticated"),
            (citizen, 403, "forbidden"),
            (other, 403, "scope_missing"),
        ):
            answer = await caller.post(f"{SESSIONS}/citizens", {"subject": uuid4().hex})
            assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert await gateway.census() == before

    @pytest.mark.parametrize("body", [{}, {"subject": ""}, {"subject": "s", "channel": "app"}])
    async def test_a_body_out_of_form_is_refused(self, body: Json, gateway: Gateway) -> None:
        """Another channel cannot even be named."""
        client = await gateway.partner(Scope.CITIZENS_ACT, channel=Channel.WECHAT)
        before = await gateway.census()
        answer = await client.post(f"{SESSIONS}/citizens", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert await gateway.census() == before


class TestSignOut:
    """Ending a session."""

    async def test_the_credential_stops_working(self, citizen: Person) -> None:
        """204 without a body, then 401."""
        answer = await citizen.call("DELETE", f"{SESSIONS}/current")
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await citizen.get(f"{SESSIONS}/current")).status_code == 401

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic eDp5", "bearer  nobody", "Bearer a b"])
    async def test_what_is_no_credential_is_refused(self, header: str, gateway: Gateway) -> None:
        """With how to bring one."""
        answer = await gateway.stranger.get(f"{SESSIONS}/current", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


class TestProduction:
    """Before real citizens."""

    async def test_nobody_signs_in_without_proof(self, gateway: Gateway, settings: Settings) -> None:
        """Neither a citizen nor staff who exist; a credential issued otherwise works."""
        worker = await gateway.staff(Role.GRID_WORKER)
        app = create_app(msgspec.structs.replace(settings, environment=Environment.PRODUCTION), gateway.clock)
        async with living(app):
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
            async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as http:
                for body in ({"kind": "citizen", "subject": "s"}, {"kind": "staff", "login": "s"}):
                    answer = await Person(http).post(SESSIONS, body)
                    assert (answer.status_code, answer.json()["code"]) == (403, "development_login_off")
                assert (await Person(http, worker.token).get(f"{SESSIONS}/current")).status_code == 200

    def test_is_the_default(self) -> None:
        """Who forgets to choose has no reckless gateway."""
        assert not Settings().development
