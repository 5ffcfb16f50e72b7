"""Operations that are to go away say so."""

from datetime import date

import httpx2
from litestar import Litestar, get

from citizen_gateway.app.request_id import RequestIds
from citizen_gateway.platform.retiring import Retiring

GOING = Retiring(date(2026, 11, 22), date(2027, 11, 22), "/docs/instead")


@get("/old", **GOING.as_handler())
async def old() -> str:
    """Be about to go."""
    return "still here"


@get("/new")
async def new() -> str:
    """Stay."""
    return "here"


class TestRetiring:
    """The headers of RFC 9745 and RFC 8594."""

    async def test_each_answer_of_it_and_of_no_other(self) -> None:
        """Since when, until when, and what instead; the description marks it too."""
        app = Litestar([old, new])
        app.asgi_handler = RequestIds(app.asgi_handler)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as http:  # type: ignore[arg-type]
            going, staying = await http.get("/old"), await http.get("/new")
        assert going.headers["Deprecation"] == "@1795305600"
        assert going.headers["Sunset"] == "Mon, 22 Nov 2027 00:00:00 GMT"
        assert going.headers["Link"] == '</docs/instead>; rel="deprecation"'
        assert not {"Deprecation", "Sunset", "Link"} & {name.title() for name in staying.headers}
        paths = app.openapi_schema.to_schema()["paths"]
        assert [paths[path]["get"].get("deprecated", False) for path in ("/old", "/new")] == [True, False]
