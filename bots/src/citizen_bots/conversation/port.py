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
    category: str | None = None


class Vote(msgspec.Struct, frozen=True):
    """A complete rating."""

    satisfied: int
    solved: Solved
    contacted: bool
    comment: str


class Reports(Protocol):
    """What is said to the city, and what becomes of it."""

    async def upload(self, ref: str, key: str) -> models.Photo:
        """Upload the photo that the channel knows by `ref`. Raises `PhotoGone` and `PhotoTooLarge`."""

    async def submit(self, submission: Submission, key: str) -> models.Receipt:
        """File a report."""

    async def preview(self, submission: Submission) -> models.ReportPreview:
        """Return how a report would be understood, and what is like it; nothing is filed."""

    async def follow(self, number: str, key: str) -> None:
        """Follow a ticket that others reported."""

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


class Account(Protocol):
    """What a citizen may do with what is kept of them."""

    async def consents(self) -> list[models.Consent]:
        """Return what the citizen said last about each policy."""

    async def consent(self, version: str, key: str, *, given: bool) -> None:
        """Agree to a version of the privacy policy, or no longer do."""

    async def export(self) -> models.PersonalData:
        """Return a copy of all that is kept of the citizen."""

    async def erase(self, key: str) -> None:
        """Let the citizen be forgotten."""

    async def make_link_code(self, key: str) -> models.LinkCode:
        """Make a code that joins another channel's account to this one."""

    async def link(self, code: str, key: str) -> None:
        """Join this account to the one in which a code was made."""


class Volunteering(Protocol):
    """Points, what they buy, and what there is to help with."""

    async def points(self) -> models.Points:
        """Return what the citizen has."""

    async def rewards(self, limit: int) -> list[models.Reward]:
        """Return what points buy."""

    async def reward(self, reward: UUID) -> models.Reward:
        """Return one of these."""

    async def redeem(self, reward: UUID, key: str) -> models.Redemption:
        """Reserve a piece and its price; return its code."""

    async def redemptions(self, limit: int) -> list[models.Redemption]:
        """Return what the citizen redeemed, newest first."""

    async def give_back(self, redemption: UUID, key: str) -> None:
        """Give a piece up before it is fetched."""

    async def tasks(self, limit: int) -> list[models.Task]:
        """Return what there is to help with."""

    async def task(self, task: UUID) -> models.Task:
        """Return one of these, with the citizen's part in it."""

    async def enrol(self, nickname: str, key: str) -> None:
        """Become a volunteer."""

    async def sign_up(self, task: UUID, key: str) -> models.Attendance:
        """Take a place in a task."""

    async def check(self, task: UUID, position: Position, key: str, *, leaving: bool) -> models.Attendance:
        """Check in at a task's place, or out."""


class Gateway(Reports, Account, Volunteering, Protocol):
    """A city's gateway, as one citizen meets it.

    Every method may raise `Away` and `Refused`; what changes something takes the key under which it happens once.
    """
