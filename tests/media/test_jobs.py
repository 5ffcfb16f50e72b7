"""Thumbnails made in the background."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from citizen_gateway.media import service, store
from citizen_gateway.media.darkroom import Darkroom
from citizen_gateway.media.jobs import ThumbnailOrder, thumbnail_duty
from citizen_gateway.media.model import PhotoState
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.blobs import open_blobs
from citizen_gateway.platform.db import Transaction

Shot = Callable[..., bytes]


class TestThumbnailDuty:
    """The ordered thumbnail is made, and the photo is ready."""

    async def test_all_owners_of_the_content_are_served(self, tx: Transaction, tmp_path: Path, shot: Shot) -> None:
        """One thumbnail makes the photos of all who uploaded these bytes ready, and doing it twice changes nothing."""
        darkroom = Darkroom(open_blobs(None, tmp_path))
        content = shot((900, 600))
        developed = await darkroom.develop(content, hashlib.sha256(content).digest())
        owners = [Transaction(tx.conn, tx.now, Actor(ActorKind.CITIZEN, uuid4())) for _ in range(2)]
        photos = [await service.keep(owner, developed) for owner in owners]
        for _ in range(2):
            await thumbnail_duty(darkroom).do(tx, ThumbnailOrder(developed.sha256))
            found = [await store.by_id(tx.conn, photo.id) for photo in photos]
            assert [photo.state for photo in found if photo] == [PhotoState.READY, PhotoState.READY]
        assert len(list((tmp_path / "photos" / "thumbnails").rglob("*.jpg"))) == 1

    async def test_a_lost_original_fails_the_job(self, tx: Transaction, tmp_path: Path) -> None:
        """The order is not fulfilled silently; it will be tried again and then kept for a person."""
        with pytest.raises(FileNotFoundError):
            await thumbnail_duty(Darkroom(open_blobs(None, tmp_path))).do(tx, ThumbnailOrder(bytes(32)))
