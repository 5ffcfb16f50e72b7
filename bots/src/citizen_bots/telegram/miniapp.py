"""Who opened the city's web app inside Telegram: `initData`, checked by the bot's token.

Source: core.telegram.org/bots/webapps, validating data received via the Mini App. aiogram's `check_webapp_signature`
takes the last of doubled fields, leaves empty ones out of what was signed, and fails upon a hash that is not ASCII.
"""

import hmac
from hashlib import sha256
from urllib.parse import parse_qsl

from aiogram.utils.web_app import WebAppUser
from pydantic import ValidationError

_AHEAD_S = 60
"""How far Telegram's clock may be before ours."""


class NotTelegrams(Exception):  # noqa: N818 - named by what happened
    """Data that Telegram did not sign for this bot, or too long ago; the text says which."""


def user_of(init_data: str, token: str, now: float, most_s: int) -> WebAppUser:
    """Return who opened the app; `now` in seconds, `most_s` the oldest data that is taken. Raises `NotTelegrams`."""
    try:
        fields = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=64)
    except ValueError as error:
        raise NotTelegrams("form") from error
    told = dict(fields)
    given = told.pop("hash", "")
    if len(told) + 1 != len(fields):
        raise NotTelegrams("form")
    lines = "\n".join(f"{name}={told[name]}" for name in sorted(told))
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    right = hmac.new(key, lines.encode("utf-8", "replace"), sha256).hexdigest()
    if not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
        raise NotTelegrams("hash")
    if not _is_fresh(told.get("auth_date", ""), now, most_s):
        raise NotTelegrams("auth_date")
    try:
        return WebAppUser.model_validate_json(told.get("user", ""))
    except ValidationError:
        raise NotTelegrams("user") from None


def _is_fresh(auth_date: str, now: float, most_s: int) -> bool:
    if not (auth_date.isascii() and auth_date.isdigit() and len(auth_date) <= 12):
        return False
    return -_AHEAD_S <= now - int(auth_date) <= most_s
