"""Several tickets about one thing, and one about several."""

import asyncio
from datetime import timedelta

import pytest

from citizen_gateway.kernel.ids import ReportId, secret_hash, uuid7
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import begin
from citizen_gateway.platform.events import Head, first_broken_link
from citizen_gateway.tickets import merging, service, store
from citizen_gateway.tickets.events import Joined
from citizen_gateway.tickets.record import Follower, Ticket
from tests.gateway import UNCLEAR, Gateway, Json, Person
from tests.tickets.actions.conftest import shown, types

WHY = {"reason": "同一处垃圾"}


async def two(citizen: Person, neighbour: Person) -> tuple[Json, Json]:
    """Have two people report the same thing; return their receipts."""
    return await citizen.report(), await neighbour.report()


async def stored(gateway: Gateway, number: str) -> Ticket:
    """Return the ticket as it is stored, having checked that its chain of events is whole."""
    async with begin(gateway.parts.pool, gateway.clock()) as tx:
        ticket = await store.by_number(tx.conn, number)
        assert ticket is not None
        assert await first_broken_link(tx.conn, ticket.id, Head(ticket.version, ticket.head_hash)) is None
    return ticket


async def joined(gateway: Gateway, number: str) -> tuple[ReportId, str]:
    """Have another report join a ticket; return its id and the secret of its receipt."""
    async with begin(gateway.parts.pool, gateway.clock()) as tx:
        ticket = await store.by_number(tx.conn, number)
        assert ticket is not None
        report, secret = ReportId(uuid7(tx.now)), uuid7(tx.now).hex
        store.add_follower(tx.conn, ticket.id, Follower(secret_hash(secret), (), report), tx.now)
        await service.note(tx, ticket.id, [Joined(report).as_fact()])
    return report, secret


