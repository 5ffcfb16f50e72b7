"""Options of commands: one for each setting."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from citizen_bots.settings import Settings, WrongSettings, load_settings


def all_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for each setting, and `--config` for a file of them."""
    info = msgspec.inspect.type_info(Settings)
    fields = info.fields if isinstance(info, msgspec.inspect.StructType) else ()
    for field in reversed(fields):
        name = f"--{field.name.replace('_', '-')}"
        declared = f"{name}/--no-{name[2:]}" if _is_flag(field.type) else name
        command = click.option(declared, field.name, default=None, help=_description(field.type))(command)
    config = click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file (TOML).")
    return config(command)


def settings_from(config: Path | None, **given: Any) -> Settings:  # noqa: ANN401 - from click
    """Return the settings with these options. Raises `click.ClickException` for what is wrong."""
    try:
        return load_settings(file=config, **given)
    except WrongSettings as error:
        raise click.ClickException(str(error)) from error


def _description(kind: msgspec.inspect.Type) -> str:
    told = kind.extra_json_schema if isinstance(kind, msgspec.inspect.Metadata) else None
    return str((told or {}).get("description", ""))


def _is_flag(kind: msgspec.inspect.Type) -> bool:
    inner = kind.type if isinstance(kind, msgspec.inspect.Metadata) else kind
    return isinstance(inner, msgspec.inspect.BoolType)
