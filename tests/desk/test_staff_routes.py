"""Managing staff over HTTP, and the log of it."""

from uuid import uuid4

import httpx2
import msgspec
import pytest

from citizen_gateway.app import create_app
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.settings import Environment, Settings
from tests.gateway import DEPARTMENT, ELSEWHERE, Gateway, Json, Person, living

PASSWORD = "correct horse battery"


@pytest.fixture
async def admin(gateway: Gateway) -> Person:
    """Give an administrator of the whole city."""
    return await gateway.staff(Role.ADMINISTRATOR)


async def added(admin: Person, *grants: Json) -> Json:
    """Add a member of staff."""
    answer = await admin.post("/v1/staff", {"login": uuid4().hex, "name": "王", "grants": [*grants]})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def signed_in(gateway: Gateway, login: str) -> Person:
    """Sign somebody in as developers do."""
    session = (await gateway.stranger.post("/v1/sessions", {"kind": "staff", "login": login})).json()
    return Person(gateway.http, session["token"])


class TestManaging:
    """What an administrator does."""

    async def test_a_right_works_from_when_it_is_given_until_it_is_taken(self, gateway: Gateway, admin: Person) -> None:
        """At once in the same process."""
        one = await added(admin, {"role": "handler", "department": DEPARTMENT})
        worker = await signed_in(gateway, one["login"])
        assert (await worker.get("/v1/queues/open", params={"department": DEPARTMENT})).status_code == 200
        assert (await worker.get("/v1/queues/open", params={"department": ELSEWHERE})).status_code == 403
        right = {"role": "lead", "department": ELSEWHERE}
        for _ in range(2):
            given = await admin.post(f"/v1/staff/{one['id']}/grants", right)
            assert [grant["role"] for grant in given.json()["grants"]] == ["handler", "lead"]
        assert (await worker.get("/v1/queues/open", params={"department": ELSEWHERE})).status_code == 200
        taken = await admin.post(f"/v1/staff/{one['id']}/revocations", right)
        assert [grant["role"] for grant in taken.json()["grants"]] == ["handler"]
        assert (await worker.get("/v1/queues/open", params={"department": ELSEWHERE})).status_code == 403
        assert (await admin.post(f"/v1/staff/{one['id']}/revocations", right)).status_code == 404

    async def test_who_leaves_opens_nothing_any_more(self, gateway: Gateway, admin: Person) -> None:
        """Neither by the session they have nor by a new one."""
        one = await added(admin, {"role": "center"})
        worker = await signed_in(gateway, one["login"])
        assert (await worker.get("/v1/queues")).status_code == 200
        for _ in range(2):
            left = await admin.post(f"/v1/staff/{one['id']}/deactivation")
            assert (left.status_code, left.json()["active"]) == (200, False)
        assert (await worker.get("/v1/queues")).status_code == 401
        answer = await gateway.stranger.post("/v1/sessions", {"kind": "staff", "login": one["login"]})
        assert answer.json()["code"] == "unknown_login"

    async def test_all_are_listed(self, admin: Person) -> None:
        """In pages, with who left."""
        one = await added(admin)
        await admin.post(f"/v1/staff/{one['id']}/deactivation")
        found, cursor = [], {}
        while True:
            page = (await admin.get("/v1/staff", params={"limit": 100} | cursor)).json()
            found += page["items"]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert one | {"active": False} in found
        assert [person["id"] for person in found] == sorted(person["id"] for person in found)

    async def test_every_change_is_in_the_audit_log(self, gateway: Gateway, admin: Person) -> None:
        """Who did what to whom; a repetition that changed nothing is not."""
        one = await added(admin)
        right = {"role": "center", "area": "410103"}
        for _ in range(2):
            await admin.post(f"/v1/staff/{one['id']}/grants", right)
        await admin.post(f"/v1/staff/{one['id']}/revocations", right)
        await admin.post(f"/v1/staff/{one['id']}/password", {"password": PASSWORD})
        await admin.post(f"/v1/staff/{one['id']}/deactivation")
        auditor = await gateway.staff(Role.AUDITOR)
        lines = (await auditor.get("/v1/audit", params={"subject": one["id"]})).json()["items"]
        assert [line["what"] for line in lines] == [
            "staff.deactivated",
            "staff.password_set",
            "staff.revoked",
            "staff.granted",
            "staff.added",
        ]
        assert {line["by_id"] for line in lines} == {str(admin.id)}
        assert lines[3]["details"] == {"grant": right}
        assert PASSWORD not in str(lines)


