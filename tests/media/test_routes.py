"""`/v1/photos` over HTTP."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from io import BytesIO
from uuid import UUID, uuid4

import httpx2
import msgspec
import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException
from PIL import Image

from citizen_gateway.kernel.errors import Problem, Unauthenticated
from citizen_gateway.media.darkroom import Darkroom
from citizen_gateway.media.model import MAX_UPLOAD_BYTES
from citizen_gateway.media.routes import PhotoController
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.blobs import open_blobs
from citizen_gateway.platform.db import Pool
from citizen_gateway.platform.http import AnyRequest, UnitOfWork
from citizen_gateway.platform.problems import answer_http_exception, answer_problem
from citizen_gateway.platform.vault import Vault

Shot = Callable[..., bytes]
MakeNotes = Callable[..., Image.Exif]
Client = httpx2.AsyncClient
SQUARE = (34.7472, 113.6249)


def recognise(request: AnyRequest) -> Actor:
    """Take the caller to be who they say: kind and id."""
    kind, _, identity = request.headers.get("authorization", "").partition(" ")
    if not identity:
        raise Unauthenticated
    return Actor(ActorKind(kind), UUID(identity))


@pytest.fixture(scope="module")
async def client(pool: Pool, now: datetime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """Serve the controller alone, with callers who are believed."""
    darkroom = Darkroom(open_blobs(None, tmp_path_factory.mktemp("b")))

    def work(request: AnyRequest) -> UnitOfWork:
        return UnitOfWork(request, pool, lambda: now, {Darkroom: darkroom, Vault: Vault("k" * 32)})

    app = Litestar(
        [PhotoController],
        dependencies={
            "actor": Provide(recognise, sync_to_thread=False),
            "work": Provide(work, sync_to_thread=False),
        },
        exception_handlers={Problem: answer_problem, HTTPException: answer_http_exception},
    )
    transport = httpx2.ASGITransport(app)  # type: ignore[arg-type]  # Litestar words the same protocol more exactly
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as opened:
        yield opened


def as_somebody(kind: str = "citizen") -> dict[str, str]:
    """Return the headers of a caller nobody else is."""
    return {"Authorization": f"{kind} {uuid4()}"}


def form(content: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> dict[str, tuple[str, bytes, str]]:
    """Return a form with one file."""
    return {"file": (name, content, kind)}


class TestUpload:
    """`POST /v1/photos`."""

    async def test_tells_what_was_kept(self, client: Client, shot: Shot, notes: MakeNotes, now: datetime) -> None:
        """The answer has the copy's size and, for the uploader, when and where the picture was taken."""
        content = shot((3000, 2000), exif=notes(SQUARE, "2026:11:22 09:30:00"))
        answer = await client.post("/v1/photos", files=form(content), headers=as_somebody())
        view = answer.json()
        assert answer.status_code == 201
        assert (view["width"], view["height"], view["taken_at"]) == (2560, 1707, "2026-11-22T01:30:00Z")
        assert view["position"] == {"lat": pytest.approx(SQUARE[0]), "lon": pytest.approx(SQUARE[1]), "datum": "wgs84"}
        assert msgspec.convert(view["created_at"], datetime) == now

    async def test_the_same_file_again(self, client: Client, shot: Shot) -> None:
        """The same citizen gets the same photo, another citizen another one."""
        content, me = shot((70, 50)), as_somebody()
        answers = [await client.post("/v1/photos", files=form(content), headers=who) for who in (me, me, as_somebody())]
        assert [answer.status_code for answer in answers] == [201, 201, 201]
        first, second, third = (answer.json() for answer in answers)
        assert first == second
        assert first["id"] != third["id"]

    async def test_a_repeated_key(self, client: Client, shot: Shot, pool: Pool) -> None:
        """The same key and file get the first answer again; the same key with another file is refused."""
        who = as_somebody()
        keyed = who | {"Idempotency-Key": "upload-1"}
        first = await client.post("/v1/photos", files=form(shot((71, 50))), headers=keyed)
        again = await client.post("/v1/photos", files=form(shot((71, 50)), "other-name.jpg"), headers=keyed)
        other = await client.post("/v1/photos", files=form(shot((72, 50))), headers=keyed)
        assert first.json() == again.json()
        assert (again.headers["idempotent-replayed"], other.json()["code"]) == ("true", "idempotency_key_reused")
        async with pool.acquire() as conn:
            owner = who["Authorization"].replace(" ", ":")
            assert await conn.fetchval("select count(*) from idempotency where owner = $1", owner) == 1


