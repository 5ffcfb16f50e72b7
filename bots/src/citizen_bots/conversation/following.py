"""Seeing what became of reports: the list, and one ticket's timeline."""

from uuid import UUID

from citizen_bots.conversation.naming import event_name, moment, name_of, state_name
from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.talk import Talk
from citizen_bots.texts import mark
from citizen_gateway_sdk import TicketState, models
from citizen_gateway_sdk.models import PauseCause

_ACTIONS = {"answer": mark("Answer"), "urge": mark("Ask to hurry"), "withdraw": mark("Take back")}
"""What a citizen may do to a ticket, by the gateway's word for it."""

_PAGE = 5
_SEARCHED = 100


async def list_mine(talk: Talk, cursor: str | None = None) -> None:
    """Show the citizen's reports, a page at a time."""
    page = await talk.gateway.mine(cursor, _PAGE)
    if not page.items:
        talk.say(talk.t("You have not reported anything yet."), Button("report", talk.t("Report a problem")))
        return
    buttons = [Button(f"see:{item.id}", _line(talk, item)) for item in page.items]
    if page.next_cursor:
        buttons.append(Button(f"mine:{page.next_cursor}", talk.t("Earlier ones")))
    talk.say(talk.t("Your reports:"), *buttons)


async def see_report(talk: Talk, report: UUID) -> None:
    """Show the ticket of one of the citizen's reports."""
    view = await talk.gateway.report(report)
    await _show(talk, view.ticket_number, report)


async def see_ticket(talk: Talk, number: str) -> None:
    """Show a ticket by its number; with a choice to rate it, where the citizen reported it lately."""
    lately = await talk.gateway.mine(None, _SEARCHED)
    await _show(talk, number, next((item.id for item in lately.items if item.ticket_number == number), None))


async def _show(talk: Talk, number: str, report: UUID | None) -> None:
    ticket = await talk.gateway.ticket(number)
    past = await talk.gateway.timeline(number)
    talk.view(number)
    lines = [*_head(talk, ticket), "", *(f"{moment(talk, entry.at)}  {event_name(talk, entry.type)}" for entry in past)]
    buttons = [Button(f"{name}:{number}", talk.t(label)) for name, label in _ACTIONS.items() if name in ticket.actions]
    if report and ticket.state is TicketState.RESOLVED:
        invitation = await talk.gateway.invitation(report)
        if invitation and not invitation.rated:
            buttons.insert(0, Button(f"rate:{report}", talk.t("Rate the result")))
    talk.say("\n".join(lines), *buttons, Button("mine", talk.t("My reports")))


async def urge(talk: Talk, number: str) -> None:
    """Ask the department to hurry; without a ticket before one's eyes, let one be chosen."""
    if not number:
        await list_mine(talk)
        return
    await talk.gateway.urge(number, f"{talk.turn}-urge")
    talk.say(talk.t("The department was asked to hurry: {number}.", number=number))


async def withdraw(talk: Talk, number: str) -> None:
    """Ask whether to take a report back; without a ticket before one's eyes, let one be chosen."""
    if not number:
        await list_mine(talk)
        return
    talk.view(number)
    talk.say(
        talk.t("Take your report {number} back? The city then does nothing more about it.", number=number),
        Button(f"withdrawn:{number}", talk.t("Yes, take it back")),
        Button(f"ticket:{number}", talk.t("No, leave it")),
    )


async def withdraw_surely(talk: Talk, number: str) -> None:
    """Take a report back."""
    await talk.gateway.withdraw(number, f"{talk.turn}-withdraw")
    talk.say(talk.t("Your report was taken back: {number}.", number=number), Button("mine", talk.t("My reports")))


def _head(talk: Talk, ticket: models.Ticket) -> list[str]:
    lines = [f"{ticket.number} {ticket.title}", state_name(talk, ticket.state)]
    if ticket.category:
        lines.append(talk.t("About: {category}", category=name_of(talk, ticket.category)))
    if ticket.department:
        lines.append(talk.t("Handled by: {department}", department=name_of(talk, ticket.department)))
    if ticket.pause and ticket.pause.cause is PauseCause.QUESTION:
        lines.append(talk.t("They ask you: {question}", question=ticket.pause.text))
    elif ticket.pause:
        lines.append(talk.t("It waits: {reason}", reason=ticket.pause.text))
    if ticket.resolve_due and not ticket.resolved_at:
        lines.append(talk.t("To be settled by {moment}", moment=moment(talk, ticket.resolve_due)))
    if ticket.reply:
        lines.append(talk.t("Reply: {reply}", reply=ticket.reply))
    return lines


def _line(talk: Talk, item: models.ReportListing) -> str:
    return f"{item.ticket_number} {item.title} ({state_name(talk, item.ticket_state)})"
