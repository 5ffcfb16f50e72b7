"""A person and their data, over HTTP."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.platform.db import Connection, begin
from citizen_gateway.platform.events import Head, first_broken_link
from citizen_gateway.privacy import service
from citizen_gateway.privacy.jobs import Settle
from tests.gateway import Gateway, Json, Person, photo

TELLING = "我叫{name}，电话{phone}，小区门口垃圾堆积好几天没人清理"

_REMEMBERING = {"event", "audit"}
"""Tables that only ever grow; they keep the number of a citizen whom nothing else knows."""


async def tables_naming(conn: Connection, text: str) -> set[str]:
    """Return the tables in which a text stands anywhere."""
    rows = await conn.fetch(
        "select relname from pg_class where relkind in ('r', 'p') and not relispartition "
        "and relnamespace = 'public'::regnamespace"
    )
    found = set()
    for row in rows:
        name = row["relname"]
        if await conn.fetchval(f'select exists (select from "{name}" t where position($1 in t::text) > 0)', text):
            found.add(name)
    return found


class Resident:
    """Somebody with a past: a report with photos, a rating, a consent."""

    def __init__(self, person: Person, phone: str, name: str) -> None:
        self.person, self.phone, self.name = person, phone, name
        self.said = TELLING.format(name=name, phone=phone)
        self.receipt: Json = {}
        self.photos: list[str] = []

    async def live(self, handler: Person, gateway: Gateway) -> None:
        """Report, be answered, rate and agree."""
        person, phone = self.person, self.phone
        self.photos = [await person.upload(photo((34.72, 113.64))), await person.upload()]
        self.receipt = await person.report(self.said, photo_ids=self.photos[:1], place=f"{self.name}家门口")
        self.number = str(self.receipt["ticket"]["number"])
        after = await handler.upload()
        await handler.act(self.number, "accept")
        settled = {"reply": f"已联系您（{phone}）并清理", "photo_ids": [after]}
        assert (await handler.act(self.number, "resolve", settled)).status_code == 200
        await gateway.catch_up()
        vote = {"contacted": True, "solved": "solved", "satisfied": 2, "comment": f"打{phone}没人接"}
        assert (await person.post(f"/v1/reports/{self.receipt['report_id']}/rating", vote)).status_code == 201
        assert (await person.post("/v1/me/consents", {"policy": "privacy", "version": "3"})).status_code == 201

    async def converse(self, handler: Person, gateway: Gateway, words: str) -> str:
        """Report another thing, be asked about it, and answer; return the ticket's number."""
        number = str((await self.person.report("河边步道的垃圾桶倒了，满地垃圾"))["ticket"]["number"])
        await handler.act(number, "accept")
        assert (await handler.act(number, "ask", {"question": "在哪里？"})).status_code == 200
        assert (await self.person.act(number, "answer", {"answer": words})).status_code == 200
        await gateway.catch_up()
        return number


@pytest.fixture
async def resident(gateway: Gateway, handler: Person) -> Resident:
    """Give somebody who reported, was answered, rated and agreed, of a phone and a name that nobody else has."""
    person = await gateway.citizen(f"openid-{uuid4().hex}", Channel.WECHAT)
    given = "".join(chr(0x4E00 + uuid4().int % 5000) for _ in range(2))
    lived = Resident(person, f"139{uuid4().int % 10**8:08d}", f"张{given}")
    await lived.live(handler, gateway)
    return lived


class TestConsent:
    """Agreeing to a version of a policy."""

    async def test_what_was_said_last_counts(self, citizen: Person) -> None:
        """Each policy by itself; withdrawing is saying so."""
        for body in (
            {"policy": "privacy", "version": "1"},
            {"policy": "privacy", "version": "2"},
            {"policy": "photos", "version": "1"},
            {"policy": "photos", "version": "1", "given": False},
        ):
            assert (await citizen.post("/v1/me/consents", body)).status_code == 201
        said = (await citizen.get("/v1/me/consents")).json()["items"]
        assert [(one["policy"], one["version"], one["given"]) for one in said] == [
            ("photos", "1", False),
            ("privacy", "2", True),
        ]

    @pytest.mark.parametrize("body", [{}, {"policy": "", "version": "1"}, {"policy": "A b", "version": "1"}])
    async def test_a_body_out_of_form_is_refused(self, gateway: Gateway, citizen: Person, body: Json) -> None:
        """And nothing is written."""
        before = await gateway.census()
        assert (await citizen.post("/v1/me/consents", body)).json()["code"] == "invalid_request"
        assert await gateway.census() == before


