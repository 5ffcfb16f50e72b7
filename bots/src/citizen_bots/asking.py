"""Calls of the SDK as one citizen, with the two failures that conversations tell apart."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from citizen_bots.conversation.port import Away, Refused
from citizen_gateway_sdk import APIError, AsyncGateway, ConnectionFailed, TimedOut, UnreadableAnswer, errors

T = TypeVar("T")


class Door(Protocol):
    """Signs one citizen in."""

    async def open(self) -> AsyncGateway:
        """Return a client that acts as the citizen. Raises the SDK's errors."""

    def shut(self) -> None:
        """Forget the credential: the gateway no longer takes it."""


class Asking:
    """Asks through a door; `was_away` tells whether any call got no answer so far."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.was_away = False

    async def ask(self, ask: Callable[[AsyncGateway], Awaitable[T]]) -> T:
        """Do a call as the citizen, signed in anew where the session has ended."""
        try:
            try:
                return await ask(await self._door.open())
            except errors.Unauthenticated:
                self._door.shut()
                return await ask(await self._door.open())
        except (ConnectionFailed, TimedOut, UnreadableAnswer) as error:
            self.was_away = True
            raise Away from error
        except APIError as error:
            if error.problem is None or error.code is None:
                self.was_away = True
                raise Away from error
            raise Refused(error.code, error.problem.detail or error.problem.title) from error
