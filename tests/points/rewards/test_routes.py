"""From a press on a button to goods over a counter, over HTTP."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.points.codes import new_code
from citizen_gateway.points.jobs import REDEMPTION_OVER
from citizen_gateway.worker import duties
from tests.gateway import Gateway, Person, photo
from tests.points.town import Shop, give, open_shop, points_of, redeem, volunteer


@pytest.fixture
async def shop(gateway: Gateway, center: Person) -> Shop:
    """Open a shop."""
    return await open_shop(gateway, center)


class TestRedeem:
    """Pressing the button."""

    async def test_takes_a_piece_and_the_price(self, gateway: Gateway, shop: Shop) -> None:
        """Both are reserved together, and the answer has the code that fetches it."""
        person, reward = await volunteer(gateway, 25), await shop.offer(gateway)
        redemption = await redeem(person, reward)
        assert (redemption["state"], redemption["price"], len(redemption["code"])) == ("reserved", 10, 11)
        had = await points_of(person)
        assert (had["balance"], had["available"], had["reserved"]) == (15, 15, 10)
        assert (await person.get(f"/v1/rewards/{reward['id']}")).json()["remaining"] == 4

    async def test_a_repetition_takes_nothing_more(self, gateway: Gateway, shop: Shop) -> None:
        """The same key gets the same code."""
        person, reward = await volunteer(gateway, 25), await shop.offer(gateway, per_person=5)
        path = f"/v1/rewards/{reward['id']}/redemptions"
        first, again = await person.post(path, key="press"), await person.post(path, key="press")
        assert first.content == again.content
        assert (await points_of(person))["reserved"] == 10

    @pytest.mark.parametrize(
        ("points", "offer", "code"),
        [
            (9, {}, "not_enough_points"),
            (0, {}, "not_enough_points"),
            (50, {"opens_at": "2099-01-01T00:00:00Z", "closes_at": "2099-01-02T00:00:00Z"}, "reward_not_open_yet"),
        ],
    )
    async def test_refused_it_changes_nothing(
        self, gateway: Gateway, shop: Shop, points: int, offer: dict[str, str], code: str
    ) -> None:
        """Too few points, or too early: neither piece nor points move."""
        person, reward = await volunteer(gateway, points), await shop.offer(gateway, **offer)
        before = await gateway.census()
        answer = await person.post(f"/v1/rewards/{reward['id']}/redemptions")
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert await gateway.census() == before
        assert (await person.get(f"/v1/rewards/{reward['id']}")).json()["remaining"] == 5

    async def test_sold_out_and_over_the_limit(self, gateway: Gateway, shop: Shop) -> None:
        """Each is its own problem, and nothing moves."""
        people = [await volunteer(gateway, 100) for _ in range(2)]
        reward = await shop.offer(gateway, pieces=1)
        path = f"/v1/rewards/{reward['id']}/redemptions"
        await redeem(people[0], reward)
        before = await gateway.census()
        assert (await people[1].post(path)).json()["code"] == "sold_out"
        await shop.cashier.post(f"/v1/rewards/{reward['id']}/stock", {"pieces": 5})
        assert (await people[0].post(path)).json()["code"] == "redemption_limit_reached"
        assert await gateway.census() == before
        assert (await points_of(people[0]))["reserved"] == 10

    async def test_a_release_that_was_ended_is_over(self, gateway: Gateway, shop: Shop) -> None:
        """Codes already given can still be used."""
        people = [await volunteer(gateway, 10) for _ in range(2)]
        reward = await shop.offer(gateway)
        code = (await redeem(people[0], reward))["code"]
        assert (await shop.cashier.post(f"/v1/rewards/{reward['id']}/withdrawal")).status_code == 200
        answer = await people[1].post(f"/v1/rewards/{reward['id']}/redemptions")
        assert (answer.status_code, answer.json()["code"]) == (410, "reward_over")
        assert (await shop.cashier.post("/v1/redemptions/confirmations", {"code": code})).status_code == 201

    async def test_a_release_ended_before_it_began_never_begins(self, gateway: Gateway, shop: Shop) -> None:
        """Not even for a moment."""
        opens = gateway.clock() + timedelta(hours=1)
        reward = await shop.offer(gateway, opens_at=opens.isoformat())
        ended = (await shop.cashier.post(f"/v1/rewards/{reward['id']}/withdrawal")).json()
        assert ended["opens_at"] < ended["closes_at"] < opens.isoformat()
        gateway.clock.advance(timedelta(hours=1, milliseconds=500))
        answer = await (await volunteer(gateway, 10)).post(f"/v1/rewards/{reward['id']}/redemptions")
        assert answer.json()["code"] == "reward_over"

    async def test_one_person_pressing_many_times_at_once_stays_within_the_limit(
        self, gateway: Gateway, shop: Shop
    ) -> None:
        """Their presses wait for each other."""
        person, reward = await volunteer(gateway, 100), await shop.offer(gateway, per_person=2)
        path = f"/v1/rewards/{reward['id']}/redemptions"
        answers = await asyncio.gather(*(person.post(path) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
        assert (await points_of(person))["reserved"] == 20


class TestCode:
    """The code on the citizen's screen."""

    async def test_is_shown_as_qr(self, gateway: Gateway, shop: Shop) -> None:
        """As SVG and PNG, to its holder alone."""
        person, other = await volunteer(gateway, 10), await gateway.citizen()
        redemption = await redeem(person, await shop.offer(gateway))
        path = f"/v1/redemptions/{redemption['id']}"
        svg, png = await person.get(f"{path}/qr.svg"), await person.get(f"{path}/qr.png")
        assert svg.headers["content-type"].startswith("image/svg+xml")
        assert b"<svg" in svg.content
        assert png.content.startswith(b"\x89PNG")
        assert (await other.get(f"{path}/qr.svg")).status_code == 404
        assert (await other.get(path)).status_code == 404

    async def test_lies_nowhere_in_plain_text(self, gateway: Gateway, shop: Shop) -> None:
        """The database knows it by a keyed hash, and sealed."""
        person = await volunteer(gateway, 10)
        code = (await redeem(person, await shop.offer(gateway)))["code"].encode()
        async with gateway.parts.pool.acquire() as conn:
            rows = await conn.fetch("select code_hash, code_sealed from points_redemption")
        assert not any(code in row["code_hash"] + row["code_sealed"] for row in rows)

    async def test_is_no_longer_shown_when_it_is_used(self, gateway: Gateway, shop: Shop) -> None:
        """What remains is the record."""
        person = await volunteer(gateway, 10)
        redemption = await redeem(person, await shop.offer(gateway))
        await shop.cashier.post("/v1/redemptions/confirmations", {"code": redemption["code"]})
        (listed,) = (await person.get("/v1/redemptions")).json()["items"]
        assert (listed["state"], listed["code"]) == ("settled", None)
        assert (await person.get(f"/v1/redemptions/{redemption['id']}/qr.png")).status_code == 404


