"""Tickets on the wire: what each action brings. `version` is the one you saw; another one now is a refusal."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.tickets.terms import ReturnCode

Reason = Annotated[str, Meta(min_length=1, max_length=2000)]
Words = Annotated[str, Meta(min_length=1, max_length=5000)]
Code = Annotated[str, Meta(min_length=1, max_length=64)]
Codes = Annotated[list[Code], Meta(min_length=1, max_length=20)]
Photos = Annotated[list[UUID], Meta(max_length=9)]
Moment = Annotated[datetime, Meta(tz=True)]
Version = Annotated[int, Meta(ge=1)]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all actions may bring."""

    version: Version | None = None


class GiveReason(Body, frozen=True, kw_only=True):
    """A reason, kept in the timeline."""

    reason: Reason


class AssignTicket(Body, frozen=True, kw_only=True):
    """Give a ticket to a department. A category given here corrects the guessed one."""

    department: Code
    reason: Reason
    category: str | None = None


class ReturnTicket(Body, frozen=True, kw_only=True):
    """Give a ticket back: why by code, with evidence in words and perhaps photos."""

    code: ReturnCode
    evidence: Reason
    photo_ids: Photos = []


class CallDepartments(Body, frozen=True, kw_only=True):
    """Call other departments to help."""

    departments: Codes
    reason: Reason


class AnswerCall(Body, frozen=True, kw_only=True):
    """What a department that was called answers."""

    answer: Words


class ConveneTicket(Body, frozen=True, kw_only=True):
    """Put a case on the list of a day's meeting, with the departments that must come."""

    reason: Reason
    departments: Codes
    meets_on: date


class ConcludeMeeting(Body, frozen=True, kw_only=True):
    """What a meeting decided: who must act, and when that is looked at."""

    conclusion: Words
    department: Code
    follow_up_on: date | None = None
    category: str | None = None


class FollowUpMeeting(Body, frozen=True, kw_only=True):
    """Whether a meeting's conclusion was carried out."""

    done: bool
    note: Reason


class AskCitizen(Body, frozen=True, kw_only=True):
    """A question to the citizens who reported it."""

    question: Reason


class AnswerQuestion(Body, frozen=True, kw_only=True):
    """A citizen's answer to the department's question."""

    answer: Words
    photo_ids: Photos = []


class RequestHold(Body, frozen=True, kw_only=True):
    """Ask the center to let a ticket wait, until it is reviewed."""

    reason: Reason
    review_on: Moment


class GrantHold(Body, frozen=True, kw_only=True):
    """Let a ticket wait, as asked for or until another review."""

    reason: Annotated[str, Meta(max_length=2000)] = ""
    review_on: Moment | None = None


class RequestExtension(Body, frozen=True, kw_only=True):
    """Ask the center for more time."""

    reason: Reason
    until: Moment


class GrantExtension(Body, frozen=True, kw_only=True):
    """Grant more time, as asked for or until another moment."""

    reason: Annotated[str, Meta(max_length=2000)] = ""
    until: Moment | None = None


class ResolveTicket(Body, frozen=True, kw_only=True):
    """Say that the matter is settled: the reply citizens read, and photos of the result where they sent one."""

    reply: Words
    photo_ids: Photos = []


class VerifyTicket(Body, frozen=True, kw_only=True):
    """Say whether it is really done."""

    done: bool
    note: Reason
    photo_ids: Photos = []


class WithdrawTicket(Body, frozen=True, kw_only=True):
    """Take back what one reported."""

    reason: Annotated[str, Meta(max_length=2000)] = ""


class MergeTicket(Body, frozen=True, kw_only=True):
    """Have another ticket, by its number, answer this one's reports."""

    into: Code
    reason: Reason


class SplitTicket(Body, frozen=True, kw_only=True):
    """Give some reports a ticket of their own."""

    report_ids: Annotated[list[UUID], Meta(min_length=1, max_length=1000)]
    reason: Reason
