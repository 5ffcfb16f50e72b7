"""Whether it is really done, and taking it up again."""

from datetime import timedelta

import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.platform.actor import Actor, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets import service
from citizen_gateway.tickets.conditions import REOPEN_WITHIN
from citizen_gateway.tickets.errors import AlreadyReopened, NotPossible
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.terms import Action, Level, Need, ReopenCause, TicketState
from tests.gateway import DEPARTMENT, Gateway, Person
from tests.tickets.actions.conftest import told, types
from tests.tickets.conftest import OpenTicket, acting

UNHAPPY = {Need.REASON: "没有解决", Need.CAUSE: ReopenCause.UNSATISFIED}


async def closed(tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor) -> Ticket:
    """Return a ticket that went through its whole life."""
    by = acting(tx, as_handler)
    ticket = await service.act(by, city, await open_ticket(tx), Action.ACCEPT, {})
    ticket = await service.act(by, city, ticket, Action.RESOLVE, {Need.REPLY: "好"})
    return await service.act(tx, city, ticket, Action.CLOSE, {Need.REASON: "满意"})


class TestVerify:
    """核查 by the grid worker of the area, or a center."""

    async def test_done_is_noted_and_changes_nothing(self, settled: str, gateway: Gateway, citizen: Person) -> None:
        """The citizen sees that somebody looked, with the photo they took."""
        walker = await gateway.staff(Role.GRID_WORKER, area="410103")
        photo = await walker.upload()
        after = await walker.done(settled, "verify", {"done": True, "note": "已清理干净", "photo_ids": [photo]})
        assert after["state"] == "resolved"
        last = (await told(citizen, settled))[-1]
        assert (last["type"], last["data"]["done"]) == ("ticket.verified", True)
        assert (await citizen.get(f"/v1/photos/{photo}/content")).status_code == 200

    async def test_not_done_goes_back_to_the_lead(
        self, settled: str, gateway: Gateway, handler: Person, citizen: Person
    ) -> None:
        """With new limits; a center watches from now."""
        walker = await gateway.staff(Role.GRID_WORKER, area="410103")
        after = await walker.done(settled, "verify", {"done": False, "note": "垃圾还在"})
        assert (after["state"], after["department"]["code"], after["reply"]) == ("assigned", DEPARTMENT, None)
        assert after["handling"]["supervision"] == "street"
        assert after["handling"]["reopened"] == 1
        assert (await types(handler, settled))[-3:] == ["verified", "reopened", "supervised"]
        assert (await types(citizen, settled))[-2:] == ["verified", "reopened"]
        await handler.done(settled, "accept")

    async def test_by_no_other_grids_worker_and_not_by_who_did_it(
        self, settled: str, gateway: Gateway, handler: Person
    ) -> None:
        """A worker of another district does not see it; the department does not verify itself."""
        elsewhere = await gateway.staff(Role.GRID_WORKER, area="410105")
        body = {"done": True, "note": "n"}
        assert (await elsewhere.refused(settled, "verify", body))[1] == "not_found"
        assert (await handler.refused(settled, "verify", body))[1] == "not_your_ticket"

    async def test_what_is_not_settled_is_not_verified(self, begun: str, gateway: Gateway) -> None:
        """There is nothing to look at yet."""
        walker = await gateway.staff(Role.GRID_WORKER, area="410103")
        assert (await walker.refused(begun, "verify", {"done": True, "note": "n"}))[1] == "illegal_action"


class TestReopen:
    """重办."""

    async def test_by_a_center(self, settled: str, center: Person, handler: Person) -> None:
        """The department has it again, and its reply is history."""
        after = await center.done(settled, "reopen", {"reason": "回访不满意"})
        assert (after["state"], after["resolved_at"]) == ("assigned", None)
        last = (await told(handler, settled))[-2]
        assert (last["type"], last["data"]["cause"]) == ("ticket.reopened", "center")

    async def test_for_unsatisfied_citizens_once(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """The second time they are told so; a verification or a center may still."""
        ticket = await service.act(tx, city, await closed(tx, city, open_ticket, as_handler), Action.REOPEN, UNHAPPY)
        assert (ticket.state, ticket.department, ticket.reopened_unsatisfied) == (
            TicketState.ASSIGNED,
            DEPARTMENT,
            True,
        )
        by = acting(tx, as_handler)
        ticket = await service.act(by, city, ticket, Action.ACCEPT, {})
        ticket = await service.act(by, city, ticket, Action.RESOLVE, {Need.REPLY: "好了"})
        with pytest.raises(AlreadyReopened):
            await service.act(tx, city, ticket, Action.REOPEN, UNHAPPY)
        again = await service.act(tx, city, ticket, Action.REOPEN, UNHAPPY | {Need.CAUSE: ReopenCause.VERIFICATION})
        assert again.reopened == 2

    async def test_within_thirty_days(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """To the last moment of the thirtieth day, not after it."""
        ticket = await closed(tx, city, open_ticket, as_handler)
        with pytest.raises(NotPossible) as refused:
            await service.act(
                acting(tx, tx.actor, REOPEN_WITHIN + timedelta(seconds=1)), city, ticket, Action.REOPEN, UNHAPPY
            )
        assert refused.value.fields["condition"] == "recent"
        await service.act(acting(tx, tx.actor, REOPEN_WITHIN), city, ticket, Action.REOPEN, UNHAPPY)

    async def test_a_level_that_watches_already_is_told_again(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor, as_center: Actor
    ) -> None:
        """The city stays the one that watches."""
        ticket = await open_ticket(tx)
        for _ in range(3):
            ticket = await service.act(acting(tx, as_center), city, ticket, Action.SUPERVISE, {Need.REASON: "r"})
        ticket = await service.act(acting(tx, as_handler), city, ticket, Action.ACCEPT, {})
        ticket = await service.act(acting(tx, as_handler), city, ticket, Action.RESOLVE, {Need.REPLY: "好"})
        ticket = await service.act(tx, city, ticket, Action.REOPEN, UNHAPPY)
        assert ticket.supervision is Level.CITY
