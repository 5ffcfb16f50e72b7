"""`/v1/photos`: uploading a photo, and getting it back."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter

from citizen_gateway.kernel.errors import Unauthenticated, Violation
from citizen_gateway.media import service
from citizen_gateway.media.darkroom import Darkroom, content_hash
from citizen_gateway.media.errors import (
    PhotoFormatUnsupported,
    PhotoNotFound,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoUnreadable,
)
from citizen_gateway.media.model import MAX_UPLOAD_BYTES, PhotoSize
from citizen_gateway.media.schema import PhotoUpload, PhotoView
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.problems import raises

JPEG = "image/jpeg"
_MAX_FORM_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024
_SERVED = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}


class PhotoController(Controller):
    """Photos."""

    path = "/v1/photos"
    tags = ("photos",)

    @post(
        operation_id="uploadPhoto",
        summary="Upload a photo",
        request_max_body_size=_MAX_FORM_BYTES,
        responses=raises(
            Unauthenticated, PhotoTooLarge, PhotoFormatUnsupported, PhotoUnreadable, PhotoTooManyPixels, Violation
        ),
    )
    async def upload(
        self,
        data: Annotated[PhotoUpload, Body(media_type=RequestEncodingType.MULTI_PART)],
        actor: Caller,
        work: Work,
    ) -> Response[PhotoView]:
        """Upload a photo and get the id that reports name it by.

        It is kept upright, at most 2560 pixels long and without anything its file tells beside the picture. The same
        file again is the same photo.
        """
        darkroom = work.part(Darkroom)
        content = await data.file.read()
        digest = await content_hash(content)
        async with work.read(actor) as tx:
            known = await service.uploaded_before(tx, digest)
        upload = known or await darkroom.develop(content, digest)

        async def keep(tx: Transaction) -> PhotoView:
            return PhotoView.of(await service.keep(tx, upload), actor)

        return await work.once(actor, keep, status=201, fingerprint=digest)

    @get(
        "/{photo_id:uuid}",
        operation_id="getPhoto",
        summary="A photo",
        responses=raises(Unauthenticated, PhotoNotFound),
    )
    async def show(self, photo_id: FromPath[UUID], actor: Caller, work: Work) -> PhotoView:
        """Tell about a photo of yours; staff see those of all."""
        async with work.read(actor) as tx:
            photo = await service.photo_for(tx, photo_id, all_photos=service.sees_all(actor))
        return PhotoView.of(photo, actor)

    @get(
        "/{photo_id:uuid}/content",
        operation_id="getPhotoContent",
        summary="The picture itself",
        media_type=JPEG,
        responses=raises(Unauthenticated, PhotoNotFound),
    )
    async def content(
        self,
        *,
        photo_id: FromPath[UUID],
        size: Annotated[PhotoSize, QueryParameter(description="Which copy")] = PhotoSize.FULL,
        actor: Caller,
        work: Work,
    ) -> Response[bytes]:
        """Get the picture as JPEG: whole, or at most 480 pixels long."""
        darkroom = work.part(Darkroom)
        async with work.read(actor) as tx:
            photo = await service.photo_for(tx, photo_id, all_photos=service.sees_all(actor))
        picture = await service.served_bytes(darkroom, photo, size)
        return Response(picture, media_type=JPEG, headers=_SERVED)
