"""Profiles, family, groups, the leaderboard and certificates, over HTTP."""

from datetime import timedelta

from tests.gateway import Gateway, Json, Person
from tests.points.town import attend, code_of, points_of, post_task, volunteer

PERIOD = {"first": "2026-01-01", "last": "2027-12-31"}


async def helped(gateway: Gateway, **profile: object) -> Person:
    """Return somebody whose hour and a half at a task were approved."""
    person = await volunteer(gateway)
    if profile:
        await person.call("PUT", "/v1/volunteers/me", json=profile)
    organizer, task = await post_task(gateway)
    await attend(gateway, person, task, timedelta(minutes=90))
    await organizer.post(f"/v1/tasks/{task['id']}/helpers/{await code_of(person)}/approval", {})
    return person


class TestProfile:
    """Who takes part."""

    async def test_keeps_its_code(self, gateway: Gateway, citizen: Person) -> None:
        """A changed nickname is the same volunteer; partners' systems are none."""
        assert (await citizen.get("/v1/volunteers/me")).json()["code"] == "not_a_volunteer"
        first = (await citizen.call("PUT", "/v1/volunteers/me", json={"nickname": "甲"})).json()
        profile = {"nickname": "乙", "listed": True, "skills": ["急救"]}
        again = (await citizen.call("PUT", "/v1/volunteers/me", json=profile)).json()
        assert again["code"] == first["code"]
        assert (again["nickname"], again["listed"], again["skills"]) == ("乙", True, ["急救"])
        partner = await gateway.partner()
        assert (await partner.call("PUT", "/v1/volunteers/me", json={"nickname": "x"})).json()["code"] == "forbidden"


class TestFamily:
    """Relatives, and points for them."""

    async def test_both_must_have_named_the_other(self, gateway: Gateway) -> None:
        """Then points go over, and the year's limit counts them."""
        giver, taker = await volunteer(gateway, 600), await volunteer(gateway)
        gift = {"to": await code_of(taker), "amount": 30}
        await giver.call("PUT", f"/v1/volunteers/me/family/{gift['to']}")
        assert (await giver.post("/v1/points/transfers", gift)).json()["code"] == "not_family"
        back = await taker.call("PUT", f"/v1/volunteers/me/family/{await code_of(giver)}")
        assert back.json()["items"][0]["mutual"] is True
        sent = await giver.post("/v1/points/transfers", gift, key="gift")
        assert sent.json() == {"amount": 30, "left_this_year": 470}
        assert (await giver.post("/v1/points/transfers", gift, key="gift")).content == sent.content
        assert ((await points_of(giver))["balance"], (await points_of(taker))["balance"]) == (570, 30)
        before = await gateway.census()
        too_much = await giver.post("/v1/points/transfers", gift | {"amount": 471})
        assert (too_much.json()["code"], too_much.json()["extra"]) == ("sent_enough_this_year", {"left": 470})
        nothing = await taker.post("/v1/points/transfers", {"to": await code_of(giver), "amount": 31})
        assert nothing.json()["code"] == "not_enough_points"
        for amount in (-1, 0, 10**9):
            assert (await giver.post("/v1/points/transfers", gift | {"amount": amount})).status_code == 422
        assert await gateway.census() == before

    async def test_who_can_be_named(self, gateway: Gateway) -> None:
        """Not oneself, not nobody, and not more than five."""
        person = await volunteer(gateway)
        path = "/v1/volunteers/me/family"
        assert (await person.call("PUT", f"{path}/{await code_of(person)}")).json()["code"] == "yourself"
        assert (await person.call("PUT", f"{path}/22222")).json()["code"] == "unknown_volunteer"
        codes = [await code_of(await volunteer(gateway)) for _ in range(6)]
        answers = [await person.call("PUT", f"{path}/{code}") for code in codes]
        assert [answer.status_code for answer in answers] == [200] * 5 + [409]
        assert answers[5].json()["code"] == "family_full"
        assert (await person.call("PUT", f"{path}/{codes[0]}")).status_code == 200
        left = (await person.call("DELETE", f"{path}/{codes[0]}")).json()["items"]
        assert [one["code"] for one in left] == codes[1:5]
        assert len((await person.get(path)).json()["items"]) == 4


