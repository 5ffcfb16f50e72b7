"""What the conversations ask of a city's gateway; implemented over the SDK, and by a fake in tests."""

from typing import Protocol
from uuid import UUID

import msgspec

from citizen_bots.conversation.turns import Position
from citizen_gateway_sdk import Page, Solved, models


class Away(Exception):  # noqa: N818 - named by what happened
    """The gateway did not answer; a write may or may not have happened, and may be repeated under its key."""


class Refused(Exception):  # noqa: N818 - likewise
    """The gateway said no, or that it failed, and nothing was changed; `why` is in the citizen's language."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code)
        self.code = code
        self.why = why


class PhotoGone(Exception):  # noqa: N818 - likewise
    """The channel no longer has the photo."""


class PhotoTooLarge(Exception):  # noqa: N818 - likewise
    """The channel's photo has more bytes than are fetched of one."""

    def __init__(self, most_mb: int) -> None:
        super().__init__(most_mb)
        self.most_mb = most_mb


class Submission(msgspec.Struct, frozen=True):
    """A complete report."""

    text: str
    place: str
    position: Position | None
    photo_ids: tuple[UUID, ...]


class Vote(msgspec.Struct, frozen=True):
    """A complete rating."""

    satisfied: int
    solved: Solved
    contacted: bool
    comment: str


class Gateway(Protocol):
    """A city's gateway, as one citizen meets it.

    Every method may raise `Away` and `Refused`; what changes something takes the key under which it happens once.
    """

    async def upload(self, ref: str, key: str) -> models.Photo:
        """Upload the photo that the channel knows by `ref`. Raises `PhotoGone` and `PhotoTooLarge`."""

    async def submit(self, submission: Submission, key: str) -> models.Receipt:
        """File a report."""

    async def mine(self, cursor: str | None, limit: int) -> Page[models.ReportListing]:
        """Return a page of the citizen's reports, newest first."""

    async def report(self, report: UUID) -> models.Report:
        """Return one of the citizen's reports."""

    async def ticket(self, number: str) -> models.Ticket:
        """Return a ticket the citizen follows."""

    async def urge(self, number: str, key: str) -> None:
        """Ask the department of a ticket to hurry."""

    async def withdraw(self, number: str, key: str) -> None:
        """Take one's report back."""

    async def answer(self, number: str, answer: str, photo_ids: tuple[UUID, ...], key: str) -> None:
        """Answer what the department asked."""

    async def timeline(self, number: str) -> list[models.TimelineEntry]:
        """Return what happened to it, oldest first."""

    async def invitation(self, report: UUID) -> models.Invitation | None:
        """Return the invitation to rate a report of the citizen's, if there is one yet."""

    async def rate(self, report: UUID, vote: Vote, key: str) -> None:
        """Rate the answer to a report of the citizen's."""
