"""A ledger as large as one likes, made up for the audit's sake; only ever in a database that a benchmark made."""

from citizen_gateway.platform.session import Raw

PEOPLE = 20_000
_BATCH = 100_000

_PEOPLE = """
    insert into points_account (id, kind, holder)
    select substr(encode(sha256(convert_to('person:fill:' || n, 'UTF8')), 'hex'), 1, 32)::uuid, 'person', 'fill:' || n
    from generate_series(1, $1) n on conflict do nothing
"""
_DEEDS = """
    create temporary table deed on commit drop as
    select gen_random_uuid() as transfer, gen_random_uuid() as lot, p.id as account, d.id as drawer,
           1 + (n % 10) as amount
    from generate_series(1, {deeds}) n
    join (select id, row_number() over () as at from points_account where holder like 'fill:%') p
        on p.at = 1 + n % {people}
    join points_account d on d.kind = '{kind}' and d.holder = (n % 32)::text
"""
_TRANSFERS = """
    insert into points_transfer (id, kind, cause, actor, asked, day, at)
    select transfer, $1, 'fill:' || transfer, 'system:None', amount, now()::date, now() from deed
"""
_LOTS = """
    insert into points_lot (id, account_id, transfer_id, amount, counted, day, expires_at)
    select lot, account, transfer, amount, true, now()::date, now() + interval '36 months' from deed
"""
_ENTRIES = """
    insert into points_entry (transfer_id, line, account_id, lot_id, amount)
    select transfer, 1, drawer, null, -amount from deed union all select transfer, 2, account, lot, amount from deed
"""


async def fill(conn: Raw, entries: int) -> None:
    """Make up deeds of `PEOPLE` people until so many entries are added; each is a transfer of two lines and a lot."""
    await conn.execute(_PEOPLE, PEOPLE)
    for start in range(0, entries // 2, _BATCH):
        async with conn.transaction():
            deeds = min(_BATCH, entries // 2 - start)
            await conn.execute(_DEEDS.format(deeds=deeds, people=PEOPLE, kind="issuance"))
            for statement, values in ((_TRANSFERS, ("earned",)), (_LOTS, ()), (_ENTRIES, ())):
                await conn.execute(statement, *values, timeout=600)
    await conn.execute("vacuum analyze points_account, points_lot, points_entry, points_transfer", timeout=600)
