"""What accounts keep of a citizen: identities, consent, credentials."""

from citizen_gateway.accounts import store
from citizen_gateway.kernel.ids import CitizenId
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault

_HIDDEN = "*"


async def export(tx: Transaction, vault: Vault, citizen: CitizenId) -> dict[str, object]:
    """Return how channels know the citizen (masked), and what they agreed to."""
    identities = await store.identities_of(tx.conn, [citizen])
    consents = await tx.conn.fetch(
        "select policy, version, given, at from consent where citizen_id = $1 order by id", citizen
    )
    return {
        "identities": [
            {"channel": one.channel, "subject": masked_subject(vault.open(one.subject_sealed)), "since": one.created_at}
            for one in identities
        ],
        "consents": [dict(row) for row in consents],
    }


async def erase(tx: Transaction, citizen: CitizenId) -> None:
    """Forget the citizen: no channel knows them any more, and no credential opens anything."""
    for table in ("identity", "consent", "link_code"):
        await tx.conn.execute(f"delete from {table} where citizen_id = $1", citizen)
    await tx.conn.execute("delete from credential where owner = $1", citizen)
    await tx.conn.execute("delete from idempotency where owner = $1", f"citizen:{citizen}")
    await tx.conn.execute("delete from citizen where id = $1", citizen)


async def move(tx: Transaction, source: CitizenId, target: CitizenId) -> None:
    """Make one citizen's identities, consent and sessions another's."""
    for table in ("identity", "consent"):
        await tx.conn.execute(f"update {table} set citizen_id = $2 where citizen_id = $1", source, target)
    await tx.conn.execute("update credential set owner = $2 where owner = $1", source, target)
    await tx.conn.execute("delete from link_code where citizen_id = $1", source)
    await tx.conn.execute("delete from idempotency where owner = $1", f"citizen:{source}")
    await tx.conn.execute("delete from citizen where id = $1", source)


def masked_subject(subject: str) -> str:
    """Return a phone number or a channel's id with its middle hidden, as `138****5678`; a short one hides all."""
    if len(subject) < 8:
        return _HIDDEN * len(subject)
    return f"{subject[:3]}{_HIDDEN * 4}{subject[-4:] if subject.isdigit() else ''}"
