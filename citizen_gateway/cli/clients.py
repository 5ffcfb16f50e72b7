"""Partners' systems and their keys."""

from collections.abc import Sequence
from datetime import timedelta

import click
import msgspec

from citizen_gateway.accounts import client_store
from citizen_gateway.accounts.model import ApiClient, Channel, IssuedCredential
from citizen_gateway.cli.accounts import once
from citizen_gateway.cli.options import as_json as json_option
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import ClientId, uuid7
from citizen_gateway.partners.clients import service
from citizen_gateway.partners.clients.schema import ClientView
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import Transaction

_days = click.option("--days", type=click.IntRange(1, 3650), help="Days until the key expires; none: it does not.")


@click.group()
def client() -> None:
    """Partners' systems."""


@client.command("create")
@click.argument("name")
@click.option("--channel", type=click.Choice([channel.value for channel in Channel]), default=Channel.PARTNER.value)
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice([scope.value for scope in Scope]))
@click.option("--department", "departments", multiple=True, help="Department whose tickets it may work on.")
@click.option("--address", "addresses", multiple=True, help="Address or network it may call from; none: anywhere.")
@click.option("--sandbox", is_flag=True, help="With data of its own, which nobody else sees.")
@_days
@json_option
def create(
    *,
    name: str,
    channel: str,
    scopes: Sequence[str],
    departments: Sequence[str],
    addresses: Sequence[str],
    sandbox: bool,
    days: int | None,
    as_json: bool,
) -> None:
    """Add a partner's client and print its key, this once. Needs DATABASE_URL."""

    async def add(tx: Transaction) -> IssuedCredential:
        partner = ApiClient(
            id=ClientId(uuid7(tx.now)),
            name=name,
            channel=Channel(channel),
            scopes=frozenset(Scope(scope) for scope in scopes),
            departments=frozenset(departments),
            addresses=tuple(addresses),
            sandbox=sandbox,
        )
        return await service.add(tx, partner, tx.now + timedelta(days=days) if days else None)

    _print_key(name, once(add), as_json=as_json)


@client.command("list")
@click.option("--key-prefix", help="Only whose key begins so: whose is a leaked one?")
@json_option
def list_clients(*, key_prefix: str | None, as_json: bool) -> None:
    """List clients with their keys. Needs DATABASE_URL."""

    async def find(tx: Transaction) -> list[ClientView]:
        return await service.all_of(tx, key_prefix)

    found = once(find)
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for one in found:
        click.echo(f"{one.name} ({one.channel}{'' if one.active else ', not active'}): {', '.join(one.scopes)}")
        for key in one.keys:
            ended = f"revoked {key.revoked_at:%F}" if key.revoked_at else f"until {key.expires_at or 'revoked'}"
            click.echo(f"  {key.prefix}…  made {key.created_at:%F}, {ended}")


@client.command("rotate")
@click.argument("name")
@click.option("--overlap-hours", type=click.IntRange(0, 2160), default=24, show_default=True)
@_days
@json_option
def rotate(*, name: str, overlap_hours: int, days: int | None, as_json: bool) -> None:
    """Make a new key and print it, this once; those before it are good for the overlap. Needs DATABASE_URL."""

    async def make(tx: Transaction) -> IssuedCredential:
        return await service.rotate(tx, (await _named(tx, name)).id, overlap=timedelta(hours=overlap_hours), days=days)

    _print_key(name, once(make), as_json=as_json)


@client.command("revoke")
@click.argument("name")
@click.argument("prefix")
def revoke(name: str, prefix: str) -> None:
    """End a key, named by how it begins, with all tokens of its client. Needs DATABASE_URL."""

    async def end(tx: Transaction) -> None:
        await service.revoke(tx, (await _named(tx, name)).id, prefix)

    once(end)
    click.echo(f"{name}: {prefix[:10]}… is revoked")


async def _named(tx: Transaction, name: str) -> ApiClient:
    found = await client_store.client_named(tx.conn, name)
    if found is None:
        raise NotFound(what="client")
    return found


def _print_key(name: str, issued: IssuedCredential, *, as_json: bool) -> None:
    shown = {"client": name, "id": issued.owner, "key": issued.secret, "expires_at": issued.expires_at}
    click.echo(msgspec.json.encode(shown).decode() if as_json else f"{name}: {issued.secret}")
