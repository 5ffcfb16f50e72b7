"""Reports of one event become one ticket, where that is sure; nothing of any of them is lost."""

import asyncio
from uuid import UUID

import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import Gateway, Json, Person, photo
from tests.intake.conftest import Spot

LAMP = "路灯不亮，晚上一片漆黑"
LAMP_TOO = "这里的路灯坏了，一片漆黑没人修"
ELSE = "路边垃圾成堆没人清运"
DARK = "晚上摸黑走，缺少照明"


@pytest.fixture
async def first(busy: Gateway) -> Person:
    """Give somebody who reports first."""
    return await busy.citizen()


@pytest.fixture
async def second(busy: Gateway) -> Person:
    """Give somebody who reports after them."""
    return await busy.citizen()


class TestSure:
    """Near, alike and soon: the report joins at once."""

    async def test_the_receipt_is_of_the_first_ticket(
        self, busy: Gateway, first: Person, second: Person, spot: Spot
    ) -> None:
        """It says so, with the ticket's state, department and limits; one event is recorded, and no second ticket."""
        opened = await first.report(LAMP, position=spot())
        before = await busy.census()
        joined = await second.report(LAMP_TOO, position=spot(20, 10))
        after = await busy.census()
        assert (opened["joined"], joined["joined"]) == (False, True)
        assert joined["ticket"] == opened["ticket"]
        assert joined["report_id"] != opened["report_id"]
        grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        assert grown == {"report": 1, "ticket_follower": 1, "event": 1}

    async def test_the_citizen_follows_it_by_a_secret_of_their_own(
        self, busy: Gateway, first: Person, second: Person, spot: Spot
    ) -> None:
        """By session and by the receipt; the timeline names the report that joined and the machine as who judged."""
        opened = await first.report(LAMP, position=spot())
        joined = await second.report(LAMP, position=spot(10))
        number = opened["ticket"]["number"]
        assert joined["secret"] != opened["secret"]
        for person, headers in ((second, {}), (busy.stranger, {"Ticket-Secret": joined["secret"]})):
            timeline = (await person.get(f"/v1/tickets/{number}/timeline", headers=headers)).json()["items"]
            event = timeline[-1]
            assert (event["type"], event["by"]) == ("ticket.joined", "system")
            assert event["data"]["report"] == joined["report_id"]
            assert event["data"]["score"] >= 0.8

    async def test_its_own_words_photos_and_place_are_kept(self, first: Person, second: Person, spot: Spot) -> None:
        """The report shows what its citizen said, and the ticket that answers it."""
        opened = await first.report(LAMP, position=spot())
        photo = await second.upload()
        joined = await second.report(LAMP_TOO, position=spot(15), place="小学门口", photo_ids=[photo])
        shown = (await second.get(f"/v1/reports/{joined['report_id']}")).json()
        assert (shown["text"], shown["place"], shown["photo_ids"]) == (LAMP_TOO, "小学门口", [photo])
        assert shown["position"] == spot(15)
        assert shown["ticket_number"] == opened["ticket"]["number"]
        assert (await first.get(f"/v1/reports/{joined['report_id']}")).status_code == 404

    async def test_a_photo_of_a_joined_report_asks_for_one_of_the_result(
        self, busy: Gateway, first: Person, second: Person, spot: Spot
    ) -> None:
        """A ticket whose first report had no photo needs one since another had."""
        opened = await first.report("路边垃圾成堆，没人清运", position=spot())
        await second.report("垃圾成堆没人清运", position=spot(5), photo_ids=[await second.upload()])
        async with busy.parts.pool.acquire() as conn:
            row = await conn.fetchrow("select with_photo from ticket where number = $1", opened["ticket"]["number"])
        assert row["with_photo"] is True

    async def test_repeating_the_call_joins_once(
        self, busy: Gateway, first: Person, second: Person, spot: Spot
    ) -> None:
        """The same Idempotency-Key gets the same receipt."""
        await first.report(LAMP, position=spot())
        body = {"text": LAMP, "position": spot()}
        answers = [await second.post("/v1/reports", body, key="joins-once") for _ in range(2)]
        assert answers[0].content == answers[1].content
        assert answers[0].json()["joined"] is True
        async with busy.parts.pool.acquire() as conn:
            count = await conn.fetchval(
                "select j.reports from joinable j join ticket t on t.id = j.ticket_id where number = $1",
                answers[0].json()["ticket"]["number"],
            )
        assert count == 2

    async def test_the_same_photo_speaks_for_itself(self, busy: Gateway, spot: Spot) -> None:
        """Few words in common, but one picture: a neighbour sends on what they got."""
        picture = photo()
        people = [await busy.citizen() for _ in range(2)]
        shots = [await person.upload(picture) for person in people]
        opened = await people[0].report(LAMP, position=spot(), photo_ids=[shots[0]])
        joined = await people[1].report("这一段没有照明", position=spot(70), photo_ids=[shots[1]], category="501")
        assert joined["ticket"]["number"] == opened["ticket"]["number"]

    async def test_a_place_in_words_is_enough(self, busy: Gateway, spot: Spot) -> None:
        """Two who name the same estate in the same town, without a pin (story 9)."""
        del spot
        people = [await busy.citizen() for _ in range(2)]
        said = ["夜里合唱排练太吵，影响休息", "合唱团夜里排练太吵了"]
        receipts = [
            await person.report(text, position=None, place=place, category="801")
            for person, text, place in zip(people, said, ("米村镇和盛嘉园", "和盛嘉园（米村镇）"), strict=True)
        ]
        assert receipts[1]["joined"] is True


