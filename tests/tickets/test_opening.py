"""How a ticket begins where the rules themselves fail."""

from collections.abc import Iterable

import pytest

from citizen_gateway.city.model import CategoryCode, DepartmentCode, Dispatch, Location
from citizen_gateway.city.read_model import City
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets.terms import TicketState
from tests.tickets.conftest import OpenTicket, types


class TestBrokenRules:
    """Rules are data, and data may be wrong at run time."""

    async def test_send_the_ticket_to_triage_with_the_error_shown(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The report gets through; who triages reads what failed, and nothing is swallowed."""

        def fails(_category: CategoryCode, _location: Location | None, _language: str | None = None) -> Dispatch:
            raise KeyError("{quarter}")

        monkeypatch.setattr(city, "dispatch", fails)
        ticket = await open_ticket(tx)
        assert (ticket.state, ticket.department) == (TicketState.PENDING, None)
        assert not ticket.dispatch.automatic
        assert "{quarter}" in ticket.dispatch.reason
        assert "KeyError" in ticket.dispatch.reason
        assert await types(tx, ticket) == ["ticket.opened"]

    async def test_also_where_it_is_an_emergency(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It stays an emergency, ahead in the queue of the center."""

        def fails(_numbers: Iterable[str], _location: Location | None) -> tuple[DepartmentCode, ...]:
            raise IndexError("Replacement index 0 out of range")

        monkeypatch.setattr(city, "emergency_departments", fails)
        ticket = await open_ticket(tx, emergency=True)
        assert (ticket.state, ticket.emergency) == (TicketState.PENDING, True)
        assert "IndexError" in ticket.dispatch.reason
