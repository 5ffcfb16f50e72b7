"""One attempt: a message to a receiver who may be slow, lie, or send garbage."""

import asyncio
import time
from email.utils import parsedate_to_datetime

import httpx2

from citizen_gateway.partners.webhooks.addresses import ForbiddenAddressError, resolve
from citizen_gateway.partners.webhooks.model import ANSWER_SIGNS, Outcome

TIMEOUT_S = 10.0
_ANSWER_BYTES = 16 * 1024
_AGENT = "citizen-gateway-webhooks/1"


class Sender:
    """Sends messages; connects to the very address it looked up, follows no redirect, and reads little."""

    def __init__(self, *, development: bool, timeout_s: float = TIMEOUT_S) -> None:
        self._development, self._timeout_s = development, timeout_s
        self._http = httpx2.AsyncClient(
            timeout=timeout_s,
            follow_redirects=False,
            trust_env=False,
            limits=httpx2.Limits(max_connections=400, max_keepalive_connections=0),
        )

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Outcome:
        """Make one attempt; whatever the receiver does, it ends in time and with an outcome."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self._timeout_s):
                status, answer, retry_after = await self._attempt(httpx2.URL(url), headers, body)
        except ForbiddenAddressError as error:
            return Outcome(None, str(error), _since(began), forbidden=True)
        except TimeoutError:
            return Outcome(None, f"no answer within {self._timeout_s:.0f} seconds", _since(began))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as error:
            return Outcome(None, f"{type(error).__name__}: {error}"[:ANSWER_SIGNS], _since(began))
        return Outcome(status, None, _since(began), answer, retry_after)

    async def _attempt(self, url: httpx2.URL, headers: dict[str, str], body: bytes) -> tuple[int, str, float | None]:
        port = url.port or (443 if url.scheme == "https" else 80)
        address = await resolve(url.host, port, development=self._development)
        request = self._http.build_request(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers=headers | {"Host": url.netloc.decode(), "Content-Type": "application/json", "User-Agent": _AGENT},
            extensions={"sni_hostname": url.host},
        )
        response = await self._http.send(request, stream=True)
        try:
            answer = await _beginning(response)
            return response.status_code, answer, _seconds(response.headers.get("Retry-After"))
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


async def _beginning(response: httpx2.Response) -> str:
    """Return the beginning of an answer as text; one that breaks off or cannot be unpacked is still an answer."""
    found = b""
    try:
        async for chunk in response.aiter_raw():
            found += chunk
            if len(found) >= _ANSWER_BYTES:
                break
    except httpx2.HTTPError:
        return "(the answer broke off)"
    return found[:_ANSWER_BYTES].decode(errors="replace").replace("\0", "")[:ANSWER_SIGNS]


def _seconds(header: str | None) -> float | None:
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return float(header.strip()[:9])
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())


def _since(began: float) -> int:
    return int((time.perf_counter() - began) * 1000)
