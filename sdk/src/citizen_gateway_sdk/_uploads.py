"""What is uploaded: from a path, from bytes, or from a binary stream, and the same bytes at each attempt."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

Source = str | os.PathLike[str] | bytes | BinaryIO
Progress = Callable[[int, int], object]
"""Told how many bytes of the file went out in this attempt, and how many there are."""


class Upload(msgspec.Struct, frozen=True):
    """The one file of a form: where its bytes come from, its name, and its media type where known."""

    field: str
    source: Path | bytes | BinaryIO
    name: str
    media_type: str | None = None
    progress: Progress | None = None

    @contextmanager
    def opened(self) -> Iterator[dict[str, tuple[str, bytes | BinaryIO] | tuple[str, bytes | BinaryIO, str]]]:
        """Open the source from its beginning, as the form of one attempt."""
        if isinstance(self.source, Path):
            with self.source.open("rb") as stream:
                yield self._form(stream)
        else:
            yield self._form(self.source)

    def _form(
        self, content: bytes | BinaryIO
    ) -> dict[str, tuple[str, bytes | BinaryIO] | tuple[str, bytes | BinaryIO, str]]:
        if self.progress is not None:
            content = cast("BinaryIO", _Watched(content, self.progress))  # it has what the HTTP library asks of a file
        if self.media_type is None:
            return {self.field: (self.name, content)}
        return {self.field: (self.name, content, self.media_type)}


class _Watched:
    """A file that tells, whenever more of it is asked for, how much went out before."""

    def __init__(self, content: bytes | BinaryIO, progress: Progress) -> None:
        self._stream = io.BytesIO(content) if isinstance(content, bytes) else content
        self._progress = progress
        self._total = self._stream.seek(0, os.SEEK_END)
        self._stream.seek(0)

    def read(self, size: int = -1) -> bytes:
        self._progress(self._stream.tell(), self._total)
        return self._stream.read(size)

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(place, whence)

    def tell(self) -> int:
        return self._stream.tell()


def upload_of(
    source: Source, *, field: str, name: str | None, media_type: str | None, progress: Progress | None = None
) -> Upload:
    """Make an upload of what the caller has; a name tells the media type where none is given.

    A path is streamed from disk. A stream is sent from where it stands: one that cannot go back, or does not stand at
    its beginning, is read into memory, so that a retry sends the same bytes.
    """
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        return Upload(field, path, name or path.name, media_type, progress)
    if isinstance(source, bytes):
        return Upload(field, source, name or field, media_type, progress)
    known = getattr(source, "name", None)
    content = source if source.seekable() and source.tell() == 0 else source.read()
    if isinstance(source.read(0), str):
        raise TypeError("open the file in binary mode: open(path, 'rb')")
    called = name or (Path(known).name if isinstance(known, str) else field)
    return Upload(field, content, called, media_type, progress)