class TestExport:
    """A copy of all that is kept (PIPL §45)."""

    async def test_has_everything_of_the_person_and_masks_how_channels_know_them(self, resident: Resident) -> None:
        """Reports in their own words, photos, ratings, consent, what they follow."""
        kept = (await resident.person.get("/v1/me/export")).json()
        data = kept["data"]
        assert kept["citizen_id"] == str(resident.person.id)
        assert [(one["text"], one["ticket"]) for one in data["reports"]] == [(resident.said, resident.number)]
        assert {one["id"] for one in data["photos"]} == set(resident.photos)
        assert [(one["satisfied"], one["solved"]) for one in data["ratings"]] == [(2, "solved")]
        assert [(one["policy"], one["version"]) for one in data["consents"]] == [("privacy", "3")]
        assert [one["number"] for one in data["follows"]] == [resident.number]
        assert [(one["channel"], one["subject"]) for one in data["identities"]] == [("wechat", "ope****")]

    async def test_of_somebody_else_has_nothing_of_it(self, resident: Resident, citizen: Person) -> None:
        """Each person gets their own."""
        assert resident.number not in (await citizen.get("/v1/me/export")).text


class TestErasure:
    """Being forgotten (PIPL §47)."""

    async def test_the_ticket_stays_and_the_person_goes(
        self, gateway: Gateway, resident: Resident, handler: Person
    ) -> None:
        """No table names them, no credential works, the chain is whole, and staff still see what is to be done."""
        identity = str(resident.person.id)
        assert (await resident.person.call("DELETE", "/v1/me")).status_code == 204
        assert (await resident.person.get("/v1/me/export")).status_code == 401
        async with gateway.parts.pool.acquire() as conn:
            # The job that looks again is the last to know the number.
            assert await tables_naming(conn, identity) - _REMEMBERING <= {"job_pgqueuer", "job_pgqueuer_log"}
            for private in (resident.phone, resident.name):
                assert await tables_naming(conn, private) - {"event"} == set(), private
            row = await conn.fetchrow("select id, version, head_hash from ticket where number = $1", resident.number)
            assert await first_broken_link(conn, row["id"], Head(row["version"], row["head_hash"])) is None
        ticket = (await handler.get(f"/v1/tickets/{resident.number}")).json()
        assert ticket["state"] in {"resolved", "assigned"}
        seen = (await handler.get(f"/v1/tickets/{resident.number}/reports")).json()["items"]
        assert "垃圾堆积好几天" in seen[0]["text"]
        assert seen[0]["contacts"] == []
        secret = {"Ticket-Secret": str(resident.receipt["secret"])}
        opened = await gateway.stranger.get(f"/v1/tickets/{resident.number}", headers=secret)
        assert opened.status_code == 404

    async def test_what_they_answered_is_taken_out_of_the_timeline(
        self, gateway: Gateway, resident: Resident, handler: Person
    ) -> None:
        """The event stays, and the chain is whole."""
        words = f"就在{resident.name}家对面"
        number = await resident.converse(handler, gateway, words)
        await resident.person.call("DELETE", "/v1/me")
        timeline = (await handler.get(f"/v1/tickets/{number}/timeline")).json()["items"]
        answered = [entry for entry in timeline if entry["type"] == "ticket.answered"]
        assert [entry["data"]["answer"] for entry in answered] == [""]
        async with gateway.parts.pool.acquire() as conn:
            assert await tables_naming(conn, words) == set()
            row = await conn.fetchrow("select id, version, head_hash from ticket where number = $1", number)
            assert await first_broken_link(conn, row["id"], Head(row["version"], row["head_hash"])) is None

    async def test_photos_a_ticket_needs_stay_without_their_owner(
        self, gateway: Gateway, resident: Resident, handler: Person
    ) -> None:
        """The others go, with their pictures."""
        used, unused = resident.photos
        async with gateway.parts.pool.acquire() as conn:
            digest = await conn.fetchval("select sha256 from photo where id = $1", unused)
        await resident.person.call("DELETE", "/v1/me")
        assert (await handler.get(f"/v1/photos/{used}/content")).status_code == 200
        assert (await handler.get(f"/v1/photos/{unused}/content")).status_code == 404
        async with gateway.parts.pool.acquire() as conn:
            left = await conn.fetchrow("select owner, lat, taken_at from photo where id = $1", used)
            waiting = await conn.fetch("select payload from job_pgqueuer where entrypoint = 'media.forget'")
        assert left["owner"].startswith("erased:")
        assert left["lat"] is None
        assert waiting
        await gateway.parts.darkroom.forget(digest)
        await gateway.parts.darkroom.forget(digest)  # no error where nothing is left

    async def test_who_comes_back_is_somebody_new(self, gateway: Gateway) -> None:
        """The channel's id is known to nobody any more."""
        subject = uuid4().hex
        before = await gateway.citizen(subject)
        await before.report()
        await before.call("DELETE", "/v1/me")
        after = await gateway.citizen(subject)
        assert after.id != before.id
        assert (await after.get("/v1/reports")).json()["items"] == []

    async def test_what_was_under_way_is_settled_a_minute_later(self, gateway: Gateway) -> None:
        """A report that another process was still taking goes the same way; again changes nothing."""
        person = await gateway.citizen()
        await person.report(TELLING.format(name="张三", phone="13812345678"))
        parts = gateway.parts
        assert person.id is not None
        async with begin(parts.pool, gateway.clock()) as tx:
            for _ in range(2):
                await service.settle(tx, parts.city, parts.vault, Settle(person.id))  # type: ignore[arg-type]
            assert await tables_naming(tx.conn, str(person.id)) - _REMEMBERING == set()

    async def test_is_in_the_audit_log(self, gateway: Gateway, citizen: Person) -> None:
        """That it happened, not what was erased."""
        await citizen.call("DELETE", "/v1/me")
        auditor = await gateway.staff(Role.AUDITOR)
        found = await auditor.get("/v1/audit", params={"subject": str(citizen.id)})
        assert [one["what"] for one in found.json()["items"]] == ["personal_data.erased"]


