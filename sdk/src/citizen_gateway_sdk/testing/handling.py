"""Actions on tickets, and ratings."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast
from uuid import UUID

from citizen_gateway_sdk import models
from citizen_gateway_sdk.models import ActorKind, Scope, TicketState
from citizen_gateway_sdk.testing.refusing import Refused
from citizen_gateway_sdk.testing.reporting import give, own_report, plain, seen_case
from citizen_gateway_sdk.testing.serving import Asked, Part
from citizen_gateway_sdk.testing.viewing import LEGAL, is_reporter, legal, ticket_view
from citizen_gateway_sdk.testing.world import RATING_WINDOW, Case, Filed, Who

MOST_RETURNS = 2
ANSWER_WITHIN = timedelta(days=7)
_SCOPES = {
    "department": Scope.TICKETS_HANDLE,
    "center": Scope.TICKETS_CENTER,
    "reporter": Scope.REPORTS_WRITE,
}
Effect = Callable[[Asked, Case], None]


def action(name: str, effect: Effect) -> Callable[[Asked], models.Ticket]:
    """Return what takes an action: it must be possible, allowed, and on the version that was seen."""

    def take(asked: Asked) -> models.Ticket:
        who, case, needed = asked.who, seen_case(asked), LEGAL[name][1]
        if who and who.kind == ActorKind.CLIENT and _SCOPES[needed] not in who.scopes:
            raise Refused("scope_missing", scope=_SCOPES[needed].value)
        if case.state not in LEGAL[name][0]:
            raise Refused("illegal_action", state=case.state.value, action=name, legal=legal(case), yours=[])
        if not _is(asked, case, needed):
            raise Refused("not_your_ticket")
        seen = getattr(asked.body, "version", None) or (asked.headers.get("if-match") or "").strip('"')
        if seen and str(seen) != str(len(case.past)):
            raise Refused("ticket_changed", state=case.state.value, version=len(case.past))
        effect(asked, case)
        return ticket_view(asked.world, who, case)

    return take


def _is(asked: Asked, case: Case, needed: str) -> bool:
    who = asked.who
    if needed == "reporter":
        return asked.headers.get("ticket-secret") == case.secret or is_reporter(asked.world, who, case)
    if who is None:
        return False
    return who.center if needed == "center" else case.department in who.departments


def _assign(asked: Asked, case: Case) -> None:
    said = cast("models.AssignTicket", asked.body)
    case.category = plain(said.category, "") or case.category
    give(asked.world, case, said.department, by=asked.who, reason=said.reason)


def _transfer(asked: Asked, case: Case) -> None:
    said = cast("models.AssignTicket", asked.body)
    give(asked.world, case, said.department, by=asked.who, reason=said.reason, kind="ticket.transferred")


def _accept(asked: Asked, case: Case) -> None:
    case.state = TicketState.ACCEPTED
    asked.world.tell(case, "ticket.accepted", asked.who)


def _start(asked: Asked, case: Case) -> None:
    case.state = TicketState.IN_PROGRESS
    asked.world.tell(case, "ticket.started", asked.who)


def _return(asked: Asked, case: Case) -> None:
    said, department = cast("models.ReturnTicket", asked.body), case.department
    case.returns += 1
    case.state, case.department, case.accept_due, case.resolve_due = TicketState.PENDING, None, None, None
    data = {"department": department, "code": said.code.value, "evidence": said.evidence, "count": case.returns}
    asked.world.note(case, "ticket.returned", asked.who, photos=plain(said.photo_ids, []), **data)


def _ask(asked: Asked, case: Case) -> None:
    said, now = cast("models.AskCitizen", asked.body), asked.world.now
    until = now + ANSWER_WITHIN
    case.paused_state, case.state = case.state, TicketState.ON_HOLD
    case.pause = models.Pause(cause=models.PauseCause.QUESTION, text=said.question, since=now, until=until)
    asked.world.tell(case, "ticket.asked", asked.who, question=said.question, answer_due=until)


def _answer(asked: Asked, case: Case) -> None:
    said = cast("models.AnswerQuestion", asked.body)
    if case.pause and case.resolve_due:
        case.resolve_due += asked.world.now - case.pause.since
    case.state, case.pause = case.paused_state, None
    asked.world.tell(case, "ticket.answered", asked.who, answer=said.answer, photos=plain(said.photo_ids, []))
    asked.world.tell(case, "ticket.resumed", None, cause="answered", resolve_due=case.resolve_due)


def _resolve(asked: Asked, case: Case) -> None:
    said = cast("models.ResolveTicket", asked.body)
    photos = plain(said.photo_ids, [])
    if case.with_photo and not photos:
        raise Refused("evidence_missing", need="after_photo")
    case.state, case.resolved_at, case.reply = TicketState.RESOLVED, asked.world.now, said.reply
    case.after_photos = photos
    asked.world.tell(case, "ticket.resolved", asked.who, reply=said.reply, after_photos=photos)
    asked.world.tell(case, "ticket.invited", None, reports=case.reports)


def _verify(asked: Asked, case: Case) -> None:
    said = cast("models.VerifyTicket", asked.body)
    asked.world.tell(case, "ticket.verified", asked.who, done=said.done, note=said.note)
    if not said.done:
        case.reopened += 1
        _again(asked, case, None, said.note)


def _reopen(asked: Asked, case: Case) -> None:
    case.reopened += 1
    _again(asked, case, asked.who, _reason(asked))


def _reject(asked: Asked, case: Case) -> None:
    case.state = TicketState.REJECTED
    asked.world.tell(case, "ticket.rejected", asked.who, reason=_reason(asked))


def _withdraw(asked: Asked, case: Case) -> None:
    case.state = TicketState.WITHDRAWN
    asked.world.tell(case, "ticket.withdrawn", asked.who, reason=_reason(asked))


def _urge(asked: Asked, case: Case) -> None:
    today = f"{asked.world.now:%Y-%m-%d}"
    if case.urged_on == today:
        raise Refused("urged_today")
    case.urged_on = today
    asked.world.tell(case, "ticket.urged", asked.who)


def _again(asked: Asked, case: Case, by: Who | None, reason: str) -> None:
    give(asked.world, case, case.department or "", by=by, reason=reason, kind="ticket.reopened")


def _reason(asked: Asked) -> str:
    found = getattr(asked.body, "reason", "")
    return found if isinstance(found, str) else ""


def invitation_of_report(asked: Asked) -> models.Invitation:
    """Show the invitation of one of the caller's reports."""
    return _invitation(asked, own_report(asked, asked.identity("report_id")))


