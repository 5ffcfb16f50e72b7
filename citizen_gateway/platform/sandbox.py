"""The sandbox: tables of its own, of the same form, for partners who try things out.

A sandbox client's calls use connections whose search path begins with the schema `sandbox`, so that the same SQL reads
and writes other tables. What is not told apart (the city, staff, clients) has no table there and is found behind it.
"""

from citizen_gateway.platform.db import OwnConnection

SEARCH_PATH = "sandbox, public"

SHARED = frozenset(
    {
        "_pogo_migration",
        "api_client",
        "event_reader",
        "staff",
        "staff_grant",
        "webhook_attempt",
        "webhook_delivery",
        "webhook_endpoint",
        "webhook_secret",
    }
)
"""Tables that exist once, beside those of the city."""

_LOCK = 0x63_67_73_62  # any constant: two processes must not make the tables at once
_TABLES = """
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1
"""
_FORM = """
    select md5(string_agg(format('%s %s %s %s', table_name, column_name, data_type, column_default), ','
                          order by table_name, ordinal_position))
    from information_schema.columns where table_schema = 'public' and table_name = any($1)
"""


async def prepare(conn: OwnConnection) -> bool:
    """Make the sandbox's tables after those of the city's data, where they are absent or of an older form.

    What partners tried out is lost when the form changes. Return whether the tables were made.
    """
    async with conn.transaction():
        await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)
        tables = [row["relname"] for row in await conn.fetch(_TABLES)]
        own = [name for name in tables if name not in SHARED and not name.startswith("city_")]
        form = await conn.fetchval(_FORM, own)
        if await conn.fetchval("select obj_description(to_regnamespace('sandbox'), 'pg_namespace')") == form:
            return False
        await conn.execute("drop schema if exists sandbox cascade")
        await conn.execute("create schema sandbox")
        for name in own:
            await conn.execute(f'create table sandbox."{name}" (like public."{name}" including all)')
        await conn.execute(f"comment on schema sandbox is '{form}'")
        return True