class TestConfirm:
    """The counter (核销)."""

    async def test_settles_once(self, gateway: Gateway, shop: Shop) -> None:
        """However it was typed; the points are the shop's, and the answer names no citizen."""
        person = await volunteer(gateway, 10)
        redemption = await redeem(person, await shop.offer(gateway))
        typed = redemption["code"].lower().replace("-", " ")
        done = await shop.cashier.post("/v1/redemptions/confirmations", {"code": typed})
        assert (done.status_code, done.json()["title"], done.json()["price"]) == (201, "一杯热茶", 10)
        assert str(person.id) not in done.text
        assert (await points_of(person))["reserved"] == 0
        before = await gateway.census()
        again = await shop.cashier.post("/v1/redemptions/confirmations", {"code": typed})
        assert (again.status_code, again.json()["code"]) == (409, "code_used")
        assert await gateway.census() == before

    async def test_many_counters_at_once_settle_once(self, gateway: Gateway, shop: Shop) -> None:
        """Of six counters one hands the goods out."""
        person = await volunteer(gateway, 10)
        code = {"code": (await redeem(person, await shop.offer(gateway)))["code"]}
        answers = await asyncio.gather(*(shop.cashier.post("/v1/redemptions/confirmations", code) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]

    async def test_what_is_no_code_of_this_shop(self, gateway: Gateway, shop: Shop, center: Person) -> None:
        """Mistyped, unknown, another shop's: each its problem, and nothing changed."""
        person = await volunteer(gateway, 10)
        code = (await redeem(person, await shop.offer(gateway)))["code"]
        other, unscoped = await open_shop(gateway, center), await gateway.partner()
        before = await gateway.census()
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
        for cashier, text, status, problem in (
            (shop.cashier, wrong, 422, "code_mistyped"),
            (shop.cashier, new_code(0), 404, "code_unknown"),
            (other.cashier, code, 403, "another_merchants_code"),
            (unscoped, code, 403, "scope_missing"),
            (person, code, 403, "role_missing"),
        ):
            answer = await cashier.post("/v1/redemptions/confirmations", {"code": text})
            assert (answer.status_code, answer.json()["code"]) == (status, problem)
        assert await gateway.census() == before

    async def test_guessing_is_slowed_down(self, gateway: Gateway, center: Person) -> None:
        """After thirty tries a key must wait, right or wrong."""
        shop = await open_shop(gateway, center)
        answers = [await shop.cashier.post("/v1/redemptions/confirmations", {"code": "2"}) for _ in range(40)]
        codes = [answer.json()["code"] for answer in answers]
        assert codes[:30] == ["code_mistyped"] * 30
        assert "rate_limited" in codes[30:]

    async def test_a_member_of_staff_may_speak_for_a_shop(self, gateway: Gateway, shop: Shop, center: Person) -> None:
        """As its record says from now on."""
        keeper = await gateway.staff(Role.MERCHANT)
        members = {"members": [f"staff:{keeper.id}"]}
        reward = await shop.offer(gateway)
        assert (await center.call("PUT", f"/v1/merchants/{shop.id}/members", json=members)).status_code == 200
        code = {"code": (await redeem(await volunteer(gateway, 10), reward))["code"]}
        refused = await shop.cashier.post("/v1/redemptions/confirmations", code)
        assert refused.json()["code"] == "another_merchants_code"
        assert (await keeper.post("/v1/redemptions/confirmations", code)).status_code == 201
        assert [one["id"] for one in (await keeper.get("/v1/merchants?mine=true")).json()["items"]] == [shop.id]


class TestReturn:
    """Codes that fetch nothing."""

    async def test_cancelled_both_come_back(self, gateway: Gateway, shop: Shop) -> None:
        """The piece to the shelf, the points to the citizen; once."""
        person, reward = await volunteer(gateway, 10), await shop.offer(gateway)
        redemption = await redeem(person, reward)
        path = f"/v1/redemptions/{redemption['id']}/cancellation"
        assert (await person.post(path)).json()["state"] == "cancelled"
        assert (await points_of(person))["available"] == 10
        assert (await person.get(f"/v1/rewards/{reward['id']}")).json()["remaining"] == 5
        before = await gateway.census()
        assert (await person.post(path)).json()["code"] == "redemption_ended"
        refused = await shop.cashier.post("/v1/redemptions/confirmations", {"code": redemption["code"]})
        assert refused.json()["code"] == "code_cancelled"
        assert await gateway.census() == before

    async def test_run_out_both_come_back(self, gateway: Gateway, shop: Shop) -> None:
        """The job that waits for it does it once, and not before."""
        person, reward = await volunteer(gateway, 10), await shop.offer(gateway, valid_hours=1)
        redemption = await redeem(person, reward)
        duty = next(duty for duty in duties(gateway.parts) if duty.kind is REDEMPTION_OVER)
        payload = b'{"redemption":"%s"}' % redemption["id"].encode()
        waiting = (await gateway.census())["jobs"]
        await duty.run(gateway.parts.pool, gateway.clock, payload)
        assert (await points_of(person))["reserved"] == 10
        assert (await gateway.census())["jobs"] == waiting + 1
        gateway.clock.advance(timedelta(hours=1))
        for _ in range(2):
            await duty.run(gateway.parts.pool, gateway.clock, payload)
        assert (await points_of(person))["available"] == 10
        assert (await person.get(f"/v1/rewards/{reward['id']}")).json()["remaining"] == 5
        refused = await shop.cashier.post("/v1/redemptions/confirmations", {"code": redemption["code"]})
        assert (refused.status_code, refused.json()["code"]) == (410, "code_expired")

    async def test_the_code_is_worthless_when_its_time_is_over(self, gateway: Gateway, shop: Shop) -> None:
        """Also while nobody has given the points back yet."""
        person = await volunteer(gateway, 10)
        redemption = await redeem(person, await shop.offer(gateway, valid_hours=1))
        gateway.clock.advance(timedelta(hours=1))
        refused = await shop.cashier.post("/v1/redemptions/confirmations", {"code": redemption["code"]})
        assert refused.json()["code"] == "code_expired"


class TestCatalogue:
    """What there is."""

    async def test_is_seen_by_everybody_with_its_pictures(self, gateway: Gateway, shop: Shop) -> None:
        """Nobody need sign in; a picture's number beyond the last is none."""
        upload = await shop.cashier.upload(photo())
        reward = await shop.offer(gateway, photo_ids=[upload])
        (picture,) = reward["pictures"]
        listed = (await gateway.stranger.get(f"/v1/rewards?merchant={shop.id}")).json()["items"]
        assert [one["id"] for one in listed] == [reward["id"]]
        assert (await gateway.stranger.get(picture)).headers["content-type"] == "image/jpeg"
        assert (await gateway.stranger.get(f"/v1/rewards/{reward['id']}/pictures/1")).status_code == 404

    @pytest.mark.parametrize(
        "wrong", [{"price": -1}, {"price": 0}, {"price": 10**9}, {"pieces": 0}, {"per_person": -5}, {"valid_hours": 0}]
    )
    async def test_negative_and_huge_figures_are_no_offer(
        self, gateway: Gateway, shop: Shop, wrong: dict[str, int]
    ) -> None:
        """They are not of the described form."""
        before = await gateway.census()
        offer = {"merchant_id": shop.id, "title": "x", "price": 1, "pieces": 1}
        offer |= {"opens_at": "2026-11-22T00:00:00Z", "closes_at": "2026-12-22T00:00:00Z"}
        answer = await shop.cashier.post("/v1/rewards", offer | wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert await gateway.census() == before

    async def test_only_the_shop_itself_offers(self, gateway: Gateway, shop: Shop, center: Person) -> None:
        """Another shop's key does not; a period that is none is refused; names are unique."""
        other = await open_shop(gateway, center)
        offer = {"merchant_id": shop.id, "title": "x", "price": 1, "pieces": 1}
        offer |= {"opens_at": "2036-12-22T00:00:00Z", "closes_at": "2036-12-21T00:00:00Z"}
        assert (await shop.cashier.post("/v1/rewards", offer)).json()["code"] == "bad_period"
        offer |= {"closes_at": "2036-12-23T00:00:00Z"}
        assert (await other.cashier.post("/v1/rewards", offer)).json()["code"] == "not_your_merchant"
        assert (await center.post("/v1/rewards", offer | {"photo_ids": [str(uuid4())]})).json()[
            "code"
        ] == "unknown_photo"
        assert (await center.post("/v1/rewards", offer)).status_code == 201
        name = (await center.get("/v1/merchants")).json()["items"][0]["name"]
        assert (await center.post("/v1/merchants", {"name": name})).json()["code"] == "merchant_name_taken"
        assert (await other.cashier.post("/v1/merchants", {"name": "mine"})).json()["code"] == "role_missing"


class TestSettlement:
    """What a shop is owed."""

    async def test_counts_what_was_handed_out_in_a_period(self, gateway: Gateway, shop: Shop, center: Person) -> None:
        """By reward, in the days of the city; codes not used do not count."""
        tea, cake = await shop.offer(gateway, per_person=9), await shop.offer(gateway, price=7)
        person = await volunteer(gateway, 100)
        await give(gateway, person, 20)
        for reward in (tea, tea, cake):
            code = {"code": (await redeem(person, reward))["code"]}
            assert (await shop.cashier.post("/v1/redemptions/confirmations", code)).status_code == 201
        await redeem(person, tea)
        day = (gateway.clock() + timedelta(hours=8)).date()
        period = f"first={day}&last={day}"
        report = (await shop.cashier.get(f"/v1/merchants/{shop.id}/settlement?{period}")).json()
        assert [(line["pieces"], line["points"]) for line in report["lines"]] == [(2, 20), (1, 7)]
        assert (report["pieces"], report["points"], report["balance"]) == (3, 27, 27)
        later = f"first={day + timedelta(days=1)}&last={day + timedelta(days=9)}"
        empty = (await center.get(f"/v1/merchants/{shop.id}/settlement?{later}")).json()
        assert (empty["pieces"], empty["balance"]) == (0, 27)

    async def test_is_for_the_shop_alone(self, gateway: Gateway, shop: Shop, center: Person) -> None:
        """Another shop is refused, and so is a period that ends before it begins."""
        other = await open_shop(gateway, center)
        path = f"/v1/merchants/{shop.id}/settlement"
        refused = await other.cashier.get(f"{path}?first=2026-11-01&last=2026-11-30")
        assert refused.json()["code"] == "not_your_merchant"
        wrong = await shop.cashier.get(f"{path}?first=2026-11-02&last=2026-11-01")
        assert wrong.json()["code"] == "bad_period"
        unscoped = await gateway.partner(Scope.REPORTS_READ)
        assert (await unscoped.get(f"{path}?first=2026-11-01&last=2026-11-30")).json()["code"] == "scope_missing"
