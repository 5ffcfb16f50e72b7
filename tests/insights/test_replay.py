"""New rules on past tickets."""

from datetime import date

import msgspec

from citizen_gateway.city.model import Basis, CategoryCode, DutyLevel, DutyRule
from citizen_gateway.city.pack import Pack
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.questions import Selection
from citizen_gateway.insights.replay import Past, past_tickets, place, replay
from citizen_gateway.tickets import events as told
from tests.insights.conftest import BUREAU, STREET, ZONE, Chronicle, assigned, opened

PAST = [
    Past("a", "101", (STREET, "410103"), BUREAU),
    Past("b", "101", (STREET, "410103"), "410103-ylj"),
    Past("c", "101", ("410105",), None),
    Past("d", "601", (STREET, "410103"), "zz-water"),
    Past("e", "Z99", (STREET, "410103"), None),
    Past("f", "gone", (), None),
]


def changed(pack: Pack, *rules: DutyRule, without: str | None = None) -> City:
    """Return the city under other rules."""
    kept = tuple(rule for rule in pack.directory.rules if rule.id != without)
    directory = msgspec.structs.replace(pack.directory, rules=(*rules, *kept))
    return City.from_pack(msgspec.structs.replace(pack, directory=directory))


class TestReplay:
    """`dispatch replay`."""

    def test_the_same_rules_change_nothing(self, city: City) -> None:
        """All go where they went; one is of a category that is no more."""
        found = replay(city, city, PAST)
        assert (found.tickets, found.same, found.unknown, found.moved) == (6, 5, 1, ())
        assert found.right_before == found.right_after == 2

    def test_a_new_rule(self, city: City, pack: Pack) -> None:
        """Rubbish of one street to its parks department: one ticket wrongly, one rightly."""
        rule = DutyRule(
            "parks", (CategoryCode("101"),), Basis.PLACE, DutyLevel.STREET, ("410103-ylj",), {"en": "r"}, (STREET,)
        )
        found = replay(city, changed(pack, rule), PAST)
        (moved,) = found.moved
        assert (moved.category, moved.district, moved.before, moved.after) == ("101", "410103", BUREAU, "410103-ylj")
        assert (moved.tickets, moved.settled_by_before, moved.settled_by_after) == (2, 1, 1)
        assert moved.examples == ("a", "b")
        assert (found.right_before, found.right_after) == (2, 2)

    def test_a_rule_less(self, city: City, pack: Pack) -> None:
        """What no rule settles goes to a person."""
        found = replay(city, changed(pack, without="owner-water"), PAST)
        assert (found.to_a_person, found.from_a_person) == (1, 0)
        assert [(moved.before, moved.after) for moved in found.moved] == [("zz-water", None)]


class TestPlace:
    """Where a past ticket lies in a city of today."""

    def test_by_the_finest_area_that_is_left(self, city: City) -> None:
        """An area that is no more is passed over; a dedicated one lies across."""
        location = place(city, ("gone", STREET, "410103", "zz-d01"))
        assert location is not None
        assert location.areas[0].code == STREET
        assert location.dedicated is not None
        assert place(city, ()) is None
        assert place(city, ("gone",)) is None


class TestPast:
    """What is read of past tickets."""

    async def test_comes_of_their_events(self, chronicle: Chronicle) -> None:
        """Who settled it last, and nothing of a ticket without a category."""
        await chronicle.tell(
            ("2021-05-03 09:00", opened()),
            assigned("2021-05-03 09:00"),
            ("2021-05-03 09:10", told.Accepted()),
            ("2021-05-03 11:00", told.Resolved("done", ())),
        )
        await chronicle.tell(("2021-05-03 09:00", opened(category=None)))
        await chronicle.read()
        days = Selection(date(2021, 5, 1), date(2021, 5, 31), ZONE.key)
        (past,) = await past_tickets(chronicle.tx.conn, days)
        assert (past.category, past.areas, past.settled_by) == ("101", (STREET, "410103"), BUREAU)
