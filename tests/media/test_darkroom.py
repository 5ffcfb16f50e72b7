"""Developing uploads and keeping their copies."""

import asyncio
import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from citizen_gateway.media.darkroom import Darkroom, content_hash
from citizen_gateway.media.errors import PhotoTooLarge, PhotoUnreadable
from citizen_gateway.media.model import MAX_UPLOAD_BYTES, THUMBNAIL_SIDE, PhotoSize
from citizen_gateway.platform.blobs import open_blobs

Shot = Callable[..., bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder the copies lie in."""
    return tmp_path / "photos"


@pytest.fixture
def darkroom(tmp_path: Path) -> Darkroom:
    """Give a darkroom of one test's own."""
    return Darkroom(open_blobs(None, tmp_path))


def files(folder: Path) -> list[str]:
    """Return the names of all blobs."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.jpg"))


class TestDevelop:
    """An upload becomes a clean copy under the name of its hash."""

    async def test_the_clean_copy_is_stored_before_the_answer(
        self, darkroom: Darkroom, folder: Path, shot: Shot
    ) -> None:
        """What `develop` returned can be read back at once, and by its bytes' hash."""
        content = shot((640, 480), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
        digest = await content_hash(content)
        developed = await darkroom.develop(content, digest)
        assert digest == hashlib.sha256(content).digest()
        assert await darkroom.copy(digest, PhotoSize.FULL) == developed.clean.jpeg
        assert files(folder) == [f"photos/{digest.hex()[:2]}/{digest.hex()}.jpg"]

    async def test_a_refused_upload_leaves_nothing(self, darkroom: Darkroom, folder: Path) -> None:
        """A text file is refused before anything is stored."""
        with pytest.raises(PhotoUnreadable):
            await darkroom.develop(b"no picture", bytes(32))
        assert files(folder) == []

    async def test_many_at_once_do_not_stop_the_loop(self, darkroom: Darkroom, shot: Shot) -> None:
        """While eight photos are decoded other tasks go on, and all eight come out."""
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        bystander = asyncio.ensure_future(others())
        content = shot((1600, 1200))
        names = [bytes([i]) * 32 for i in range(8)]
        developed = await asyncio.gather(*(darkroom.develop(content, name) for name in names))
        bystander.cancel()
        assert [photo.sha256 for photo in developed] == names
        assert turns > 100

    async def test_large_photos_pass_too(self, darkroom: Darkroom) -> None:
        """A photo of 26 megapixels takes the place for large ones, and leaves it to the next."""
        file = BytesIO()
        Image.new("1", (6500, 4000), 1).save(file, "PNG")
        developed = [await darkroom.develop(file.getvalue(), bytes([i]) * 32) for i in range(2)]
        assert {photo.clean.width for photo in developed} == {2560}

    async def test_too_large_to_be_hashed(self) -> None:
        """An upload above the limit is refused before any work."""
        with pytest.raises(PhotoTooLarge):
            await content_hash(bytes(MAX_UPLOAD_BYTES + 1))


class TestCopies:
    """Thumbnails are made when first asked for, at the latest."""

    async def test_a_thumbnail_not_there_yet_is_made(self, darkroom: Darkroom, folder: Path, shot: Shot) -> None:
        """The first request makes and stores it, the second finds it."""
        digest = bytes(32)
        await darkroom.develop(shot((1200, 900)), digest)
        first = await darkroom.copy(digest, PhotoSize.THUMBNAIL)
        assert max(Image.open(BytesIO(first)).size) == THUMBNAIL_SIDE
        assert len(files(folder)) == 2
        assert await darkroom.copy(digest, PhotoSize.THUMBNAIL) == first

    @pytest.mark.parametrize("size", list(PhotoSize))
    async def test_lost_copies(self, darkroom: Darkroom, size: PhotoSize) -> None:
        """Without the clean copy there is neither of the two."""
        with pytest.raises(FileNotFoundError):
            await darkroom.copy(bytes(32), size)
