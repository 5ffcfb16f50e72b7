"""The bots beside a gateway on one machine: started when a channel is configured, as a process of their own."""

import asyncio
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from citizen_gateway.accounts import client_store, service, store
from citizen_gateway.accounts.model import ApiClient, Channel, CredentialKind, IssuedCredential
from citizen_gateway.accounts.store import Bearer
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.running import Process, Running
from citizen_gateway.kernel.ids import ClientId, uuid7
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.failures import StartupError

_PREFIX = "CITIZEN_BOTS_"
_CHANNELS = (Channel.WECHAT, Channel.TELEGRAM)
_SCOPES = frozenset({Scope.CITIZENS_ACT, Scope.REPORTS_READ})


class Bots(Process):
    """The bots' process."""

    def __init__(self, gateway: Running, environment: dict[str, str]) -> None:
        super().__init__("bots", [], gateway.settings)
        self._command = [sys.executable, "-m", "citizen_bots", "serve"]
        self._given = environment

    def _environment(self) -> dict[str, str]:
        return self._given


@contextmanager
def bots_beside(gateway: Running, environ: Mapping[str, str]) -> Iterator[Running]:
    """Run the bots while inside, where a channel is configured for them; what they lack of settings is given.

    Raises `StartupError` for a settings file of theirs that cannot be read.
    """
    channels = configured(environ)
    if not channels:
        yield gateway
        return
    given = {f"{_PREFIX}GATEWAY_URL": gateway.url, f"{_PREFIX}REDIS_URL": gateway.engines.redis_url}
    for channel in channels:
        name = f"{_PREFIX}{channel.value.upper()}_GATEWAY_KEY"
        if name not in environ and f"{_PREFIX}GATEWAY_KEY" not in environ:
            given[name] = asyncio.run(in_transaction(gateway.engines.database_url, partial(make_key, channel=channel)))
    bots = Bots(gateway, given | dict(environ))
    bots.start()
    try:
        yield msgspec.structs.replace(gateway, processes=(*gateway.processes, bots))
    finally:
        bots.stop()


def configured(environ: Mapping[str, str]) -> tuple[Channel, ...]:
    """Return the channels whose token the bots' settings have."""
    file = environ.get(f"{_PREFIX}CONFIG")
    written = _read(Path(file)) if file else {}
    return tuple(
        channel
        for channel in _CHANNELS
        if environ.get(f"{_PREFIX}{channel.value.upper()}_TOKEN") or written.get(f"{channel.value}_token")
    )


async def make_key(tx: Transaction, channel: Channel) -> str:
    """Make a key for the bots of one channel; the one of the last start ends."""
    name = f"bots beside the gateway, {channel.value}"
    known = await client_store.client_named(tx.conn, name)
    if known is None:
        client = ApiClient(ClientId(uuid7(tx.now)), name, channel, _SCOPES)
        return (await service.add_client(tx, client)).secret
    await store.revoke_all(tx.conn, known.id, tx.now)
    issued: IssuedCredential = await service.issue(tx, Bearer(CredentialKind.CLIENT, known.id, None))
    return issued.secret


def _read(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StartupError(f"The bots' settings file {path} cannot be read: {error}.") from error
