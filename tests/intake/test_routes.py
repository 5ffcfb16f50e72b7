"""`/v1/reports` over HTTP: what is kept, and what is refused without a trace."""

import asyncio
import secrets
from uuid import UUID, uuid4

import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import DEPARTMENT, RUBBISH, SPOT, UNCLEAR, Gateway, Json, Person, photo

REPORTS = "/v1/reports"


class TestSubmit:
    """A report becomes a ticket and a receipt."""

    async def test_the_receipt_says_who_handles_it_and_by_when(self, citizen: Person) -> None:
        """Number, category with evidence, department, areas down to the micro-grid, reason, deadlines, secret."""
        receipt = await citizen.report(RUBBISH, title="门口垃圾")
        ticket = receipt["ticket"]
        assert ticket["state"] == "assigned"
        assert ticket["category"]["code"] == "101"
        assert ticket["department"]["code"] == DEPARTMENT
        assert [area["level"] for area in ticket["areas"]][-1] == "district"
        assert ticket["areas"][0]["synthetic"] is True
        assert ticket["accept_due"] < ticket["resolve_due"]
        assert ticket["reason"]
        assert receipt["guesses"][0]["evidence"]
        assert receipt["keywords"]
        assert len(receipt["secret"]) >= 16
        assert receipt["emergency"] is None

    async def test_what_was_said_is_kept_as_it_was_said(self, gateway: Gateway, citizen: Person) -> None:
        """One report, ticket, follower and job, two events; the author reads back their own words."""
        said = f"{RUBBISH} <b>🗑️</b>\n\n第二行 'quoted'; drop table report; --"
        before = await gateway.census()
        receipt = await citizen.report(said, place="大学路街道", channel="miniprogram")
        after = await gateway.census()
        grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        assert grown == {"report": 1, "ticket": 1, "ticket_follower": 1, "event": 2, "jobs": 1}
        shown = (await citizen.get(f"{REPORTS}/{receipt['report_id']}")).json()
        assert (shown["text"], shown["place"], shown["channel"]) == (said, "大学路街道", "miniprogram")
        assert shown["position"] == SPOT
        assert shown["ticket_number"] == receipt["ticket"]["number"]

    async def test_unsure_waits_for_a_person(self, citizen: Person, center: Person) -> None:
        """What the analyser does not understand is pending, without deadlines, and a center sees it."""
        ticket = (await citizen.report(UNCLEAR))["ticket"]
        assert (ticket["state"], ticket["department"], ticket["accept_due"]) == ("pending", None, None)
        assert (await center.get(f"/v1/tickets/{ticket['number']}")).json()["dispatch"]["automatic"] is False

    async def test_several_owners_are_suggested(self, citizen: Person, center: Person) -> None:
        """A street light with two possible owners is pending with both as suggestions."""
        ticket = (await citizen.report("路灯不亮了", category="501"))["ticket"]
        assert ticket["state"] == "pending"
        seen = (await center.get(f"/v1/tickets/{ticket['number']}")).json()
        assert [s["department"] for s in seen["dispatch"]["suggestions"]][:2] == ["zz-light", DEPARTMENT]

    async def test_a_chosen_category_is_believed(self, citizen: Person) -> None:
        """The citizen's choice goes before the analyser's guess."""
        ticket = (await citizen.report(RUBBISH, category="603"))["ticket"]
        assert (ticket["category"]["code"], ticket["department"]["code"]) == ("603", "zz-gas")

    async def test_a_place_in_words_is_enough(self, citizen: Person) -> None:
        """Without a pin the one area that the words name decides where it is."""
        receipt = await citizen.report(RUBBISH, position=None, place="大学路街道")
        assert receipt["ticket"]["areas"][0]["name"] == "大学路街道"
        assert receipt["ticket"]["department"]["code"] == DEPARTMENT
        report = (await citizen.get(f"{REPORTS}/{receipt['report_id']}")).json()
        assert report["position"] is None

    @pytest.mark.parametrize("place", ["", "火星", "解放路", "\u202e" * 200])
    async def test_a_place_nobody_knows_waits(self, place: str, citizen: Person) -> None:
        """Rubbish nowhere in particular is nobody's: a person asks back."""
        ticket = (await citizen.report(RUBBISH, position=None, place=place))["ticket"]
        assert (ticket["state"], ticket["areas"]) == ("pending", [])

    async def test_the_photo_says_where(self, citizen: Person) -> None:
        """Without a pin the position in the photo is taken, where it lies in the city."""
        beijing, here = [await citizen.upload(photo(place)) for place in ((39.9, 116.4), (34.72, 113.64))]
        receipt = await citizen.report(position=None, photo_ids=[beijing, here])
        report = (await citizen.get(f"{REPORTS}/{receipt['report_id']}")).json()
        assert report["position"] == SPOT
        assert report["photo_ids"] == [beijing, here]
        assert receipt["ticket"]["department"]["code"] == DEPARTMENT

    async def test_the_pin_goes_before_the_photo(self, citizen: Person) -> None:
        """What a citizen points at counts, not where they stood."""
        taken = await citizen.upload(photo((34.76, 113.65)))
        receipt = await citizen.report(photo_ids=[taken, taken])
        report = (await citizen.get(f"{REPORTS}/{receipt['report_id']}")).json()
        assert report["position"] == SPOT
        assert report["photo_ids"] == [taken]

    @pytest.mark.parametrize(("datum", "metres"), [("wgs84", 0), ("gcj02", 1), ("bd09", 1)])
    async def test_positions_are_kept_as_wgs84(self, datum: str, metres: int, citizen: Person) -> None:
        """A pin of a Chinese map is moved to where it is meant."""
        receipt = await citizen.report(position=SPOT | {"datum": datum})
        kept = (await citizen.get(f"{REPORTS}/{receipt['report_id']}")).json()["position"]
        assert kept["datum"] == "wgs84"
        assert (abs(kept["lat"] - SPOT["lat"]) > 0.0005) == bool(metres)

    @pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "the-same-number-twice"}])
    async def test_a_number_that_was_drawn_before_is_drawn_again(
        self, gateway: Gateway, citizen: Person, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second report loses nothing, and nothing of its first try stays."""
        taken, bits = secrets.randbits(30), secrets.randbits
        draws = iter([taken, taken, taken ^ 1 << 20])
        monkeypatch.setattr(secrets, "randbits", lambda size: next(draws) if size == 30 else bits(size))
        first = await citizen.report()
        before = await gateway.census()
        again = await citizen.post(REPORTS, {"text": RUBBISH, "position": SPOT}, headers=headers)
        assert again.status_code == 201, again.text
        assert again.json()["ticket"]["number"] != first["ticket"]["number"]
        assert (await gateway.census())["ticket"] == before["ticket"] + 1
        assert next(draws, None) is None


class TestEmergency:
    """Words of danger to life."""

    @pytest.mark.parametrize(
        ("text", "number", "word"),
        [
            ("楼道里有煤气味，燃气泄漏了", "119", "燃气泄漏"),
            ("有人持刀伤人，正在打架", "110", "持刀"),
            ("老人晕倒在路边", "120", "晕倒"),
        ],
    )
    async def test_the_citizen_is_told_to_call(self, text: str, number: str, word: str, citizen: Person) -> None:
        """Numbers, the words that say so, and a sentence with the numbers in it; the ticket is an emergency."""
        receipt = await citizen.report(text)
        advice = receipt["emergency"]
        assert number in advice["call"]
        assert word in advice["words"]
        assert number in advice["message"]
        assert "call" in advice["message"]
        assert (await citizen.get(f"/v1/tickets/{receipt['ticket']['number']}")).json()["emergency"] is True

    async def test_in_the_callers_language(self, citizen: Person) -> None:
        """Chinese by default and where it is asked for; the numbers are in the sentence all the same."""
        said = {"text": "着火了，有人被困", "position": SPOT}
        chinese = await citizen.post(REPORTS, said, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
        message = chinese.json()["emergency"]["message"]
        assert "119" in message
        assert "dangerous" not in message


class TestSpeakers:
    """Who reports, and for whom."""

    async def test_a_partner_reports_for_a_citizen_of_its_channel(self, gateway: Gateway) -> None:
        """The citizen, whom that channel knows, sees the report; the partner does too; its channel is noted."""
        hotline = await gateway.partner(Scope.REPORTS_WRITE, Scope.REPORTS_READ, channel=Channel.HOTLINE_12345)
        phone = f"138{uuid4().int % 10**8:08d}"
        receipt = await hotline.report(on_behalf_of={"subject": phone}, channel="app")
        caller = await gateway.citizen(phone, Channel.HOTLINE_12345)
        for one in (hotline, caller):
            shown = (await one.get(f"{REPORTS}/{receipt['report_id']}")).json()
            assert shown["channel"] == "hotline_12345"
            assert (await one.get(f"/v1/tickets/{receipt['ticket']['number']}")).status_code in {200, 404}
        assert (await caller.get(f"/v1/tickets/{receipt['ticket']['number']}")).status_code == 200
        same_number_elsewhere = await gateway.citizen(phone, Channel.WECHAT)
        assert (await same_number_elsewhere.get(f"{REPORTS}/{receipt['report_id']}")).status_code == 404

    async def test_a_partner_reports_for_nobody_in_particular(self, gateway: Gateway) -> None:
        """A sensor's report is the partner's own."""
        sensors = await gateway.partner(Scope.REPORTS_WRITE, Scope.REPORTS_READ, channel=Channel.IOT)
        receipt = await sensors.report("井盖缺失", category="502")
        assert (await sensors.get(REPORTS)).json()["items"][0]["id"] == receipt["report_id"]

    async def test_a_key_without_the_scope_is_refused(self, gateway: Gateway) -> None:
        """Writing and reading are opened apart."""
        mute = await gateway.partner(Scope.REPORTS_READ)
        refused = await mute.post(REPORTS, {"text": RUBBISH})
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert refused.json()["extra"] == {"scope": "reports:write"}
        blind = await gateway.partner(Scope.REPORTS_WRITE)
        assert (await blind.get(REPORTS)).json()["code"] == "scope_missing"

    async def test_a_grid_worker_reports_on_patrol(self, gateway: Gateway) -> None:
        """Staff report by the patrol channel, whatever they say."""
        worker = await gateway.staff(Role.GRID_WORKER)
        receipt = await worker.report(channel="wechat")
        async with gateway.parts.pool.acquire() as conn:
            row = await conn.fetchrow(
                "select channel, citizen_id from report where id = $1", UUID(receipt["report_id"])
            )
        assert tuple(row) == ("grid_patrol", None)


class TestMine:
    """What I reported."""

    async def test_newest_first_by_pages_and_nobody_elses(self, gateway: Gateway, citizen: Person) -> None:
        """Five reports by pages of two; a neighbour has none of them."""
        ids = [(await citizen.report(f"垃圾 {n}"))["report_id"] for n in range(5)]
        found, query = [], {"limit": 2}
        while True:
            page = (await citizen.get(REPORTS, params=query)).json()
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            query = {"limit": 2, "cursor": page["next_cursor"]}
        assert found == ids[::-1]
        neighbour = await gateway.citizen()
        assert (await neighbour.get(REPORTS)).json() == {"items": [], "next_cursor": None}
        assert (await neighbour.get(f"{REPORTS}/{ids[0]}")).json()["code"] == "not_found"

    async def test_the_list_says_how_it_stands(self, citizen: Person, handler: Person) -> None:
        """Title, ticket number and the ticket's state now."""
        receipt = await citizen.report("  垃圾无人清理\n后面的话")
        await handler.act(receipt["ticket"]["number"], "accept")
        item = (await citizen.get(REPORTS)).json()["items"][0]
        assert (item["title"], item["ticket_state"]) == ("垃圾无人清理", "accepted")


class TestTogether:
    """Many at once."""

    async def test_fifty_citizens_at_once_lose_nothing(self, gateway: Gateway) -> None:
        """Each gets a ticket number of their own, and each is stored."""
        citizens = [await gateway.citizen() for _ in range(50)]
        before = await gateway.census()
        receipts = await asyncio.gather(*(one.report() for one in citizens))
        assert len({receipt["ticket"]["number"] for receipt in receipts}) == 50
        after = await gateway.census()
        assert after["report"] - before["report"] == after["ticket"] - before["ticket"] == 50


class TestRefusals:
    """Bad input: its code and status, and nothing is stored."""

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({}, 422, "invalid_request"),
            ({"text": RUBBISH, "colour": "red"}, 422, "invalid_request"),
            ({"text": ""}, 422, "empty_text"),
            ({"text": " \n\t\u3000\x1c"}, 422, "empty_text"),
            ({"text": None}, 422, "invalid_request"),
            ({"text": 5}, 422, "invalid_request"),
            ({"text": "垃" * 100_000}, 422, "invalid_request"),
            ({"text": RUBBISH, "title": "t" * 101}, 422, "invalid_request"),
            ({"text": "a\0b"}, 422, "invalid_request"),
            ({"text": RUBBISH, "place": "\0"}, 422, "invalid_request"),
            ({"text": RUBBISH, "position": SPOT | {"lat": 39.9, "lon": 116.4}}, 422, "outside_city"),
            ({"text": RUBBISH, "position": SPOT | {"lat": -34.72, "lon": -113.64}}, 422, "outside_city"),
            ({"text": RUBBISH, "position": SPOT | {"lat": 113.64, "lon": 34.72}}, 422, "coordinates_swapped"),
            ({"text": RUBBISH, "position": {"lat": 120.5, "lon": 170.1, "datum": "bd09"}}, 422, "outside_city"),
            ({"text": RUBBISH, "position": {"lat": 34.72, "lon": 113.64}}, 422, "invalid_request"),
            ({"text": RUBBISH, "position": SPOT | {"datum": "mars"}}, 422, "invalid_request"),
            ({"text": RUBBISH, "position": SPOT | {"lat": 1e300}}, 422, "invalid_request"),
            ({"text": RUBBISH, "position": SPOT | {"lat": "34.72"}}, 422, "invalid_request"),
            ({"text": RUBBISH, "photo_ids": [str(uuid4())]}, 422, "unknown_photo"),
            ({"text": RUBBISH, "photo_ids": ["x"]}, 422, "invalid_request"),
            ({"text": RUBBISH, "photo_ids": [str(uuid4())] * 10}, 422, "invalid_request"),
            ({"text": RUBBISH, "category": "999"}, 422, "unknown_category"),
            ({"text": RUBBISH, "category": ""}, 422, "unknown_category"),
            ({"text": RUBBISH, "channel": "smoke"}, 422, "invalid_request"),
            ({"text": RUBBISH, "on_behalf_of": {"subject": "13800000000"}}, 403, "on_behalf_not_allowed"),
            ([], 422, "invalid_request"),
            ("text", 422, "invalid_request"),
        ],
    )
    async def test_bad_bodies(self, body: object, status: int, code: str, gateway: Gateway, citizen: Person) -> None:
        """A body out of form or out of the city."""
        await self.refused(gateway, citizen, (status, code), json=body)

    @pytest.mark.parametrize(
        "content",
        [b"{", b"text=1", b'{"text": "\xff\xfe"}', b'{"text": "\\ud800"}', b"\x00", b'{"text": NaN}', b"[" * 100_000],
    )
    async def test_not_json(self, content: bytes, gateway: Gateway, citizen: Person) -> None:
        """What is no JSON, no UTF-8, or a lone surrogate."""
        headers = {"Content-Type": "application/json"}
        await self.refused(gateway, citizen, (400, "not_json"), content=content, headers=headers)

    async def test_no_body(self, gateway: Gateway, citizen: Person) -> None:
        """Nothing at all."""
        await self.refused(gateway, citizen, (422, "invalid_request"))

    async def test_somebody_elses_photo(self, gateway: Gateway, citizen: Person) -> None:
        """A photo that exists but is another's is refused like one that does not exist."""
        theirs = await (await gateway.citizen()).upload()
        await self.refused(gateway, citizen, (422, "unknown_photo"), json={"text": RUBBISH, "photo_ids": [theirs]})

    async def test_a_replayed_key_with_another_body(self, gateway: Gateway, citizen: Person) -> None:
        """The key belongs to the first request; the second is told so and stores nothing."""
        first = await citizen.post(REPORTS, {"text": RUBBISH}, key="once")
        assert first.status_code == 201
        expected = (422, "idempotency_key_reused")
        await self.refused(gateway, citizen, expected, json={"text": "别的事"}, key="once")

    async def test_no_session(self, gateway: Gateway) -> None:
        """Nobody, and somebody with a credential nobody issued."""
        for person in (gateway.stranger, Person(gateway.http, "cgc_x"), Person(gateway.http, "cgc_" + "x" * 5000)):
            await self.refused(gateway, person, (401, "unauthenticated"), json={"text": RUBBISH})

    async def refused(self, gateway: Gateway, person: Person, expected: tuple[int, str], **call: object) -> Json:
        """Check that a call is refused so and leaves no trace."""
        before = await gateway.census()
        answer = await person.post(REPORTS, **({"key": uuid4().hex} | call))
        assert (answer.status_code, answer.json()["code"]) == expected, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert await gateway.census() == before
        return dict(answer.json())
