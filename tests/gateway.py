"""A whole gateway inside the test process, over real engines, and the people who use it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx2
from litestar import Litestar
from PIL import Image
from PIL.ExifTags import GPS, IFD

from citizen_gateway.accounts import service as accounts
from citizen_gateway.accounts.model import ApiClient, Channel, Staff
from citizen_gateway.accounts.store import save_staff
from citizen_gateway.app.openapi import describe
from citizen_gateway.assembly import Parts
from citizen_gateway.kernel.ids import ClientId, StaffId, uuid7
from citizen_gateway.platform import events, jobs
from citizen_gateway.platform.actor import Grant, Role, Scope
from citizen_gateway.platform.db import Connection, Pool, begin
from citizen_gateway.worker import readers

DEPARTMENT = "410103-cgj"
"""Who answers for rubbish at `SPOT`."""

ELSEWHERE = "410105-cgj"
SPOT = {"lat": 34.72, "lon": 113.64, "datum": "wgs84"}
RUBBISH = "小区门口垃圾堆积好几天，一直无人清理"
UNCLEAR = "你好，麻烦看一下"

Json = dict[str, Any]

_COUNTED = (
    "report",
    "ticket",
    "ticket_follower",
    "event",
    "idempotency",
    "citizen",
    "identity",
    "credential",
    "photo",
    "invitation",
    "rating",
    "webhook_endpoint",
    "webhook_secret",
    "webhook_delivery",
    "volunteer",
    "volunteer_relative",
    "volunteer_group",
    "volunteer_group_member",
    "volunteer_task",
    "volunteer_attendance",
    "volunteer_certificate",
    "points_account",
    "points_transfer",
    "points_entry",
    "points_lot",
    "points_device",
    "points_award",
    "points_false_report",
    "points_merchant",
    "points_reward",
    "points_redemption",
    "saved_filter",
    "audit",
    "consent",
    "link_code",
    "joinable",
    "join_suggestion",
    "follow_up",
    "insight_case",
    "open311_request",
    "external_reference",
    "handover",
    "open311_update",
)


class Clockwork:
    """A clock that goes on a little with every look at it, and further when told."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """Return the time, never the same twice."""
        self._now += timedelta(milliseconds=1)
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by


class Person:
    """Somebody who calls the gateway, with their credential or without."""

    def __init__(self, http: httpx2.AsyncClient, token: str | None = None, identity: UUID | None = None) -> None:
        self._http, self.token, self.id = http, token, identity

    async def call(
        self, method: str, path: str, *, key: str | None = None, headers: Json | None = None, **rest: object
    ) -> httpx2.Response:
        """Call; `key` is an Idempotency-Key."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent |= {"Idempotency-Key": key} if key is not None else {}
        return await self._http.request(
            method, path, headers={"Accept-Language": "en"} | sent | (headers or {}), **rest
        )

    async def get(self, path: str, **rest: object) -> httpx2.Response:
        """Read."""
        return await self.call("GET", path, **rest)

    async def post(self, path: str, body: object = None, **rest: object) -> httpx2.Response:
        """Send JSON."""
        return await self.call("POST", path, **(rest if body is None else rest | {"json": body}))

    async def report(self, text: str = RUBBISH, **more: object) -> Json:
        """Say what is wrong, at `SPOT` where no other place is given, and return the receipt."""
        answer = await self.post("/v1/reports", {"text": text, "position": SPOT} | more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def act(self, number: str, action: str, body: object = None, **rest: object) -> httpx2.Response:
        """Take a step of a ticket's life."""
        return await self.post(f"/v1/tickets/{number}/{action}", body, **rest)

    async def done(self, number: str, action: str, body: object = None, **rest: object) -> Json:
        """Take a step that must succeed, and return the ticket."""
        answer = await self.act(number, action, body, **rest)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def refused(self, number: str, action: str, body: object = None, **rest: object) -> tuple[int, str, Json]:
        """Take a step that must fail, and return status, code and what the problem shows besides."""
        answer = await self.act(number, action, body, **rest)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["code"], answer.json().get("extra", {})

    async def upload(self, content: bytes | None = None) -> str:
        """Upload a photo and return its id."""
        answer = await self.post("/v1/photos", files={"file": ("a.jpg", content or photo(), "image/jpeg")})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


class Gateway:
    """The application with its parts, without sockets."""

    def __init__(self, app: Litestar, parts: Parts, clock: Clockwork) -> None:
        self.app, self.parts, self.clock = app, parts, clock
        self._declared = Declared(describe(app))
        self.http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False),  # type: ignore[arg-type]
            base_url="http://gateway.test",
            event_hooks={"response": [self._declared.check]},
        )
        self.stranger = Person(self.http)

    async def citizen(self, subject: str | None = None, channel: Channel = Channel.APP) -> Person:
        """Sign a citizen in."""
        async with begin(self.parts.pool, self.clock()) as tx:
            issued = await accounts.sign_in_citizen(
                tx, self.parts.vault, channel.value, subject or uuid4().hex, locale=None
            )
        return Person(self.http, issued.secret, issued.owner)

    async def staff(self, role: Role, department: str | None = None, area: str | None = None) -> Person:
        """Employ somebody and sign them in."""
        login = uuid4().hex
        async with begin(self.parts.pool, self.clock()) as tx:
            person = Staff(StaffId(uuid7(tx.now)), login, login, (Grant(role, department, area),))
            await save_staff(tx.conn, person, tx.now)
            issued = await accounts.sign_in_staff(tx, login)
        return Person(self.http, issued.secret, issued.owner)

    async def partner(
        self, *scopes: Scope, departments: Iterable[str] = (), channel: Channel = Channel.PARTNER
    ) -> Person:
        """Add a partner's client."""
        async with begin(self.parts.pool, self.clock()) as tx:
            client = ApiClient(ClientId(uuid7(tx.now)), uuid4().hex, channel, frozenset(scopes), frozenset(departments))
            issued = await accounts.add_client(tx, client)
        return Person(self.http, issued.secret, issued.owner)

    async def catch_up(self) -> None:
        """Let the readers of the event log see all that happened."""
        await all_told(self.parts.pool)
        for name, handler in readers(self.parts).items():
            while await events.read_on(self.parts.pool, name, handler, self.clock()):
                pass

    async def census(self) -> dict[str, int]:
        """Count what is stored, so that a test sees that nothing was."""
        async with self.parts.pool.acquire() as conn:
            return await count_rows(conn)


