"""Use cases of a person: what is kept of them, consent, erasure, and two channels' accounts becoming one.

Each slice says what it keeps of a citizen, in a `privacy` module of its own; here they are asked one after the other.
"""

from datetime import timedelta

from citizen_gateway.accounts import audit
from citizen_gateway.accounts import privacy as accounts
from citizen_gateway.accounts.audit import Concern
from citizen_gateway.city.read_model import City
from citizen_gateway.desk import indexing
from citizen_gateway.intake import privacy as intake
from citizen_gateway.kernel.ids import ALPHABET, CitizenId, readable_secret, uuid7
from citizen_gateway.media import privacy as media
from citizen_gateway.open311 import privacy as open311
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points import privacy as points
from citizen_gateway.privacy import jobs
from citizen_gateway.privacy.errors import LinkCodeUnknown, LinkedToItself
from citizen_gateway.privacy.model import Consent, LinkCode
from citizen_gateway.satisfaction import privacy as satisfaction
from citizen_gateway.tickets import privacy as tickets

CODE_LIVES = timedelta(minutes=10)
_CODE_SIGNS = 9  # four, a hyphen, four: forty bits
_SETTLED_AFTER = timedelta(minutes=1)


async def export(tx: Transaction, vault: Vault, citizen: CitizenId) -> dict[str, object]:
    """Return all that is kept of a citizen (PIPL §45), by kind."""
    kept: dict[str, object] = {}
    kept |= await accounts.export(tx, vault, citizen)
    kept |= await intake.export(tx, citizen)
    kept |= await open311.export(tx, citizen)
    kept |= await media.export(tx, citizen)
    kept |= await points.export(tx, citizen)
    kept |= await satisfaction.export(tx, citizen)
    kept |= await tickets.export(tx, citizen)
    await audit.write(tx, "personal_data.exported", concern=Concern(citizen))
    return kept


async def erase(tx: Transaction, city: City, vault: Vault, citizen: CitizenId) -> None:
    """Let the person go (PIPL §47): the tickets stay, nobody can tell whose they were. Done again it changes nothing.

    A call that was under way at the same moment may still leave something; a job looks again a minute later.
    """
    await tx.conn.execute("select from citizen where id = $1 for update", citizen)
    await _erase(tx, city, vault, citizen)
    await audit.write(tx, "personal_data.erased", concern=Concern(citizen))
    await jobs.SETTLE.enqueue(tx, jobs.Settle(citizen), tx.now + _SETTLED_AFTER)


async def settle(tx: Transaction, city: City, vault: Vault, settle: jobs.Settle) -> None:
    """Erase or move what came while somebody was erased or linked."""
    if settle.target is None:
        await _erase(tx, city, vault, settle.citizen)
    else:
        await _move(tx, city, settle.citizen, settle.target)


async def _erase(tx: Transaction, city: City, vault: Vault, citizen: CitizenId) -> None:
    await open311.erase(tx, citizen)
    concerned, needed = await intake.erase(tx, citizen)
    await satisfaction.erase(tx, citizen)
    await tickets.erase(tx, citizen, concerned)
    await media.erase(tx, citizen, needed)
    await points.erase(tx, citizen)
    await accounts.erase(tx, citizen)
    for ticket in concerned:
        await indexing.index(tx.conn, city, vault, ticket)


async def _move(tx: Transaction, city: City, source: CitizenId, target: CitizenId) -> None:
    await intake.move(tx, source, target)
    await satisfaction.move(tx, source, target)
    await tickets.move(tx, source, target)
    await media.move(tx, source, target)
    await points.move(tx, city, source, target)
    await accounts.move(tx, source, target)


async def consent(tx: Transaction, citizen: CitizenId, policy: str, version: str, *, given: bool) -> Consent:
    """Write down that a citizen agrees to a version of a policy, or no longer does."""
    said = Consent(policy, version, given, tx.now)
    await tx.conn.execute(
        "insert into consent (id, citizen_id, policy, version, given, at) values ($1, $2, $3, $4, $5, $6)",
        uuid7(tx.now),
        citizen,
        policy,
        version,
        given,
        tx.now,
    )
    return said


async def make_link_code(tx: Transaction, vault: Vault, citizen: CitizenId) -> LinkCode:
    """Make a short code that joins another channel's account to this one; the citizen's code before is no good now."""
    code = LinkCode(readable_secret()[:_CODE_SIGNS], tx.now + CODE_LIVES)
    await tx.conn.execute("delete from link_code where citizen_id = $1", citizen)
    await tx.conn.execute(
        "insert into link_code (hash, citizen_id, expires_at) values ($1, $2, $3)",
        _hash(vault, code.code),
        citizen,
        code.expires_at,
    )
    return code


async def link(tx: Transaction, city: City, vault: Vault, caller: CitizenId, typed: str) -> CitizenId:
    """Make the caller's account part of the one that made this code, and return that; the caller's session goes on.

    Typed again by the account that came of it, it answers the same. Raises `LinkCodeUnknown`, `LinkedToItself`.
    """
    row = await tx.conn.fetchrow(
        "select citizen_id, used_at from link_code where hash = $1 and expires_at > $2 for update",
        _hash(vault, typed),
        tx.now,
    )
    if row is None:
        raise LinkCodeUnknown
    target = CitizenId(row["citizen_id"])
    if row["used_at"] is not None:
        if target == caller:
            return target
        raise LinkCodeUnknown
    if target == caller:
        raise LinkedToItself
    await _hold(tx, caller, target)
    await tx.conn.execute("update link_code set used_at = $2 where hash = $1", _hash(vault, typed), tx.now)
    await _move(tx, city, caller, target)
    await audit.write(tx, "accounts.linked", concern=Concern(target))
    await jobs.SETTLE.enqueue(tx, jobs.Settle(caller, target), tx.now + _SETTLED_AFTER)
    return target


async def _hold(tx: Transaction, *citizens: CitizenId) -> None:
    """Keep both accounts as they are until the end. Raises `LinkCodeUnknown` where one of them is gone."""
    held = await tx.conn.fetch("select id from citizen where id = any($1) order by id for update", list(citizens))
    if len(held) < len(citizens):
        raise LinkCodeUnknown


def _hash(vault: Vault, typed: str) -> bytes:
    return vault.index("link:" + "".join(sign for sign in typed.upper() if sign in ALPHABET))
