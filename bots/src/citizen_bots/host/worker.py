"""Works a citizen's messages off, one at a time, whoever else tries to."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

import structlog

from citizen_bots.conversation import (
    Button,
    Content,
    Gateway,
    Reply,
    Several,
    State,
    Turn,
    converse,
    danger_warning,
    dump,
    load,
)
from citizen_bots.host.channel import Outgoing, Who
from citizen_bots.host.store import Entry, Store, Work, now_ms
from citizen_bots.texts import DEFAULT_LOCALE, Translator, catalogues

GROUP_MS = 1_000
"""How long an album is waited for after its last part."""
_MOST_TRIES = 3
_AFTER_FAILURE_MS = 1_000
_LONGEST_AWAY_MS = 15_000

_log = structlog.get_logger(__name__)


class Watched(Gateway, Protocol):
    """A gateway that tells whether it was away."""

    was_away: bool


GatewayOf = Callable[[Who, str], Watched]
Answered = Callable[[Who, str], None]
Posted = Callable[[Who], None]


class Worker:
    """The work of one process. `answered` hears of each message that has an answer, `posted` of each full outbox."""

    def __init__(self, store: Store, gateway_of: GatewayOf, answered: Answered, posted: Posted) -> None:
        self._store = store
        self._gateway_of = gateway_of
        self._answered = answered
        self._posted = posted

    async def work(self, who: Who) -> None:
        """Work off all that a citizen sent, unless another process is at it."""
        token = secrets.token_hex(8)
        work = await self._store.begin(who, token)
        if work is None:
            return
        keeping = asyncio.create_task(self._keep_lease(who, token))
        try:
            while work is not None:
                work = await self._next(who, work)
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def _keep_lease(self, who: Who, token: str) -> None:
        while True:
            await asyncio.sleep(self._store.lease_s / 3)
            await self._store.renew(who, token)

    async def _next(self, who: Who, work: Work) -> Work | None:
        """Work the first message; return what is left, or None when the lease is given back."""
        if not work.entries:
            await self._store.rest(who, work, now_ms(), None, ())
            return None
        done = _first(work.entries)
        last = done[-1]
        if last.group and last.at + GROUP_MS > now_ms():
            await self._store.rest(who, work, last.at + GROUP_MS, None, ())
            return None
        state = load(work.state) if work.state else State(locale=_locale(last.locale))
        gateway = self._gateway_of(who, state.locale)
        try:
            changed, replies = await converse(state, _turn(done), gateway)
        except Exception:  # noqa: BLE001 - whatever failed, the citizen is answered and the log has it
            return await self._failed(who, work, done, state)
        if gateway.was_away:
            await self._wait_for_gateway(who, work, done[-1], state)
            return None
        return await self._commit(who, work, done, changed, replies)

    async def _commit(
        self, who: Who, work: Work, done: Sequence[Entry], state: State, replies: Sequence[Reply]
    ) -> Work | None:
        messages = _messages(done[-1].id, state.locale, replies)
        committed = await self._store.commit(who, work, done, dump(state), messages)
        if committed is None:
            _log.warning("lease_lost", channel=who.channel, update=done[-1].id)
            return None
        waited, rest = committed
        for entry in done:
            self._answered(who, entry.id)
        if messages and not waited:
            self._posted(who)
        return rest if rest.entries else None

    async def _failed(self, who: Who, work: Work, done: Sequence[Entry], state: State) -> Work | None:
        """Try again after a mistake of ours; a message that fails for the third time is given up, and that is said."""
        tries = await self._store.failed(who)
        _log.exception("turn_failed", channel=who.channel, update=done[-1].id, tries=tries)
        if tries < _MOST_TRIES:
            await self._store.rest(who, work, now_ms() + _AFTER_FAILURE_MS, None, ())
            return None
        t = Translator(state.locale)
        sorry = Reply(
            t("Something went wrong here, and your last message was not understood. Please say it in another way."),
            (Button("help", t("Help")),),
        )
        return await self._commit(who, work, done, state, (sorry,))

    async def _wait_for_gateway(self, who: Who, work: Work, entry: Entry, state: State) -> None:
        """Keep the message until the gateway answers, and tell the citizen so once."""
        times = await self._store.away(who)
        wait = min(1_000 * 2 ** min(times, 5), _LONGEST_AWAY_MS)
        t = Translator(state.locale)
        told = Reply(
            t(
                "The city's gateway does not answer at the moment. What you sent is kept here and goes on by itself "
                "as soon as it can; you need not send it again."
            )
        )
        warning = danger_warning(entry.content, state.locale)
        replies = (warning, told) if warning else (told,)
        messages = _messages(f"{entry.id}-away", state.locale, replies, entry.id) if times == 1 else ()
        await self._store.rest(who, work, now_ms() + wait, entry, messages)
        self._answered(who, entry.id)
        if messages:
            self._posted(who)


def _first(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries that make the next turn: one, or all of an album."""
    group = entries[0].group
    if not group:
        return entries[:1]
    count = next((number for number, entry in enumerate(entries) if entry.group != group), len(entries))
    return entries[:count]


def _turn(done: Sequence[Entry]) -> Turn:
    at = datetime.fromtimestamp(done[-1].at / 1000, UTC)
    if len(done) == 1:
        return Turn(done[0].id, done[0].content, at)
    return Turn(done[0].id, Several(tuple(part for entry in done for part in _parts(entry.content))), at)


def _parts(content: Content) -> tuple[Content, ...]:
    """Return what was sent with one part of an album: the photo and the words below it."""
    return content.parts if isinstance(content, Several) else (content,)


def _locale(locale: str) -> str:
    return locale if locale in catalogues() else DEFAULT_LOCALE


def _messages(name: str, locale: str, replies: Sequence[Reply], update: str = "") -> tuple[Outgoing, ...]:
    made, first = [], 1
    for number, reply in enumerate(replies):
        made.append(Outgoing(f"{name}/{number}", reply, update or name, locale=locale, first=first))
        first += len(reply.buttons)
    return tuple(made)
