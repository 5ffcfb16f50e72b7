"""The whole ledger added up again, in one look at one moment: what the database kept beside what its lines say."""

import time

import msgspec

from citizen_gateway.platform.session import Raw

_SHOWN = 20


class Audit(msgspec.Struct, frozen=True):
    """What was added up; `total` is the sum of all accounts, and `wrong` says what does not agree."""

    transfers: int
    entries: int
    accounts: int
    lots: int
    total: int
    wrong: list[str]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether all agrees."""
        return self.total == 0 and not self.wrong


_CHECKS = {
    "transfer {0} adds up to {1}": """
        select transfer_id::text, sum(amount)::text from points_entry group by transfer_id having sum(amount) <> 0
    """,
    "account {0} keeps {1}, its lines say {2}": """
        select a.id::text, a.balance::text, coalesce(e.amount, 0)::text
        from points_account a
        full join (select account_id, sum(amount) as amount from points_entry group by account_id) e
            on e.account_id = a.id
        where a.balance is distinct from coalesce(e.amount, 0)
    """,
    "lot {0} keeps {1}, its lines say {2}": """
        select l.id::text, l.remaining::text, coalesce(e.amount, 0)::text
        from points_lot l
        full join (
            select lot_id, sum(amount) as amount from points_entry where lot_id is not null group by lot_id
        ) e on e.lot_id = l.id
        where l.remaining is distinct from coalesce(e.amount, 0)
    """,
    "person {0} has {1}, their lots {2}": """
        select a.holder, a.balance::text, coalesce(l.remaining, 0)::text
        from points_account a
        left join (select account_id, sum(remaining) as remaining from points_lot group by account_id) l
            on l.account_id = a.id
        where a.kind = 'person' and greatest(a.balance, 0) <> coalesce(l.remaining, 0)
    """,
    "holder {0} has {1} reserved, their codes {2}": """
        select a.holder, a.balance::text, coalesce(r.price, 0)::text
        from points_account a
        left join (
            select holder, sum(price) as price from points_redemption where state = 'reserved' group by holder
        ) r on r.holder = a.holder
        where a.kind = 'reserved' and a.balance <> coalesce(r.price, 0)
    """,
    "merchant {0} has {1}, their codes {2}": """
        select a.holder, a.balance::text, coalesce(r.price, 0)::text
        from points_account a
        left join (
            select merchant_id, sum(price) as price from points_redemption where state = 'settled' group by merchant_id
        ) r on r.merchant_id::text = a.holder
        where a.kind = 'merchant' and a.balance <> coalesce(r.price, 0)
    """,
    "reward {0} has {1} pieces taken, {2} codes": """
        select s.reward_id::text, (s.total - s.remaining)::text, coalesce(r.taken, 0)::text
        from points_stock s
        left join (
            select reward_id, count(*) as taken from points_redemption where state in ('reserved', 'settled')
            group by reward_id
        ) r on r.reward_id = s.reward_id
        where s.total - s.remaining <> coalesce(r.taken, 0)
    """,
}


async def audit(conn: Raw) -> Audit:
    """Add up every line again and compare it with what is kept beside: balances, lots, codes and stock."""
    begun = time.perf_counter()
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        tables = ("points_transfer", "points_entry", "points_account", "points_lot")
        transfers, entries, accounts, lots = [
            int(await conn.fetchval(f"select count(*) from {table}")) for table in tables
        ]
        total = int(await conn.fetchval("select coalesce(sum(balance), 0) from points_account"))
        wrong = [
            said.format(*row)
            for said, query in _CHECKS.items()
            for row in await conn.fetch(f"{query} limit {_SHOWN}", timeout=600)
        ]
    return Audit(transfers, entries, accounts, lots, total, wrong, round(time.perf_counter() - begun, 3))
