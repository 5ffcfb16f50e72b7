"""`/v1/dispatch`: why a case goes where it goes, for staff."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.accounts.guards import require_role
from citizen_gateway.city.duty import rules_fingerprint
from citizen_gateway.city.errors import PlaceOutsideCity
from citizen_gateway.city.explaining import explain
from citizen_gateway.city.model import AreaCode, CategoryCode, Location
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.dispatch_schema import DispatchExplanation
from citizen_gateway.insights.errors import PlaceUnclear, UnknownArea
from citizen_gateway.insights.routes import language_of
from citizen_gateway.kernel.errors import Unauthenticated
from citizen_gateway.kernel.geo import Datum, Point, to_wgs84
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets.errors import UnknownCategory

Degrees = Annotated[float | None, QueryParameter(ge=-180, le=180, description="Degrees, with both others of a point")]
_STAFF = (Role.CENTER, Role.LEAD, Role.HANDLER, Role.AUDITOR, Role.ADMINISTRATOR)


class DispatchController(Controller):
    """Dispatch."""

    path = "/v1/dispatch"
    tags = ("dispatch",)

    @get(
        "/explain",
        operation_id="explainDispatch",
        summary="Why a case goes where it goes",
        responses=raises(Unauthenticated, RoleMissing, UnknownCategory, UnknownArea, PlaceOutsideCity, PlaceUnclear),
    )
    async def explain(
        self,
        *,
        actor: Caller,
        work: Work,
        category: Annotated[str, QueryParameter(description="A category's code")],
        lat: Degrees = None,
        lon: Degrees = None,
        datum: Annotated[Datum | None, QueryParameter(description="What the degrees are measured in")] = None,
        area: Annotated[str | None, QueryParameter(description="An area's code, in place of a point")] = None,
    ) -> DispatchExplanation:
        """Tell which rule decides, in which polygon, by which evidence, and what would change it."""
        require_role(actor, *_STAFF)
        city, language = work.part(City), language_of(work)
        if CategoryCode(category) not in city.categories:
            raise UnknownCategory(category=category)
        point = _point(city, lat, lon, datum)
        return explained(city, CategoryCode(category), place_of(city, point, area), point, language)


def explained(
    city: City, category: CategoryCode, location: Location | None, point: Point | None, language: str
) -> DispatchExplanation:
    """Return the explanation as it is shown."""
    chinese = language.startswith("zh")
    names: dict[str, str] = {d.code: d.name if chinese else d.name_en for d in city.departments.values()}
    found = explain(city, category, location, point, language)
    called = {str(category): found.category.name if chinese else found.category.name_en}
    fingerprint = rules_fingerprint(tuple(city.rules.values()))
    return DispatchExplanation.of(found, names | called, city.settings.version, fingerprint)


def place_of(city: City, point: Point | None, area: str | None) -> Location | None:
    """Return where a case lies. Raises `UnknownArea`, `PlaceOutsideCity`, `PlaceUnclear`."""
    if point is not None and area is not None:
        raise PlaceUnclear
    if area is not None:
        if AreaCode(area) not in city.areas:
            raise UnknownArea(area=area)
        return city.location_of(AreaCode(area))
    if point is None:
        return None
    location = city.locate(point)
    if location is None:
        raise PlaceOutsideCity(lat=point.lat, lon=point.lon, datum=Datum.WGS84.value, city=city.name)
    return location


def _point(city: City, lat: float | None, lon: float | None, datum: Datum | None) -> Point | None:
    """Return the point three parameters name together. Raises `PlaceUnclear`, and `PlaceOutsideCity` for no point."""
    if lat is None and lon is None and datum is None:
        return None
    if lat is None or lon is None or datum is None:
        raise PlaceUnclear
    try:
        return to_wgs84(lat, lon, datum)
    except ValueError as error:
        raise PlaceOutsideCity(lat=lat, lon=lon, datum=datum.value, city=city.name) from error
