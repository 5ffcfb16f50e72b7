"""Finding tickets."""

from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.desk import indexing, search, words
from citizen_gateway.desk.search import Page, Wanted
from citizen_gateway.kernel.ids import TicketId, TicketNumber, uuid7
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role, Scope
from citizen_gateway.platform.db import Transaction, begin
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets import store
from citizen_gateway.tickets.record import Follower
from tests.desk.test_queues import opened
from tests.gateway import DEPARTMENT, Gateway, Json, Person
from tests.tickets.test_rights import ticket


async def found(person: Person, phone: str | None = None, **query: object) -> list[str]:
    """Return the numbers of what a search finds, all pages."""
    numbers: list[str] = []
    cursor: Json = {}
    headers = {"Search-Phone": phone} if phone else {}
    while True:
        answer = await person.get("/v1/search", params={"limit": 50} | query | cursor, headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        numbers += [ticket["number"] for ticket in page["items"]]
        if page["next_cursor"] is None:
            return numbers
        cursor = {"cursor": page["next_cursor"]}


class TestWords:
    """Chinese full text."""

    async def test_finds_title_text_place_and_reply(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """Each by a phrase of its own, newest first."""
        said = {
            "title": "紫荆山的蘑菇亭塌了",
            "text": "亭子顶上垃圾堆积，孩子们常来玩耍",
            "place": "人民公园南门北侧三十米",
        }
        number, other = [await opened(citizen, **said) for _ in range(2)]
        await handler.act(number, "accept")
        await handler.act(number, "resolve", {"reply": "已加固亭柱并清运"})
        await gateway.catch_up()
        for phrase in ("蘑菇亭", "孩子们常来", "南门北侧", "蘑菇亭 玩耍"):
            assert (await found(handler, q=phrase))[:2] == [other, number], phrase
        assert await found(handler, q="加固亭柱") == [number]
        assert await found(handler, q="蘑菇亭 加固") == [number]
        assert await found(handler, q="亭蘑菇") == []
        assert await found(handler, q="，。") == []

    async def test_finds_by_number_and_by_part_of_one(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """However it is typed."""
        number = await opened(citizen)
        await gateway.catch_up()
        assert await found(handler, q=number) == [number]
        assert await found(handler, q=f" {number.lower()} ") == [number]
        assert number in await found(handler, q=number.split("-")[2])

    async def test_pages_are_whole(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """Each ticket once, newest first."""
        numbers = [await opened(citizen, f"翡翠巷的第{n}堆垃圾无人清理") for n in range(5)]
        await gateway.catch_up()
        assert await found(handler, q="翡翠巷", limit=2) == numbers[::-1]

    async def test_only_within_rights(
        self, gateway: Gateway, citizen: Person, handler: Person, outsider: Person, center: Person
    ) -> None:
        """The department, centers of the place; a client by its departments; nobody else."""
        number = await opened(citizen, "琥珀路口垃圾堆积成山")
        await gateway.catch_up()
        here = await gateway.staff(Role.CENTER, area="410103")
        there = await gateway.staff(Role.CENTER, area="410105")
        reading = await gateway.partner(Scope.TICKETS_READ, departments=[DEPARTMENT])
        for person in (handler, center, here, reading):
            assert await found(person, q="琥珀路口") == [number]
            assert number in await found(person, q=number)
        for person in (outsider, there):
            assert await found(person, q="琥珀路口") == []
            assert await found(person, q=number) == []

    async def test_conditions_narrow_it(self, gateway: Gateway, citizen: Person, center: Person) -> None:
        """By department, state, area and category."""
        number = await opened(citizen, "玛瑙街垃圾满地")
        await gateway.catch_up()
        assert await found(center, q="玛瑙街", department=DEPARTMENT, area="410103", state="assigned") == [number]
        assert await found(center, q="玛瑙街", state="closed") == []
        assert await found(center, q="玛瑙街", area="410105") == []

    async def test_a_ticket_moves_with_its_department(
        self, gateway: Gateway, citizen: Person, center: Person, handler: Person
    ) -> None:
        """Found by those it was given to."""
        number = await opened(citizen, "你好，水晶湾，麻烦看一下")
        await gateway.catch_up()
        assert await found(handler, q="水晶湾") == []
        await center.act(number, "assign", {"department": DEPARTMENT, "reason": "属地", "category": "101"})
        await gateway.catch_up()
        assert await found(handler, q="水晶湾") == [number]


class TestTime:
    """Looking through the newest days first."""

    async def test_what_is_old_is_found_too_and_pages_go_on_into_the_past(self, tx: Transaction, vault: Vault) -> None:
        """Newest first, each once, whatever part of the past a page begins in."""
        ages = [timedelta(hours=hours) for hours in (1, 30, 50, 24 * 10, 24 * 16, 24 * 19, 24 * 60, 24 * 300)]
        for number, age in enumerate(ages):
            moment = tx.now - age
            name = f"T-{moment:%Y%m%d}-{number}"
            made = msgspec.structs.replace(
                ticket(number, (), None, ()), id=TicketId(uuid7(moment)), number=TicketNumber(name), opened_at=moment
            )
            store.insert(tx.conn, made, Follower(bytes([number]) * 32, ()))
            vector = words.vector([name.replace("-", " "), "孔雀石路"], [])
            await tx.conn.execute("insert into ticket_words values ($1, 0, $2::text::tsvector)", made.id, vector)
        operator = Actor(ActorKind.STAFF, uuid4(), grants=(Grant(Role.CENTER),))
        seen: list[str] = []
        before = None
        while True:
            page = Page(3, before, tx.now)
            found = await search.search(tx.conn, operator, vault, Wanted(words="孔雀石路"), page)
            seen += [one.number.rpartition("-")[2] for one in found]
            if not found:
                break
            before = found[-1].id
        assert seen == [str(number) for number in range(len(ages))]


class TestPeople:
    """By phone and by person."""

    async def test_by_a_phone_that_a_channel_knows_or_that_was_written(self, gateway: Gateway, handler: Person) -> None:
        """The number is nowhere in the index; the search is in the audit log, without it."""
        phone = f"138{uuid4().int % 10**8:08d}"
        hotline = await gateway.partner(Scope.REPORTS_WRITE, channel=Channel.HOTLINE_12345)
        called = await hotline.report(on_behalf_of={"subject": phone})
        written = await (await gateway.citizen()).report(
            f"垃圾堆积无人清理，联系电话{phone[:3]}-{phone[3:7]}-{phone[7:]}"
        )
        await (await gateway.citizen()).report()
        await gateway.catch_up()
        numbers = [written["ticket"]["number"], called["ticket"]["number"]]
        assert await found(handler, phone=phone) == numbers
        assert await found(handler, phone=phone, q="联系电话") == numbers[:1]
        assert await found(handler, q=phone) == []
        async with gateway.parts.pool.acquire() as conn:
            rows = await conn.fetch("select words::text as kept from ticket_words")
            logged = await conn.fetch("select a::text as kept from audit a where actor_id = $1", handler.id)
        assert len(logged) == 2
        assert not [row for row in (*rows, *logged) if phone in row["kept"]]

    async def test_by_the_person_of_another_ticket(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """All of theirs that the caller may see, without being told who they are."""
        numbers = [await opened(citizen) for _ in range(3)]
        other = await opened(await gateway.citizen())
        await gateway.catch_up()
        assert await found(handler, same_person_as=numbers[1]) == numbers[::-1]
        assert await found(handler, same_person_as=other) == [other]
        refused = await handler.get("/v1/search", params={"same_person_as": "ZZ-20261122-222222-2"})
        assert refused.status_code == 404

    async def test_nothing_to_look_for(self, gateway: Gateway, handler: Person) -> None:
        """Is said, and nothing is logged."""
        before = await gateway.census()
        for query in ({}, {"q": " "}):
            assert (await handler.get("/v1/search", params=query)).json()["code"] == "nothing_to_search"
        assert (await handler.get("/v1/search", params={"q": "字" * 101})).json()["code"] == "invalid_request"
        assert await gateway.census() == before


class TestIndex:
    """The words kept of a ticket."""

    async def test_one_event_twice_is_one_entry(self, gateway: Gateway, citizen: Person) -> None:
        """A version that is in is not written again; told to, it is."""
        number = await opened(citizen)
        await gateway.catch_up()
        parts = gateway.parts
        async with begin(parts.pool, gateway.clock()) as tx:
            row = await tx.conn.fetchrow(
                "select w.ticket_id, w.version, w.xmin::text from ticket_words w join ticket t on t.id = w.ticket_id "
                "where t.number = $1",
                number,
            )
            assert row is not None
            identity = TicketId(row["ticket_id"])
            kept = "select xmin::text from ticket_words where ticket_id = $1"
            await indexing.index(tx.conn, parts.city, parts.vault, identity, row["version"])
            assert await tx.conn.fetchval(kept, identity) == row["xmin"]
            await indexing.index(tx.conn, parts.city, parts.vault, identity)
            assert await tx.conn.fetchval(kept, identity) != row["xmin"]

    @pytest.mark.parametrize("phone", ["13812345678", "+86 138-1234-5678", "8613812345678", " 138 1234 5678"])
    def test_a_number_has_one_mark_however_it_is_written(self, phone: str, gateway: Gateway) -> None:
        """With or without the country's code, blanks and hyphens."""
        vault = gateway.parts.vault
        assert indexing.phone_mark(vault, phone) == indexing.phone_mark(vault, "13812345678")
