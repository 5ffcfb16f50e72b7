"""What can happen to a ticket: one Struct per event, which is at once its type, its data and who may read it.

Readers take the data back as these Structs by `happening`. Data never holds a citizen's words, name or number, except
where the row says so: a feed reaches partners.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from citizen_gateway.platform.events import Happening


class Opened(Happening, frozen=True):
    """A report opened the ticket; `area` is the finest of its place, `dedicated` the dedicated area across it."""

    name: ClassVar[str] = "ticket.opened"

    report: UUID
    category: str | None
    area: str | None
    emergency: bool
    channel: str | None = None
    dedicated: str | None = None


class Alerted(Happening, frozen=True):
    """Life may be in danger; these departments see the ticket beside whoever handles it."""

    name: ClassVar[str] = "ticket.alerted"
    public: ClassVar[bool] = False

    departments: tuple[str, ...]
    numbers: tuple[str, ...]


class Joined(Happening, frozen=True):
    """Another report of the same event joined the ticket (同诉求); `score` of 0 to 1 where a machine judged."""

    name: ClassVar[str] = "ticket.joined"

    report: UUID
    score: float | None = None


class JoinSuggested(Happening, frozen=True):
    """This ticket may be about the same event as another; a person decides."""

    name: ClassVar[str] = "ticket.join_suggested"
    public: ClassVar[bool] = False

    like: UUID
    score: float


class JoinJudged(Happening, frozen=True):
    """A person said whether the suggested ticket is about the same event."""

    name: ClassVar[str] = "ticket.join_judged"
    public: ClassVar[bool] = False

    like: UUID
    same: bool


class Unjoined(Happening, frozen=True):
    """A report that had joined by mistake has a ticket of its own again."""

    name: ClassVar[str] = "ticket.unjoined"

    report: UUID
    into: UUID
    number: str = ""
    reason: str = ""


class Assigned(Happening, frozen=True):
    """A department has it now (派单), and its clocks run; `around_the_clock` says that resolving is counted 24 × 7."""

    name: ClassVar[str] = "ticket.assigned"

    department: str
    category: str
    reason: str
    accept_due: datetime
    resolve_due: datetime
    around_the_clock: bool = False


class Arbitrated(Assigned, frozen=True):
    """A center judged after returns who must act (裁定); it cannot be returned again."""

    name: ClassVar[str] = "ticket.arbitrated"


class Transferred(Assigned, frozen=True, kw_only=True):
    """A center took it from one department and gave it to another (改派)."""

    name: ClassVar[str] = "ticket.transferred"

    from_department: str


class Accepted(Happening, frozen=True):
    """The department signed for it (签收)."""

    name: ClassVar[str] = "ticket.accepted"


class Started(Happening, frozen=True):
    """Work has begun (处置)."""

    name: ClassVar[str] = "ticket.started"


class Returned(Happening, frozen=True):
    """The department gave it back (退单); `count` is how many times that has happened to the ticket."""

    name: ClassVar[str] = "ticket.returned"
    public: ClassVar[bool] = False

    department: str
    code: str
    evidence: str
    photos: tuple[UUID, ...]
    count: int


class AssistRequested(Happening, frozen=True):
    """Other departments are called to help (吹哨); the lead answers for all."""

    name: ClassVar[str] = "ticket.assist_requested"
    public: ClassVar[bool] = False

    departments: tuple[str, ...]
    reason: str


class Assisted(Happening, frozen=True):
    """A department that was called answered (报到)."""

    name: ClassVar[str] = "ticket.assisted"
    public: ClassVar[bool] = False

    department: str
    answer: str


class Convened(Happening, frozen=True):
    """The case crosses districts, levels or departments and is on the list of a weekly meeting (三跨会商)."""

    name: ClassVar[str] = "ticket.convened"
    public: ClassVar[bool] = False

    reason: str
    departments: tuple[str, ...]
    meets_on: str


class Concluded(Happening, frozen=True):
    """The meeting decided; the assignment follows as an event of its own. `follow_up_on` is when it is looked at."""

    name: ClassVar[str] = "ticket.concluded"
    public: ClassVar[bool] = False

    conclusion: str
    department: str
    follow_up_on: str | None = None


class FollowedUp(Happening, frozen=True):
    """A center looked whether a meeting's conclusion was carried out."""

    name: ClassVar[str] = "ticket.followed_up"
    public: ClassVar[bool] = False

    done: bool
    note: str


