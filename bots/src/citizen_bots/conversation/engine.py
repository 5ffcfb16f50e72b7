"""One turn in, replies out: what the citizen means, and which conversation it belongs to."""

import unicodedata
from datetime import datetime, timedelta

import msgspec

from citizen_bots.conversation import answering, following, privacy, rating, reporting, volunteering
from citizen_bots.conversation.choices import obey, press
from citizen_bots.conversation.greeting import greet
from citizen_bots.conversation.naming import moment
from citizen_bots.conversation.port import Away, Gateway, Refused
from citizen_bots.conversation.replies import Button, Reply
from citizen_bots.conversation.state import State
from citizen_bots.conversation.talk import Talk
from citizen_bots.conversation.turns import (
    Content,
    Photo,
    Place,
    Position,
    Presence,
    Press,
    Several,
    Turn,
    Unreadable,
    Words,
)
from citizen_bots.conversation.words import command_of, fold, number_of, ticket_number_of

_LONG = timedelta(hours=24)
"""After this an unfinished conversation is spoken of before it goes on."""


async def converse(state: State, turn: Turn, gateway: Gateway) -> tuple[State, list[Reply]]:
    """Answer one message, and return the state to be kept until the next one.

    Nothing but the arguments decides, so the same message in the same state has the same effects under the same keys.
    """
    talk = Talk(msgspec.structs.replace(state, at=turn.at or state.at), turn.id, gateway)
    _remember(talk, state.at, turn.at)
    try:
        await _answer(talk, turn.content)
    except Away:
        talk.say(talk.t("The city's gateway does not answer. Please try again later; nothing you wrote is lost."))
    except Refused as refusal:
        talk.say(talk.t("That cannot be done: {why}", why=refusal.why))
    offered = tuple(button for reply in talk.replies for button in reply.buttons)
    return msgspec.structs.replace(talk.state, offered=offered), talk.replies


def _remember(talk: Talk, before: datetime | None, now: datetime | None) -> None:
    """Say what was left lying, when somebody comes back after a long time; half a rating or answer is let go."""
    if before is None or now is None or now - before < _LONG:
        return
    talk.keep_rating(None)
    talk.keep_answering(None)
    talk.await_next(None)
    if talk.state.draft:
        begun = moment(talk, before)
        talk.say(
            talk.t("Your report of {moment} is still here; it goes on now. To begin anew, cancel it.", moment=begun)
        )


async def _answer(talk: Talk, content: Content) -> None:
    match content:
        case Words(text):
            await _read(talk, _written(text))
        case Photo(ref):
            await _look(talk, ref)
        case Position():
            await _stand(talk, content)
        case Place(text):
            if written := _written(text):
                reporting.add_place(talk, written)
        case Press(button):
            await press(talk, button)
        case Presence(position):
            talk.notice_place(position)
        case Unreadable():
            talk.say(talk.t("I cannot read that. Please write it, send a photo, or send the place."))
        case Several(parts):
            await _take_together(talk, parts)


async def _look(talk: Talk, ref: str) -> None:
    """Take a photo where it belongs: to an answer, or to a report."""
    if talk.state.answering:
        await answering.add_photo(talk, talk.state.answering, ref)
    else:
        await reporting.add_photo(talk, ref)


async def _stand(talk: Talk, position: Position) -> None:
    """Take a position where it was asked for: at a task, or in a report."""
    awaited = talk.state.awaited
    if awaited and awaited.kind in {"arrive", "depart"}:
        await volunteering.take_position(talk, awaited, position)
    else:
        reporting.add_position(talk, position)


async def _take_together(talk: Talk, parts: tuple[Content, ...]) -> None:
    """Take the parts of one message, each under a key of its own, and show what became of them once."""
    whole = talk.turn
    talk.gathering = True
    for number, part in enumerate(parts):
        talk.turn = f"{whole}.{number}"
        await _answer(talk, part)
    talk.turn, talk.gathering = whole, False
    if talk.gathered:
        reporting.show(talk, talk.state.draft or talk.gathered)


def _written(text: str) -> str:
    """Return the text without what nobody writes and no gateway takes: control signs and halves of signs."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}).strip()


async def _read(talk: Talk, text: str) -> None:
    """Understand words: a choice, a command, a ticket's number, or what they say in the conversation that is on."""
    chosen = _chosen(talk.state.offered, text)
    command = command_of(text)
    number = ticket_number_of(text)
    if chosen:
        await press(talk, chosen)
    elif command:
        await obey(talk, command)
    elif number:
        await following.see_ticket(talk, number)
    elif text and await _was_asked_for(talk, text):
        return
    elif not text or (not fold(text) and not talk.state.draft):
        greet(talk)
    else:
        reporting.add_words(talk, text)


async def _was_asked_for(talk: Talk, text: str) -> bool:
    """Take words that some conversation waits for; return whether one did."""
    state = talk.state
    if state.awaited and state.awaited.kind in _AWAITED:
        await _AWAITED[state.awaited.kind](talk, state.awaited, text)
    elif state.answering:
        await answering.add_words(talk, state.answering, text)
    elif rating.awaits_words(state.rating):
        await rating.add_words(talk, text)
    else:
        return False
    return True


_AWAITED = {"link": privacy.take_code, "nickname": volunteering.take_nickname}
"""Who takes the words that were asked for, by what was asked."""


def _chosen(offered: tuple[Button, ...], text: str) -> str | None:
    """Return the button that was meant by its number or by its label."""
    number = number_of(text)
    if number is not None:
        return offered[number - 1].id if 1 <= number <= len(offered) else None
    return next((button.id for button in offered if fold(button.label) == fold(text)), None)