class TestLinking:
    """One account for two channels."""

    async def test_both_are_one_with_all_of_both(self, gateway: Gateway) -> None:
        """Reports, photos, ratings, consent and sessions; the channel that joined finds the same account again."""
        subject = uuid4().hex
        first, second = await gateway.citizen(), await gateway.citizen(subject, Channel.TELEGRAM)
        mine, theirs = await first.report(), await second.report(photo_ids=[await second.upload()])
        await second.post("/v1/me/consents", {"policy": "privacy", "version": "1"})
        code = (await first.post("/v1/me/link-codes")).json()["code"]
        linked = await second.post("/v1/me/links", {"code": code})
        assert (linked.status_code, linked.json()["citizen_id"]) == (200, str(first.id))
        for person in (first, second, await gateway.citizen(subject, Channel.TELEGRAM)):
            listed = (await person.get("/v1/reports")).json()["items"]
            assert [one["id"] for one in listed] == [theirs["report_id"], mine["report_id"]]
            assert (await person.get(f"/v1/tickets/{theirs['ticket']['number']}")).status_code == 200
        kept = (await second.get("/v1/me/export")).json()["data"]
        assert {one["channel"] for one in kept["identities"]} == {"app", "telegram"}
        assert len(kept["photos"]) == len(kept["consents"]) == 1
        async with gateway.parts.pool.acquire() as conn:
            left = await tables_naming(conn, str(second.id)) - _REMEMBERING
        assert left <= {"job_pgqueuer", "job_pgqueuer_log"}

    async def test_the_same_photo_in_both_stays_with_each_report(self, gateway: Gateway) -> None:
        """It is one content with two rows; the joined account sees both."""
        first, second = await gateway.citizen(), await gateway.citizen()
        picture = photo()
        ids = [await person.upload(picture) for person in (first, second)]
        code = (await first.post("/v1/me/link-codes")).json()["code"]
        await second.post("/v1/me/links", {"code": code})
        for identity in ids:
            assert (await first.get(f"/v1/photos/{identity}")).status_code == 200

    async def test_the_code_is_read_however_it_is_typed_and_typing_again_answers_the_same(
        self, gateway: Gateway
    ) -> None:
        """A lost answer does no harm."""
        first, second = await gateway.citizen(), await gateway.citizen()
        code = (await first.post("/v1/me/link-codes")).json()["code"]
        for typed in (f" {code.lower().replace('-', ' ')} ", code):
            answer = await second.post("/v1/me/links", {"code": typed})
            assert (answer.status_code, answer.json()["citizen_id"]) == (200, str(first.id))

    async def test_a_code_works_once(self, gateway: Gateway) -> None:
        """For one of five who type it at the same moment."""
        first, others = await gateway.citizen(), [await gateway.citizen() for _ in range(5)]
        code = (await first.post("/v1/me/link-codes")).json()["code"]
        answers = await asyncio.gather(*(other.post("/v1/me/links", {"code": code}) for other in others))
        assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404, 404]

    async def test_a_code_that_does_not_work_changes_nothing(self, gateway: Gateway) -> None:
        """Mistyped, replaced by a newer one, of one's own, or too old."""
        first, second = await gateway.citizen(), await gateway.citizen()
        old = (await first.post("/v1/me/link-codes")).json()["code"]
        new = (await first.post("/v1/me/link-codes")).json()["code"]
        before = await gateway.census()
        for person, code, problem in (
            (second, "2222-2222", "link_code_unknown"),
            (second, old, "link_code_unknown"),
            (second, "💥", "link_code_unknown"),
            (second, "", "invalid_request"),
            (first, new, "linked_to_itself"),
        ):
            assert (await person.post("/v1/me/links", {"code": code})).json()["code"] == problem
        gateway.clock.advance(timedelta(minutes=10))
        assert (await second.post("/v1/me/links", {"code": new})).json()["code"] == "link_code_unknown"
        assert await gateway.census() == before

    async def test_guessing_is_limited(self, gateway: Gateway) -> None:
        """Ten tries at once, then a pause."""
        guesser = await gateway.citizen()
        answers = [await guesser.post("/v1/me/links", {"code": f"2222-222{n}"}) for n in range(11)]
        assert answers[-1].status_code == 429


