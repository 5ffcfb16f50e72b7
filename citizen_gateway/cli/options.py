"""Options that many commands share, and the settings they come to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from citizen_gateway.platform.settings import Environment, Settings, load_settings

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that stand for settings."""
    for option in (
        click.option("--data", help="Folder of the private engines, photos and keys (default: ./var)."),
        click.option("--host", help="Address HTTP listens on."),
        click.option("--port", type=int, help="Port HTTP listens on; 0 takes a free one."),
        click.option("--processes", type=int, help="HTTP processes."),
        click.option("--pack", help="City pack: a folder, or a name below cities/."),
        click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file (TOML)."),
        click.option("--development", is_flag=True, help="Allow what would be reckless before citizens."),
    ):
        command = option(command)
    return command


def settings_from(*, config: Path | None, development: bool, **given: Any) -> Settings:  # noqa: ANN401 - from click
    """Return the settings with these options. Raises `StartupError`."""
    environment = Environment.DEVELOPMENT if development else None
    return load_settings(file=config, environment=environment, **given)
