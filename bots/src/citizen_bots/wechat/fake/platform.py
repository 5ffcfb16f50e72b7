"""What WeChat knows and which of its rules we meet: tokens, windows, quotas, files, subscriptions."""

import secrets
import time
from collections import defaultdict, deque
from typing import Any

import msgspec

Json = dict[str, Any]

TOKEN_S = 7200
_OLD_TOKEN_S = 300
_WINDOWS = {"message": (48 * 3600, 5), "action": (60, 3)}
_TEXT_BYTES = 2048


class Errcode(Exception):  # noqa: N818 - what WeChat calls it
    """A refusal by WeChat's code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code)
        self.code, self.text = code, text


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The official account, and where its callbacks go."""

    app_id: str
    secret: str
    token: str
    aes_key: str = ""
    callback: str = ""
    name: str = "gh_0123456789ab"
    patience_s: float = 5.0


class Shown(msgspec.Struct, frozen=True):
    """Something a person saw in the chat; `by` says which way it came."""

    by: str
    text: str
    at: float


class Person(msgspec.Struct):
    """Somebody who follows the account."""

    shown: list[Shown] = []
    until: float = 0
    left: int = 0
    blocked: bool = False
    subscriptions: dict[str, int] = {}
    phone: str = "13800138000"


class Platform:
    """The server's memory."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.people: defaultdict[str, Person] = defaultdict(Person)
        self.media: dict[str, tuple[bytes, str]] = {}
        self.menu: Json = {}
        self.calls: list[str] = []
        self.failures: defaultdict[str, deque[int]] = defaultdict(deque)
        self.codes: dict[str, str] = {}
        self.traces: dict[str, str] = {}
        self.risky: dict[str, str] = {}
        self._ahead = 0.0
        self._token = ("", 0.0)
        self._old_token = ("", 0.0)
        self._message = time.time_ns() // 1000

    def now(self) -> float:
        """Return this server's time, in seconds."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass on this server."""
        self._ahead += seconds

    def next_id(self) -> str:
        """Return an id for a message, greater than all before."""
        self._message += 1
        return str(self._message)

    def stable_token(self, app_id: str, secret: str, *, force: bool) -> Json:
        """Hand out the token: the same one until five minutes before its end, a new one by force."""
        if app_id != self.account.app_id:
            raise Errcode(40013, "invalid appid")
        if secret != self.account.secret:
            raise Errcode(40125, "invalid appsecret")
        token, until = self._token
        if force or until - self.now() < _OLD_TOKEN_S:
            self._old_token = ("", 0.0) if force else (token, self.now() + _OLD_TOKEN_S)
            self._token = (f"{secrets.token_hex(32)}", self.now() + TOKEN_S)
        return {"access_token": self._token[0], "expires_in": int(self._token[1] - self.now())}

    def expire_token(self) -> None:
        """End the token before its time, as somebody else's forced refresh does."""
        self._token = ("", 0.0)

    def check(self, path: str, token: str) -> None:
        """Refuse a call whose token is not valid now, and those that are to fail. Raises `Errcode`."""
        self.calls.append(path)
        if self.failures[path]:
            code = self.failures[path].popleft()
            raise Errcode(code, "made to fail")
        valid = [value for value, until in (self._token, self._old_token) if value and until > self.now()]
        if token not in valid:
            raise Errcode(40001, "invalid credential, access_token is invalid or not latest")

    def opened(self, openid: str, by: str) -> None:
        """Let the account answer somebody who did something: the better of what was and what is new."""
        person, (span, count) = self.people[openid], _WINDOWS[by]
        left = person.left if person.until > self.now() else 0
        person.until, person.left = max(person.until, self.now() + span), max(left, count)

    def show(self, openid: str, by: str, text: str) -> None:
        """Show somebody a message."""
        self.people[openid].shown.append(Shown(by, text, self.now()))

    def customer_message(self, openid: str, text: str) -> None:
        """Send within the window and its quota. Raises `Errcode`."""
        person = self.people[openid]
        if person.blocked:
            raise Errcode(43004, "require subscribe")
        if person.until <= self.now():
            raise Errcode(45015, "response out of time limit or subscription is canceled")
        if person.left <= 0:
            raise Errcode(45047, "out of response count limit")
        if not text or len(text.encode()) > _TEXT_BYTES:
            raise Errcode(45002, "content size out of limit")
        person.left -= 1
        self.show(openid, "customer", text)

    def subscribe_message(self, openid: str, template: str, told: Json) -> None:
        """Send a message that was subscribed to, using the subscription up. Raises `Errcode`."""
        person = self.people[openid]
        if person.blocked or person.subscriptions.get(template, 0) <= 0:
            raise Errcode(43101, "user refuse to accept the msg")
        person.subscriptions[template] -= 1
        lines = [f"{name}: {item.get('value', '')}" for name, item in told.items() if isinstance(item, dict)]
        self.show(openid, f"subscription {template}", "\n".join(lines))
