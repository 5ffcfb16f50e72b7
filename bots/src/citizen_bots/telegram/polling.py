"""Long polling: one process asks Telegram for updates, and goes on only behind those that are kept."""

import asyncio
import secrets

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from citizen_bots.telegram.client import ApiAway, ApiBusy, ApiRefused, BotApi
from citizen_bots.telegram.intake import Intake
from citizen_bots.telegram.updates import ALLOWED, Update, read

_log = structlog.get_logger(__name__)

_POLL_S = 8
_LEASE_MS = 20_000
_MOST_TRIES = 3
_AFTER_FAILURE_S = 2.0
_AFTER_REFUSAL_S = 15.0


class _Numbered(msgspec.Struct):
    update_id: int


class Polling:
    """The polling of one bot; of all processes the one with the lease does it."""

    LEASE = "{bots}:telegram:polling"

    def __init__(self, api: BotApi, intake: Intake, valkey: Redis) -> None:
        self._api, self._intake, self._valkey = api, intake, valkey
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
            await self._poll()
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
        return 0.0

    async def _poll(self) -> None:
        if not self._asked_to_stop_webhook:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
            self._asked_to_stop_webhook = True
        for raw in await self._api.updates(self._offset, ALLOWED, _POLL_S):
            update = read(raw)
            if update is None:
                _log.warning("telegram_update_dropped", reason="unreadable")
            else:
                await self._take(update)
            self._offset = msgspec.json.decode(raw, type=_Numbered).update_id + 1

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
