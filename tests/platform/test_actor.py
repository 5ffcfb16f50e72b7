"""Who acts."""

from uuid import uuid4

import pytest

from citizen_gateway.platform.actor import ANONYMOUS, SYSTEM, Actor, ActorKind, Grant, Role


def staff(*grants: Grant) -> Actor:
    """Return a member of staff with these rights."""
    return Actor(ActorKind.STAFF, uuid4(), grants=grants)


class TestKey:
    """A name unique among all actors."""

    def test_kind_and_id(self) -> None:
        """The same id as citizen and as staff is two actors."""
        identity = uuid4()
        keys = {Actor(kind, identity).key for kind in ActorKind}
        assert len(keys | {SYSTEM.key, ANONYMOUS.key}) == len(ActorKind) + 2


class TestHolds:
    """A right is a role, in one department or in all."""

    @pytest.mark.parametrize(
        ("grant", "asked", "held"),
        [
            (Grant(Role.HANDLER, "roads"), "roads", True),
            (Grant(Role.HANDLER, "roads"), "parks", False),
            (Grant(Role.HANDLER, "roads"), None, True),
            (Grant(Role.HANDLER), "parks", True),
            (Grant(Role.LEAD, "roads"), "roads", False),
        ],
    )
    def test_in_a_department(self, grant: Grant, asked: str | None, *, held: bool) -> None:
        """A role counts in its department, or everywhere where none is named."""
        assert staff(grant).holds(Role.HANDLER, department=asked) is held

    def test_one_of_several_is_enough(self) -> None:
        """Any of the roles asked for will do; none is held by who has no grants."""
        assert staff(Grant(Role.AUDITOR)).holds(Role.CENTER, Role.AUDITOR)
        assert not staff().holds(Role.CENTER, Role.AUDITOR)
        assert not SYSTEM.holds(*Role)


class TestDepartments:
    """Where a role is held."""

    def test_named_all_and_none(self) -> None:
        """Named departments, all of them (None), or none at all."""
        roads, parks = Grant(Role.HANDLER, "roads"), Grant(Role.LEAD, "parks")
        assert staff(roads, parks).departments(Role.HANDLER) == frozenset({"roads"})
        assert staff(roads, parks).departments(Role.HANDLER, Role.LEAD) == frozenset({"roads", "parks"})
        assert staff(roads, Grant(Role.HANDLER)).departments(Role.HANDLER) is None
        assert staff(roads).departments(Role.CENTER) == frozenset()
