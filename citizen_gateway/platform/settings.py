"""Every setting in one frozen value: defaults, then a TOML file, then the environment; later ones win."""

import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from citizen_gateway.platform.failures import StartupError

PREFIX = "CITIZEN_GATEWAY_"
_BARE = ("DATABASE_URL", "REDIS_URL")


class Environment(StrEnum):
    """Where the gateway runs: development allows what would be reckless before citizens."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator may choose. Environment names are the field's, upper case, behind `CITIZEN_GATEWAY_`."""

    environment: Environment = Environment.PRODUCTION
    data: Annotated[str, Meta(description="Folder of the private engines, photos and keys")] = "var"
    pack: Annotated[str, Meta(description="City pack: a folder, or the name of one below cities/")] = "zhengzhou"
    host: Annotated[str, Meta(description="Address HTTP listens on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port HTTP listens on; 0 takes a free one")] = 8000
    processes: Annotated[int, Meta(ge=1, le=64, description="HTTP processes")] = 1
    database_url: Annotated[str | None, Meta(description="PostgreSQL ≥ 15; none: a private one below data")] = None
    redis_url: Annotated[str | None, Meta(description="Valkey or Redis; none: a private one below data")] = None
    blob_url: Annotated[str | None, Meta(description="Where photos are kept (s3://…); none: below data")] = None
    pool_size: Annotated[int, Meta(ge=2, le=200, description="Database connections per process")] = 12
    secret_key: Annotated[str | None, Meta(description="Root of all keys; none: made once below data")] = None
    log_level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$", description="Least level")] = "info"
    log_json: Annotated[bool, Meta(description="Logs as JSON lines, not for the eye")] = True
    report_burst: Annotated[int, Meta(ge=1, description="Reports a citizen may send at once")] = 20
    report_per_hour: Annotated[int, Meta(ge=1, description="Reports a citizen may send in an hour")] = 60
    look_burst: Annotated[int, Meta(ge=1, description="Looks at similar reports at once, and tickets followed")] = 30
    look_per_hour: Annotated[
        int, Meta(ge=1, description="Looks at similar reports and tickets followed in an hour")
    ] = 600
    client_burst: Annotated[int, Meta(ge=1, description="Calls a partner's client may make at once")] = 500
    client_per_hour: Annotated[int, Meta(ge=1, description="Calls a partner's client may make in an hour")] = 100_000
    trusted_proxies: Annotated[str, Meta(description="Networks (a,b,…) whose X-Forwarded-For is believed")] = ""
    password_burst: Annotated[int, Meta(ge=1, description="Passwords tried for one login at once")] = 10
    password_per_hour: Annotated[int, Meta(ge=1, description="Passwords tried for one login in an hour")] = 30
    login_per_hour: Annotated[int, Meta(ge=1, description="Sign-ins from one address in an hour")] = 600

    def __post_init__(self) -> None:
        """Refuse networks that are none; raises `ValueError`."""
        for network in self.proxies:
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError(f"trusted_proxies: {error}") from error

    @property
    def proxies(self) -> tuple[str, ...]:
        """The networks of proxies that are trusted."""
        return tuple(part.strip() for part in self.trusted_proxies.split(",") if part.strip())

    @property
    def development(self) -> bool:
        """Whether development logins and their like are allowed."""
        return self.environment is Environment.DEVELOPMENT

    @property
    def data_dir(self) -> Path:
        """The data folder as an absolute path."""
        return Path(self.data).expanduser().absolute()


def load_settings(environ: Mapping[str, str] | None = None, file: Path | None = None, **overrides: object) -> Settings:
    """Read the settings.

    Raises `StartupError` naming the first setting that is unknown or has a wrong value.
    """
    environ = os.environ if environ is None else environ
    named = environ.get(f"{PREFIX}CONFIG")
    path = file or (Path(named) if named else None)
    merged = (_from_file(path) if path else {}) | _from_environment(environ)
    merged |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise StartupError(f"A setting is wrong: {error}.") from error


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the settings as variables that `load_settings` reads back."""
    return {
        f"{PREFIX}{name.upper()}": str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in msgspec.structs.asdict(settings).items()
        if value is not None
    }


def _from_file(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StartupError(f"The settings file {path} cannot be read: {error}.") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    ours = [key for key in environ if key.startswith(PREFIX)]
    found: dict[str, object] = {key.removeprefix(PREFIX).lower(): environ[key] for key in ours}
    found.pop("config", None)
    return found | {key.lower(): environ[key] for key in _BARE if environ.get(key)}