class TestNotSure:
    """Everything else keeps a ticket of its own."""

    async def test_a_likely_one_is_suggested_to_a_person(
        self, busy: Gateway, first: Person, second: Person, spot: Spot
    ) -> None:
        """Both tickets say so to staff, and citizens are not told."""
        opened = await first.report(LAMP, position=spot())
        other = await second.report(DARK, position=spot(60), category="501")
        assert other["joined"] is False
        center = await busy.staff(Role.CENTER)
        for mine, theirs, person in ((opened, other, first), (other, opened, second)):
            path = f"/v1/tickets/{mine['ticket']['number']}/timeline"
            told = [
                item for item in (await center.get(path)).json()["items"] if item["type"] == "ticket.join_suggested"
            ]
            assert len(told) == 1
            assert told[0]["data"]["like"] == await ticket_id(busy, theirs)
            assert 0.5 < told[0]["data"]["score"] < 0.8
            seen = [item["type"] for item in (await person.get(path)).json()["items"]]
            assert "ticket.join_suggested" not in seen

    @pytest.mark.parametrize(
        ("earlier", "later", "metres"),
        [
            (LAMP, ELSE, 5),
            (LAMP, LAMP, 300),
            ("老板拖欠我三个月工资", "老板拖欠我三个月工资", 0),
            ("请问居住证怎么办理", "请问居住证怎么办理", 0),
            ("3号楼电梯坏了", "5号楼电梯坏了", 15),
        ],
        ids=["another thing", "another place", "pay", "a question", "another building"],
    )
    async def test_a_matter_of_its_own(
        self, *, earlier: str, later: str, metres: float, first: Person, second: Person, spot: Spot
    ) -> None:
        """Another thing, another place, a person's own matter, a question, another building."""
        opened = await first.report(earlier, position=spot())
        other = await second.report(later, position=spot(metres))
        assert other["joined"] is False
        assert other["ticket"]["number"] != opened["ticket"]["number"]

    @pytest.mark.parametrize(
        ("earlier", "later"), [("井盖没了", "井盖没了，有人掉下去被困了"), ("井盖没了，有人掉下去被困了", "井盖没了")]
    )
    async def test_an_emergency_is_nobody_elses(
        self, earlier: str, later: str, first: Person, second: Person, spot: Spot
    ) -> None:
        """Danger to life gets a ticket of its own with its own alarm, and no calm report disappears in it."""
        receipts = [
            await person.report(text, position=spot(), category="502")
            for person, text in ((first, earlier), (second, later))
        ]
        assert [receipt["joined"] for receipt in receipts] == [False, False]
        assert sum(receipt["emergency"] is not None for receipt in receipts) == 1

    async def test_the_same_citizen_means_another_thing(self, first: Person, spot: Spot) -> None:
        """Who walks along and reports twice is not told that they said it already; a person is asked."""
        opened = await first.report(LAMP, position=spot())
        again = await first.report(LAMP, position=spot(30))
        assert again["joined"] is False
        assert again["ticket"]["number"] != opened["ticket"]["number"]

    async def test_a_grid_worker_on_patrol_means_another_thing(self, busy: Gateway, spot: Spot) -> None:
        """The same holds for staff, who report many things near each other."""
        worker = await busy.staff(Role.GRID_WORKER)
        receipts = [await worker.report(LAMP, position=spot(metres)) for metres in (0, 25)]
        assert receipts[1]["joined"] is False

    async def test_what_a_camera_sees_again_is_the_same(self, busy: Gateway, spot: Spot) -> None:
        """A partner's device that speaks for nobody repeats itself."""
        camera = await busy.partner(Scope.REPORTS_WRITE, channel=Channel.IOT)
        receipts = [await camera.report("消防通道被占用", position=spot(), category="404") for _ in range(2)]
        assert [receipt["joined"] for receipt in receipts] == [False, True]

    async def test_a_resolved_ticket_is_not_joined(
        self, busy: Gateway, first: Person, second: Person, spot: Spot
    ) -> None:
        """What is seen after the city said that it is settled is a new matter."""
        opened = await first.report("路边垃圾成堆，没人清运", position=spot())
        department = opened["ticket"]["department"]["code"]
        handler = await busy.staff(Role.HANDLER, department)
        number = opened["ticket"]["number"]
        await handler.act(number, "accept")
        assert (await handler.act(number, "resolve", {"reply": "已清运"})).status_code == 200
        later = await second.report("路边垃圾成堆，没人清运", position=spot())
        assert later["joined"] is False

    async def test_without_rules_nothing_joins(self, gateway: Gateway, spot: Spot) -> None:
        """A pack without `joining.toml` gives each report its own ticket."""
        receipts = [await (await gateway.citizen()).report(LAMP, position=spot()) for _ in range(2)]
        assert [receipt["joined"] for receipt in receipts] == [False, False]


