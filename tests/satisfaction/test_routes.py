"""Ratings over HTTP."""

import asyncio
from datetime import timedelta

import pytest

from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.events import first_broken_link
from citizen_gateway.tickets import store as ticket_store
from tests.gateway import Gateway, Json, Person
from tests.satisfaction.conftest import CONTENT, Settled


class TestInvitation:
    """Each reporter is invited once, when the ticket is resolved."""

    async def test_there_is_nothing_to_rate_before(self, gateway: Gateway, citizen: Person) -> None:
        """Neither an invitation nor a rating until the ticket is resolved; nothing is stored."""
        report = (await citizen.report())["report_id"]
        before = await gateway.census()
        asked = await citizen.get(f"/v1/reports/{report}/invitation")
        rated = await citizen.post(f"/v1/reports/{report}/rating", CONTENT, key="r")
        for answer in (asked, rated):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_yet_invited")
        assert await gateway.census() == before

    async def test_the_reporter_is_invited_for_seven_days(self, settled: Settled) -> None:
        """The invitation shows the reply and until when; the link alone shows the same."""
        shown = settled.invitation
        assert (shown["reply"], shown["rated"]) == ("已清理", False)
        assert shown["ticket_number"] == settled.number
        assert shown["invited_at"] < shown["expires_at"]
        by_link = await settled.gateway.stranger.get(f"/v1/invitations/{shown['token']}")
        assert by_link.json() == shown

    async def test_reading_the_events_again_invites_nobody_twice(self, citizen: Person, settled: Settled) -> None:
        """A reader that starts over finds each report invited already."""
        before = await settled.gateway.census()
        async with settled.gateway.parts.pool.acquire() as conn:
            await conn.execute("update event_reader set xid = '0', seq = 0 where name = 'satisfaction'")
        await settled.gateway.catch_up()
        after = await settled.gateway.census()
        assert after["invitation"] == before["invitation"]
        again = await citizen.get(f"/v1/reports/{settled.report}/invitation")
        assert again.json() == settled.invitation

    async def test_only_for_the_reporter(self, gateway: Gateway, settled: Settled, handler: Person) -> None:
        """A neighbour and the handler learn nothing of it."""
        for one in (await gateway.citizen(), handler):
            answer = await one.get(f"/v1/reports/{settled.report}/invitation")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
            rated = await one.post(f"/v1/reports/{settled.report}/rating", CONTENT)
            assert (rated.status_code, rated.json()["code"]) == (404, "not_found")


