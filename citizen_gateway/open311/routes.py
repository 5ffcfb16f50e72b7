"""`/open311`: GeoReport v2 beside `/v1`, at the standard's addresses, in its forms and with its refusals."""

from typing import Any

from litestar import Controller, Response, get, route
from litestar.enums import HttpMethod
from litestar.params import FromPath

from citizen_gateway.media import store as photos
from citizen_gateway.media.darkroom import Darkroom
from citizen_gateway.media.model import MAX_UPLOAD_BYTES, PhotoSize
from citizen_gateway.open311 import errors, operations, views
from citizen_gateway.open311.call import Call, answer
from citizen_gateway.open311.errors import Unknown
from citizen_gateway.open311.writing import Value
from citizen_gateway.platform.actor import ANONYMOUS
from citizen_gateway.platform.http import AnyRequest, Work
from citizen_gateway.platform.vault import Vault

_MOST_BYTES = 3 * MAX_UPLOAD_BYTES
_SERVED = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}


class Open311Controller(Controller):
    """Open311 GeoReport v2. Described by its standard, so it is no part of our own description."""

    path = "/open311"
    include_in_schema = False

    @get("/{document:str}")
    async def discovery(self, *, document: FromPath[str], request: AnyRequest, work: Work) -> Response[bytes]:
        """Show which endpoints there are."""
        return await answer(request, work, document, {"discovery": ("discovery", operations.discovery)}, bare=True)

    @route(
        ["/v2/{resource:str}", "/test/v2/{resource:str}"],
        http_method=[HttpMethod.GET, HttpMethod.POST],
        request_max_body_size=_MOST_BYTES,
    )
    async def resource(self, *, resource: FromPath[str], request: AnyRequest, work: Work) -> Response[bytes]:
        """List services, requests or updates; file a request or an update."""
        table = operations.READ if request.method == HttpMethod.GET else operations.WRITE
        return await answer(request, work, resource, table, bare=resource.startswith("discovery."))

    @get(["/v2/{collection:str}/{item:str}", "/test/v2/{collection:str}/{item:str}"])
    async def item(
        self, *, collection: FromPath[str], item: FromPath[str], request: AnyRequest, work: Work
    ) -> Response[bytes]:
        """Show a service's definition, a request, or what a token stands for."""

        async def show(call: Call) -> Value:
            if collection not in operations.ITEMS:
                raise Unknown(errors.NO_ADDRESS)
            return await operations.ITEMS[collection][1](call, item.rpartition(".")[0])

        root = operations.ITEMS[collection][0] if collection in operations.ITEMS else "errors"
        return await answer(request, work, item, {item.rpartition(".")[0]: (root, show)})

    @get("/media/{name:str}")
    async def media(self, *, name: FromPath[str], work: Work) -> Response[Any]:
        """Serve a photo to whoever has its address, which only those who may see it are told."""
        photo = views.read_media(work.part(Vault), name)
        async with work.read(ANONYMOUS) as tx:
            found = await photos.by_id(tx.conn, photo) if photo else None
        if found is None:
            return Response(b"", status_code=404, media_type="text/plain")
        picture = await work.part(Darkroom).copy(found.sha256, PhotoSize.FULL)
        return Response(picture, media_type="image/jpeg", headers=_SERVED)
