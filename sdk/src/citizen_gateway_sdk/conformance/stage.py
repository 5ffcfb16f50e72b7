"""What checks are played on, and how they say what they saw."""

import struct
import uuid
import zlib
from collections.abc import Callable
from enum import StrEnum

import httpx2
import msgspec

from citizen_gateway_sdk._sync.client import Gateway
from citizen_gateway_sdk.models import Datum, Position, Receipt, Scope

HERE = Position(lat=34.7466, lon=113.6253, datum=Datum.WGS84)
"""A point in Zhengzhou; another city's gateway is given one of its own."""


class Broken(Exception):  # noqa: N818 - named by what happened
    """The contract does not hold; the text says what was seen."""


class NotPlayed(Exception):  # noqa: N818 - named by what happened
    """The check cannot be played here; the text says why."""


class Result(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Outcome(msgspec.Struct, frozen=True):
    """How one check ended, and what was seen where it did not pass."""

    check: str
    result: Result
    detail: str = ""


class Stage(msgspec.Struct, frozen=True):
    """A gateway to play on: an SDK client with a partner's key, and plain HTTP for calls that no SDK would make.

    `here` is a point inside the gateway's city.
    """

    gateway: Gateway
    http: httpx2.Client
    key: str
    here: Position = HERE

    def report(self, text: str | None = None, **more: object) -> Receipt:
        """File a report that is like no other."""
        said = text or f"公园东门第 {uuid.uuid4().hex[:8]} 号路灯不亮"
        return self.gateway.reports.submit(said, **({"position": self.here} | more))  # type: ignore[arg-type]

    def raw(self, method: str, path: str, **request: object) -> httpx2.Response:
        """Send a request as it is, with the key unless `headers` bring their own."""
        headers = {"Authorization": f"Bearer {self.key}"} | dict(request.pop("headers", {}))  # type: ignore[call-overload]
        return self.http.request(method, f"{self.gateway.base_url}{path}", headers=headers, **request)  # type: ignore[arg-type]

    def needs(self, *scopes: Scope) -> None:
        """Raise `NotPlayed` where the key lacks one of the scopes."""
        held = set(self.gateway.sessions.current().scopes)
        if lacking := [scope.value for scope in scopes if scope not in held]:
            raise NotPlayed(f"the key has no scope {', '.join(lacking)}")


Check = Callable[[Stage], None]


def must(truth: object, seen: str) -> None:
    """Raise `Broken` with what was seen, unless it is true."""
    if not truth:
        raise Broken(seen)


def refused(answer: httpx2.Response, status: int, code: str) -> dict[str, object]:
    """Check that an answer is the problem it should be (RFC 9457), and return it."""
    said = f"{answer.status_code} {answer.text[:200]}"
    must(answer.status_code == status, f"{status} {code} was due; the answer was {said}")
    media = answer.headers.get("content-type", "")
    must(media.partition(";")[0] == "application/problem+json", f"a problem came as {media!r}")
    problem: dict[str, object] = msgspec.json.decode(answer.content)
    must(problem.get("code") == code, f"the code {code} was due; the answer was {said}")
    must(problem.get("status") == status, f"the problem says another status than the answer: {said}")
    for member in ("type", "title", "detail", "request_id"):
        must(problem.get(member), f"the problem lacks {member}: {said}")
    return problem


def picture(seed: bytes) -> bytes:
    """Draw a small PNG of one's own from 16 bytes or more."""
    rows = b"".join(b"\x00" + bytes(seed[(row + at) % len(seed)] for at in range(24)) for row in range(8))
    chunks = [(b"IHDR", struct.pack(">2I5B", 8, 8, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
