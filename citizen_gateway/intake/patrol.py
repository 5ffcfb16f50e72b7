"""What grid workers (网格员) report on patrol: from their own area alone."""

from citizen_gateway.city.model import Location
from citizen_gateway.intake.errors import OutsidePatrol
from citizen_gateway.platform.actor import Actor, ActorKind, Role


def check_area(actor: Actor, location: Location | None) -> None:
    """Raise `OutsidePatrol` where staff report from outside every area that they patrol, or do not say from where.

    A grid worker without an area, and staff of other offices, report from anywhere.
    """
    patrols = [grant for grant in actor.grants if grant.role is Role.GRID_WORKER]
    if actor.kind is not ActorKind.STAFF or not patrols or len(patrols) < len(actor.grants):
        return
    areas = [*location.areas, *([location.dedicated] if location.dedicated else ())] if location else []
    if not actor.holds(Role.GRID_WORKER, areas=[area.code for area in areas]):
        raise OutsidePatrol