class TestMerge:
    """并单."""

    async def test_reports_and_reporters_move_along_and_are_told(
        self, gateway: Gateway, citizen: Person, center: Person, handler: Person
    ) -> None:
        """The other ticket answers both; each reporter sees both tickets, and each timeline says so."""
        neighbour = await gateway.citizen()
        mine, theirs = await two(citizen, neighbour)
        source, target = mine["ticket"]["number"], theirs["ticket"]["number"]
        merged = await center.done(source, "merge", WHY | {"into": target})
        assert (merged["state"], merged["merged_into"], merged["reporters"]) == ("merged", target, 0)
        seen = await shown(citizen, target)
        assert seen["reporters"] == 2
        assert "urge" in seen["actions"]
        assert (await types(citizen, source))[-1] == "merged"
        assert (await types(neighbour, target))[-1] == "absorbed"
        assert (await handler.refused(source, "accept"))[1] == "illegal_action"
        await gateway.catch_up()
        report = (await citizen.get(f"/v1/reports/{mine['report_id']}")).json()
        assert report["ticket_number"] == target

    async def test_everyone_is_asked_to_rate(
        self, gateway: Gateway, citizen: Person, center: Person, handler: Person
    ) -> None:
        """Who reported the ticket that was merged is answered by the other one."""
        mine, theirs = await two(citizen, await gateway.citizen())
        await center.done(mine["ticket"]["number"], "merge", WHY | {"into": theirs["ticket"]["number"]})
        await handler.done(theirs["ticket"]["number"], "accept")
        await handler.done(theirs["ticket"]["number"], "resolve", {"reply": "已清理"})
        await gateway.catch_up()
        vote = {"contacted": True, "solved": "solved", "satisfied": 5}
        assert (await citizen.post(f"/v1/reports/{mine['report_id']}/rating", vote)).status_code == 201

    async def test_undone_all_is_as_before(self, gateway: Gateway, citizen: Person, center: Person) -> None:
        """State, limits, reports and reporters of both are what they were; only the timelines are longer."""
        neighbour = await gateway.citizen()
        mine, theirs = await two(citizen, neighbour)
        source, target = mine["ticket"]["number"], theirs["ticket"]["number"]
        before = [await stored(gateway, number) for number in (source, target)]
        await center.done(source, "merge", WHY | {"into": target})
        await center.done(source, "unmerge", {"reason": "不是一件事"})
        after = [await stored(gateway, number) for number in (source, target)]
        for one, other in zip(before, after, strict=True):
            same = ("state", "reports", "department", "accept_due", "resolve_due", "merger", "pause")
            assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]
        assert (await citizen.get(f"/v1/tickets/{target}")).status_code == 404
        assert (await neighbour.get(f"/v1/tickets/{source}")).status_code == 404
        await gateway.catch_up()
        assert (await citizen.get(f"/v1/reports/{mine['report_id']}")).json()["ticket_number"] == source

    async def test_who_urged_the_other_has_urged_it(self, gateway: Gateway, citizen: Person, center: Person) -> None:
        """Joined, split off and joined again, they may urge it once a day still."""
        mine, theirs = await two(citizen, await gateway.citizen())
        source, target = mine["ticket"]["number"], theirs["ticket"]["number"]
        await center.done(source, "merge", WHY | {"into": target})
        await citizen.done(target, "urge")
        await center.done(source, "unmerge", WHY)
        await center.done(source, "merge", WHY | {"into": target})
        assert (await citizen.refused(target, "urge"))[1] == "urged_today"

    async def test_is_not_undone_once_the_other_has_answered(
        self, gateway: Gateway, citizen: Person, center: Person, handler: Person
    ) -> None:
        """Its reports have their answer."""
        mine, theirs = await two(citizen, await gateway.citizen())
        source, target = mine["ticket"]["number"], theirs["ticket"]["number"]
        await center.done(source, "merge", WHY | {"into": target})
        await handler.done(target, "accept")
        await handler.done(target, "resolve", {"reply": "好"})
        assert (await center.refused(source, "unmerge", WHY))[1] == "other_not_open"

    @pytest.mark.parametrize(
        "case", [("itself", "same_ticket"), ("unknown", "bad_ticket_number"), ("settled", "other_not_open")]
    )
    async def test_into_what_cannot_be(
        self, case: tuple[str, str], gateway: Gateway, citizen: Person, center: Person, handler: Person
    ) -> None:
        """A ticket, itself or one that nobody knows or that is settled: nothing is changed."""
        number = (await citizen.report())["ticket"]["number"]
        settled = (await citizen.report())["ticket"]["number"]
        await handler.done(settled, "accept")
        await handler.done(settled, "resolve", {"reply": "好"})
        named = {"itself": number, "unknown": "ZZ-1", "settled": settled}[case[0]]
        before = await gateway.census()
        assert (await center.refused(number, "merge", WHY | {"into": named}))[1] == case[1]
        assert await gateway.census() == before

    async def test_only_by_a_center_of_both_places(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """A department may not; nor a district for a ticket whose place it does not have."""
        number = (await citizen.report())["ticket"]["number"]
        nowhere = (await citizen.report(UNCLEAR, position=None))["ticket"]["number"]
        assert (await handler.refused(number, "merge", WHY | {"into": nowhere}))[1] in {"not_your_ticket", "not_found"}
        district = await gateway.staff(Role.CENTER, area="410103")
        assert (await district.refused(number, "merge", WHY | {"into": nowhere}))[1] == "not_found"

    async def test_of_two_that_would_swallow_each_other_one_does(
        self, gateway: Gateway, citizen: Person, center: Person
    ) -> None:
        """At the same moment: one merger happens, the other is refused, and no report is lost."""
        one, other = [(await citizen.report())["ticket"]["number"] for _ in range(2)]
        answers = await asyncio.gather(
            center.act(one, "merge", WHY | {"into": other}), center.act(other, "merge", WHY | {"into": one})
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        tickets = [await stored(gateway, number) for number in (one, other)]
        assert sorted(len(ticket.reports) for ticket in tickets) == [0, 2]


class TestSplit:
    """拆单."""

    async def test_some_reports_get_a_ticket_of_their_own(
        self, gateway: Gateway, citizen: Person, center: Person
    ) -> None:
        """It waits to be assigned; its reporter takes part in the new one and only watches the old one."""
        number = (await citizen.report())["ticket"]["number"]
        report, secret = await joined(gateway, number)
        answer = await center.act(number, "split", {"report_ids": [str(report)], "reason": "两处不同地点"})
        assert answer.status_code == 200, answer.text
        old, new = answer.json()["ticket"], answer.json()["new"]
        assert (old["reporters"], new["reporters"], new["state"]) == (1, 1, "pending")
        assert number in new["dispatch"]["reason"]
        theirs = {"Ticket-Secret": secret}
        stranger = gateway.stranger
        assert "urge" in (await stranger.get(f"/v1/tickets/{new['number']}", headers=theirs)).json()["actions"]
        assert (await stranger.get(f"/v1/tickets/{number}", headers=theirs)).json()["actions"] == []
        assert (await citizen.get(f"/v1/tickets/{new['number']}")).status_code == 404

    async def test_merging_it_back_undoes_it(self, gateway: Gateway, citizen: Person, center: Person) -> None:
        """The old ticket answers all again."""
        number = (await citizen.report())["ticket"]["number"]
        report, secret = await joined(gateway, number)
        split = await center.act(number, "split", {"report_ids": [str(report)], "reason": "r"})
        await center.done(split.json()["new"]["number"], "merge", WHY | {"into": number})
        assert (await stored(gateway, number)).reports[-1] == report
        seen = await gateway.stranger.get(f"/v1/tickets/{number}", headers={"Ticket-Secret": secret})
        assert "urge" in seen.json()["actions"]

    async def test_not_all_and_not_anothers(self, gateway: Gateway, citizen: Person, center: Person) -> None:
        """One report alone is not split; a ticket keeps at least one; others' reports are not its own."""
        number = (await citizen.report())["ticket"]["number"]
        first = (await stored(gateway, number)).reports[0]
        body = {"report_ids": [str(first)], "reason": "r"}
        assert (await center.refused(number, "split", body))[2]["condition"] == "several_reports"
        report, _ = await joined(gateway, number)
        before = await gateway.census()
        for ids in ([str(first), str(report)], [str(uuid7(gateway.clock()))]):
            body = {"report_ids": ids, "reason": "r"}
            assert (await center.refused(number, "split", body))[:2] == (422, "not_its_reports")
        assert await gateway.census() == before

    async def test_who_shares_a_ticket_cannot_take_it_back(self, gateway: Gateway, citizen: Person) -> None:
        """撤回 is for the only reporter; a joined report's right to be answered stays."""
        number = (await citizen.report())["ticket"]["number"]
        _, secret = await joined(gateway, number)
        assert (await citizen.refused(number, "withdraw", {}))[2]["condition"] == "only_reporter"
        by_secret = {"Ticket-Secret": secret}
        assert (await gateway.stranger.refused(number, "withdraw", {}, headers=by_secret))[2][
            "condition"
        ] == "only_reporter"


class TestChain:
    """Mergers of mergers."""

    async def test_followers_go_all_the_way_and_come_back_one_step(
        self, gateway: Gateway, citizen: Person, center: Person
    ) -> None:
        """A into B into C: the first reporter follows C; undoing the last leaves A in B."""
        others = [await gateway.citizen() for _ in range(2)]
        a, b, c = [(await one.report())["ticket"]["number"] for one in (citizen, *others)]
        await center.done(a, "merge", WHY | {"into": b})
        await center.done(b, "merge", WHY | {"into": c})
        assert (await shown(citizen, c))["reporters"] == 3
        assert (await center.refused(a, "unmerge", WHY))[1] == "other_not_open"
        await center.done(b, "unmerge", WHY)
        assert (await citizen.get(f"/v1/tickets/{c}")).status_code == 404
        assert (await shown(citizen, b))["reporters"] == 2
        gateway.clock.advance(timedelta(seconds=1))
        await center.done(a, "unmerge", WHY)
        assert [len((await stored(gateway, number)).reports) for number in (a, b, c)] == [1, 1, 1]

    async def test_what_answers_nobody_any_more_cannot_be_taken_back(
        self, gateway: Gateway, citizen: Person, center: Person
    ) -> None:
        """Its own report was split off and the merged one went back: nothing is left to withdraw."""
        a, b = [(await citizen.report())["ticket"]["number"] for _ in range(2)]
        own = (await stored(gateway, b)).reports[0]
        await center.done(a, "merge", WHY | {"into": b})
        await center.act(b, "split", {"report_ids": [str(own)], "reason": "另一处"})
        await center.done(a, "unmerge", WHY)
        assert (await stored(gateway, b)).reports == ()
        for person in (citizen, center):
            answer = await person.get(f"/v1/tickets/{b}")
            assert "withdraw" not in answer.json().get("actions", []), answer.text
        assert (await citizen.act(b, "withdraw", {})).status_code in {404, 409}
        assert (await stored(gateway, b)).state == "assigned"


class TestService:
    """What other slices call."""

    async def test_merge_returns_both(self, gateway: Gateway, citizen: Person) -> None:
        """The merged ticket and the one that answers now, each with its new version."""
        numbers = [(await citizen.report())["ticket"]["number"] for _ in range(2)]
        source, target = [await stored(gateway, number) for number in numbers]
        center = await gateway.parts.doorkeeper.recognise(
            (await gateway.staff(Role.CENTER)).token or "", gateway.clock()
        )
        async with begin(gateway.parts.pool, gateway.clock(), center) as tx:
            merged, into = await merging.merge(tx, gateway.parts.city, source, target, "同一件事")
        assert (merged.version, into.version) == (source.version + 1, target.version + 1)
        assert into.reports == target.reports + source.reports