class TestVote:
    """One vote per report."""

    async def test_content_closes_the_ticket(self, citizen: Person, settled: Settled) -> None:
        """By session; the answer is the vote and the state it led to, and the ticket's chain is whole."""
        rated = await citizen.post(f"/v1/reports/{settled.report}/rating", CONTENT | {"tags": ["快"], "comment": "好"})
        assert rated.status_code == 201
        assert rated.json() == CONTENT | {
            "report_id": settled.report,
            "tags": ["快"],
            "comment": "好",
            "ticket_state": "closed",
        }
        ticket = (await citizen.get(f"/v1/tickets/{settled.number}")).json()
        assert ticket["state"] == "closed"
        assert ticket["closed_at"] is not None
        async with settled.gateway.parts.pool.acquire() as conn:
            kept = await ticket_store.by_number(conn, settled.number)
            assert kept is not None
            assert await first_broken_link(conn, kept.id) is None

    async def test_by_link_without_a_session(self, settled: Settled) -> None:
        """Whoever has the link votes; then it shows that it was used."""
        stranger, path = settled.gateway.stranger, f"/v1/invitations/{settled.invitation['token']}"
        assert (await stranger.post(f"{path}/rating", CONTENT)).json()["ticket_state"] == "closed"
        assert (await stranger.get(path)).json()["rated"] is True

    @pytest.mark.parametrize(
        ("vote", "state"),
        [
            ({"satisfied": 3, "solved": "partly"}, "closed"),
            ({"satisfied": 2, "solved": "solved"}, "assigned"),
            ({"satisfied": 5, "solved": "not"}, "assigned"),
        ],
    )
    async def test_who_is_not_content_has_it_reopened(
        self, vote: Json, state: str, citizen: Person, settled: Settled
    ) -> None:
        """基本满意 closes; dissatisfied or unsolved goes back to the department."""
        rated = await citizen.post(f"/v1/reports/{settled.report}/rating", CONTENT | vote)
        assert rated.json()["ticket_state"] == state

    async def test_a_second_vote_is_refused(self, citizen: Person, settled: Settled) -> None:
        """By session, by link, on a closed ticket or an open one: the first vote stands."""
        await citizen.post(f"/v1/reports/{settled.report}/rating", CONTENT | {"satisfied": 1})
        before = await settled.gateway.census()
        link = f"/v1/invitations/{settled.invitation['token']}/rating"
        for answer in (
            await citizen.post(f"/v1/reports/{settled.report}/rating", CONTENT, key="again"),
            await settled.gateway.stranger.post(link, CONTENT),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "already_rated")
        assert await settled.gateway.census() == before

    async def test_of_ten_simultaneous_votes_one_counts(self, citizen: Person, settled: Settled) -> None:
        """Impatient clicking is one vote and one event."""
        path = f"/v1/reports/{settled.report}/rating"
        answers = await asyncio.gather(*(citizen.post(path, CONTENT) for _ in range(10)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
        items = (await citizen.get(f"/v1/tickets/{settled.number}/timeline")).json()["items"]
        assert [item["type"] for item in items][-2:] == ["ticket.invited", "ticket.closed"]
        center = await settled.gateway.staff(Role.CENTER)
        seen = (await center.get(f"/v1/tickets/{settled.number}/timeline")).json()["items"]
        assert [item["type"] for item in seen][-2:] == ["ticket.rated", "ticket.closed"]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            CONTENT | {"satisfied": 0},
            CONTENT | {"satisfied": "5"},
            CONTENT | {"contacted": "true"},
            CONTENT | {"contacted": 1},
            CONTENT | {"satisfied": 6},
            CONTENT | {"satisfied": 10**30},
            CONTENT | {"solved": "maybe"},
            CONTENT | {"who": "me"},
            CONTENT | {"tags": ["t"] * 9},
            CONTENT | {"tags": [""]},
            CONTENT | {"comment": "c" * 1001},
            CONTENT | {"comment": "\0"},
            CONTENT | {"tags": ["\0"]},
        ],
    )
    async def test_a_vote_out_of_form_is_refused(self, body: Json, citizen: Person, settled: Settled) -> None:
        """With `invalid_request`, and nothing is stored."""
        before = await settled.gateway.census()
        answer = await citizen.post(f"/v1/reports/{settled.report}/rating", body, key="bad")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert await settled.gateway.census() == before

    async def test_a_forged_link_opens_nothing(self, settled: Settled) -> None:
        """Garbage, a changed sign, a lengthened one and somebody's id without our mark."""
        token = str(settled.invitation["token"])
        changed = ("A" if token[0] != "A" else "B") + token[1:]
        signed_by_nobody = token[:21] + "A" * 22
        for forged in (changed, signed_by_nobody, f"{token}A", token[:-1], "x", "💥", "%00", "A" * 43):
            for answer in (
                await settled.gateway.stranger.get(f"/v1/invitations/{forged}"),
                await settled.gateway.stranger.post(f"/v1/invitations/{forged}/rating", CONTENT),
            ):
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    async def test_the_handler_sees_neither_the_vote_nor_who(
        self, citizen: Person, handler: Person, center: Person, settled: Settled
    ) -> None:
        """With one reporter the vote would tell who; a center sees it without a name, and nobody the words."""
        words = "我是三号楼的老王"
        await citizen.post(f"/v1/reports/{settled.report}/rating", CONTENT | {"comment": words})
        path = f"/v1/tickets/{settled.number}/timeline"
        seen = await center.get(path)
        rated = next(item for item in seen.json()["items"] if item["type"] == "ticket.rated")
        assert (rated["data"], rated["by"]) == (CONTENT, "citizen")
        timeline = await handler.get(path)
        assert "ticket.rated" not in timeline.text
        for page in (timeline, seen, await handler.get(f"/v1/tickets/{settled.number}")):
            assert str(citizen.id) not in page.text
            assert words not in page.text
        async with settled.gateway.parts.pool.acquire() as conn:
            kept = await conn.fetchval(
                "select actor_id from event where type = 'ticket.rated' order by id desc limit 1"
            )
        assert kept is None


class TestWindow:
    """Seven days."""

    async def test_a_late_vote_is_refused(self, citizen: Person, settled: Settled) -> None:
        """With `rating_closed` and the day on which it ended; nothing is stored."""
        settled.gateway.clock.advance(timedelta(days=7))
        before = await settled.gateway.census()
        answer = await citizen.post(f"/v1/reports/{settled.report}/rating", CONTENT)
        assert (answer.status_code, answer.json()["code"]) == (410, "rating_closed")
        assert str(settled.invitation["expires_at"])[:10] in answer.json()["detail"]
        assert await settled.gateway.census() == before

    async def test_until_the_last_moment_it_counts(self, citizen: Person, settled: Settled) -> None:
        """On the seventh day the vote is welcome."""
        settled.gateway.clock.advance(timedelta(days=6, hours=23))
        answer = await citizen.post(f"/v1/reports/{settled.report}/rating", CONTENT)
        assert answer.status_code == 201
