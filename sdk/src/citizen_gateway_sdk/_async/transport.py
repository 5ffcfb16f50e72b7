"""Sends calls: attempts, pauses and answers."""

import logging
import random
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from time import monotonic, perf_counter
from typing import TypeVar, Unpack

import httpx2
import msgspec

from citizen_gateway_sdk._answers import is_answer, read_failure, read_success, request_id_of
from citizen_gateway_sdk._call import Call, Inputs, Operation, ReadOptions, WriteOptions, prepare
from citizen_gateway_sdk._failures import APIError, ConnectionFailed, GatewayError, TimedOut, UnreadableAnswer
from citizen_gateway_sdk._pause import async_pause
from citizen_gateway_sdk._quiet import addresses_unlogged
from citizen_gateway_sdk._retry import RETRIED_STATUSES
from citizen_gateway_sdk._settings import Settings
from citizen_gateway_sdk._tokens import ISSUE_TOKEN, Tokens, authorised, token_call

T = TypeVar("T")

logger = logging.getLogger("citizen_gateway_sdk")


class AsyncTransport(msgspec.Struct, frozen=True):
    """A connection pool and the settings under which one client uses it."""

    http: httpx2.AsyncClient
    settings: Settings
    tokens: Tokens = msgspec.field(default_factory=Tokens)
    pause: Callable[[float], Awaitable[None]] = async_pause

    def with_settings(self, settings: Settings) -> "AsyncTransport":
        """Return a transport over the same pool; the access token is shared where the client is the same."""
        same = (settings.client_id, settings.client_secret) == (self.settings.client_id, self.settings.client_secret)
        return AsyncTransport(self.http, settings, self.tokens if same else Tokens(), self.pause)

    async def send(self, operation: Operation[T], options: ReadOptions | WriteOptions, **inputs: Unpack[Inputs]) -> T:
        """Do one call, with as many attempts as it may have, and return its answer.

        Raises the errors of `citizen_gateway_sdk.errors`.
        """
        call = prepare(self.settings, operation, options, inputs)
        if not self.settings.gets_tokens:
            return await self._carry(operation, call)
        token = await self._token()
        try:
            return await self._carry(operation, authorised(call, token))
        except APIError as error:
            if error.status != HTTPStatus.UNAUTHORIZED:
                raise
            self.tokens.forget(token)  # ended or revoked before its time
        return await self._carry(operation, authorised(call, await self._token()))

    async def _token(self) -> str:
        """Return an access token that is good for a while yet. Raises as `send` does."""
        token = self.tokens.current(monotonic())
        if token is None:
            answer = await self._carry(ISSUE_TOKEN, token_call(self.settings))
            token = self.tokens.keep(answer, monotonic())
        return token

    async def _carry(self, operation: Operation[T], call: Call) -> T:
        attempt = 0
        while True:
            answer = await self._attempt(operation, call, attempt)
            if isinstance(answer, httpx2.Response):
                return read_success(operation, call, answer)
            wait = self._wait(call, attempt, answer)
            if wait is None:
                answer.idempotency_key = call.idempotency_key
                raise answer
            logger.debug("%s again in %.2f s, request %s", call.name, wait, answer.request_id)
            await self.pause(wait)
            attempt += 1

    async def _attempt(self, operation: Operation[T], call: Call, attempt: int) -> httpx2.Response | GatewayError:
        """Send the request once; a failure is returned, because it may be no more than a reason to try again."""
        began = perf_counter()
        try:
            with addresses_unlogged():
                response = await self._request(call)
        except httpx2.RequestError as error:
            failure = _failure(call, error)
            logger.debug("%s: %s (attempt %d)", call.name, type(error).__name__, attempt + 1)
            return failure
        logger.debug(
            "%s: %d in %.0f ms (attempt %d), request %s",
            call.name,
            response.status_code,
            (perf_counter() - began) * 1000,
            attempt + 1,
            request_id_of(call, response),
        )
        if "Deprecation" in response.headers:
            until = response.headers.get("Sunset", "a time not told")
            logger.warning("%s is deprecated and served until %s", call.name, until)
        return response if is_answer(operation, response) else read_failure(call, response)

    async def _request(self, call: Call) -> httpx2.Response:
        if call.upload is None:
            return await self.http.request(
                call.method,
                call.url,
                params=call.query or None,
                headers=call.headers,
                content=call.content,
                timeout=call.timeout,
                follow_redirects=False,
            )
        with call.upload.opened() as form:
            return await self.http.request(
                call.method, call.url, headers=call.headers, files=form, timeout=call.timeout, follow_redirects=False
            )

    def _wait(self, call: Call, attempt: int, failure: GatewayError) -> float | None:
        """Return the pause before the next attempt, or None where there is to be none."""
        if attempt >= call.max_retries or isinstance(failure, UnreadableAnswer):
            return None
        retry_after = None
        if isinstance(failure, APIError):
            if failure.status not in RETRIED_STATUSES:
                return None
            retry_after = failure.retry_after
        chance = random.random()  # noqa: S311 - spreads clients in time, guards nothing
        return self.settings.backoff.wait(attempt, retry_after=retry_after, chance=chance)


def _failure(call: Call, error: httpx2.RequestError) -> GatewayError:
    """Say a failure of the connection in the SDK's terms."""
    failure: GatewayError
    if isinstance(error, httpx2.TimeoutException):
        failure = TimedOut(f"{call.name} timed out ({type(error).__name__})", request_id=call.request_id)
    elif isinstance(error, httpx2.DecodingError):
        failure = UnreadableAnswer(
            f"the answer to {call.name} cannot be unpacked: {error}", request_id=call.request_id, status=0, body=b""
        )
    else:
        reason = str(error) or type(error).__name__
        failure = ConnectionFailed(f"{call.name} did not get through: {reason}", request_id=call.request_id)
    failure.__cause__ = error
    return failure
