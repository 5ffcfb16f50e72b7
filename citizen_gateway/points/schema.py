"""Points on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.points.judging import Award, AwardState
from citizen_gateway.points.model import HUGE, TransferKind
from citizen_gateway.points.store import StatementRow

Amount = Annotated[int, Meta(ge=1, le=HUGE)]
Code = Annotated[str, Meta(min_length=1, max_length=40, description="A volunteer's code, such as `7K3F9-QMX2M`")]
Reason = Annotated[str, Meta(min_length=1, max_length=500)]
Device = Annotated[
    str, Meta(min_length=8, max_length=200, description="An id the app made up when it was installed; kept as a hash")
]


class SendPoints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points for a relative."""

    to: Code
    amount: Amount


class DeclareDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The device an account is used on."""

    device: Device


class ProposeAward(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points to be given by hand; a second person decides."""

    to: Code
    amount: Amount
    reason: Reason


class DeclareFalse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report that proved false, and why; the reporter reads the reason."""

    report_id: UUID
    reason: Reason


class Expiring(msgspec.Struct, frozen=True):
    """Points that end next: `amount` of them can be spent until `at`."""

    amount: int
    at: datetime


class PointsView(msgspec.Struct, frozen=True):
    """What somebody has. `balance` below zero is owed, and blocks spending; `reserved` stands behind codes."""

    balance: int
    available: int
    reserved: int
    earned_today: int
    cap_today: int
    earned_this_year: int
    cap_this_year: int
    next_to_expire: Expiring | None


class StatementLine(msgspec.Struct, frozen=True):
    """One movement, and the balance behind it; `asked` is what a deed would have earned without caps."""

    id: UUID
    kind: TransferKind
    note: str
    amount: int
    asked: int
    balance: int
    at: datetime


class EarningView(msgspec.Struct, frozen=True):
    """What a deed earns."""

    deed: str
    points: int


class PointsRulesView(msgspec.Struct, frozen=True):
    """The city's rules in numbers; `expiry` is `months` or `calendar_year`."""

    earnings: list[EarningView]
    cap_day: int
    cap_year: int
    expiry: str
    expiry_after: int
    family_allowed: bool
    family_per_year: int


class SentView(msgspec.Struct, frozen=True):
    """Points that were sent, and how many more may be this year."""

    amount: int
    left_this_year: int


class AwardView(msgspec.Struct, frozen=True):
    """Points given by hand: proposed by one person, decided by another."""

    id: UUID
    code: str
    nickname: str
    amount: int
    reason: str
    state: AwardState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class ClawBackView(msgspec.Struct, frozen=True):
    """What was taken back."""

    report_id: UUID
    taken: int
    on: date


def statement_line(row: StatementRow, note: str) -> StatementLine:
    """Show a movement; `note` is in the reader's language."""
    return StatementLine(row.id, row.kind, note, row.amount, row.asked, row.balance, row.at)


def award_view(award: Award) -> AwardView:
    """Show an award."""
    return AwardView(
        id=award.id,
        code=award.code,
        nickname=award.nickname,
        amount=award.amount,
        reason=award.reason,
        state=award.state,
        proposed_by=award.proposed_by,
        proposed_at=award.proposed_at,
        decided_by=award.decided_by,
        decided_at=award.decided_at,
    )
