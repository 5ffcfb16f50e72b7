"""`/v1/categories` and `/v1/areas`: what a client must know of the city."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromQuery, QueryParameter

from citizen_gateway.city.errors import PlaceOutsideCity
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import AreasHere, AreaView, Categories, CategoryView
from citizen_gateway.kernel.errors import Violation
from citizen_gateway.kernel.geo import Datum, to_wgs84
from citizen_gateway.platform.http import Work
from citizen_gateway.platform.problems import raises

Degrees = Annotated[float, QueryParameter(ge=-180, le=180, description="Degrees")]


class CategoryController(Controller):
    """The category directory."""

    path = "/v1/categories"
    tags = ("city",)

    @get(operation_id="listCategories", summary="The category directory")
    async def directory(self, *, work: Work) -> Categories:
        """List all categories with their limits; public, and the same for everybody."""
        city = work.part(City)
        return Categories([CategoryView.of(category) for category in city.categories.values()])


class AreaController(Controller):
    """Areas of the grid."""

    path = "/v1/areas"
    tags = ("city",)

    @get(
        "/at",
        operation_id="getAreasAt",
        summary="The areas at a point",
        responses=raises(PlaceOutsideCity, Violation),
    )
    async def at(self, *, work: Work, lat: Degrees, lon: Degrees, datum: FromQuery[Datum]) -> AreasHere:
        """Find the areas at a point, from micro-grid to district."""
        city = work.part(City)
        try:
            location = city.locate(to_wgs84(lat, lon, datum))
        except ValueError:  # no latitude at all
            location = None
        if location is None:
            raise PlaceOutsideCity(lat=lat, lon=lon, datum=datum.value, city=city.name)
        dedicated = AreaView.of(location.dedicated) if location.dedicated else None
        return AreasHere([AreaView.of(area) for area in location.areas], dedicated, location.boundary)
