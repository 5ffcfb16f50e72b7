"""The city: its directory of categories, and its areas."""

from typing import Unpack

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions


class AsyncCategories:
    """The directory of what may be reported."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(self, **options: Unpack[ReadOptions]) -> list[models.Category]:
        """Return all categories of the city, in the client's language."""
        return (await self._transport.send(operations.LIST_CATEGORIES, options)).items


class AsyncAreas:
    """The tree of areas by which the city is divided."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def at(
        self, *, lat: float, lon: float, datum: models.Datum, **options: Unpack[ReadOptions]
    ) -> models.AreasHere:
        """Return the areas at a point (degrees, in their datum), the smallest first.

        Raises `NoAreaHere` outside the city.
        """
        return await self._transport.send(
            operations.GET_AREAS_AT, options, query={"lat": lat, "lon": lon, "datum": datum}
        )
