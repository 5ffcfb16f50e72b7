"""Who sees which tickets by office."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.kernel.ids import TicketId, TicketNumber
from citizen_gateway.platform.actor import ANONYMOUS, SYSTEM, Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets import rights, store
from citizen_gateway.tickets.model import DispatchNote, Follower, Ticket, TicketState

DEPARTMENTS = ("roads", "parks", "water")
PATHS = ((), ("city-a",), ("street-1", "city-a"), ("street-2", "city-a", "mall"), ("street-3", "city-b"))
AREAS = ("city-a", "city-b", "street-1", "street-2", "mall")

grants = st.lists(
    st.builds(
        Grant,
        role=st.sampled_from(Role),
        department=st.none() | st.sampled_from(DEPARTMENTS),
        area=st.none() | st.sampled_from(AREAS),
    ),
    max_size=4,
)


def officer(*several: Grant) -> Actor:
    """Return a member of staff with these rights."""
    return Actor(ActorKind.STAFF, uuid4(), grants=several)


def ticket(moment: int, path: tuple[str, ...], department: str | None, assisting: tuple[str, ...]) -> Ticket:
    """Make a ticket in a place, held and assisted by these departments."""
    identity = TicketId(UUID(int=(0x7 << 76) | (0b10 << 62) | (0xF0 << 120) | moment))
    return Ticket(
        id=identity,
        number=TicketNumber(f"T-{moment}"),
        state=TicketState.ASSIGNED if department else TicketState.PENDING,
        version=0,
        head_hash=b"",
        title="t",
        category=None,
        area=path[0] if path else None,
        area_path=path,
        lat=None,
        lon=None,
        department=department,
        emergency=moment % 2 == 0,
        with_photo=False,
        dispatch=DispatchNote(automatic=False, reason="r"),
        opened_at=datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=moment),
        assisting=assisting,
    )


TOWN = [
    ticket(number, path, department, assisting)
    for number, (path, department, assisting) in enumerate(
        (path, department, assisting)
        for path in PATHS
        for department in (None, "roads", "parks")
        for assisting in ((), ("water",), ("roads", "water"))
    )
]


@pytest.fixture
async def town(tx: Transaction) -> Transaction:
    """Keep a ticket for each place, department and assistance."""
    for one in TOWN:
        store.insert(tx.conn, one, Follower(b"", ()))
    await tx.conn.flush()
    return tx


class TestOneDefinition:
    """The rule and the SQL."""

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(several=grants)
    async def test_agree_on_any_grants_and_tickets(self, several: list[Grant], town: Transaction) -> None:
        """What the database lists for somebody is what the rule lets them see."""
        actor = officer(*several)
        values: list[object] = [[one.id for one in TOWN]]
        condition = rights.seen_by(actor, values)
        rows = await town.conn.fetch(f"select number from ticket t where id = any($1) and {condition}", *values)
        assert {row["number"] for row in rows} == {one.number for one in TOWN if rights.sees(actor, one)}


class TestSees:
    """The rule, told by examples."""

    @pytest.mark.parametrize(
        ("grant", "path", "department", "assisting", "seen"),
        [
            (Grant(Role.CENTER), (), None, (), True),
            (Grant(Role.CENTER, area="city-a"), ("street-1", "city-a"), "roads", (), True),
            (Grant(Role.CENTER, area="city-a"), ("street-3", "city-b"), "roads", (), False),
            (Grant(Role.CENTER, area="city-a"), (), None, (), False),
            (Grant(Role.AUDITOR, area="street-1"), ("street-1", "city-a"), None, (), True),
            (Grant(Role.HANDLER, "roads"), (), "roads", (), True),
            (Grant(Role.HANDLER, "roads"), (), "parks", ("roads",), True),
            (Grant(Role.HANDLER, "roads"), (), "parks", (), False),
            (Grant(Role.HANDLER, "roads"), ("street-1", "city-a"), None, (), False),
            (Grant(Role.LEAD, "roads", "city-b"), ("street-1", "city-a"), "roads", (), False),
            (Grant(Role.HANDLER), (), None, (), False),
            (Grant(Role.HANDLER), (), "parks", (), True),
            (Grant(Role.GRID_WORKER, area="street-1"), ("street-1", "city-a"), None, (), True),
            (Grant(Role.GRID_WORKER, area="street-1"), ("street-2", "city-a"), None, (), False),
            (Grant(Role.GRID_WORKER), ("street-1", "city-a"), None, (), False),
            (Grant(Role.ADMINISTRATOR), ("street-1", "city-a"), "roads", (), False),
        ],
    )
    def test_a_role_reaches(
        self,
        grant: Grant,
        path: tuple[str, ...],
        department: str | None,
        *,
        assisting: tuple[str, ...],
        seen: bool,
    ) -> None:
        """Centers their area, departments what they hold or assist, grid workers their area, administrators nothing."""
        assert rights.sees(officer(grant), ticket(1, path, department, assisting)) is seen

    @pytest.mark.parametrize("actor", [ANONYMOUS, SYSTEM, Actor(ActorKind.CITIZEN, uuid4())])
    def test_who_holds_no_office_sees_nothing_by_it(self, actor: Actor) -> None:
        """Citizens see what they follow, which is asked elsewhere."""
        assert not any(rights.sees(actor, one) for one in TOWN)
        assert rights.seen_by(actor, []) == "false"


class TestRequireSight:
    """Asking for a list."""

    def test_of_a_foreign_department_is_refused(self) -> None:
        """Whoever is limited to departments may name only those."""
        rights.require_sight(officer(Grant(Role.HANDLER, "roads")), "roads")
        rights.require_sight(officer(Grant(Role.CENTER, area="city-a")), "roads")
        with pytest.raises(RoleMissing):
            rights.require_sight(officer(Grant(Role.HANDLER, "roads")), "parks")
        with pytest.raises(RoleMissing):
            rights.require_sight(officer(Grant(Role.ADMINISTRATOR)))


class TestLimits:
    """To what somebody is limited."""

    def test_areas_and_departments(self) -> None:
        """Named ones, or None where one grant is not limited."""
        both = officer(Grant(Role.CENTER, area="city-a"), Grant(Role.HANDLER, "roads"))
        assert rights.areas_of(both) is None
        assert rights.departments_of(both) is None
        assert rights.areas_of(officer(Grant(Role.CENTER, area="city-a"))) == {"city-a"}
        assert rights.departments_of(officer(Grant(Role.LEAD, "roads", "city-a"))) == {"roads"}
