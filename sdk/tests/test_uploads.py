"""Photos as forms, from wherever they come."""

import io
import re
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from citizen_gateway_sdk import AsyncGateway, Gateway

from .examples import example_of
from .stage import Answer, Seen, Stage

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 1000


def photo() -> Answer:
    """Answer an upload."""
    return Answer(201, example_of("POST", "/v1/photos"))


def form(seen: Seen) -> tuple[str, str | None, str, bytes]:
    """Return field, file name, media type and content of the only part of a form."""
    message = message_from_bytes(b"Content-Type: " + seen.headers["content-type"].encode() + b"\r\n\r\n" + seen.body)
    parts = message.get_payload()
    assert isinstance(parts, list)
    (part,) = parts
    assert isinstance(part, Message)
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    field = part.get_param("name", header="content-disposition")
    return str(field), part.get_filename(), part.get_content_type(), content


class Pipe(io.RawIOBase):
    """A stream that cannot go back, as from a socket."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read on."""
        return self._rest.readinto(buffer)


class TestSources:
    """Where a photo may come from."""

    @pytest.mark.parametrize("kind", [str, Path])
    def test_a_path(self, stage: Stage, gateway: Gateway, tmp_path: Path, kind: type[str] | type[Path]) -> None:
        """A path names the file and its media type."""
        path = tmp_path / "井盖.jpg"
        path.write_bytes(PHOTO)
        stage.play(photo())
        gateway.photos.upload(kind(path))
        assert form(stage.seen[0])[0] == "file"
        assert form(stage.seen[0])[2:] == ("image/jpeg", PHOTO)

    def test_bytes(self, stage: Stage, gateway: Gateway) -> None:
        """Bytes may be given a name and a media type."""
        stage.play(photo())
        gateway.photos.upload(PHOTO, name="a.bin", media_type="image/png")
        assert form(stage.seen[0]) == ("file", "a.bin", "image/png", PHOTO)

    def test_a_stream(self, stage: Stage, gateway: Gateway, tmp_path: Path) -> None:
        """An open file is sent from its beginning, under its own name."""
        path = tmp_path / "a.png"
        path.write_bytes(PHOTO)
        stage.play(photo())
        with path.open("rb") as stream:
            gateway.photos.upload(stream)
        assert form(stage.seen[0]) == ("file", "a.png", "image/png", PHOTO)

    def test_the_rest_of_a_stream(self, stage: Stage, gateway: Gateway) -> None:
        """A stream that was read up to somewhere is sent from there, also at the second attempt."""
        stream = io.BytesIO(b"head" + PHOTO)
        stream.seek(4)
        stage.play(Answer(503), photo())
        gateway.photos.upload(stream)
        assert [form(seen)[3] for seen in stage.seen] == [PHOTO, PHOTO]

    def test_text_is_refused(self, stage: Stage, gateway: Gateway, tmp_path: Path) -> None:
        """A file opened as text is told so before anything is sent."""
        path = tmp_path / "a.jpg"
        path.write_text("x")
        with path.open() as stream, pytest.raises(TypeError, match="binary"):
            gateway.photos.upload(stream)  # type: ignore[arg-type]
        assert stage.seen == []

    def test_a_missing_file(self, stage: Stage, gateway: Gateway, tmp_path: Path) -> None:
        """A path that leads nowhere is Python's own error."""
        with pytest.raises(FileNotFoundError):
            gateway.photos.upload(tmp_path / "none.jpg")
        assert stage.seen == []


class TestRepeatedUploads:
    """A retry sends the same bytes."""

    @pytest.mark.parametrize("source", ["path", "bytes", "stream", "pipe"])
    def test_the_same_body_each_time(self, stage: Stage, gateway: Gateway, tmp_path: Path, source: str) -> None:
        """Key and body agree over attempts, so that the gateway knows the second as the first."""
        path = tmp_path / "a.jpg"
        path.write_bytes(PHOTO)
        sources = {"path": path, "bytes": PHOTO, "stream": io.BytesIO(PHOTO), "pipe": Pipe(PHOTO)}
        stage.play(Answer(503), Answer(201, b"cut off", cut=True), photo())
        gateway.photos.upload(sources[source])  # type: ignore[arg-type]
        assert len(stage.seen) == 3
        assert (
            len({(seen.body, seen.headers["content-type"], seen.headers["idempotency-key"]) for seen in stage.seen})
            == 1
        )
        assert form(stage.seen[0])[3] == PHOTO

    def test_the_same_body_after_a_restart(self, stage: Stage, gateway: Gateway) -> None:
        """With the caller's own key the form is the same in the next process too."""
        stage.play(photo())
        for _ in range(2):
            gateway.photos.upload(PHOTO, idempotency_key="shift-3/photo-1")
        assert stage.seen[0].body == stage.seen[1].body
        assert re.search("boundary=[0-9a-f]{32}$", stage.seen[0].headers["content-type"])

    async def test_asynchronously(self, stage: Stage, async_gateway: AsyncGateway, tmp_path: Path) -> None:
        """The asynchronous client uploads and repeats as well."""
        path = tmp_path / "a.jpg"
        path.write_bytes(PHOTO)
        stage.play(Answer(502), photo())
        await async_gateway.photos.upload(path)
        assert [form(seen)[3] for seen in stage.seen] == [PHOTO, PHOTO]


class TestProgress:
    """Whoever waits sees how far it is."""

    @pytest.mark.parametrize("source", ["path", "bytes", "stream", "pipe"])
    def test_it_is_told_from_nothing_to_all(self, stage: Stage, gateway: Gateway, tmp_path: Path, source: str) -> None:
        """The bytes of the file that went out, growing; the form is what it is without."""
        path = tmp_path / "a.jpg"
        path.write_bytes(PHOTO)
        sources = {"path": path, "bytes": PHOTO, "stream": io.BytesIO(PHOTO), "pipe": Pipe(PHOTO)}
        told: list[tuple[int, int]] = []
        stage.play(photo())
        gateway.photos.upload(sources[source], progress=lambda sent, total: told.append((sent, total)))  # type: ignore[arg-type]
        assert told[0] == (0, len(PHOTO))
        assert told[-1] == (len(PHOTO), len(PHOTO))
        assert told == sorted(told)
        assert len(told) > 3
        assert form(stage.seen[0])[3] == PHOTO

    async def test_it_begins_anew_after_a_broken_connection(self, stage: Stage, async_gateway: AsyncGateway) -> None:
        """The second attempt sends the same bytes under the same key, and tells its own progress."""
        told: list[int] = []
        stage.play(Answer(201, b"cut off", cut=True), photo())
        await async_gateway.photos.upload(PHOTO, progress=lambda sent, _: told.append(sent))
        assert [told.count(0), told.count(len(PHOTO))] == [2, 2]
        assert len({(seen.body, seen.headers["idempotency-key"]) for seen in stage.seen}) == 1

    def test_it_may_give_up(self, stage: Stage, gateway: Gateway) -> None:
        """What it raises ends the upload, and is not tried again."""

        def stop(sent: int, _: int) -> None:
            if sent:
                raise KeyboardInterrupt

        stage.play(photo())
        with pytest.raises(KeyboardInterrupt):
            gateway.photos.upload(PHOTO, progress=stop)
        stage.play(Answer(body=b"picture"))
        assert gateway.photos.content("p") == b"picture"
