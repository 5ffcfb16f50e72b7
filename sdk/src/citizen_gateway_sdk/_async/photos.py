"""Photos: uploaded first, then named by their id in a report."""

from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._uploads import Progress, Source, upload_of


class AsyncPhotos:
    """Photos of what is wrong, and of what was done."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def upload(
        self,
        source: Source,
        *,
        name: str | None = None,
        media_type: str | None = None,
        progress: Progress | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Photo:
        """Upload a photo from a path, from bytes or from a binary stream.

        JPEG, PNG or WebP, at most 20 MB. The gateway reads the position it was taken at, then keeps a copy without it;
        the same photo uploaded twice is one. `progress` is told the bytes sent and the bytes in all, from 0 on in each
        attempt; a connection that broke is tried again under the same key, and what `progress` raises ends the upload.
        Raises `PhotoUnreadable`, `PhotoTooLarge`, `PhotoFormatUnsupported`, ….
        """
        upload = upload_of(source, field="file", name=name, media_type=media_type, progress=progress)
        return await self._transport.send(operations.UPLOAD_PHOTO, options, upload=upload)

    async def get(self, photo_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Photo:
        """Return what is known of a photo. Raises `PhotoNotFound` where there is none to see."""
        return await self._transport.send(operations.GET_PHOTO, options, path={"photo_id": photo_id})

    async def content(
        self,
        photo_id: UUID | str,
        *,
        size: models.PhotoSize | None = None,
        **options: Unpack[ReadOptions],
    ) -> bytes:
        """Return the picture itself as JPEG, in full where no size is named."""
        return await self._transport.send(
            operations.GET_PHOTO_CONTENT, options, path={"photo_id": photo_id}, query={"size": size}
        )