class TestRefusals:
    """Each refusal is a problem with its code, and nothing is kept."""

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"There is a hole in the road.", 422, "photo_unreadable"),
            (b"", 422, "photo_unreadable"),
            (b"GIF89a\x01\0\x01\0", 415, "photo_format_unsupported"),
            (
                b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\0\0\0\x01\0\0\x08\x02\0\0\0" + bytes(9),
                422,
                "photo_too_many_pixels",
            ),
            (bytes(MAX_UPLOAD_BYTES + 1), 413, "photo_too_large"),
            (bytes(MAX_UPLOAD_BYTES + 2**21), 413, "body_too_large"),
        ],
        ids=["text", "nothing", "gif", "bomb", "large", "larger than any form"],
    )
    async def test_no_photo(self, client: Client, pool: Pool, content: bytes, status: int, code: str) -> None:
        """What is no photo of the allowed kinds gets its own code, whatever its name says."""
        before = await pool.fetchval("select count(*) from photo")
        answer = await client.post("/v1/photos", files=form(content), headers=as_somebody())
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert await pool.fetchval("select count(*) from photo") == before

    async def test_no_session(self, client: Client, shot: Shot) -> None:
        """Who is nobody uploads nothing."""
        answer = await client.post("/v1/photos", files=form(shot()))
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")

    @pytest.mark.parametrize(
        "request_body",
        [
            {"files": {"picture": ("photo.jpg", b"x", "image/jpeg")}},
            {"data": {"file": "a text"}},
            {"json": {"file": "a text"}},
            {"content": b"garbage", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
            {"content": b"garbage", "headers": {"Content-Type": "multipart/form-data"}},
            {},
        ],
        ids=["another field", "a text field", "json", "broken form", "no boundary", "no body"],
    )
    async def test_no_form_with_a_file(self, client: Client, request_body: dict[str, object]) -> None:
        """A body that is not a form with a file is refused as a request, not as a photo."""
        headers = as_somebody() | msgspec.convert(request_body.pop("headers", {}), dict[str, str])
        answer = await client.request("POST", "/v1/photos", headers=headers, **request_body)  # type: ignore[arg-type]
        assert 400 <= answer.status_code < 500
        assert answer.json()["code"] in {"invalid_request", "unsupported_media_type", "not_json"}


class TestGet:
    """`GET /v1/photos/{id}` and its content."""

    async def test_the_uploader_and_staff(self, client: Client, shot: Shot, notes: MakeNotes) -> None:
        """The uploader is told the position, staff see the photo without it, other citizens see nothing."""
        me = as_somebody()
        kept = (await client.post("/v1/photos", files=form(shot(exif=notes(SQUARE))), headers=me)).json()
        mine = await client.get(f"/v1/photos/{kept['id']}", headers=me)
        staff = await client.get(f"/v1/photos/{kept['id']}", headers=as_somebody("staff"))
        assert mine.json() == kept
        assert staff.json() == kept | {"position": None}
        for path in (f"/v1/photos/{kept['id']}", f"/v1/photos/{kept['id']}/content"):
            other = await client.get(path, headers=as_somebody())
            assert (other.status_code, other.json()["code"]) == (404, "photo_not_found")

    @pytest.mark.parametrize(("query", "longest"), [("", 2560), ("?size=full", 2560), ("?size=thumbnail", 480)])
    async def test_content(self, client: Client, shot: Shot, query: str, longest: int) -> None:
        """The picture comes as JPEG that no shared cache keeps and no browser takes for anything else."""
        me = as_somebody()
        kept = (await client.post("/v1/photos", files=form(shot((3000, 2000))), headers=me)).json()
        answer = await client.get(f"/v1/photos/{kept['id']}/content{query}", headers=me)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.headers["cache-control"].startswith("private")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert max(Image.open(BytesIO(answer.content)).size) == longest

    @pytest.mark.parametrize("path", [f"/v1/photos/{UUID(int=0)}", "/v1/photos/1", "/v1/photos/no/content"])
    async def test_no_such_photo(self, client: Client, path: str) -> None:
        """An unknown id and what is no id are not found."""
        assert (await client.get(path, headers=as_somebody())).status_code == 404

    async def test_no_such_size(self, client: Client) -> None:
        """A size there is not is refused."""
        answer = await client.get(f"/v1/photos/{uuid4()}/content?size=huge", headers=as_somebody())
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