class TestGroups:
    """Volunteers who act together."""

    async def test_count_what_their_members_helped(self, gateway: Gateway) -> None:
        """Joining twice is joining; who left no longer counts."""
        founder, other = await helped(gateway), await helped(gateway)
        name = f"group of {await code_of(founder)}"
        group = (await founder.post("/v1/groups", {"name": name})).json()
        assert (await other.post("/v1/groups", {"name": name})).json()["code"] == "group_name_taken"
        path = f"/v1/groups/{group['id']}/members/me"
        for _ in range(2):
            joined = (await other.call("PUT", path)).json()
        assert (joined["members"], joined["minutes"], joined["mine"]) == (2, 180, True)
        left = (await founder.call("DELETE", path)).json()
        assert (left["members"], left["mine"]) == (1, False)
        assert (await founder.get("/v1/groups")).json()["items"][0]["id"] == group["id"]


class TestLeaderboard:
    """Who helped longest."""

    async def test_shows_only_those_who_wish_it_by_nickname(self, gateway: Gateway) -> None:
        """Nobody's code or account is on it."""
        await helped(gateway, nickname="愿意上榜", listed=True)
        await helped(gateway, nickname="不愿上榜")
        for period in ("month", "year", "all"):
            board = (await gateway.stranger.get(f"/v1/volunteers/leaderboard?period={period}")).json()["items"]
            names = [line["nickname"] for line in board]
            assert "愿意上榜" in names
            assert "不愿上榜" not in names
            assert set(board[0]) == {"place", "nickname", "minutes", "points"}


class TestCertificate:
    """Proof of service."""

    async def test_is_verified_by_anybody_and_shows_any_change(self, gateway: Gateway) -> None:
        """The smallest change is found, and so is another signature."""
        person = await helped(gateway, nickname="李<四>")
        signed: Json = (await person.post("/v1/certificates", PERIOD)).json()
        certificate = signed["certificate"]
        assert (certificate["minutes"], len(certificate["services"])) == (90, 1)
        number = certificate["number"]
        assert (await gateway.stranger.get(f"/v1/certificates/{number}")).json() == signed

        async def genuine(document: Json) -> bool:
            answer = await gateway.stranger.post("/v1/certificates/verifications", document)
            assert answer.status_code == 200, answer.text
            return bool(answer.json()["genuine"])

        assert await genuine(signed)
        assert not await genuine(signed | {"certificate": certificate | {"minutes": 91}})
        assert not await genuine(signed | {"certificate": certificate | {"nickname": "李四"}})
        assert not await genuine(signed | {"signature": "0" * 64})

    async def test_is_printed(self, gateway: Gateway) -> None:
        """A PDF in the reader's language, the same bytes each time."""
        person = await helped(gateway, nickname="李<四>")
        number = (await person.post("/v1/certificates", PERIOD)).json()["certificate"]["number"]
        path = f"/v1/certificates/{number}/pdf"
        papers = [await gateway.stranger.get(path, headers={"Accept-Language": "zh-CN"}) for _ in range(2)]
        assert papers[0].headers["content-type"] == "application/pdf"
        assert papers[0].content.startswith(b"%PDF")
        assert b"STSong-Light" in papers[0].content
        assert papers[0].content == papers[1].content

    async def test_needs_something_to_certify(self, gateway: Gateway, citizen: Person) -> None:
        """No profile, no service, a period that is none, an unknown number: each its problem."""
        assert (await citizen.post("/v1/certificates", PERIOD)).json()["code"] == "not_a_volunteer"
        person = await volunteer(gateway)
        assert (await person.post("/v1/certificates", PERIOD)).json()["code"] == "nothing_to_certify"
        wrong = {"first": "2026-02-02", "last": "2026-02-01"}
        assert (await person.post("/v1/certificates", wrong)).json()["code"] == "bad_period"
        last = {"first": "2026-02-02", "last": "9999-12-31"}
        assert (await person.post("/v1/certificates", last)).json()["code"] == "bad_period"
        assert (await gateway.stranger.get("/v1/certificates/2222-2222")).status_code == 404


async def test_hours_of_last_year_are_not_this_years(gateway: Gateway) -> None:
    """A certificate covers its period alone."""
    person = await helped(gateway)
    before = (gateway.clock() - timedelta(days=30)).date().isoformat()
    period = {"first": "2026-01-01", "last": before}
    assert (await person.post("/v1/certificates", period)).json()["code"] == "nothing_to_certify"
