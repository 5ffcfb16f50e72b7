"""What a photo is."""

from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.media.model import PhotoSize, blob_name, hash_distance

HASHES = st.integers(-(2**63), 2**63 - 1)


class TestBlobNames:
    """Blobs are named by what was uploaded."""

    def test_copies_of_one_upload_lie_in_two_folders(self) -> None:
        """The first two signs of the hash make a folder, so that none grows too large."""
        digest = bytes(range(0xA0, 0xC0))
        assert blob_name(digest, PhotoSize.FULL) == f"photos/a0/{digest.hex()}.jpg"
        assert blob_name(digest, PhotoSize.THUMBNAIL) == f"thumbnails/a0/{digest.hex()}.jpg"


class TestDistance:
    """Perceptual hashes are compared bit by bit."""

    @given(one=HASHES, other=HASHES, third=HASHES)
    def test_is_a_distance(self, one: int, other: int, third: int) -> None:
        """Zero to itself, the same both ways, never longer than a detour, and at most 64 also for negative numbers."""
        assert hash_distance(one, one) == 0
        assert 0 <= hash_distance(one, other) == hash_distance(other, one) <= 64
        assert hash_distance(one, third) <= hash_distance(one, other) + hash_distance(other, third)

    def test_counts_each_bit(self) -> None:
        """All bits differ between 0 and -1."""
        assert hash_distance(0, -1) == 64
        assert hash_distance(0b1011, 0b0001) == 2
