"""Keeping photos and finding them again."""

import asyncio
import hashlib
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
import pytest

from citizen_gateway.kernel.errors import Unauthenticated
from citizen_gateway.media import service, store
from citizen_gateway.media.darkroom import Darkroom, Developed
from citizen_gateway.media.errors import PhotoNotFound, UnknownPhoto
from citizen_gateway.media.model import CleanPhoto, Photo, PhotoSize, PhotoState
from citizen_gateway.platform import jobs
from citizen_gateway.platform.actor import ANONYMOUS, Actor, ActorKind, Scope
from citizen_gateway.platform.blobs import open_blobs
from citizen_gateway.platform.db import Pool, Transaction, begin


def somebody(kind: ActorKind = ActorKind.CITIZEN, *scopes: Scope) -> Actor:
    """Return an actor nobody else is."""
    return Actor(kind, uuid4(), scopes=frozenset(scopes))


def developed(name: str = "photo", position: tuple[float, float] | None = (34.75, 113.62)) -> Developed:
    """Return an upload as the darkroom hands it on."""
    clean = CleanPhoto(b"jpeg", 640, 480, -(2**63), datetime.fromisoformat("2026-11-22T01:30:00Z"), position)
    return Developed(hashlib.sha256(name.encode()).digest(), clean)


@pytest.fixture
def mine(tx: Transaction) -> Transaction:
    """Give a unit of work of a citizen's."""
    return Transaction(tx.conn, tx.now, somebody())


def of_another(tx: Transaction, actor: Actor | None = None) -> Transaction:
    """Return the same unit of work in somebody else's name."""
    return Transaction(tx.conn, tx.now, actor or somebody())


class TestKeep:
    """An upload becomes a photo of its owner's."""

    async def test_what_was_kept_is_found(self, mine: Transaction) -> None:
        """All that is known of a photo comes back as it was."""
        kept = await service.keep(mine, developed())
        assert kept == await service.photo_for(mine, kept.id, all_photos=False)
        assert (kept.owner, kept.state, kept.size_bytes) == (mine.actor.key, PhotoState.RECEIVED, 4)
        assert (kept.position, kept.perceptual_hash) == ((34.75, 113.62), -(2**63))

    async def test_a_photo_without_notes(self, mine: Transaction) -> None:
        """No time and no position are as good as any."""
        bare = Developed(bytes(32), CleanPhoto(b"jpeg", 1, 1, 0))
        kept = await service.keep(mine, bare)
        assert await store.by_id(mine.conn, kept.id) == kept
        assert (kept.position, kept.taken_at) == (None, None)

    async def test_the_same_bytes_are_the_same_photo(self, mine: Transaction) -> None:
        """A repeated upload answers the first one's id and orders no second thumbnail."""
        first = await service.keep(mine, developed())
        waiting = await jobs.pending(mine.conn)
        assert await service.keep(mine, developed()) == first
        assert await service.uploaded_before(mine, first.sha256) == first
        assert await service.keep(mine, first) == first
        assert await jobs.pending(mine.conn) == waiting

    async def test_different_owners_share_no_photo(self, mine: Transaction) -> None:
        """Two citizens who upload the same bytes have each their own photo, and neither sees the other's."""
        other = of_another(mine)
        first, second = await service.keep(mine, developed()), await service.keep(other, developed())
        assert first.id != second.id
        assert await service.uploaded_before(other, first.sha256) == second

    async def test_two_uploads_at_the_same_time(self, pool: Pool, now: datetime) -> None:
        """Six simultaneous uploads of one file by one citizen make one photo and one order."""
        actor = somebody()
        upload = developed(str(actor.id))

        async def keep() -> Photo:
            async with begin(pool, now, actor) as tx:
                return await service.keep(tx, upload)

        kept = await asyncio.gather(*(keep() for _ in range(6)))
        assert len({photo.id for photo in kept}) == 1

    async def test_the_order_waits_with_the_photo(self, mine: Transaction) -> None:
        """Keeping a photo orders its thumbnail in the same transaction."""
        before = (await jobs.pending(mine.conn)).get("media.thumbnail", 0)
        await service.keep(mine, developed("new"))
        assert (await jobs.pending(mine.conn))["media.thumbnail"] == before + 1

    async def test_nobody_in_particular_owns_no_photo(self, tx: Transaction) -> None:
        """Anonymous actors have one key, so they would share their photos."""
        with pytest.raises(Unauthenticated):
            await service.keep(of_another(tx, ANONYMOUS), developed())


class TestWhoSees:
    """A photo is its owner's, and staff's."""

    @pytest.mark.parametrize(
        ("actor", "sees"),
        [
            (somebody(), False),
            (somebody(ActorKind.STAFF), True),
            (somebody(ActorKind.CLIENT), False),
            (somebody(ActorKind.CLIENT, Scope.REPORTS_WRITE), False),
            (somebody(ActorKind.CLIENT, Scope.TICKETS_READ), True),
            (ANONYMOUS, False),
        ],
    )
    async def test_photos_of_others(self, mine: Transaction, actor: Actor, *, sees: bool) -> None:
        """Staff and partners who may read tickets see them; for everybody else they do not exist."""
        kept = await service.keep(mine, developed())
        theirs = of_another(mine, actor)
        assert service.sees_all(actor) is sees
        if sees:
            assert await service.photo_for(theirs, kept.id, all_photos=True) == kept
        with pytest.raises(PhotoNotFound):
            await service.photo_for(theirs, kept.id, all_photos=False)

    async def test_no_such_photo(self, mine: Transaction) -> None:
        """An id of nothing is answered as somebody else's photo is."""
        with pytest.raises(PhotoNotFound):
            await service.photo_for(mine, uuid4(), all_photos=True)


class TestOwnedPhotos:
    """A report may name photos of its author alone."""

    async def test_in_the_order_asked_for(self, mine: Transaction) -> None:
        """Each photo once, in the order of its first mention."""
        photos = [await service.keep(mine, developed(name)) for name in "abc"]
        asked: list[UUID] = [photos[2].id, photos[0].id, photos[2].id]
        assert await service.owned_photos(mine, asked) == [photos[2], photos[0]]

    async def test_none(self, mine: Transaction) -> None:
        """A report without photos needs none."""
        assert await service.owned_photos(mine, []) == []

    async def test_the_unknown_and_the_foreign_are_named_alike(self, mine: Transaction) -> None:
        """The problem names both, and does not tell which of them exists."""
        own = await service.keep(mine, developed())
        foreign, unknown = await service.keep(of_another(mine), developed()), uuid4()
        with pytest.raises(UnknownPhoto) as refused:
            await service.owned_photos(mine, [own.id, foreign.id, unknown])
        assert refused.value.fields == {"ids": f"{foreign.id}, {unknown}"}


class TestServedBytes:
    """The bytes of a photo."""

    async def test_a_lost_blob_is_a_photo_not_found(
        self, mine: Transaction, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """A photo whose blob is gone is answered as not found."""
        darkroom = Darkroom(open_blobs(None, tmp_path_factory.mktemp("b")))
        kept = await service.keep(mine, developed())
        for size in PhotoSize:
            with pytest.raises(PhotoNotFound):
                await service.served_bytes(darkroom, msgspec.structs.replace(kept, sha256=bytes(32)), size)
