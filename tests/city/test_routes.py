"""`/v1/categories` and `/v1/areas` over HTTP."""

import pytest

from tests.gateway import SPOT, Gateway


class TestCategories:
    """The directory."""

    async def test_is_public_and_whole(self, gateway: Gateway) -> None:
        """Each leaf with its limits, in the pack's order, for anybody."""
        items = (await gateway.stranger.get("/v1/categories")).json()["items"]
        assert [item["code"] for item in items] == list(gateway.parts.city.categories)
        assert all(item["accept_minutes"] > 0 and item["resolve_working_hours"] > 0 for item in items)


class TestAreasAt:
    """The areas at a point."""

    async def test_from_the_micro_grid_to_the_district(self, gateway: Gateway) -> None:
        """Finest first; made-up boundaries say so, those of record do not."""
        here = (await gateway.stranger.get("/v1/areas/at", params=SPOT)).json()
        levels = [area["level"] for area in here["areas"]]
        assert levels == ["micro_grid", "grid", "community", "street", "district"]
        assert [area["synthetic"] for area in here["areas"]] == [True, True, True, True, False]

    @pytest.mark.parametrize(("lat", "lon"), [(39.9, 116.4), (113.64, 34.72), (-90, 180), (180, -180)])
    async def test_there_is_none_outside_the_city(self, lat: float, lon: float, gateway: Gateway) -> None:
        """Also where the two numbers are no position at all."""
        answer = await gateway.stranger.get("/v1/areas/at", params={"lat": lat, "lon": lon, "datum": "bd09"})
        assert (answer.status_code, answer.json()["code"]) == (404, "no_area_here")
        assert answer.json()["extra"] == {"lat": lat, "lon": lon, "datum": "bd09"}

    @pytest.mark.parametrize(
        "query",
        [{}, {"lat": 34}, SPOT | {"lat": "nan"}, SPOT | {"lat": "inf"}, SPOT | {"datum": "x"}, SPOT | {"lat": 181}],
    )
    async def test_a_query_out_of_form_is_refused(self, query: dict[str, object], gateway: Gateway) -> None:
        """A point has two numbers and always its datum."""
        answer = await gateway.stranger.get("/v1/areas/at", params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
