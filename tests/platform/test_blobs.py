"""Bytes under names."""

from pathlib import Path

import pytest

from citizen_gateway.platform.blobs import Blobs, open_blobs
from citizen_gateway.platform.failures import StartupError


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """Give each kind of store that can run here."""
    return open_blobs(None if request.param == "folder" else "memory:///", tmp_path)


class TestBlobs:
    """Every store keeps the same promises."""

    @pytest.mark.parametrize("content", [b"", b"\0\xff", bytes(3_000_000)])
    async def test_what_was_put_is_got(self, blobs: Blobs, content: bytes) -> None:
        """Nothing, a little or much comes back as it was."""
        await blobs.put("photos/ab/cd.jpg", content)
        assert await blobs.get("photos/ab/cd.jpg") == content

    async def test_the_same_name_again(self, blobs: Blobs) -> None:
        """A second put replaces the first."""
        await blobs.put("name", b"first")
        await blobs.put("name", b"second")
        assert await blobs.get("name") == b"second"

    async def test_nothing_there(self, blobs: Blobs) -> None:
        """A name nobody put is a file not found; deleting it is no error."""
        await blobs.delete("name")
        with pytest.raises(FileNotFoundError):
            await blobs.get("name")

    async def test_deleted(self, blobs: Blobs) -> None:
        """What was deleted is gone."""
        await blobs.put("name", b"content")
        await blobs.delete("name")
        with pytest.raises(FileNotFoundError):
            await blobs.get("name")


class TestOpen:
    """Where blobs lie."""

    async def test_the_folder_is_private(self, tmp_path: Path) -> None:
        """Photos of citizens lie in a folder only we may enter, and outlive the process."""
        await open_blobs(None, tmp_path).put("a/b", b"content")
        assert (tmp_path / "photos").stat().st_mode & 0o777 == 0o700
        assert await open_blobs(None, tmp_path).get("a/b") == b"content"

    @pytest.mark.parametrize("url", ["nonsense", "ftp://host/photos", "s3://", ""])
    def test_a_url_that_cannot_be_used(self, tmp_path: Path, url: str) -> None:
        """The sentence names the URL."""
        with pytest.raises(StartupError) as refused:
            open_blobs(url, tmp_path)
        assert f"The photo store {url} cannot be used" in str(refused.value)
