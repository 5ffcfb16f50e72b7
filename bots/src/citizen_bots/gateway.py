"""The conversations' gateway over the SDK, as one citizen."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from citizen_bots.conversation.port import Away, PhotoGone, Refused, Submission, Vote
from citizen_gateway_sdk import (
    APIError,
    AsyncGateway,
    ConnectionFailed,
    Page,
    TimedOut,
    UnreadableAnswer,
    errors,
    models,
)

T = TypeVar("T")


class Door(Protocol):
    """Signs one citizen in."""

    async def open(self) -> AsyncGateway:
        """Return a client that acts as the citizen. Raises the SDK's errors."""

    def shut(self) -> None:
        """Forget the credential: the gateway no longer takes it."""


PhotoOf = Callable[[str], Awaitable[Path | bytes]]
"""Finds the bytes of a photo by the channel's reference.

Raises `OSError` where they are gone, `PhotoTooLarge` where they are too many, `Away` where the channel does not answer.
"""


class SdkGateway:
    """Implements `conversation.Gateway`: the SDK's errors become the two that the conversations tell apart."""

    def __init__(self, door: Door, photo_of: PhotoOf, channel: models.Channel | None = None) -> None:
        self._door = door
        self._photo_of = photo_of
        self._channel = channel
        self.was_away = False
        """Whether any call got no answer so far."""

    async def upload(self, ref: str, key: str) -> models.Photo:
        """Upload a photo. Raises `PhotoGone` and `PhotoTooLarge`."""
        try:
            source = await self._photo_of(ref)
            return await self._ask(lambda sdk: sdk.photos.upload(source, idempotency_key=key))
        except OSError as error:
            raise PhotoGone from error
        except Away:
            self.was_away = True
            raise

    async def submit(self, submission: Submission, key: str) -> models.Receipt:
        """File a report."""
        at = submission.position
        position = None if at is None else models.Position(lat=at.lat, lon=at.lon, datum=at.datum)
        return await self._ask(
            lambda sdk: sdk.reports.submit(
                submission.text,
                position=position,
                place=submission.place or None,
                photo_ids=submission.photo_ids or None,
                channel=self._channel,
                idempotency_key=key,
            )
        )

    async def mine(self, cursor: str | None, limit: int) -> Page[models.ReportListing]:
        """Return a page of the citizen's reports."""
        return await self._ask(lambda sdk: sdk.reports.list(cursor=cursor, limit=limit).first_page())

    async def report(self, report: UUID) -> models.Report:
        """Return a report."""
        return await self._ask(lambda sdk: sdk.reports.get(report))

    async def ticket(self, number: str) -> models.Ticket:
        """Return a ticket."""
        return await self._ask(lambda sdk: sdk.tickets.get(number))

    async def urge(self, number: str, key: str) -> None:
        """Ask a department to hurry."""
        await self._ask(lambda sdk: sdk.tickets.urge(number, idempotency_key=key))

    async def withdraw(self, number: str, key: str) -> None:
        """Take a report back."""
        await self._ask(lambda sdk: sdk.tickets.withdraw(number, idempotency_key=key))

    async def answer(self, number: str, answer: str, photo_ids: tuple[UUID, ...], key: str) -> None:
        """Answer a department's question."""
        await self._ask(
            lambda sdk: sdk.tickets.answer(number, answer=answer, photo_ids=photo_ids or None, idempotency_key=key)
        )

    async def timeline(self, number: str) -> list[models.TimelineEntry]:
        """Return what happened to a ticket."""
        return await self._ask(lambda sdk: sdk.tickets.timeline(number))

    async def invitation(self, report: UUID) -> models.Invitation | None:
        """Return the invitation to rate, if there is one yet."""
        try:
            return await self._ask(lambda sdk: sdk.ratings.invitation_of_report(report))
        except Refused as refusal:
            if refusal.code == errors.NotYetInvited.code:
                return None
            raise

    async def rate(self, report: UUID, vote: Vote, key: str) -> None:
        """Rate the answer to a report."""
        await self._ask(
            lambda sdk: sdk.ratings.rate_report(
                report,
                contacted=vote.contacted,
                solved=vote.solved,
                satisfied=vote.satisfied,
                comment=vote.comment or None,
                idempotency_key=key,
            )
        )

    async def _ask(self, ask: Callable[[AsyncGateway], Awaitable[T]]) -> T:
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