def invitation(asked: Asked) -> models.Invitation:
    """Show an invitation by its link."""
    return _invitation(asked, _by_token(asked))


def rate_report(asked: Asked) -> models.Rating:
    """Rate one of the caller's reports."""
    return _rate(asked, own_report(asked, asked.identity("report_id")))


def rate_invitation(asked: Asked) -> models.Rating:
    """Rate by the link of an invitation."""
    return _rate(asked, _by_token(asked))


def _by_token(asked: Asked) -> Filed:
    kind, _, identity = asked.path["token"].partition("-")
    if kind != "fake" or len(identity) != 32 or UUID(identity) not in asked.world.reports:
        raise Refused("not_found")
    return asked.world.reports[UUID(identity)]


def _invitation(asked: Asked, report: Filed) -> models.Invitation:
    case = asked.world.cases[report.number]
    if case.resolved_at is None:
        raise Refused("not_yet_invited")
    return models.Invitation(
        token=f"fake-{report.id.hex}",
        ticket_number=case.number,
        title=case.title,
        reply=case.reply,
        invited_at=case.resolved_at,
        expires_at=case.resolved_at + RATING_WINDOW,
        rated=report.id in asked.world.votes,
    )


def _rate(asked: Asked, report: Filed) -> models.Rating:
    invited, case = _invitation(asked, report), asked.world.cases[report.number]
    if report.id in asked.world.votes:
        raise Refused("already_rated")
    if invited.expires_at <= asked.world.now or case.state != TicketState.RESOLVED:
        raise Refused("rating_closed")
    said = cast("models.RateReport", asked.body)
    if not 1 <= said.satisfied <= 5:
        raise Refused("invalid_request", reason="satisfied is 1 to 5")
    data = {"contacted": said.contacted, "solved": said.solved.value, "satisfied": said.satisfied}
    asked.world.tell(case, "ticket.rated", asked.who, **data)
    content = said.satisfied >= 3 and said.solved != models.Solved.NOT
    if content:
        asked.world.close(case, "All who reported it are satisfied.")
    elif not case.reopened:
        case.reopened += 1
        _again(asked, case, None, "unsatisfied")
    rating = models.Rating(
        report_id=report.id,
        contacted=said.contacted,
        solved=said.solved,
        satisfied=said.satisfied,
        tags=plain(said.tags, []),
        comment=plain(said.comment, ""),
        ticket_state=case.state.value,
    )
    asked.world.votes[report.id] = rating
    return rating


HANDLING: dict[str, Part] = {
    "assignTicket": Part(action("assign", _assign), form=models.AssignTicket),
    "transferTicket": Part(action("transfer", _transfer), form=models.AssignTicket),
    "acceptTicket": Part(action("accept", _accept)),
    "startTicket": Part(action("start", _start)),
    "returnTicket": Part(action("return", _return), form=models.ReturnTicket),
    "askCitizen": Part(action("ask", _ask), form=models.AskCitizen),
    "answerQuestion": Part(action("answer", _answer), form=models.AnswerQuestion),
    "resolveTicket": Part(action("resolve", _resolve), form=models.ResolveTicket),
    "verifyTicket": Part(action("verify", _verify), form=models.VerifyTicket),
    "reopenTicket": Part(action("reopen", _reopen), form=models.GiveReason),
    "rejectTicket": Part(action("reject", _reject), form=models.GiveReason),
    "withdrawTicket": Part(action("withdraw", _withdraw), form=models.WithdrawTicket),
    "urgeTicket": Part(action("urge", _urge)),
    "getInvitationOfReport": Part(invitation_of_report),
    "getInvitation": Part(invitation),
    "rateReport": Part(rate_report, 201, models.RateReport),
    "rateByInvitation": Part(rate_invitation, 201, models.RateReport),
}
