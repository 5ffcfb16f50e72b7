"""Where photos lie: a local folder or an S3-compatible store, the same calls for both."""

from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from citizen_gateway.platform.failures import StartupError

_TIMEOUT = timedelta(seconds=20)


class Blobs:
    """Bytes under names; the same bytes may be put twice."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, name: str, content: bytes) -> None:
        """Keep the bytes; returns when they are stored."""
        await obstore.put_async(self._store, name, content)

    async def get(self, name: str) -> bytes:
        """Return the bytes. Raises `FileNotFoundError` where there are none."""
        found = await obstore.get_async(self._store, name)
        return bytes(await found.bytes_async())

    async def delete(self, name: str) -> None:
        """Remove the bytes; it is no error when there are none."""
        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return


def open_blobs(url: str | None, home: Path) -> Blobs:
    """Open the store at `url`, or a folder below `home`. Raises `StartupError` for a URL that cannot be used."""
    if url is None:
        folder = home / "photos"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Blobs(LocalStore(folder))
    try:
        return Blobs(from_url(url, client_options={"timeout": _TIMEOUT}))
    except (BaseError, ValueError) as error:
        raise StartupError(f"The photo store {url} cannot be used: {error}.") from error
