"""Long polling: one process asks Telegram for updates, and goes on only behind those that are kept."""

import asyncio
import secrets

import structlog
from aiogram import Bot
from aiogram.types import Update
from redis.asyncio import Redis
from redis.exceptions import RedisError

from citizen_bots.telegram.client import TIMEOUT_S, ApiAway, ApiBusy, ApiRefused, GetRawUpdates
from citizen_bots.telegram.intake import ALLOWED, Intake

_log = structlog.get_logger(__name__)

_POLL_S = 8
_LEASE_MS = 20_000
_MOST_TRIES = 3
_AFTER_FAILURE_S = 2.0
_AFTER_REFUSAL_S = 15.0


class Polling:
    """The polling of one bot; of all processes the one with the lease does it."""

    LEASE = "{bots}:telegram:polling"

    def __init__(self, bot: Bot, intake: Intake, valkey: Redis) -> None:
        self._bot, self._intake, self._valkey = bot, intake, valkey
        self._token = secrets.token_hex(8)
        self._offset = 0
        self._failures = 0
        self._asked_to_stop_webhook = False

    async def run(self) -> None:
        """Poll until cancelled."""
        try:
            while True:
                wait = await self._try()
                await asyncio.sleep(wait)
        finally:
            if await self._holder() == self._token:
                await self._valkey.delete(self.LEASE)

    async def _try(self) -> float:
        """Poll once; return how long to wait before the next time."""
        try:
            if not await self._leads():
                return _AFTER_FAILURE_S
            return await self._poll()
        except ApiBusy as busy:
            return busy.wait.total_seconds()
        except ApiRefused as refusal:
            _log.error("telegram_polling_refused", code=refusal.code)
            self._asked_to_stop_webhook = False
            return _AFTER_REFUSAL_S
        except (ApiAway, RedisError) as error:
            _log.warning("telegram_polling_failed", error=type(error).__name__)
            return _AFTER_FAILURE_S
        except Exception:  # noqa: BLE001 - a mistake of ours, logged where it was made, must not end the polling
            return _AFTER_FAILURE_S

    async def _poll(self) -> float:
        if not self._asked_to_stop_webhook:
            await self._bot.delete_webhook(drop_pending_updates=False)
            self._asked_to_stop_webhook = True
        asked = GetRawUpdates(offset=self._offset, timeout=_POLL_S, allowed_updates=ALLOWED)
        found = await self._bot(asked, request_timeout=_POLL_S + TIMEOUT_S)
        for told in found:
            if update := self._intake.read(told):
                await self._take(update)
            self._offset = _number(told, self._offset - 1) + 1
        return _AFTER_FAILURE_S if found and _number(found[-1], -1) < 0 else 0.0

    async def _take(self, update: Update) -> None:
        """Take an update in; one upon which the bots fail for the third time is passed over, and the log has it."""
        try:
            await self._intake.take(update)
        except RedisError:
            raise
        except Exception:
            self._failures += 1
            _log.exception("telegram_update_failed", update=update.update_id, tries=self._failures)
            if self._failures < _MOST_TRIES:
                raise
        self._failures = 0

    async def _leads(self) -> bool:
        if await self._valkey.set(self.LEASE, self._token, nx=True, px=_LEASE_MS):
            return True
        if await self._holder() != self._token:
            return False
        return bool(await self._valkey.pexpire(self.LEASE, _LEASE_MS))

    async def _holder(self) -> str:
        found = await self._valkey.get(self.LEASE)
        return found.decode() if isinstance(found, bytes) else found or ""


def _number(told: object, otherwise: int) -> int:
    """Return the number of an update that may be none; the next one that has a number lets it be passed over."""
    number = told.get("update_id") if isinstance(told, dict) else None
    return number if isinstance(number, int) else otherwise
