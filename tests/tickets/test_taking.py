"""How actions come in over HTTP: who acts on what they saw."""

import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.platform.actor import Actor, Scope
from citizen_gateway.platform.db import begin
from citizen_gateway.tickets import service, store
from citizen_gateway.tickets.errors import Outrun
from citizen_gateway.tickets.terms import Action, Need, ReturnCode
from tests.gateway import DEPARTMENT, Gateway, Person
from tests.tickets.actions.conftest import shown
from tests.tickets.conftest import OpenTicket, acting

RETURN = {Need.CODE: ReturnCode.DUPLICATE, Need.EVIDENCE: "e"}


@pytest.fixture
async def assigned(citizen: Person) -> str:
    """Give the number of a ticket that waits to be signed for."""
    return str((await citizen.report())["ticket"]["number"])


class TestVersion:
    """Who acts on what they saw."""

    async def test_a_stale_view_is_told_the_new_state(self, assigned: str, handler: Person, gateway: Gateway) -> None:
        """By header or in the body; the answer shows state and version as they are now, and nothing is changed."""
        seen = (await shown(handler, assigned))["version"]
        await handler.done(assigned, "accept", headers={"If-Match": f'"{seen}"'})
        before = await gateway.census()
        body = {"reply": "好", "version": seen}
        for headers, sent in (({"If-Match": str(seen)}, {"reply": "好"}), ({}, body)):
            status, code, extra = await handler.refused(assigned, "resolve", sent, headers=headers, key=f"v{len(sent)}")
            assert (status, code) == (409, "ticket_changed")
            assert extra == {"state": "accepted", "version": seen + 1}
        assert await gateway.census() == before
        await handler.done(assigned, "resolve", body | {"version": seen + 1})

    @pytest.mark.parametrize("header", ["abc", '"1.5"', "-1", "1" * 30])
    async def test_what_is_no_version_is_refused(self, header: str, assigned: str, handler: Person) -> None:
        """A header that we never sent."""
        assert (await handler.refused(assigned, "accept", headers={"If-Match": header}))[:2] == (422, "invalid_request")

    async def test_the_one_who_comes_second_learns_what_the_first_did(
        self, gateway: Gateway, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """Also where both looked before either acted: the row's version decides."""
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            seen = await open_ticket(tx)
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            await service.act(acting(tx, as_handler), city, seen, Action.ACCEPT, {})
        with pytest.raises(Outrun) as refused:
            async with begin(gateway.parts.pool, gateway.clock()) as tx:
                await service.act(acting(tx, as_handler), city, seen, Action.RETURN, RETURN)
        assert refused.value.fields == {"state": "accepted", "version": seen.version + 1}
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            now = await store.by_id(tx.conn, seen.id)
        assert now is not None
        assert now.version == seen.version + 1


class TestScopes:
    """A partner's system acts with a scope of the office it stands for."""

    async def test_one_fitting_scope_is_enough_and_needed(self, assigned: str, gateway: Gateway) -> None:
        """A bureau's system calls others to help; it neither assigns nor answers for citizens."""
        bureau = await gateway.partner(Scope.TICKETS_HANDLE, Scope.TICKETS_READ, departments=[DEPARTMENT])
        await bureau.done(assigned, "accept")
        await bureau.done(assigned, "assist", {"departments": ["410103-zfj"], "reason": "r"})
        for action, body in (("supervise", {"reason": "r"}), ("urge", None), ("reject", {"reason": "r"})):
            assert (await bureau.refused(assigned, action, body))[:2] == (403, "scope_missing")
