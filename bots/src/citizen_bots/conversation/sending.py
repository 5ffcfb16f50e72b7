"""Sending a report: out of the draft, under one key, as often as it takes; and the receipt."""

import msgspec

from citizen_bots.conversation import checking
from citizen_bots.conversation.naming import moment, name_of
from citizen_bots.conversation.port import Away, Refused, Submission
from citizen_bots.conversation.rating import too_late
from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.reporting import begin, show, uploaded
from citizen_bots.conversation.state import Draft
from citizen_bots.conversation.talk import Talk
from citizen_gateway_sdk import errors, models


async def send(talk: Talk) -> None:
    """Send what waits: first a report whose receipt never came, otherwise the one in the making.

    Before the latter goes, the citizen is asked what only they know: whether it is like another, and what it is about.
    """
    draft = talk.state.draft
    outgoing = talk.state.outgoing
    if outgoing is None:
        if draft is None or not draft.words:
            begin(talk)
        elif not await checking.asks(talk, draft):
            talk.keep_draft(None)
            talk.keep_outgoing(draft)
            await _deliver(talk, draft)
        return
    await _deliver(talk, outgoing)
    if draft and talk.state.draft is draft and talk.state.outgoing is None:
        show(talk, draft)


async def choose(talk: Talk, category: str) -> None:
    """Take what the report is about, or that it is none of those, and send it."""
    if talk.state.draft is None:
        too_late(talk)
        return
    talk.keep_draft(msgspec.structs.replace(talk.state.draft, category=category or None, checks=checking.ALL))
    await send(talk)


async def _deliver(talk: Talk, draft: Draft) -> None:
    try:
        draft = await _with_photos(talk, draft)
        receipt = await talk.gateway.submit(_submission(draft), draft.key)
    except Away:
        talk.say(
            talk.t("The city's gateway does not answer. Your report is kept here; send it again later."),
            Button("send", talk.t("Send again")),
        )
    except Refused as refusal:
        _take_back(talk, draft, refusal)
    else:
        talk.keep_outgoing(None)
        _hand_over(talk, receipt)


async def _with_photos(talk: Talk, draft: Draft) -> Draft:
    """Upload what is not uploaded yet, remembering each that is. Raises `Away`."""
    for picture in draft.pictures:
        done = await uploaded(talk, picture)
        rest = tuple(done if other is picture else other for other in draft.pictures)
        draft = msgspec.structs.replace(draft, pictures=tuple(other for other in rest if other))
        talk.keep_outgoing(draft)
    return draft


def _submission(draft: Draft) -> Submission:
    ids = (picture.id for picture in draft.pictures if picture.id)
    return Submission(draft.text, draft.where, draft.position, tuple(dict.fromkeys(ids)), draft.category)


def _take_back(talk: Talk, draft: Draft, refusal: Refused) -> None:
    """Make a refused report a draft again, together with what was said meanwhile.

    It gets a new key, since it may go out changed; not where the gateway failed, since that may have been too late.
    """
    later = talk.state.draft
    if refusal.code != errors.InternalError.code:
        draft = msgspec.structs.replace(draft, key=f"{talk.turn}-report")
    if later:
        draft = msgspec.structs.replace(
            draft,
            words=draft.words + later.words,
            pictures=draft.pictures + later.pictures,
            position=later.position or draft.position,
            category=None,
            place=later.place or draft.place,
        )
    talk.keep_outgoing(None)
    talk.keep_draft(draft)
    choices = [Button("send", talk.t("Send again"))]
    if draft.position or draft.where:
        choices.append(Button("leave:place", talk.t("Leave the place out")))
    if draft.pictures:
        choices.append(Button("leave:photos", talk.t("Leave the photos out")))
    text = talk.t("The report was not accepted: {why} You can add to it or correct it.", why=refusal.why)
    talk.say(text, *choices, Button("cancel", talk.t("Cancel")))


def _hand_over(talk: Talk, receipt: models.Receipt) -> None:
    ticket = receipt.ticket
    lines = [receipt.emergency.message, ""] if receipt.emergency else []
    lines.append(talk.t("Your report has arrived. Its number is {number}.", number=ticket.number))
    if ticket.category:
        lines.append(talk.t("About: {category}", category=name_of(talk, ticket.category)))
    if ticket.department:
        lines.append(talk.t("Handled by: {department}", department=name_of(talk, ticket.department)))
    else:
        lines.append(talk.t("Somebody looks at it and decides who handles it. {why}", why=ticket.reason))
    if ticket.resolve_due:
        lines.append(talk.t("To be settled by {moment}", moment=moment(talk, ticket.resolve_due)))
    talk.say(
        "\n".join(lines),
        Button(f"see:{receipt.report_id}", talk.t("How it stands")),
        Button("mine", talk.t("My reports")),
    )