async def all_told(pool: Pool) -> None:
    """Wait until readers may see every event: none is passed over while an older transaction, a vacuum's too, lasts."""
    told = "select not exists (select from event where xid >= pg_snapshot_xmin(pg_current_snapshot()))"
    for _ in range(3000):
        if await pool.fetchval(told):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("a transaction lasts for half a minute")


class Declared:
    """Watches that every refusal was announced in the API's description."""

    def __init__(self, spec: Json) -> None:
        self._operations = [
            (method.upper(), re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), operation["responses"])
            for path, item in spec["paths"].items()
            for method, operation in item.items()
        ]

    async def check(self, response: httpx2.Response) -> None:
        """Raise AssertionError for a status or a problem's code that the operation does not declare."""
        method, path = response.request.method, response.request.url.path
        found = [r for m, template, r in self._operations if m == method and template.fullmatch(path)]
        if not found:
            return
        status = str(response.status_code)
        assert any(status in responses for responses in found), f"{method} {path} does not declare {status}"
        if response.status_code >= 400 and path != "/ready":
            await response.aread()
            code = f"`{response.json()['code']}`"
            told = [responses.get(status, {}).get("description", "") for responses in found]
            assert any(code in text for text in told), f"{method} {path} does not declare {code}"


@asynccontextmanager
async def living(app: Litestar) -> AsyncIterator[None]:
    """Start the application and stop it in one task of its own, as a server does: a fixture ends in another task."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    begun = asyncio.create_task(started.wait())
    await asyncio.wait([life, begun], return_when=asyncio.FIRST_COMPLETED)
    if life.done():
        begun.cancel()
        life.result()
    yield
    stop.set()
    await life


async def count_rows(conn: Connection) -> dict[str, int]:
    """Count the rows of the tables that calls write to, and the jobs that wait."""
    counts = {table: int(await conn.fetchval(f"select count(*) from {table}")) for table in _COUNTED}
    return counts | {"jobs": sum((await jobs.pending(conn)).values())}


def photo(position: tuple[float, float] | None = None) -> bytes:
    """Draw a small picture no two of which are the same, with the place of the camera in its EXIF."""
    image = Image.frombytes("RGB", (8, 8), (uuid4().bytes * 12))
    exif = Image.Exif()
    if position:
        satellite = exif.get_ifd(IFD.GPSInfo)
        for value, name, signs in ((position[0], "Latitude", "NS"), (position[1], "Longitude", "EW")):
            satellite[GPS[f"GPS{name}"]] = (abs(value), 0.0, 0.0)
            satellite[GPS[f"GPS{name}Ref"]] = signs[value < 0]
    file = BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()
