"""Use cases of photos: keep one, find one, hand out its bytes.

An upload is developed and its clean copy stored before the transaction that records it, so that a transaction never
waits for pictures; one that then fails leaves a blob to which nothing refers.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog

from citizen_gateway.kernel.errors import Unauthenticated
from citizen_gateway.kernel.ids import PhotoId, uuid7
from citizen_gateway.media import store
from citizen_gateway.media.darkroom import Darkroom, Developed
from citizen_gateway.media.errors import PhotoNotFound, UnknownPhoto
from citizen_gateway.media.jobs import THUMBNAIL, ThumbnailOrder
from citizen_gateway.media.model import Photo, PhotoSize, PhotoState
from citizen_gateway.platform.actor import Actor, ActorKind, Scope
from citizen_gateway.platform.db import Transaction

_log = structlog.get_logger(__name__)


async def uploaded_before(tx: Transaction, sha256: bytes) -> Photo | None:
    """Return the actor's photo of the same bytes, so that a repeated upload need not be developed again."""
    return await store.by_content(tx.conn, tx.actor.key, sha256)


async def keep(tx: Transaction, upload: Developed | Photo) -> Photo:
    """Record a developed upload as the actor's and order its thumbnail; what they uploaded before stays as it is.

    Raises `Unauthenticated` for an anonymous actor, since all of those have one key.
    """
    if tx.actor.kind is ActorKind.ANONYMOUS:
        raise Unauthenticated
    if isinstance(upload, Photo):
        return upload
    photo = _recorded(tx, upload)
    if await store.insert(tx.conn, photo):
        await THUMBNAIL.enqueue(tx, ThumbnailOrder(photo.sha256))
        return photo
    return await store.by_content(tx.conn, photo.owner, photo.sha256) or photo


async def photo_for(tx: Transaction, photo: UUID, *, all_photos: bool) -> Photo:
    """Return a photo of the actor's, one shared with them, or anybody's with `all_photos`. Raises `PhotoNotFound`."""
    found = await store.by_id(tx.conn, photo)
    if found is None:
        raise PhotoNotFound
    if all_photos or found.owner == tx.actor.key or await store.shared_with(tx.conn, photo, tx.actor.key):
        return found
    raise PhotoNotFound


async def owned_photos(tx: Transaction, ids: Sequence[UUID]) -> list[Photo]:
    """Return the actor's photos in the order asked for. Raises `UnknownPhoto` naming those that are not theirs."""
    if not ids:
        return []
    found = {photo.id: photo for photo in await store.owned(tx.conn, tx.actor.key, set(ids))}
    unknown = [str(photo) for photo in dict.fromkeys(ids) if photo not in found]
    if unknown:
        raise UnknownPhoto(ids=", ".join(unknown))
    return [found[PhotoId(photo)] for photo in dict.fromkeys(ids)]


async def served_bytes(darkroom: Darkroom, photo: Photo, size: PhotoSize) -> bytes:
    """Return a copy of a photo as JPEG. Raises `PhotoNotFound` where the blob store lost it."""
    try:
        return await darkroom.copy(photo.sha256, size)
    except FileNotFoundError as error:
        _log.error("photo_blob_missing", photo=str(photo.id))
        raise PhotoNotFound from error


def sees_all(actor: Actor) -> bool:
    """Whether the actor may see photos of others: staff, and partners who may read tickets."""
    return actor.kind is ActorKind.STAFF or (actor.kind is ActorKind.CLIENT and Scope.TICKETS_READ in actor.scopes)


def _recorded(tx: Transaction, developed: Developed) -> Photo:
    clean = developed.clean
    return Photo(
        id=PhotoId(uuid7(tx.now)),
        owner=tx.actor.key,
        sha256=developed.sha256,
        state=PhotoState.RECEIVED,
        width=clean.width,
        height=clean.height,
        size_bytes=len(clean.jpeg),
        perceptual_hash=clean.perceptual_hash,
        taken_at=clean.taken_at,
        position=clean.position,
        created_at=tx.now,
    )
