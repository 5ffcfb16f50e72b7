"""Work that photos have waiting."""

import msgspec

from citizen_gateway.media import store
from citizen_gateway.media.darkroom import Darkroom
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.jobs import Duty, Kind


class ThumbnailOrder(msgspec.Struct, frozen=True):
    """The upload with this hash wants a thumbnail."""

    sha256: bytes


class ForgetBlob(msgspec.Struct, frozen=True):
    """The upload with this hash may be nobody's any more."""

    sha256: bytes


THUMBNAIL = Kind("media.thumbnail", ThumbnailOrder)
FORGET = Kind("media.forget", ForgetBlob)


def thumbnail_duty(darkroom: Darkroom) -> Duty[ThumbnailOrder]:
    """Make thumbnails. The transaction has touched nothing until the blob is stored, so it holds nothing up."""

    async def make(tx: Transaction, order: ThumbnailOrder) -> None:
        await darkroom.make_thumbnail(order.sha256)
        await store.mark_ready(tx.conn, order.sha256)

    return Duty(THUMBNAIL, make)


def forget_duty(darkroom: Darkroom) -> Duty[ForgetBlob]:
    """Delete the pictures of an upload that nobody has any more."""

    async def forget(tx: Transaction, order: ForgetBlob) -> None:
        if not await store.is_had(tx.conn, order.sha256):
            await darkroom.forget(order.sha256)

    return Duty(FORGET, forget)
