"""Dispatch: who must act, and why."""

from typing import Unpack

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions


class AsyncDispatch:
    """The city's duty rules, asked by staff."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def explain(
        self,
        category: str,
        *,
        lat: float | None = None,
        lon: float | None = None,
        datum: models.Datum | None = None,
        area: str | None = None,
        **options: Unpack[ReadOptions],
    ) -> models.DispatchExplanation:
        """Return which rule decides a category's case at a place, in which polygon, and what would change it.

        Name a point by `lat`, `lon` (degrees) and `datum`, or an `area` by its code, or neither. Raises
        `UnknownCategory`, `UnknownArea`, `NoAreaHere`, `PlaceUnclear`.
        """
        query: dict[str, object] = {"category": category, "lat": lat, "lon": lon, "datum": datum, "area": area}
        return await self._transport.send(operations.EXPLAIN_DISPATCH, options, query=query)
