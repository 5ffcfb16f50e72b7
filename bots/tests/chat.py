"""A citizen's chat without a channel, and a city's gateway without a city."""

from itertools import count
from uuid import UUID, uuid4, uuid5

import msgspec

from citizen_bots.conversation import (
    Away,
    Photo,
    PhotoGone,
    Place,
    Position,
    Press,
    Refused,
    Reply,
    State,
    Submission,
    Turn,
    Words,
    converse,
    dump,
    load,
)
from citizen_bots.conversation.port import Vote
from citizen_gateway_sdk import Datum, Page, TicketState, models

from .fake_services import NOW, FakeAccount, FakeVolunteering, full

LIGHTS = models.CategoryRef(code="0201", name="路灯故障", name_en="Street light")
BUREAU = models.DepartmentRef(code="cgj", name="城管局", name_en="City management")
HERE = Position(34.72, 113.64, Datum.WGS84)


class FakeGateway(FakeAccount, FakeVolunteering):
    """A gateway in memory, kept to the port's promises: a key has its effect once, a refusal has none.

    `away` counts the calls that get no answer; `late` says that they do what they were asked all the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self.similar: list[models.SimilarTicket] = []
        self.guesses: list[models.Guess] = []
        self.followed: set[str] = set()
        self.reports: dict[str, Submission] = {}
        self.votes: dict[str, tuple[UUID, Vote]] = {}
        self.photos: dict[str, models.Photo] = {}
        self.bytes_of: dict[str, bytes] = {}
        self.located: set[str] = set()
        self.tickets: dict[UUID, models.Ticket] = {}
        self.emergency: models.EmergencyAdvice | None = None
        self.department: models.DepartmentRef | None = BUREAU
        self.refusal: Refused | None = None
        self.invited: set[UUID] = set()
        self.urged: dict[str, str] = {}
        self.withdrawn: set[str] = set()
        self.answers: dict[str, tuple[str, str, tuple[UUID, ...]]] = {}
        self.away = 0
        self.late = False

    async def upload(self, ref: str, key: str) -> models.Photo:
        """Keep a photo that `bytes_of` knows; the same bytes are one photo."""
        content = self.bytes_of.get(ref)
        self._answer_or_leave(late=False)
        if content is None:
            raise PhotoGone
        if not content:
            raise Refused("photo_unreadable", "It is no picture.")
        at = models.Position(lat=34.7, lon=113.6, datum=Datum.WGS84) if ref in self.located else None
        photo = full(
            models.Photo,
            id=uuid5(UUID(int=0), content.hex()),
            created_at=NOW,
            width=1,
            height=1,
            position=at,
            size_bytes=len(content),
            taken_at=None,
        )
        return self.photos.setdefault(key, photo)

    async def submit(self, submission: Submission, key: str) -> models.Receipt:
        """Keep a report, once for each key."""
        if not self.late:
            self._answer_or_leave()
        if self.refusal and key not in self.reports:
            refusal, self.refusal = self.refusal, None
            raise refusal
        assert self.reports.setdefault(key, submission) == submission, "a key came back with another report"
        self._answer_or_leave()
        identity = uuid5(UUID(int=1), key)
        ticket = self.tickets.setdefault(identity, self._ticket(submission.text))
        return full(
            models.Receipt,
            report_id=identity,
            ticket=full(
                models.TicketReceipt,
                number=ticket.number,
                state=ticket.state,
                category=LIGHTS,
                department=self.department,
                areas=[],
                reason="Nobody is sure whose it is.",
                accept_due=NOW,
                resolve_due=NOW,
            ),
            secret="s",
            keywords=[],
            guesses=[],
            emergency=self.emergency,
            joined=False,
        )

    def _ticket(self, text: str) -> models.Ticket:
        return full(
            models.Ticket,
            number=f"ZZ-20261122-7K3F{len(self.tickets):02}-9",
            state=TicketState.ASSIGNED,
            title=text.splitlines()[0],
            category=LIGHTS,
            department=BUREAU,
            areas=[],
            emergency=False,
            opened_at=NOW,
            assigned_at=NOW,
            accept_due=NOW,
            resolve_due=NOW,
            after_photo_ids=[],
            actions=[models.Action.URGE, models.Action.WITHDRAW],
            reporters=1,
            version=1,
        )

    async def mine(self, cursor: str | None, limit: int) -> Page[models.ReportListing]:
        """List, newest first; the cursor is a count."""
        self._answer_or_leave()
        start = int(cursor or 0)
        listed = [
            full(
                models.ReportListing,
                id=identity,
                title=ticket.title,
                created_at=NOW,
                ticket_number=ticket.number,
                ticket_state=ticket.state,
            )
            for identity, ticket in reversed(self.tickets.items())
        ]
        more = str(start + limit) if len(listed) > start + limit else None
        return Page(listed[start : start + limit], more)

    async def report(self, report: UUID) -> models.Report:
        """Show a report."""
        self._answer_or_leave()
        ticket = self.tickets.get(report)
        if ticket is None:
            raise Refused("not_found", "There is no such report.")
        return full(
            models.Report,
            id=report,
            title=ticket.title,
            text=ticket.title,
            place="",
            position=None,
            areas=[],
            photo_ids=[],
            category=LIGHTS,
            channel=models.Channel.APP,
            created_at=NOW,
            ticket_number=ticket.number,
            ticket_state=ticket.state,
        )

    async def ticket(self, number: str) -> models.Ticket:
        """Show a ticket."""
        self._answer_or_leave()
        found = next((ticket for ticket in self.tickets.values() if ticket.number == number), None)
        if found is None:
            raise Refused("not_found", "There is no such ticket.")
        return found

    def settle(self, report: UUID) -> None:
        """Let the department settle the matter of a report, and invite its citizen."""
        self.tickets[report] = msgspec.structs.replace(
            self.tickets[report], state=TicketState.RESOLVED, reply="Lit again.", resolved_at=NOW
        )
        self.invited.add(report)

    async def timeline(self, number: str) -> list[models.TimelineEntry]:
        """Show the same two events for every ticket, and one that is newer than the bots."""
        await self.ticket(number)
        kinds = ("ticket.opened", "ticket.assigned", "ticket.blessed")
        by = models.ActorKind.CITIZEN
        return [
            full(models.TimelineEntry, at=NOW, by=by, data={}, type=kind, version=version)
            for version, kind in enumerate(kinds, 1)
        ]

    async def preview(self, submission: Submission) -> models.ReportPreview:
        """Say what is like it and what it may be about; sure where there is but one guess."""
        assert submission.text
        return full(
            models.ReportPreview, similar=self.similar, guesses=self.guesses, sure=len(self.guesses) < 2, reason=""
        )

    async def follow(self, number: str, key: str) -> None:
        """Follow."""
        assert key
        self.followed.add(number)

    async def urge(self, number: str, key: str) -> None:
        """Note that somebody asked to hurry, once a day for each ticket."""
        await self.ticket(number)
        if number in self.urged.values() and key not in self.urged:
            raise Refused("urged_today", "It was urged today.")
        self.urged[key] = number

    async def withdraw(self, number: str, key: str) -> None:
        """Take a ticket back."""
        identity = next(name for name, ticket in self.tickets.items() if ticket.number == number)
        self.tickets[identity] = msgspec.structs.replace(
            self.tickets[identity], state=TicketState.WITHDRAWN, actions=[]
        )
        self.withdrawn.add(key)

    async def answer(self, number: str, answer: str, photo_ids: tuple[UUID, ...], key: str) -> None:
        """Take the answer to a question."""
        await self.ticket(number)
        self.answers[key] = (number, answer, photo_ids)

    def ask(self, report: UUID, question: str) -> None:
        """Let the department ask something."""
        pause = full(models.Pause, cause=models.PauseCause.QUESTION, since=NOW, text=question, until=NOW)
        self.tickets[report] = msgspec.structs.replace(
            self.tickets[report], state=TicketState.ON_HOLD, pause=pause, actions=[models.Action.ANSWER]
        )

    async def invitation(self, report: UUID) -> models.Invitation | None:
        """Invite for the reports in `invited`."""
        self._answer_or_leave()
        if report not in self.invited:
            return None
        ticket = self.tickets[report]
        rated = any(report == rated for rated, _ in self.votes.values())
        return full(
            models.Invitation,
            token="t",
            ticket_number=ticket.number,
            title=ticket.title,
            reply=ticket.reply,
            invited_at=NOW,
            expires_at=NOW,
            rated=rated,
        )

    async def rate(self, report: UUID, vote: Vote, key: str) -> None:
        """Keep a vote, one for each report."""
        self._answer_or_leave()
        if key not in self.votes and any(report == rated for rated, _ in self.votes.values()):
            raise Refused("already_rated", "Each report can be rated once.")
        self.votes[key] = (report, vote)

    def _answer_or_leave(self, *, late: bool = True) -> None:
        if self.away and (late or not self.late):
            self.away -= 1
            raise Away


class Chat:
    """One citizen writing, in English unless told otherwise; the state is stored and read again at each message."""

    def __init__(self, gateway: FakeGateway, locale: str = "en") -> None:
        self.gateway = gateway
        self.kept = dump(State(locale=locale))
        self.replies: list[Reply] = []
        self._ids = count(1)

    @property
    def state(self) -> State:
        """What is remembered."""
        return load(self.kept)

    @property
    def text(self) -> str:
        """All that was answered last, with the labels of the buttons."""
        return "\n".join(line for reply in self.replies for line in (reply.text, *self.labels(reply)))

    @staticmethod
    def labels(reply: Reply) -> list[str]:
        """Return what a reply lets one choose."""
        return [f"[{button.label}]" for button in reply.buttons]

    async def send(self, content: Words | Photo | Place | Position | Press) -> str:
        """Send a message and return what is answered."""
        state, self.replies = await converse(self.state, Turn(f"m{next(self._ids)}", content), self.gateway)
        self.kept = dump(state)
        return self.text

    async def write(self, *texts: str) -> str:
        """Write messages and return what is answered to the last."""
        for text in texts:
            await self.send(Words(text))
        return self.text

    async def press(self, label: str) -> str:
        """Press the button of that label among those offered last."""
        return await self.send(Press(next(button.id for button in self.state.offered if button.label == label)))

    async def photo(self, content: bytes | None = None, *, located: bool = False) -> str:
        """Send a photo."""
        ref = f"ref-{uuid4()}"
        self.gateway.bytes_of[ref] = uuid4().bytes if content is None else content
        if located:
            self.gateway.located.add(ref)
        return await self.send(Photo(ref))
