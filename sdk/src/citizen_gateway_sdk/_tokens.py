"""The access token of a client that has an id and a secret: asked for when needed, and anew before it ends."""

import base64
from urllib.parse import quote_plus
from uuid import uuid4

import msgspec

from citizen_gateway_sdk._call import USER_AGENT, Call, Operation
from citizen_gateway_sdk._settings import Settings

_EARLY_S = 60.0


class TokenAnswer(msgspec.Struct, frozen=True):
    """An access token (RFC 6749 §5.1)."""

    access_token: str
    expires_in: float = 0.0


ISSUE_TOKEN = Operation("issueToken", "POST", "/oauth2/token", TokenAnswer)


class Tokens:
    """Keeps the token of one client for all who share its connections."""

    def __init__(self) -> None:
        self._token: str | None = None
        self._until = 0.0

    def current(self, now: float) -> str | None:
        """Return the token where it is good for a while yet; `now` is of any clock that does not go back."""
        return self._token if now < self._until else None

    def keep(self, answer: TokenAnswer, now: float) -> str:
        """Keep a new token and return it."""
        self._token = answer.access_token
        self._until = now + max(answer.expires_in - _EARLY_S, answer.expires_in / 2)
        return answer.access_token

    def forget(self, token: str) -> None:
        """Use a token no more that was refused."""
        if self._token == token:
            self._token = None
            self._until = 0.0

    def __repr__(self) -> str:
        return "Tokens(…)"


def token_call(settings: Settings) -> Call:
    """Return the request for a token (RFC 6749 §4.4), as the client says who it is by its header."""
    pair = f"{quote_plus(settings.client_id or '')}:{quote_plus(settings.client_secret or '')}"
    request_id = str(uuid4())
    return Call(
        method=ISSUE_TOKEN.method,
        url=settings.base_url + ISSUE_TOKEN.path,
        query={},
        headers={
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Request-Id": request_id,
        },
        content=b"grant_type=client_credentials",
        upload=None,
        timeout=settings.timeout,
        max_retries=settings.max_retries,
        request_id=request_id,
        name=f"{ISSUE_TOKEN.method} {ISSUE_TOKEN.path}",
    )


def authorised(call: Call, token: str) -> Call:
    """Return a call with this token."""
    return msgspec.structs.replace(call, headers=call.headers | {"Authorization": f"Bearer {token}"})
