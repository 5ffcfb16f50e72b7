"""How a client behaves: said once, changed by `with_options`."""

import os
from typing import TypedDict

import httpx2
import msgspec

from citizen_gateway_sdk._retry import Backoff

Timeout = float | httpx2.Timeout | None

DEFAULT_TIMEOUT = httpx2.Timeout(30.0, connect=5.0)


class ClientOptions(TypedDict, total=False):
    """What a client may be told when it is made, and told differently by `with_options`.

    `token` is an API key or the token of a session. `timeout` is in seconds for each attempt (`httpx2.Timeout` tells
    connecting and reading apart; None waits for ever). `max_retries` counts the attempts after the first. `locale` is
    the language of texts and errors, such as `zh-CN` or `en`.
    """

    token: str | None
    timeout: Timeout
    max_retries: int
    backoff: Backoff
    locale: str | None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one client, complete and checked."""

    base_url: str
    token: str | None = None
    timeout: Timeout = DEFAULT_TIMEOUT
    max_retries: int = 2
    backoff: Backoff = Backoff()
    locale: str | None = None

    def __repr__(self) -> str:
        return f"Settings({self.base_url!r})"

    def __post_init__(self) -> None:
        """Refuse what no call could use; raises `ValueError`."""
        if self.max_retries < 0:
            raise ValueError("max_retries is a number of attempts: 0 or more")
        for name, value in (("token", self.token), ("locale", self.locale)):
            if value is not None:
                header_value(name, value)


def settings_of(base_url: str | None, options: ClientOptions) -> Settings:
    """Complete the options of a new client from the environment.

    Reads `CITIZEN_GATEWAY_URL` and `CITIZEN_GATEWAY_TOKEN` where no address or token is given. Raises `ValueError` for
    an address that is none.
    """
    address = base_url or os.environ.get("CITIZEN_GATEWAY_URL", "")
    token = os.environ.get("CITIZEN_GATEWAY_TOKEN") or None
    return changed(Settings(base_url=_checked(address), token=token), options)


def changed(settings: Settings, options: ClientOptions) -> Settings:
    """Return the settings with these options instead."""
    return msgspec.structs.replace(settings, **options)


def header_value(name: str, value: str) -> str:
    """Return the value if a header can carry it; the `ValueError` does not repeat it, since it may be secret."""
    if not value or not value.isascii() or not value.isprintable():
        raise ValueError(f"{name} must be printable ASCII and not empty")
    return value


def _checked(address: str) -> str:
    if not address:
        raise ValueError("say where the gateway is: Gateway('https://…'), or set CITIZEN_GATEWAY_URL")
    try:
        url = httpx2.URL(address)
    except httpx2.InvalidURL as error:
        raise ValueError(f"the address of the gateway cannot be read: {error}") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(
            f"{url.copy_with(userinfo=b'')} is no address of a gateway: it begins with https:// or http://"
        )
    if url.userinfo or url.query or url.fragment:
        raise ValueError("the address carries no user, query or fragment; give the credential as token=…")
    return str(url).rstrip("/")
