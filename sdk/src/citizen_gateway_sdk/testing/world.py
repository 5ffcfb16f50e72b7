"""All that the fake remembers."""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from citizen_gateway_sdk import models
from citizen_gateway_sdk.models import ActorKind, Channel, Scope, TicketState
from citizen_gateway_sdk.testing.city import City
from citizen_gateway_sdk.testing.refusing import Refused

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RATING_WINDOW = timedelta(days=7)


class Who(msgspec.Struct, frozen=True):
    """Somebody who calls: `departments` are those they handle tickets for, `center` says that they dispatch."""

    kind: ActorKind
    id: UUID
    channel: Channel = Channel.PARTNER
    scopes: frozenset[Scope] = frozenset()
    departments: tuple[str, ...] = ()
    center: bool = False
    subject: str = ""


@dataclass
class Filed:
    """A report."""

    id: UUID
    said: models.SubmitReport
    by: UUID
    citizen: UUID | None
    channel: Channel
    title: str
    number: str
    at: datetime
    subject: str | None


@dataclass
class Case:
    """A ticket; `past` are its events, the public ones and the others."""

    number: str
    secret: str
    title: str
    opened_at: datetime
    category: str | None
    position: models.Position | None
    emergency: bool
    with_photo: bool
    state: TicketState = TicketState.PENDING
    department: str | None = None
    reports: list[UUID] = field(default_factory=list)
    past: list[models.Event] = field(default_factory=list)
    assigned_at: datetime | None = None
    accept_due: datetime | None = None
    resolve_due: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reply: str | None = None
    after_photos: list[UUID] = field(default_factory=list)
    pause: models.Pause | None = None
    paused_state: TicketState = TicketState.ACCEPTED
    returns: int = 0
    reopened: int = 0
    urged_on: str = ""


@dataclass
class Kept:
    """What a call answered under its Idempotency-Key."""

    request: bytes
    status: int
    body: bytes


@dataclass
class World:
    """The state of one fake gateway; ids count up, so that the same calls make the same world."""

    city: City
    now: datetime
    people: dict[str, Who] = field(default_factory=dict)
    citizens: dict[tuple[str, str], UUID] = field(default_factory=dict)
    photos: dict[UUID, tuple[UUID, bytes, models.Photo]] = field(default_factory=dict)
    reports: dict[UUID, Filed] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    log: list[models.Event] = field(default_factory=list)
    votes: dict[UUID, models.Rating] = field(default_factory=dict)
    references: dict[tuple[UUID, str], UUID] = field(default_factory=dict)
    handovers: dict[UUID, models.Handover] = field(default_factory=dict)
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    count: int = 0

    def next_id(self) -> UUID:
        """Return an id that sorts behind all before it (a UUID of version 7)."""
        self.count += 1
        milliseconds = int(self.now.timestamp() * 1000)
        return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | self.count)

    def next_number(self) -> str:
        """Return a ticket's number with its check sign."""
        self.count += 1
        stem = f"FK-{self.now:%Y%m%d}-{self.count:06d}"
        return f"{stem}-{check_sign(stem)}"

    def case(self, number: str) -> Case:
        """Return a ticket by its number. Raises `Refused` for one that is mistyped or not there."""
        stem, _, sign = number.strip().upper().rpartition("-")
        if not stem or check_sign(stem) != sign:
            raise Refused("bad_ticket_number")
        if number.strip().upper() not in self.cases:
            raise Refused("not_found")
        return self.cases[number.strip().upper()]

    def tell(self, case: Case, kind: str, by: Who | None, **data: object) -> None:
        """Append an event that citizens see to a ticket and to the log."""
        self._append(case, kind, (by, True), data)

    def note(self, case: Case, kind: str, by: Who | None, **data: object) -> None:
        """Append an event that citizens do not see."""
        self._append(case, kind, (by, False), data)

    def _append(self, case: Case, kind: str, seen: tuple[Who | None, bool], data: dict[str, object]) -> None:
        by, public = seen
        event = models.Event(
            id=self.next_id(),
            type=kind,
            at=self.now,
            ticket=case.number,
            version=len(case.past) + 1,
            by=by.kind if by else ActorKind.SYSTEM,
            public=public,
            data=msgspec.to_builtins(data),
            reports=[],
            cursor="",
        )
        case.past.append(event)
        self.log.append(event)

    def let_pass(self, time: timedelta) -> None:
        """Let time pass, and do what is due by then: tickets nobody rated are closed."""
        self.now += time
        for case in self.cases.values():
            if case.state == TicketState.RESOLVED and case.resolved_at and case.resolved_at + RATING_WINDOW <= self.now:
                self.close(case, "The time to rate is over.")

    def close(self, case: Case, reason: str) -> None:
        """Close a settled ticket."""
        case.state, case.closed_at = TicketState.CLOSED, self.now
        self.tell(case, "ticket.closed", None, reason=reason)


def check_sign(text: str) -> str:
    """Return the check sign of a ticket's number (Luhn modulo 36 over letters and digits)."""
    factor, total = 2, 0
    for sign in reversed([s for s in text if s in _SIGNS]):
        addend = factor * _SIGNS.index(sign)
        total += addend // 36 + addend % 36
        factor = 3 - factor
    return _SIGNS[-total % 36]


def encode_place(reader: UUID, place: int) -> str:
    """Return a cursor that is good for one reader."""
    return base64.urlsafe_b64encode(reader.bytes + place.to_bytes(8)).rstrip(b"=").decode()


def decode_place(reader: UUID, cursor: str) -> int:
    """Return the place of a cursor. Raises `Refused` for one that is none of ours, or somebody else's."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise Refused("bad_cursor") from error
    if len(raw) != 24:
        raise Refused("bad_cursor")
    if raw[:16] != reader.bytes:
        raise Refused("foreign_cursor")
    return int.from_bytes(raw[16:])
