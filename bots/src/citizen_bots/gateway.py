"""The conversations' gateway over the SDK, as one citizen."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from citizen_bots.asking import Asking, Door
from citizen_bots.conversation.port import Away, PhotoGone, Refused, Submission, Vote
from citizen_bots.gateway_account import AccountCalls
from citizen_bots.gateway_volunteering import VolunteeringCalls
from citizen_gateway_sdk import Page, errors, models

PhotoOf = Callable[[str], Awaitable[Path | bytes]]
"""Finds the bytes of a photo by the channel's reference.

Raises `OSError` where they are gone, `PhotoTooLarge` where they are too many, `Away` where the channel does not answer.
"""


class ReportCalls(Asking):
    """What is said to the city, and what becomes of it."""

    def __init__(self, door: Door, photo_of: PhotoOf, channel: models.Channel | None = None) -> None:
        super().__init__(door)
        self._photo_of = photo_of
        self._channel = channel

    async def upload(self, ref: str, key: str) -> models.Photo:
        """Upload a photo. Raises `PhotoGone` and `PhotoTooLarge`."""
        try:
            source = await self._photo_of(ref)
            return await self.ask(lambda sdk: sdk.photos.upload(source, idempotency_key=key))
        except OSError as error:
            raise PhotoGone from error
        except Away:
            self.was_away = True
            raise

    async def submit(self, submission: Submission, key: str) -> models.Receipt:
        """File a report."""
        return await self.ask(
            lambda sdk: sdk.reports.submit(
                submission.text,
                position=_position(submission),
                place=submission.place or None,
                photo_ids=submission.photo_ids or None,
                category=submission.category,
                channel=self._channel,
                idempotency_key=key,
            )
        )

    async def preview(self, submission: Submission) -> models.ReportPreview:
        """Return how a report would be understood."""
        return await self.ask(
            lambda sdk: sdk.reports.preview(
                submission.text,
                position=_position(submission),
                place=submission.place or None,
                channel=self._channel,
            )
        )

    async def follow(self, number: str, key: str) -> None:
        """Follow another's ticket."""
        await self.ask(lambda sdk: sdk.tickets.follow(number, idempotency_key=key))

    async def mine(self, cursor: str | None, limit: int) -> Page[models.ReportListing]:
        """Return a page of the citizen's reports."""
        return await self.ask(lambda sdk: sdk.reports.list(cursor=cursor, limit=limit).first_page())

    async def report(self, report: UUID) -> models.Report:
        """Return a report."""
        return await self.ask(lambda sdk: sdk.reports.get(report))

    async def ticket(self, number: str) -> models.Ticket:
        """Return a ticket."""
        return await self.ask(lambda sdk: sdk.tickets.get(number))

    async def urge(self, number: str, key: str) -> None:
        """Ask a department to hurry."""
        await self.ask(lambda sdk: sdk.tickets.urge(number, idempotency_key=key))

    async def withdraw(self, number: str, key: str) -> None:
        """Take a report back."""
        await self.ask(lambda sdk: sdk.tickets.withdraw(number, idempotency_key=key))

    async def answer(self, number: str, answer: str, photo_ids: tuple[UUID, ...], key: str) -> None:
        """Answer a department's question."""
        await self.ask(
            lambda sdk: sdk.tickets.answer(number, answer=answer, photo_ids=photo_ids or None, idempotency_key=key)
        )

    async def timeline(self, number: str) -> list[models.TimelineEntry]:
        """Return what happened to a ticket."""
        return await self.ask(lambda sdk: sdk.tickets.timeline(number))

    async def invitation(self, report: UUID) -> models.Invitation | None:
        """Return the invitation to rate, if there is one yet."""
        try:
            return await self.ask(lambda sdk: sdk.ratings.invitation_of_report(report))
        except Refused as refusal:
            if refusal.code == errors.NotYetInvited.code:
                return None
            raise

    async def rate(self, report: UUID, vote: Vote, key: str) -> None:
        """Rate the answer to a report."""
        await self.ask(
            lambda sdk: sdk.ratings.rate_report(
                report,
                contacted=vote.contacted,
                solved=vote.solved,
                satisfied=vote.satisfied,
                comment=vote.comment or None,
                idempotency_key=key,
            )
        )


class SdkGateway(ReportCalls, AccountCalls, VolunteeringCalls):
    """Implements `conversation.Gateway`."""


def _position(submission: Submission) -> models.Position | None:
    at = submission.position
    return None if at is None else models.Position(lat=at.lat, lon=at.lon, datum=at.datum)