class TestRefused:
    """Who is no citizen."""

    async def test_staff_clients_and_strangers_have_no_data_of_their_own_here(self, gateway: Gateway) -> None:
        """Each operation, told by its code."""
        others = [await gateway.staff(Role.HANDLER), await gateway.partner(Scope.REPORTS_READ)]
        calls = [("GET", "/consents", None), ("POST", "/consents", {"policy": "p", "version": "1"})]
        calls += [("GET", "/export", None), ("DELETE", "", None), ("POST", "/link-codes", None)]
        calls += [("POST", "/links", {"code": "2222"})]
        before = await gateway.census()
        for method, path, body in calls:
            rest = {} if body is None else {"json": body}
            for person in others:
                assert (await person.call(method, f"/v1/me{path}", **rest)).json()["code"] == "forbidden"
            assert (await gateway.stranger.call(method, f"/v1/me{path}", **rest)).status_code == 401
        assert await gateway.census() == before

    async def test_no_line_of_the_audit_log_is_ever_changed(self, gateway: Gateway, citizen: Person) -> None:
        """The database refuses, whoever asks."""
        await citizen.call("DELETE", "/v1/me")
        async with gateway.parts.pool.acquire() as conn:
            for statement in ("update audit set what = 'nothing'", "delete from audit", "truncate audit"):
                with pytest.raises(asyncpg.RestrictViolationError):
                    await conn.execute(statement)
