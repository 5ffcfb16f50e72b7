"""The Bot API, as far as it is needed: every call has a timeout, every refusal a type."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx2
import msgspec

_TIMEOUT_S = 10.0

Json = dict[str, Any]


class ApiAway(Exception):  # noqa: N818 - named by what happened
    """Telegram did not answer, or failed; a message may or may not have been sent."""


class ApiBusy(Exception):  # noqa: N818 - likewise
    """Telegram wants to be asked again later."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


class ApiRefused(Exception):  # noqa: N818 - likewise
    """Telegram said no."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(code)
        self.code, self.why = code, why


class TooLong(Exception):  # noqa: N818 - likewise
    """A file of more bytes than are wanted of one."""


class _Parameters(msgspec.Struct):
    retry_after: int = 1


class _Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


class BotApi:
    """The API of one bot."""

    def __init__(self, http: httpx2.AsyncClient, url: str, token: str) -> None:
        self._http = http
        self._calls = f"{url.rstrip('/')}/bot{token}"
        self._files = f"{url.rstrip('/')}/file/bot{token}"

    async def call(self, method: str, parameters: Json | None = None, patience_s: float = _TIMEOUT_S) -> Any:  # noqa: ANN401 - JSON
        """Call a method and return its result. Raises `ApiAway`, `ApiBusy` and `ApiRefused`."""
        return msgspec.json.decode(await self._result(method, parameters, patience_s))

    async def updates(self, offset: int, allowed: Sequence[str], timeout_s: int) -> list[msgspec.Raw]:
        """Wait for updates from `offset` on; each is returned as it came. Raises as `call`."""
        asked = {"offset": offset, "timeout": timeout_s, "allowed_updates": list(allowed)}
        raw = await self._result("getUpdates", asked, timeout_s + _TIMEOUT_S)
        return msgspec.json.decode(raw, type=list[msgspec.Raw])

    async def file(self, file_id: str, most_bytes: int) -> bytes:
        """Fetch a file. Raises `TooLong`, and as `call`."""
        told = await self.call("getFile", {"file_id": file_id})
        if told.get("file_size", 0) > most_bytes:
            raise TooLong
        return await self._download(str(told.get("file_path", "")), most_bytes)

    async def _result(self, method: str, parameters: Json | None, patience_s: float) -> msgspec.Raw:
        try:
            response = await self._http.post(
                f"{self._calls}/{method}",
                content=msgspec.json.encode(parameters or {}),
                headers={"content-type": "application/json"},
                timeout=patience_s,
            )
            answer = msgspec.json.decode(response.content, type=_Answer)
        except (httpx2.RequestError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ApiAway from error
        if answer.ok:
            return answer.result
        if answer.error_code == 429:
            raise ApiBusy(timedelta(seconds=max(1, answer.parameters.retry_after)))
        if answer.error_code >= 500:
            raise ApiAway
        raise ApiRefused(answer.error_code, answer.description)

    async def _download(self, path: str, most_bytes: int) -> bytes:
        parts, size = [], 0
        try:
            async with self._http.stream("GET", f"{self._files}/{path}", timeout=_TIMEOUT_S) as response:
                if response.status_code != 200:
                    raise ApiRefused(response.status_code, "file")
                async for part in response.aiter_bytes():
                    size += len(part)
                    if size > most_bytes:
                        raise TooLong
                    parts.append(part)
        except httpx2.RequestError as error:
            raise ApiAway from error
        return b"".join(parts)
