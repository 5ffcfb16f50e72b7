"""One row for each ticket, without a citizen's words, as CSV or Parquet."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from citizen_gateway.city.model import AreaCode, AreaLevel
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.errors import FormatUnavailable
from citizen_gateway.insights.questions import Conditions, Selection
from citizen_gateway.platform.db import Connection

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
MOST_ROWS = 200_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_ROWS = """
    select t.number as ticket, c.opened_at, c.state, c.channel, c.category, c.areas, c.department, c.emergency,
           c.reports, c.ended_at, c.urged, c.supervised, c.excluded, c.exclusion,
           turns.departments, turns.accepted_at, turns.resolved_at, turns.acceptance_seconds,
           turns.handling_seconds, turns.handling_working_seconds, turns.waiting_seconds, turns.returned,
           turns.reopened, turns.accept_overdue, turns.resolve_overdue,
           votes.rated, votes.solved, votes.satisfied, votes.mean_rating
    from insight_case c
    join ticket t on t.id = c.ticket_id
    cross join lateral (
        select count(distinct f.department)::int as departments, min(f.accepted_at) as accepted_at,
               max(f.resolved_at) as resolved_at, sum(f.acceptance)::int as acceptance_seconds,
               sum(f.handling)::int as handling_seconds, sum(f.handling_working)::int as handling_working_seconds,
               max(f.waiting) as waiting_seconds,
               count(*) filter (where f.ended = 'returned')::int as returned,
               count(*) filter (where f.cause = 'reopened')::int as reopened,
               count(f.accept_overdue_at)::int as accept_overdue, count(f.resolve_overdue_at)::int as resolve_overdue
        from insight_turn f where f.ticket_id = c.ticket_id
    ) turns
    cross join lateral (
        select count(*)::int as rated, count(*) filter (where f.solved = 'solved')::int as solved,
               count(*) filter (where f.satisfied >= 3)::int as satisfied, avg(f.satisfied)::float8 as mean_rating
        from insight_vote f where f.ticket_id = c.ticket_id
    ) votes
"""
_LEVELS = (AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.DEDICATED)


class Exported(msgspec.Struct, frozen=True):
    """A ticket as it is exported: times in UTC, durations in seconds, votes as counts (none for who handled it)."""

    ticket: str
    opened_at: datetime
    state: str
    channel: str | None
    category: str | None
    department: str | None
    emergency: bool
    reports: int
    ended_at: datetime | None
    urged: int
    supervised: str | None
    excluded: bool
    exclusion: str | None
    departments: int
    accepted_at: datetime | None
    resolved_at: datetime | None
    acceptance_seconds: int | None
    handling_seconds: int | None
    handling_working_seconds: int | None
    waiting_seconds: int | None
    returned: int
    reopened: int
    accept_overdue: int
    resolve_overdue: int
    rated: int | None
    solved: int | None
    satisfied: int | None
    mean_rating: float | None
    district: str | None = None
    zone: str | None = None
    street: str | None = None
    community: str | None = None
    dedicated: str | None = None


COLUMNS = Exported.__struct_fields__


async def rows(conn: Connection, city: City, selection: Selection, limit: int = MOST_ROWS) -> list[Exported]:
    """Return the tickets opened in the selection's days, oldest first, at most `limit` + 1."""
    conditions = Conditions(selection)
    where = f"{conditions.during('c.opened_at')} and {conditions.within('c.department')}"
    found = await conn.fetch(
        f"{_ROWS} where {where} order by c.opened_at, t.number limit {limit + 1}", *conditions.values
    )
    return [_exported(city, dict(row)) for row in found]


def without_votes(exported: Iterable[Exported]) -> list[Exported]:
    """Leave out how single tickets were rated, for those who handled them."""
    return [msgspec.structs.replace(row, rated=None, solved=None, satisfied=None, mean_rating=None) for row in exported]


def as_csv(exported: Iterable[Exported]) -> bytes:
    """Return a CSV file (RFC 4180) with a header, in UTF-8 with a mark by which spreadsheets know it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in msgspec.structs.astuple(row)] for row in exported)
    return file.getvalue().encode("utf-8-sig")


def as_parquet(exported: Sequence[Exported]) -> bytes:
    """Return a Parquet file of the same columns. Raises `FormatUnavailable` where pyarrow is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra: only who exports Parquet needs it
        from pyarrow import parquet  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise FormatUnavailable(format="Parquet", extra="parquet") from error
    kinds = {str: pa.string(), int: pa.int64(), bool: pa.bool_(), float: pa.float64()}
    instant = pa.timestamp("us", tz="UTC")
    fields = [pa.field(name, _arrow(name, kinds, instant)) for name in COLUMNS]
    table = pa.Table.from_pylist([msgspec.structs.asdict(row) for row in exported], schema=pa.schema(fields))
    file = io.BytesIO()
    parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def _arrow(name: str, kinds: dict[type, Any], instant: Any) -> Any:  # noqa: ANN401 - pyarrow brings no types
    annotation = str(Exported.__annotations__[name])
    return next((arrow for kind, arrow in kinds.items() if kind.__name__ in annotation), instant)


def _exported(city: City, row: dict[str, Any]) -> Exported:
    codes = row.pop("areas")
    for code in codes:
        area = city.areas.get(AreaCode(code))
        if area is not None and area.level in _LEVELS:
            row.setdefault(area.level.value, code)
    return Exported(**row)


def _cell(value: object) -> object:
    """Write instants in ISO 8601, and no text that a spreadsheet would take for a formula."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
