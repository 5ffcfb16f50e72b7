"""Whom an event concerns."""

from uuid import UUID, uuid4

from citizen_gateway.partners.audience import Audience, concerned
from citizen_gateway.platform.events import Happening
from citizen_gateway.tickets import events as told

FIRST, SECOND = uuid4(), uuid4()
OTHER = uuid4()


def after(*happened: Happening) -> Audience:
    """Return whom a ticket concerns when all this has happened."""
    audience = Audience()
    for one in happened:
        fact = one.as_fact()
        audience = audience.after(fact.type, fact.data)
    return audience


def told_to(before: Audience, happened: Happening) -> Audience:
    """Return whom an event concerns."""
    fact = happened.as_fact()
    return concerned(before, fact.type, fact.data)


def opened(report: UUID = FIRST) -> told.Opened:
    """Open a ticket."""
    return told.Opened(report, None, None, emergency=False)


class TestDepartments:
    """Who learns of an event by office."""

    def test_a_transfer_is_told_to_both(self) -> None:
        """Who had it learns that it is gone; what comes later is the new one's alone."""
        before = Audience(holder="a")
        moved = told.Transferred("b", "c", "r", accept_due=_NOW, resolve_due=_NOW, from_department="a")
        assert told_to(before, moved).departments == {"a", "b"}
        assert told_to(before.after("ticket.transferred", moved.as_fact().data), told.Accepted()).departments == {"b"}

    def test_a_return_is_told_to_who_returned(self) -> None:
        """Afterwards nobody holds it."""
        back = told.Returned("a", "duty", "e", (), 1)
        assert told_to(Audience(holder="a"), back).departments == {"a"}
        assert after(back) == Audience()

    def test_those_called_stay(self) -> None:
        """Assisting and alerted departments hear all that follows."""
        called = after(told.AssistRequested(("x", "y"), "r"), told.Alerted(("z",), ("110",)))
        assert told_to(called, told.Accepted()).departments == {"x", "y", "z"}

    def test_those_only_named_hear_it_once(self) -> None:
        """A meeting's departments hear of the meeting."""
        meeting = told.Convened("r", ("m",), "2026-11-27")
        assert told_to(Audience(), meeting).departments == {"m"}
        assert after(meeting) == Audience()


class TestReports:
    """Whose reports an event is about."""

    def test_reports_come_and_go(self) -> None:
        """Joined ones come, split and unjoined ones leave, and both hear that they did."""
        both = after(opened(), told.Joined(SECOND))
        assert both.reports == {FIRST, SECOND}
        gone = told.Unjoined(SECOND, OTHER)
        assert told_to(both, gone).reports == {FIRST, SECOND}
        assert after(opened(), told.Joined(SECOND), gone).reports == {FIRST}
        assert after(opened(), told.Joined(SECOND), told.Split(OTHER, "n", "r", (FIRST,))).reports == {SECOND}

    def test_a_merger_and_its_undoing(self) -> None:
        """On both tickets the reports are where they were."""
        merged = told.Merged(OTHER, "n", "r", (FIRST,))
        undone = told.Unmerged(OTHER, "n", "r", (FIRST,))
        assert after(opened(), merged).reports == frozenset()
        assert after(opened(), merged, undone).reports == {FIRST}
        absorbed = told.Absorbed(OTHER, "n", (FIRST,))
        assert after(opened(SECOND), absorbed).reports == {FIRST, SECOND}
        assert after(opened(SECOND), absorbed, undone).reports == {SECOND}


_NOW = told.datetime(2026, 11, 22)
