"""Whose figures somebody may see."""

import pytest

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.errors import ForeignFigures, UnknownArea
from citizen_gateway.insights.rights import Reach, centered, reach_of
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.tickets.errors import UnknownDepartment

BUREAU, OTHER, DISTRICT, STREET, ELSEWHERE = "410103-cgj", "410105-cgj", "410103", "410103001", "410105"


def staff(*grants: Grant) -> Actor:
    """Return somebody with these rights."""
    return Actor(ActorKind.STAFF, grants=grants)


CITY = staff(Grant(Role.CENTER))
OF_AREA = staff(Grant(Role.CENTER, area=DISTRICT))
OF_OFFICE = staff(Grant(Role.CENTER, "410103-csyx"))
LEAD = staff(Grant(Role.LEAD, BUREAU))
LOCAL_LEAD = staff(Grant(Role.LEAD, BUREAU, STREET))
TWICE = staff(Grant(Role.LEAD, BUREAU), Grant(Role.LEAD, OTHER))
AUDITOR = staff(Grant(Role.AUDITOR))


class TestAllowed:
    """(who, what they name) → what they are shown."""

    @pytest.mark.parametrize(
        ("actor", "department", "area", "reach"),
        [
            (CITY, None, None, Reach()),
            (CITY, OTHER, None, Reach(OTHER)),
            (AUDITOR, None, ELSEWHERE, Reach(None, ELSEWHERE)),
            (OF_AREA, None, None, Reach(None, DISTRICT)),  # who has one area need not name it
            (OF_AREA, None, STREET, Reach(None, STREET)),
            (OF_AREA, OTHER, None, Reach(OTHER, DISTRICT)),  # another department, within the own area
            (OF_OFFICE, None, None, Reach(None, DISTRICT)),  # a center's office names its area
            (LEAD, None, None, Reach(BUREAU)),
            (LEAD, BUREAU, ELSEWHERE, Reach(BUREAU, ELSEWHERE)),  # a department's work, wherever it is
            (LEAD, None, DISTRICT, Reach(BUREAU, DISTRICT)),
            (LOCAL_LEAD, None, None, Reach(BUREAU, STREET)),
            (TWICE, OTHER, None, Reach(OTHER)),
        ],
    )
    def test_sees(self, city: City, actor: Actor, department: str | None, area: str | None, reach: Reach) -> None:
        """No more than the right reaches."""
        assert reach_of(actor, city, department, area) == reach


class TestRefused:
    """What is not theirs, and what is not there."""

    @pytest.mark.parametrize(
        ("actor", "department", "area"),
        [
            (LEAD, OTHER, None),
            (OF_AREA, None, ELSEWHERE),
            (OF_OFFICE, None, ELSEWHERE),
            (LOCAL_LEAD, BUREAU, DISTRICT),
            (TWICE, None, None),  # must say which
        ],
    )
    def test_foreign(self, city: City, actor: Actor, department: str | None, area: str | None) -> None:
        """Another's figures, with the names of those that are theirs."""
        with pytest.raises(ForeignFigures) as caught:
            reach_of(actor, city, department, area)
        assert caught.value.fields["yours"]

    def test_unknown(self, city: City) -> None:
        """No such department or area."""
        with pytest.raises(UnknownDepartment):
            reach_of(CITY, city, "nobody", None)
        with pytest.raises(UnknownArea):
            reach_of(CITY, city, None, "nowhere")

    def test_no_role(self, city: City) -> None:
        """A handler has work to do, no figures."""
        with pytest.raises(RoleMissing):
            reach_of(staff(Grant(Role.HANDLER, BUREAU)), city, BUREAU, None)


class TestCentered:
    """Whose area a ticket lies in."""

    def test_by_area_and_office(self, city: City) -> None:
        """Either names it; the city's center has all."""
        for actor in (OF_AREA, OF_OFFICE):
            assert centered(actor, city, (STREET, DISTRICT))
            assert not centered(actor, city, (ELSEWHERE,))
            assert not centered(actor, city, ())
        assert centered(CITY, city, ())
        assert not centered(LEAD, city, (DISTRICT,))