class Asked(Happening, frozen=True):
    """The department asks the citizen something (补充信息); the resolve clock stops."""

    name: ClassVar[str] = "ticket.asked"

    question: str
    answer_due: datetime


class Answered(Happening, frozen=True):
    """A citizen answered. The words are for the ticket's staff and reporters and are left out of feeds."""

    name: ClassVar[str] = "ticket.answered"
    private: ClassVar[tuple[str, ...]] = ("answer",)

    answer: str
    photos: tuple[UUID, ...] = ()


class HoldRequested(Happening, frozen=True):
    """The department asks to put it on the list of cases that must wait (挂账)."""

    name: ClassVar[str] = "ticket.hold_requested"
    public: ClassVar[bool] = False

    reason: str
    review_on: datetime


class HoldRefused(Happening, frozen=True):
    """A center refused to let it wait."""

    name: ClassVar[str] = "ticket.hold_refused"
    public: ClassVar[bool] = False

    reason: str


class Held(Happening, frozen=True):
    """It must wait for something (挂账), until a review; the resolve clock stops."""

    name: ClassVar[str] = "ticket.held"

    reason: str
    review_on: datetime


class Resumed(Happening, frozen=True):
    """The pause is over: answered, window over, review, or a center's word; the clocks go on to later ends."""

    name: ClassVar[str] = "ticket.resumed"

    cause: str
    resolve_due: datetime
    accept_due: datetime | None = None


class ExtensionRequested(Happening, frozen=True):
    """The department asks for more time before the limit (延期)."""

    name: ClassVar[str] = "ticket.extension_requested"
    public: ClassVar[bool] = False

    reason: str
    until: datetime


class Extended(Happening, frozen=True):
    """A center granted more time."""

    name: ClassVar[str] = "ticket.extended"

    reason: str
    resolve_due: datetime


class ExtensionRefused(Happening, frozen=True):
    """A center refused more time."""

    name: ClassVar[str] = "ticket.extension_refused"
    public: ClassVar[bool] = False

    reason: str


class Resolved(Happening, frozen=True):
    """The department settled it (办结), with a reply that citizens read."""

    name: ClassVar[str] = "ticket.resolved"

    reply: str
    after_photos: tuple[UUID, ...]


class Verified(Happening, frozen=True):
    """Somebody looked whether it is really done (核查); where it is not, a reopening follows."""

    name: ClassVar[str] = "ticket.verified"

    done: bool
    note: str
    photos: tuple[UUID, ...] = ()


class Reopened(Assigned, frozen=True, kw_only=True):
    """It goes back to the lead (重办); `cause` is unsatisfied, verification or center."""

    name: ClassVar[str] = "ticket.reopened"

    cause: str


class Closed(Happening, frozen=True):
    """It is filed (归档)."""

    name: ClassVar[str] = "ticket.closed"

    reason: str


class Rejected(Happening, frozen=True):
    """It is not the city's to answer (不予受理), for a legal reason shown to the citizen."""

    name: ClassVar[str] = "ticket.rejected"

    reason: str


class Withdrawn(Happening, frozen=True):
    """Its only reporter took it back (撤回)."""

    name: ClassVar[str] = "ticket.withdrawn"

    reason: str


class Merged(Happening, frozen=True):
    """It is answered together with another ticket (并单); its reporters moved along."""

    name: ClassVar[str] = "ticket.merged"

    into: UUID
    number: str
    reason: str
    reports: tuple[UUID, ...]


class Absorbed(Happening, frozen=True):
    """Another ticket was merged into this one."""

    name: ClassVar[str] = "ticket.absorbed"

    other: UUID
    number: str
    reports: tuple[UUID, ...]


class Unmerged(Happening, frozen=True):
    """A merger was undone: on both tickets, `other` names the other one; the reports are back where they were."""

    name: ClassVar[str] = "ticket.unmerged"

    other: UUID
    number: str
    reason: str
    reports: tuple[UUID, ...]


class Split(Happening, frozen=True):
    """Some of its reports have a ticket of their own now (拆单)."""

    name: ClassVar[str] = "ticket.split"

    into: UUID
    number: str
    reason: str
    reports: tuple[UUID, ...]


class Urged(Happening, frozen=True):
    """A reporter asked to hurry (催办)."""

    name: ClassVar[str] = "ticket.urged"


class Supervised(Happening, frozen=True):
    """A center watches it (督办), at `level` street, district or city."""

    name: ClassVar[str] = "ticket.supervised"
    public: ClassVar[bool] = False

    level: str
    reason: str
