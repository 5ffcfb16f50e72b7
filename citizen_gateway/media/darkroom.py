"""Where photos are developed and kept: decoding in threads, a few at a time, and the blobs; no database."""

import asyncio
import hashlib

import msgspec

from citizen_gateway.media import imaging
from citizen_gateway.media.errors import PhotoTooLarge
from citizen_gateway.media.model import (
    DECODES_AT_ONCE,
    LARGE_PIXELS,
    MAX_UPLOAD_BYTES,
    CleanPhoto,
    PhotoSize,
    blob_name,
)
from citizen_gateway.platform.blobs import Blobs


class Developed(msgspec.Struct, frozen=True):
    """An upload whose clean copy is stored already; `sha256` is of the bytes as uploaded."""

    sha256: bytes
    clean: CleanPhoto


class Darkroom:
    """Develops uploads and hands out copies; one per process, so that its bound holds."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._bench = asyncio.Semaphore(DECODES_AT_ONCE)
        self._large = asyncio.Semaphore(1)

    async def develop(self, content: bytes, sha256: bytes) -> Developed:
        """Check and re-encode an upload and store its clean copy.

        Raises the problems of `imaging.inspect` and `imaging.reencode`; then nothing was stored.
        """
        header = await asyncio.to_thread(imaging.inspect, content)
        async with self._large if header.pixels > LARGE_PIXELS else self._bench:
            clean = await asyncio.to_thread(imaging.reencode, content, header)
        await self._blobs.put(blob_name(sha256, PhotoSize.FULL), clean.jpeg)
        return Developed(sha256, clean)

    async def copy(self, sha256: bytes, size: PhotoSize) -> bytes:
        """Return a copy as JPEG; a thumbnail that is not there yet is made.

        Raises `FileNotFoundError` where the clean copy is lost.
        """
        try:
            return await self._blobs.get(blob_name(sha256, size))
        except FileNotFoundError:
            if size is PhotoSize.FULL:
                raise
        return await self.make_thumbnail(sha256)

    async def make_thumbnail(self, sha256: bytes) -> bytes:
        """Make and store the thumbnail from the clean copy; made twice it is the same."""
        full = await self._blobs.get(blob_name(sha256, PhotoSize.FULL))
        async with self._bench:
            small = await asyncio.to_thread(imaging.thumbnail, full)
        await self._blobs.put(blob_name(sha256, PhotoSize.THUMBNAIL), small)
        return small

    async def forget(self, sha256: bytes) -> None:
        """Delete all copies; it is no error when there are none."""
        for size in PhotoSize:
            await self._blobs.delete(blob_name(sha256, size))


async def content_hash(content: bytes) -> bytes:
    """Return the SHA-256 of an upload. Raises `PhotoTooLarge` before looking at one that is."""
    if len(content) > MAX_UPLOAD_BYTES:
        raise PhotoTooLarge(limit_mb=MAX_UPLOAD_BYTES >> 20)
    return (await asyncio.to_thread(hashlib.sha256, content)).digest()
