"""How fast and how rightly reports of one event become one ticket, over HTTP, against what the storm knows."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import msgspec
import uvloop

from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.bench.intake import NO_LIMIT, Say, sign_in, url_of
from citizen_gateway.cli.bench.load import Answered, request_bytes, send_all
from citizen_gateway.cli.bench.storm import StormPlace, StormReport, read_wordings, storm
from citizen_gateway.cli.preparing import pack_folder
from citizen_gateway.cli.running import running
from citizen_gateway.platform.settings import Settings


class JoiningFigures(msgspec.Struct, frozen=True):
    """What was measured. `precision` is the part of joined reports that joined a ticket of their own event.

    Of the reports that had a partner before them (`joinable`), `recall` is the part that joined rightly, `found` with
    those for whom a person is asked about the right ticket. `lost` counts answers 201 whose report is not stored.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    reports: int
    refused: int
    lost: int
    places: int
    events: int
    tickets: int
    joined: int
    joinable: int
    precision: float
    recall: float
    found: float
    suggested: int
    suggested_precision: float
    connections: int
    processes: int


class Kept(msgspec.Struct, frozen=True):
    """What the database holds afterwards: each report's ticket, and which tickets were suggested to be alike."""

    ticket_of: Mapping[UUID, UUID]
    alike: Sequence[tuple[UUID, UUID]]


def bench_joining(settings: Settings, reports: int, places: int, connections: int, say: Say) -> JoiningFigures:
    """Send a storm to a fresh gateway of its own."""
    with tempfile.TemporaryDirectory(prefix="cgb") as home:
        own = msgspec.structs.replace(
            settings, data=home, port=0, database_url=None, redis_url=None, report_burst=NO_LIMIT,
            report_per_hour=NO_LIMIT, pool_size=max(2, connections // settings.processes),
        )  # fmt: skip
        with running(own, say) as gateway:
            url = url_of(gateway)
            said = storm(read_wordings(pack_folder(settings)), asyncio.run(_places(url, places)), reports, seed=1)
            tokens = asyncio.run(in_transaction(url, lambda tx: sign_in(tx, gateway.settings, reports)))
            requests = [_request(one, tokens[one.person]) for one in said]
            say("Sending reports")
            host, port = gateway.settings.host, gateway.settings.port
            answered, seconds = uvloop.run(send_all(host, port, requests, connections))
            kept = asyncio.run(_kept(url))
    return _figures(said, answered, kept, seconds, (places, connections, settings.processes))


async def _places(url: str, count: int) -> list[StormPlace]:
    """Choose micro-grids across the city, with the names of their communities; the same at each run."""
    conn = await asyncpg.connect(url)
    try:
        rows = await conn.fetch(
            """
            select m.lat, m.lon, c.name from city_area m
            join city_area g on g.code = m.parent join city_area c on c.code = g.parent
            where m.level = 'micro_grid' order by md5(m.code) limit $1
            """,
            count,
        )
    finally:
        await conn.close()
    return [StormPlace(*row) for row in rows]


def _request(said: StormReport, token: str) -> bytes:
    position = {"lat": said.lat, "lon": said.lon, "datum": "wgs84"}
    body = msgspec.json.encode({"text": said.text, "position": position})
    return request_bytes("POST", "/v1/reports", body, Authorization=f"Bearer {token}")


async def _kept(url: str) -> Kept:
    conn = await asyncpg.connect(url)
    try:
        reports = {row[0]: row[1] for row in await conn.fetch("select id, ticket_id from report")}
        alike = [(row[0], row[1]) for row in await conn.fetch("select ticket_id, like_id from join_suggestion")]
    finally:
        await conn.close()
    return Kept(reports, alike)


def _figures(
    said: Sequence[StormReport], answered: Sequence[Answered], kept: Kept, seconds: float, shape: tuple[int, int, int]
) -> JoiningFigures:
    good = [(said[one.number].event, msgspec.json.decode(one.body)) for one in answered if one.status == 201]
    opened = {kept.ticket_of[UUID(body["report_id"])]: event for event, body in good if not body["joined"]}
    joined = [(event, kept.ticket_of[UUID(body["report_id"])]) for event, body in good if body["joined"]]
    right = sum(opened.get(ticket) == event for event, ticket in joined)
    asked = [opened.get(one) == opened.get(other) for one, other in kept.alike]
    events = len({event for event, _ in good})
    times = sorted(one.seconds * 1000 for one in answered if one.status == 201) or [0.0]
    possible = max(len(good) - events, 1)
    return JoiningFigures(
        per_second=round(len(good) / seconds, 1),
        p50_ms=round(times[len(times) // 2], 2),
        p99_ms=round(times[len(times) * 99 // 100], 2),
        reports=len(good),
        refused=len(answered) - len(good),
        lost=sum(UUID(body["report_id"]) not in kept.ticket_of for _, body in good),
        places=shape[0],
        events=events,
        tickets=len(opened),
        joined=len(joined),
        joinable=possible,
        precision=round(right / max(len(joined), 1), 4),
        recall=round(right / possible, 4),
        found=round((right + sum(asked)) / possible, 4),
        suggested=len(asked),
        suggested_precision=round(sum(asked) / max(len(asked), 1), 4),
        connections=shape[1],
        processes=shape[2],
    )
