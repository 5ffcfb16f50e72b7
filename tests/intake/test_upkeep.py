"""What reports may join follows what happens to tickets."""

from uuid import UUID

from citizen_gateway.intake import joinable
from citizen_gateway.intake.matching import Known
from citizen_gateway.platform.actor import Role
from tests.gateway import Gateway, Json
from tests.intake.conftest import Spot

HEAP = "路边垃圾成堆没人清运"


async def known(gateway: Gateway, receipt: Json) -> Known | None:
    """Return what is kept of the ticket that answers a report now."""
    async with gateway.parts.pool.acquire() as conn:
        ticket = await conn.fetchval("select ticket_id from report where id = $1", UUID(receipt["report_id"]))
        return await joinable.by_ticket(conn, ticket)


class TestUpkeep:
    """The reader of the event log."""

    async def test_what_ended_is_not_joined(self, busy: Gateway, spot: Spot) -> None:
        """A withdrawn ticket is forgotten; a resolved one is kept, since it may be reopened."""
        citizen, other = await busy.citizen(), await busy.citizen()
        withdrawn = await citizen.report(HEAP, position=spot())
        resolved = await other.report(HEAP, position=spot(200))
        assert await known(busy, withdrawn) is not None
        await citizen.act(withdrawn["ticket"]["number"], "withdraw", {})
        handler = await busy.staff(Role.HANDLER, resolved["ticket"]["department"]["code"])
        await handler.act(resolved["ticket"]["number"], "accept")
        await handler.act(resolved["ticket"]["number"], "resolve", {"reply": "已清运"})
        await busy.catch_up()
        assert await known(busy, withdrawn) is None
        assert await known(busy, resolved) is not None

    async def test_a_corrected_category_is_joined_by_its_own_kind(self, busy: Gateway, spot: Spot) -> None:
        """Assigned as something of another family, it is found by that; as a person's own matter, by nobody."""
        center = await busy.staff(Role.CENTER)
        receipt = await (await busy.citizen()).report(HEAP, position=spot())
        number = receipt["ticket"]["number"]
        for department, code, family in (("410105-cgj", "501", "lamps"), ("410103-cgj", "A01", None)):
            body = {"department": department, "reason": "看了现场", "category": code}
            moved = await center.act(number, "transfer", body)
            assert moved.status_code == 200, moved.text
            await busy.catch_up()
            kept = await known(busy, receipt)
            assert (kept.family if kept else None) == family

    async def test_reports_go_where_their_ticket_goes(self, busy: Gateway, spot: Spot) -> None:
        """Merged by a center, and split again: the report names the ticket that answers it, with the right count."""
        center = await busy.staff(Role.CENTER)
        people = [await busy.citizen() for _ in range(2)]
        receipts = [
            await one.report(text, position=spot(), category="101")
            for one, text in zip(people, (HEAP, "请问这堆垃圾什么时候清走"), strict=True)
        ]
        first, second = (receipt["ticket"]["number"] for receipt in receipts)
        assert first != second
        merged = await center.act(second, "merge", {"into": first, "reason": "同一处"})
        assert merged.status_code == 200, merged.text
        await busy.catch_up()
        report = f"/v1/reports/{receipts[1]['report_id']}"
        assert (await people[1].get(report)).json()["ticket_number"] == first
        kept = await known(busy, receipts[1])
        assert kept is not None
        assert (kept.reports, len(kept.voices)) == (2, 2)
        undone = await center.act(second, "unmerge", {"reason": "不是"})
        assert undone.status_code == 200, undone.text
        await busy.catch_up()
        assert (await people[1].get(report)).json()["ticket_number"] == second
        again = await known(busy, receipts[0])
        assert again is not None
        assert again.reports == 1