class TestTogether:
    """Many at the same moment."""

    async def test_twenty_first_reports_of_one_event_are_one_ticket(self, busy: Gateway, spot: Spot) -> None:
        """Who comes second waits a moment for the first; every report is kept, each with a secret that opens it."""
        people = [await busy.citizen() for _ in range(20)]
        before = await busy.census()
        receipts = await asyncio.gather(
            *(one.report(LAMP, position=spot(number % 4, number % 3)) for number, one in enumerate(people))
        )
        after = await busy.census()
        assert sum(not receipt["joined"] for receipt in receipts) == 1
        assert len({receipt["ticket"]["number"] for receipt in receipts}) == 1
        assert len({receipt["secret"] for receipt in receipts}) == 20
        assert after["report"] - before["report"] == 20
        assert after["ticket"] - before["ticket"] == 1
        number = receipts[0]["ticket"]["number"]
        for receipt in receipts:
            opened = await busy.stranger.get(f"/v1/tickets/{number}", headers={"Ticket-Secret": receipt["secret"]})
            assert opened.status_code == 200

    async def test_across_the_edge_of_two_squares(self, busy: Gateway, spot: Spot) -> None:
        """However the grid of squares falls, neighbours that are near enough meet."""
        people = [await busy.citizen() for _ in range(12)]
        receipts = await asyncio.gather(
            *(
                one.report(LAMP, position=spot(60 * (number % 2), 40 * (number % 3)))
                for number, one in enumerate(people)
            )
        )
        assert len({receipt["ticket"]["number"] for receipt in receipts}) <= 3

    async def test_different_events_at_one_place_do_not_mix(self, busy: Gateway, spot: Spot) -> None:
        """Lamps and rubbish reported at once are two tickets."""
        people = [await busy.citizen() for _ in range(10)]
        texts = [LAMP, ELSE]
        receipts = await asyncio.gather(
            *(one.report(texts[number % 2], position=spot()) for number, one in enumerate(people))
        )
        assert len({receipt["ticket"]["number"] for receipt in receipts}) == 2


async def ticket_id(gateway: Gateway, receipt: Json) -> str:
    """Return the id of a receipt's ticket."""
    async with gateway.parts.pool.acquire() as conn:
        found = await conn.fetchval("select ticket_id from report where id = $1", UUID(receipt["report_id"]))
    return str(found)
