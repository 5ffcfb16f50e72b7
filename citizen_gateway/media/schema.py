"""Photos on the wire."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.datastructures import UploadFile
from msgspec import Meta

from citizen_gateway.city.schema import Position
from citizen_gateway.kernel.geo import Datum
from citizen_gateway.kernel.ids import PhotoId
from citizen_gateway.media.model import Photo
from citizen_gateway.platform.actor import Actor


class PhotoUpload(msgspec.Struct, frozen=True):
    """A form with one file."""

    file: Annotated[UploadFile, Meta(description="JPEG, PNG or WebP, at most 20 MB")]


class PhotoView(msgspec.Struct, frozen=True):
    """A photo; sizes are those of the copy kept here. Only its uploader is told its position."""

    id: PhotoId
    width: int
    height: int
    size_bytes: int
    taken_at: datetime | None
    position: Position | None
    created_at: datetime

    @classmethod
    def of(cls, photo: Photo, viewer: Actor) -> "PhotoView":
        """Show a photo to somebody."""
        shown = photo.position if photo.owner == viewer.key else None
        return cls(
            photo.id,
            photo.width,
            photo.height,
            photo.size_bytes,
            photo.taken_at,
            Position(*shown, Datum.WGS84) if shown else None,
            photo.created_at,
        )
