"""What can be refused about a place."""

from citizen_gateway.kernel.errors import Problem


class PlaceOutsideCity(Problem):
    """A point that no area of this city contains."""

    status = 404
    code = "no_area_here"
    title = "There is no area of this city here"
    detail = "The position {lat}, {lon} ({datum}) lies outside {city}."
    shown = ("lat", "lon", "datum")
