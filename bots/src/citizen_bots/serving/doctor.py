"""`citizen-bots doctor`: each part of a configuration looked at, and what is wrong said in words."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from citizen_bots.host.channel import Examined
from citizen_bots.host.host import Host
from citizen_bots.serving.app import channel, connected, keys_of
from citizen_bots.serving.options import all_settings, settings_from
from citizen_bots.settings import Settings, WrongSettings
from citizen_bots.texts import catalogues
from citizen_gateway_sdk import APIError, AsyncGateway, GatewayError, models

_NEEDED = ("citizens:act", "reports:read")
_TIMEOUT_S = 10.0


class Finding(msgspec.Struct, frozen=True):
    """One part, whether it is in order, and what was seen."""

    part: str
    ok: bool
    seen: str


Look = Callable[[], Awaitable[str]]


@click.command()
@all_settings
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, config: Path | None, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Check the settings, Valkey, the gateway with its keys, and each channel's platform; nothing is changed."""
    findings = asyncio.run(examine(settings_from(config, **given)))
    if as_json:
        click.echo(msgspec.json.encode(findings).decode())
    else:
        for finding in findings:
            click.echo(f"{'ok   ' if finding.ok else 'wrong'}  {finding.part}: {finding.seen}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


async def examine(settings: Settings) -> list[Finding]:
    """Look at every part."""
    looks: list[tuple[str, Look]] = [
        ("languages", lambda: _say(", ".join(sorted(catalogues())))),
        ("channels", lambda: _channels(settings)),
        ("valkey", lambda: _valkey(settings)),
        *((f"gateway for {name}", _gateway_of(settings, name)) for name in settings.channels),
        *((name, _channel_of(settings, name)) for name in settings.channels),
    ]
    return [await _look(part, look) for part, look in looks]


async def _look(part: str, look: Look) -> Finding:
    try:
        return Finding(part, ok=True, seen=await look())
    except (WrongSettings, OSError) as error:
        return Finding(part, ok=False, seen=str(error))
    except APIError as error:
        return Finding(part, ok=False, seen=f"refused: {error.code}")
    except GatewayError as error:
        return Finding(part, ok=False, seen=f"no answer: {type(error).__name__}")


async def _say(text: str) -> str:
    return text


async def _channels(settings: Settings) -> str:
    if not settings.channels:
        raise WrongSettings("none is configured: give --wechat-token or --telegram-token")
    keys_of(settings)
    return ", ".join(settings.channels)


async def _valkey(settings: Settings) -> str:
    store = await connected(settings)
    try:
        info = await store.valkey.info("server")
        persistence = await store.valkey.info("persistence")
    finally:
        await store.valkey.aclose()
    version = info.get("valkey_version") or info.get("redis_version")
    if not persistence.get("aof_enabled"):
        raise WrongSettings(f"Valkey {version} keeps nothing on disk: set appendonly yes, or messages may be lost")
    return f"Valkey {version}, kept on disk"


def _gateway_of(settings: Settings, name: str) -> Look:
    async def look() -> str:
        key = keys_of(settings)[name]
        async with AsyncGateway(settings.gateway_url, token=key, timeout=_TIMEOUT_S, max_retries=0) as gateway:
            actor = await gateway.sessions.current()
        if actor.channel is not models.Channel(name):
            raise WrongSettings(f"the key speaks for {actor.channel}, not for {name}")
        if missing := [scope for scope in _NEEDED if scope not in actor.scopes]:
            raise WrongSettings(f"the key lacks the scopes {', '.join(missing)}")
        return f"{settings.gateway_url} knows the key as {actor.name}"

    return look


def _channel_of(settings: Settings, name: str) -> Look:
    async def look() -> str:
        store = await connected(settings)
        try:
            made = channel(name, settings, Host(settings, store, {}))
            return await made.examine() if isinstance(made, Examined) else "configured"
        finally:
            await store.valkey.aclose()

    return look
