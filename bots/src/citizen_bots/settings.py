"""Every setting of the bots in one frozen value: defaults, then a TOML file, the environment, the command line."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

PREFIX = "CITIZEN_BOTS_"
_BARE = ("REDIS_URL",)
LEASE_S = 15.0
"""Longer than any one call to a platform, so that what is being sent is not sent by another process too."""


class WrongSettings(Exception):  # noqa: N818 - named by what happened
    """Settings that cannot be used; the text names the first that is wrong, never its value."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator may choose. Environment names are the field's, upper case, behind `CITIZEN_BOTS_`."""

    host: Annotated[str, Meta(description="Address the platforms' calls come in at")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port of it")] = 8080
    processes: Annotated[int, Meta(ge=1, le=64, description="Processes that serve")] = 1
    redis_url: Annotated[str | None, Meta(description="Valkey or Redis: what is kept of chats")] = None
    gateway_url: Annotated[str, Meta(pattern="^https?://", description="Where the city's gateway is")] = (
        "http://127.0.0.1:8000"
    )
    gateway_key: Annotated[str | None, Meta(description="API key with citizens:act, of the channel's client")] = None
    log_level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$", description="Least level")] = "info"
    log_json: Annotated[bool, Meta(description="Logs as JSON lines, not for the eye")] = True

    quiet_from: Annotated[int, Meta(ge=0, le=23, description="Hour from which nothing is sent unasked")] = 22
    quiet_to: Annotated[int, Meta(ge=0, le=23, description="Hour until which; the same: at any time")] = 7
    lease_s: Annotated[
        float, Meta(ge=1, description="Seconds until a dead process's work is another's; a send takes 10")
    ] = LEASE_S
    notice_gather_s: Annotated[float, Meta(ge=0, description="How long news is gathered into one message")] = 10.0

    wechat_gateway_key: Annotated[str | None, Meta(description="API key of the WeChat client, where it differs")] = None
    wechat_token: Annotated[str | None, Meta(description="Token of the official account's server settings")] = None
    wechat_aes_key: Annotated[str | None, Meta(description="EncodingAESKey; none: plain mode")] = None
    wechat_app_id: Annotated[str | None, Meta(description="AppID of the official account")] = None
    wechat_secret: Annotated[str | None, Meta(description="AppSecret; none: replies only, no media")] = None
    wechat_api_url: Annotated[str, Meta(pattern="^https?://", description="Where WeChat's API is")] = (
        "https://api.weixin.qq.com"
    )
    wechat_subscription_template: Annotated[
        str | None, Meta(description="Template of one-time subscriptions (bizsend) for news")
    ] = None
    wechat_news_template: Annotated[str | None, Meta(description="Template message for news; none: not used")] = None
    wechat_template_fields: Annotated[
        str, Meta(description="The templates' fields for the ticket's number, what happened, and when")
    ] = "character_string1 thing2 time3"
    wechat_accept_plain: Annotated[bool, Meta(description="Take unencrypted calls although there is an AES key")] = (
        False
    )
    wechat_max_age_s: Annotated[int, Meta(ge=0, description="Oldest call that is worked; 0: any")] = 600
    wechat_patience_s: Annotated[float, Meta(gt=0, le=4.8, description="Longest wait before an empty answer")] = 4.5

    miniprogram_app_id: Annotated[str | None, Meta(description="AppID of the mini-program, where there is one")] = None
    miniprogram_secret: Annotated[str | None, Meta(description="AppSecret of the mini-program")] = None
    miniprogram_gateway_key: Annotated[str | None, Meta(description="API key of the mini-program's client")] = None

    telegram_gateway_key: Annotated[str | None, Meta(description="API key of the Telegram client, likewise")] = None
    telegram_token: Annotated[str | None, Meta(description="Token of the bot, from BotFather")] = None
    telegram_secret: Annotated[str | None, Meta(description="Secret token of the webhook; none: polling")] = None
    telegram_api_url: Annotated[str, Meta(pattern="^https?://", description="Where the Bot API is")] = (
        "https://api.telegram.org"
    )

    telegram_app_max_age_s: Annotated[int, Meta(ge=1, description="Oldest initData of the web app that is taken")] = (
        3600
    )

    def key_of(self, channel: str) -> str | None:
        """Return the API key with which a channel's citizens are acted for."""
        own: str | None = getattr(self, f"{channel}_gateway_key", None)
        return own or self.gateway_key

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that are configured."""
        tokens = {"wechat": self.wechat_token, "telegram": self.telegram_token}
        return tuple(name for name, token in tokens.items() if token)


def load_settings(environ: Mapping[str, str] | None = None, file: Path | None = None, **overrides: object) -> Settings:
    """Read the settings. Raises `WrongSettings`."""
    environ = os.environ if environ is None else environ
    named = environ.get(f"{PREFIX}CONFIG")
    path = file or (Path(named) if named else None)
    merged = (_from_file(path) if path else {}) | _from_environment(environ)
    merged |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise WrongSettings(f"A setting is wrong: {error}.") from error


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
        raise WrongSettings(f"The settings file {path} cannot be read: {error}.") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    ours = [key for key in environ if key.startswith(PREFIX)]
    found: dict[str, object] = {key.removeprefix(PREFIX).lower(): environ[key] for key in ours}
    found.pop("config", None)
    return {key.lower(): environ[key] for key in _BARE if environ.get(key)} | found
