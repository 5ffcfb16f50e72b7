"""`/v1/points` over HTTP."""

from citizen_gateway.city.read_model import City
from citizen_gateway.platform.actor import Role
from tests.gateway import Gateway, Person
from tests.points.town import code_of, give, points_of, volunteer


class TestMine:
    """What one has."""

    async def test_nobody_has_anything_at_first(self, citizen: Person) -> None:
        """Without an account there is nothing, and nothing is opened by looking."""
        had = await points_of(citizen)
        assert (had["balance"], had["available"], had["cap_today"], had["next_to_expire"]) == (0, 0, 50, None)
        assert (await citizen.get("/v1/points/statement")).json()["items"] == []

    async def test_what_expires_next_is_said(self, gateway: Gateway) -> None:
        """How many, and when."""
        person = await volunteer(gateway, 12)
        soon = (await points_of(person))["next_to_expire"]
        assert (soon["amount"], soon["at"][:4]) == (12, "2029")

    async def test_the_statement_turns_pages(self, gateway: Gateway) -> None:
        """The newest first, each line with the balance behind it."""
        person = await volunteer(gateway)
        for points in (1, 2, 3):
            await give(gateway, person, points)
        first = (await person.get("/v1/points/statement?limit=2")).json()
        rest = (await person.get(f"/v1/points/statement?limit=2&cursor={first['next_cursor']}")).json()
        lines = [*first["items"], *rest["items"]]
        assert [(line["amount"], line["balance"], line["kind"]) for line in lines] == [
            (3, 6, "awarded"),
            (2, 3, "awarded"),
            (1, 1, "awarded"),
        ]

    async def test_the_rules_are_for_everybody(self, gateway: Gateway) -> None:
        """What earns what, without signing in."""
        rules = (await gateway.stranger.get("/v1/points/rules")).json()
        assert {one["deed"]: one["points"] for one in rules["earnings"]}["first_report"] == 10
        assert (rules["cap_day"], rules["cap_year"], rules["expiry"], rules["expiry_after"]) == (50, 1500, "months", 36)

    async def test_a_device_is_kept_as_a_hash(self, gateway: Gateway, citizen: Person) -> None:
        """Declared twice it is one; a partner's system has none."""
        for _ in range(2):
            assert (await citizen.post("/v1/points/devices", {"device": "a-device-id"})).status_code == 204
        async with gateway.parts.pool.acquire() as conn:
            rows = await conn.fetch("select device from points_device where holder = $1", f"citizen:{citizen.id}")
        assert len(rows) == 1
        assert b"a-device-id" not in rows[0]["device"]
        partner = await gateway.partner()
        assert (await partner.post("/v1/points/devices", {"device": "a-device-id"})).json()["code"] == "forbidden"


class TestAwards:
    """Points by hand."""

    async def test_two_people_decide(self, gateway: Gateway, center: Person) -> None:
        """Who proposed it cannot approve it; approving twice is refused; the reason stands on the statement."""
        person = await volunteer(gateway)
        proposal = {"to": await code_of(person), "amount": 80, "reason": "暴雨救援"}
        award = (await center.post("/v1/points/awards", proposal)).json()
        path = f"/v1/points/awards/{award['id']}"
        assert (await center.post(f"{path}/approval")).json()["code"] == "second_person_needed"
        assert (await points_of(person))["balance"] == 0
        second = await gateway.staff(Role.CENTER)
        assert (await second.post(f"{path}/approval")).json()["state"] == "approved"
        before = await gateway.census()
        assert (await second.post(f"{path}/approval")).json()["code"] == "award_decided"
        assert (await second.post(f"{path}/refusal")).json()["code"] == "award_decided"
        assert await gateway.census() == before
        (line,) = (await person.get("/v1/points/statement")).json()["items"]
        assert (line["amount"], line["note"]) == (80, "暴雨救援")

    async def test_refused_it_gives_nothing(self, gateway: Gateway, center: Person) -> None:
        """It stays in the list as refused."""
        person = await volunteer(gateway)
        proposal = {"to": await code_of(person), "amount": 80, "reason": "x"}
        award = (await center.post("/v1/points/awards", proposal)).json()
        second = await gateway.staff(Role.ADMINISTRATOR)
        assert (await second.post(f"/v1/points/awards/{award['id']}/refusal")).json()["state"] == "refused"
        assert (await points_of(person))["balance"] == 0
        listed = (await second.get("/v1/points/awards?state=refused")).json()["items"]
        assert listed[0]["id"] == award["id"]

    async def test_nobody_approves_their_own(self, gateway: Gateway, center: Person) -> None:
        """Also not when somebody else proposed it."""
        second = await gateway.staff(Role.CENTER)
        await second.call("PUT", "/v1/volunteers/me", json={"nickname": "x"})
        proposal = {"to": await code_of(second), "amount": 8, "reason": "x"}
        award = (await center.post("/v1/points/awards", proposal)).json()
        refused = await second.post(f"/v1/points/awards/{award['id']}/approval")
        assert refused.json()["code"] == "second_person_needed"

    async def test_what_is_no_award(self, gateway: Gateway, center: Person, handler: Person) -> None:
        """Too many points, nobody's code, by somebody else, negative: each its problem."""
        code = await code_of(await volunteer(gateway))
        before = await gateway.census()
        for who, amount, to, problem in (
            (center, 501, code, "award_too_large"),
            (center, 5, "22222", "unknown_volunteer"),
            (handler, 5, code, "role_missing"),
            (center, -5, code, "invalid_request"),
            (center, 10**12, code, "invalid_request"),
        ):
            answer = await who.post("/v1/points/awards", {"to": to, "amount": amount, "reason": "x"})
            assert answer.json()["code"] == problem
        assert await gateway.census() == before


class TestNoPoints:
    """A city without `points.toml`."""

    async def test_says_so(self, gateway: Gateway, citizen: Person, no_points: City) -> None:
        """There are no points to show or to redeem."""
        parts = gateway.app.state.by_type
        gateway.app.state.by_type = {**parts, City: no_points}
        try:
            for path in ("/v1/points", "/v1/points/rules"):
                assert (await citizen.get(path)).json()["code"] == "points_not_offered"
        finally:
            gateway.app.state.by_type = parts
