"""The one signal against rings of accounts: which of them were seen on one device.

An app makes up an id when it is installed and names it on check-in and when it declares itself; we keep a keyed hash.
Accounts seen on one device within the pack's days count as one person for caps, and do not verify each other's reports.
It says nothing of families, who redeem each for themselves, and can be avoided by lying; it makes lying work.
"""

from datetime import timedelta

from citizen_gateway.city.read_model import City
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault


async def note(tx: Transaction, vault: Vault, device: str) -> None:
    """Note that the actor was seen on a device."""
    await tx.conn.execute(
        """
        insert into points_device (device, holder, seen_at) values ($1, $2, $3)
        on conflict (device, holder) do update set seen_at = excluded.seen_at
        """,
        vault.index(f"device:{device}"),
        tx.actor.key,
        tx.now,
    )


async def companions(tx: Transaction, holder: str, within: timedelta) -> set[str]:
    """Return who was seen lately on a device of this person, themselves among them."""
    rows = await tx.conn.fetch(
        """
        select distinct other.holder from points_device own join points_device other using (device)
        where own.holder = $1 and own.seen_at > $2 and other.seen_at > $2
        """,
        holder,
        tx.now - within,
    )
    return {holder, *(row["holder"] for row in rows)}


async def within(tx: Transaction, city: City, holder: str) -> set[str]:
    """Return who counts as one person with somebody by the rules of the city."""
    days = city.settings.points.devices.days if city.settings.points else 0
    return await companions(tx, holder, timedelta(days=days))
