"""Refusals as RFC 9457 problems, whoever refuses."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx2
import pytest
from litestar import Litestar, get

from citizen_gateway.kernel.errors import Problem
from citizen_gateway.platform.limits import Limit
from citizen_gateway.platform.problems import MEDIA_TYPE, answer_defect
from tests.gateway import RUBBISH, Gateway, Person


def assert_problem(answer: httpx2.Response, status: int, code: str) -> None:
    """Check the form of a problem: the members of RFC 9457 and ours, and the same status inside and outside."""
    document = answer.json()
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code)
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert document["type"] == f"/problems/{code}"
    assert document["title"]
    assert document["detail"]
    assert document["request_id"] == answer.headers["X-Request-Id"]
    assert set(document) <= {"type", "title", "status", "detail", "code", "request_id", "errors", "extra"}


class TestForm:
    """What Litestar refuses and what we refuse look alike."""

    @pytest.mark.parametrize("path", ["/", "/v1", "/v1/nothing", "/v1/reports/nothing", "/../etc/passwd"])
    async def test_no_such_address(self, path: str, gateway: Gateway) -> None:
        """404, in our form."""
        assert_problem(await gateway.stranger.get(path), 404, "not_found")

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("DELETE", "/v1/reports", {"GET", "POST"}),
            ("PATCH", "/v1/tickets", {"GET"}),
            ("PUT", "/health", {"GET"}),
            ("TRACE", "/health", {"GET"}),
            ("GET", "/v1/tickets/x/accept", {"POST"}),
        ],
    )
    async def test_no_such_method(self, method: str, path: str, allowed: set[str], gateway: Gateway) -> None:
        """405, with those that are allowed (RFC 9110 §15.5.6)."""
        answer = await gateway.stranger.call(method, path)
        assert_problem(answer, 405, "method_not_allowed")
        assert allowed <= {one.strip() for one in answer.headers["Allow"].split(",")}

    async def test_a_body_too_large(self, gateway: Gateway, citizen: Person) -> None:
        """413 for more than a megabyte of JSON."""
        before = await gateway.census()
        answer = await citizen.post("/v1/reports", {"text": RUBBISH, "title": "t" * 2**20})
        assert_problem(answer, 413, "body_too_large")
        assert await gateway.census() == before

    @pytest.mark.parametrize(
        "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", "multipart/form-data"]
    )
    async def test_another_media_type(self, media_type: str, citizen: Person) -> None:
        """415, though the bytes were JSON."""
        headers = {"Content-Type": media_type}
        answer = await citizen.post("/v1/reports", content=b'{"text": "x"}', headers=headers)
        assert_problem(answer, 415, "unsupported_media_type")

    @pytest.mark.parametrize(
        "media_type", ["application/json; charset=utf-8", "Application/JSON", "application/a+json"]
    )
    async def test_json_by_other_names(self, media_type: str, citizen: Person) -> None:
        """Parameters, case and structured suffixes do not matter."""
        content = '{"text": "垃圾"}'.encode()
        answer = await citizen.post("/v1/reports", content=content, headers={"Content-Type": media_type})
        assert answer.status_code == 201

    async def test_json_where_a_form_is_wanted(self, citizen: Person) -> None:
        """Uploads are multipart."""
        assert_problem(await citizen.post("/v1/photos", {"file": "x"}), 415, "unsupported_media_type")

    @pytest.mark.parametrize(
        ("content", "code"),
        [(b"", "invalid_request"), (b"--x--\r\n", "invalid_request"), (b"nonsense", "invalid_request")],
    )
    async def test_a_form_without_the_file(self, content: bytes, code: str, citizen: Person) -> None:
        """Empty or broken: 422, never a defect."""
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        assert_problem(await citizen.post("/v1/photos", content=content, headers=headers), 422, code)
        without = {"Content-Type": "multipart/form-data"}
        assert_problem(await citizen.post("/v1/photos", content=content, headers=without), 422, code)

    async def test_the_pointer_names_the_place(self, citizen: Person) -> None:
        """A violation deep in the body says where it is."""
        answer = await citizen.post("/v1/reports", {"text": RUBBISH, "position": {"lat": 1, "lon": 2, "datum": "x"}})
        assert "/position/datum" in answer.json()["detail"]


class TestLanguage:
    """Texts follow `Accept-Language`."""

    async def test_english_where_it_is_asked_for(self, gateway: Gateway) -> None:
        """By weight, by region, and among others."""
        for header in ("en", "en-GB", "fr;q=0.9, en;q=0.8", "en-US,en;q=0.5"):
            answer = await gateway.stranger.get("/v1/reports", headers={"Accept-Language": header})
            assert answer.json()["title"] == "Please sign in"

    @pytest.mark.parametrize(
        "header", ["", "*", "xx-YY", "tlh", "q=", ";;;", "en;q=nan", "en;q=x", ",", "zh-CN" * 999, "\xe9"]
    )
    async def test_nonsense_is_no_defect(self, header: str, gateway: Gateway) -> None:
        """The code is the same in any language."""
        raw = header.encode("latin1")
        answer = await gateway.stranger.get("/v1/reports", headers={"Accept-Language": raw})
        assert_problem(answer, 401, "unauthenticated")


class TestRequestId:
    """The id under which the log knows a request."""

    async def test_each_request_has_its_own(self, gateway: Gateway) -> None:
        """On good answers and refusals."""
        answers = [await gateway.stranger.get(path) for path in ("/health", "/health", "/nothing")]
        assert len({UUID(answer.headers["X-Request-Id"]) for answer in answers}) == 3

    async def test_a_callers_own_is_taken_over_where_it_is_a_uuid(self, gateway: Gateway) -> None:
        """Anything else is replaced, so that nobody writes into our log."""
        mine = str(uuid4())
        answer = await gateway.stranger.get("/health", headers={"X-Request-Id": mine})
        assert answer.headers["X-Request-Id"] == mine
        for other in ("x", "1; drop", "\xff".encode("latin1"), "a" * 9999):
            answer = await gateway.stranger.get("/health", headers={"X-Request-Id": other})
            assert UUID(answer.headers["X-Request-Id"])


class TestDefect:
    """A mistake of ours."""

    @pytest.fixture
    async def broken(self) -> AsyncIterator[httpx2.AsyncClient]:
        """Serve a handler that fails."""

        @get("/broken")
        async def fail() -> None:
            raise RuntimeError("the password is 123456")

        app = Litestar([fail], exception_handlers={Exception: answer_defect}, logging_config=None)
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as http:
            yield http

    async def test_shows_nothing_of_itself(self, broken: httpx2.AsyncClient) -> None:
        """Only that it is ours, and that nothing was changed."""
        answer = await broken.get("/broken", headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert "123456" not in answer.text
        assert "Traceback" not in answer.text
        assert "RuntimeError" not in answer.text


class TestLimit:
    """Too many."""

    async def test_says_how_long_to_wait(self, gateway: Gateway) -> None:
        """429 with `Retry-After`; others are not affected."""
        app_limit = Limit("report", 10_000, 60)
        citizen = await gateway.citizen()
        while True:
            try:
                await gateway.parts.limiter.take(app_limit, f"citizen:{citizen.id}")
            except Problem:
                break
        answer = await citizen.post("/v1/reports", {"text": RUBBISH})
        assert_problem(answer, 429, "rate_limited")
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert (await (await gateway.citizen()).post("/v1/reports", {"text": RUBBISH})).status_code == 201