class TestBounds:
    """Administrators of a department or an area."""

    async def test_give_and_take_within_it_alone(self, gateway: Gateway, admin: Person) -> None:
        """Rights in their district and below it; not beyond, and not without a limit."""
        local = await gateway.staff(Role.ADMINISTRATOR, area="410103")
        one = await added(local, {"role": "center", "area": "410103"})
        before = await gateway.census()
        for right in ({"role": "center"}, {"role": "center", "area": "410105"}):
            answer = await local.post(f"/v1/staff/{one['id']}/grants", right)
            assert (answer.status_code, answer.json()["code"]) == (403, "grant_foreign")
        central = await added(admin, {"role": "center"})
        for path, body in (("deactivation", None), ("password", {"password": PASSWORD})):
            answer = await local.post(f"/v1/staff/{central['id']}/{path}", body)
            assert answer.json()["code"] == "grant_foreign"
        assert (await local.post("/v1/staff", {"login": "x", "name": "x"})).json()["code"] == "grant_foreign"
        assert (await gateway.census())["audit"] == before["audit"] + 1
        below = [code for code in gateway.parts.city.areas if code.startswith("410103")]
        answer = await local.post(f"/v1/staff/{one['id']}/grants", {"role": "grid_worker", "area": below[-1]})
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"role": "handler", "department": "atlantis"}, "unknown_department"),
            ({"role": "center", "area": "atlantis"}, "unknown_area"),
            ({"role": "king"}, "invalid_request"),
        ],
    )
    async def test_a_right_that_does_not_exist_is_refused(
        self, gateway: Gateway, admin: Person, body: Json, code: str
    ) -> None:
        """For somebody new and for somebody there."""
        one = await added(admin)
        before = await gateway.census()
        assert (await admin.post(f"/v1/staff/{one['id']}/grants", body)).json()["code"] == code
        new = {"login": uuid4().hex, "name": "x", "grants": [body]}
        assert (await admin.post("/v1/staff", new)).json()["code"] == code
        assert await gateway.census() == before

    async def test_others_manage_nobody(self, gateway: Gateway, center: Person, citizen: Person) -> None:
        """Not even centers; auditors read alone."""
        auditor = await gateway.staff(Role.AUDITOR)
        new = {"login": uuid4().hex, "name": "x"}
        for person in (center, citizen, auditor):
            assert (await person.post("/v1/staff", new)).json()["code"] == "role_missing"
            for path in ("deactivation", "grants", "revocations", "password"):
                body = {"grants": {"role": "center"}, "password": {"password": PASSWORD}}
                body["revocations"] = body["grants"]
                answer = await person.post(f"/v1/staff/{uuid4()}/{path}", body.get(path))
                assert answer.json()["code"] == "role_missing"
        assert (await auditor.get("/v1/staff")).status_code == 200
        assert (await center.get("/v1/staff")).status_code == 403
        assert (await center.get("/v1/audit")).status_code == 403

    async def test_a_login_is_taken_once(self, admin: Person) -> None:
        """Also by one who left."""
        one = await added(admin)
        answer = await admin.post("/v1/staff", {"login": one["login"], "name": "x"})
        assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")


class TestPasswords:
    """Signing in before real citizens."""

    async def test_opens_a_session_in_production(self, gateway: Gateway, settings: Settings, admin: Person) -> None:
        """Only the right one, only for who is there; who tries again and again has to wait."""
        one = await added(admin, {"role": "center"})
        assert (await admin.post(f"/v1/staff/{one['id']}/password", {"password": PASSWORD})).status_code == 204
        app = create_app(msgspec.structs.replace(settings, environment=Environment.PRODUCTION), gateway.clock)
        async with living(app):
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
            async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as http:
                stranger = Person(http)
                proof = {"kind": "staff", "login": one["login"], "password": PASSWORD}
                session = await stranger.post("/v1/sessions", proof)
                assert session.status_code == 201
                assert (await Person(http, session.json()["token"]).get("/v1/queues")).status_code == 200
                for wrong in ({"password": "wrong"}, {"login": uuid4().hex}):
                    answer = await stranger.post("/v1/sessions", proof | wrong)
                    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_refused")
                answers = [await stranger.post("/v1/sessions", proof | {"password": "guess"}) for _ in range(9)]
                assert answers[-1].json()["code"] == "rate_limited"
                assert (await stranger.post("/v1/sessions", proof)).json()["code"] == "rate_limited"

    async def test_a_new_one_ends_the_sessions_before_it(self, gateway: Gateway, admin: Person) -> None:
        """One's own can be set by oneself; it is kept as a hash alone."""
        one = await added(admin, {"role": "center"})
        worker = await signed_in(gateway, one["login"])
        assert (await worker.post(f"/v1/staff/{one['id']}/password", {"password": PASSWORD})).status_code == 204
        assert (await worker.get("/v1/queues")).status_code == 401
        async with gateway.parts.pool.acquire() as conn:
            kept = await conn.fetchval("select password from staff where login = $1", one["login"])
        assert kept.startswith("$argon2id$")
        assert PASSWORD not in kept

    async def test_a_short_one_is_refused(self, admin: Person) -> None:
        """Twelve signs are the least."""
        answer = await admin.post(f"/v1/staff/{admin.id}/password", {"password": "x" * 11})
        assert answer.json()["code"] == "invalid_request"
