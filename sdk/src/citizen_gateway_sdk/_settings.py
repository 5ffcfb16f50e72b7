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

    `token` is an API key or the token of a session. Instead of it, `client_id` and `client_secret` (a key) get short
    access tokens by OAuth 2, renewed by themselves. `timeout` is in seconds for each attempt (`httpx2.Timeout` tells
    connecting and reading apart; None waits for ever). `max_retries` counts the attempts after the first. `locale` is
    the language of texts and errors, such as `zh-CN` or `en`.
    """

    token: str | None
    client_id: str | None
    client_secret: str | None
    timeout: Timeout
    max_retries: int
    backoff: Backoff
    locale: str | None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one client, complete and checked."""

    base_url: str
    token: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
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
        if (self.client_id is None) != (self.client_secret is None):
            raise ValueError("client_id and client_secret go together")
        for name in ("token", "client_id", "client_secret", "locale"):
            if (value := getattr(self, name)) is not None:
                header_value(name, value)

    @property
    def gets_tokens(self) -> bool:
        """Whether calls are made with access tokens of OAuth 2."""
        return self.token is None and self.client_id is not None


def settings_of(base_url: str | None, options: ClientOptions) -> Settings:
    """Complete the options of a new client from the environment.

    Reads `CITIZEN_GATEWAY_URL` where no address is given; and where no credential is, `CITIZEN_GATEWAY_TOKEN`, or
    `CITIZEN_GATEWAY_CLIENT_ID` and `CITIZEN_GATEWAY_CLIENT_SECRET`. Raises `ValueError` for
    an address that is none.
    """
    address = base_url or os.environ.get("CITIZEN_GATEWAY_URL", "")
    return changed(Settings(base_url=_checked(address)), _credential_of_environment(options) | options)


def _credential_of_environment(options: ClientOptions) -> ClientOptions:
    if "token" in options or "client_id" in options or "client_secret" in options:
        return {}
    found = {name: os.environ.get(f"CITIZEN_GATEWAY_{name.upper()}") for name in ("client_id", "client_secret")}
    if token := os.environ.get("CITIZEN_GATEWAY_TOKEN"):
        return {"token": token}
    if found["client_id"] and found["client_secret"]:
        return {"client_id": found["client_id"], "client_secret": found["client_secret"]}
    return {}


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
