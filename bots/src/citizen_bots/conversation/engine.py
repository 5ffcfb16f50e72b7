"""One turn in, replies out: what the citizen means, and which conversation it belongs to."""

import unicodedata
from uuid import UUID

import msgspec

from citizen_bots.conversation import following, rating, reporting, sending
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
from citizen_bots.conversation.words import Command, command_of, fold, number_of, ticket_number_of
from citizen_bots.texts import catalogues, language_name


async def converse(state: State, turn: Turn, gateway: Gateway) -> tuple[State, list[Reply]]:
    """Answer one message, and return the state to be kept until the next one.

    Nothing but the arguments decides, so the same message in the same state has the same effects under the same keys.
    """
    talk = Talk(state, turn.id, gateway)
    try:
        await _answer(talk, turn.content)
    except Away:
        talk.say(talk.t("The city's gateway does not answer. Please try again later; nothing you wrote is lost."))
    except Refused as refusal:
        talk.say(talk.t("That cannot be done: {why}", why=refusal.why))
    offered = tuple(button for reply in talk.replies for button in reply.buttons)
    return msgspec.structs.replace(talk.state, offered=offered), talk.replies


async def _answer(talk: Talk, content: Content) -> None:
    match content:
        case Words(text):
            await _read(talk, _written(text))
        case Photo(ref):
            await reporting.add_photo(talk, ref)
        case Position():
            reporting.add_position(talk, content)
        case Place(text):
            if written := _written(text):
                reporting.add_place(talk, written)
        case Press(button):
            await _press(talk, button)
        case Presence(position):
            talk.notice_place(position)
        case Unreadable():
            talk.say(talk.t("I cannot read that. Please write it, send a photo, or send the place."))
        case Several(parts):
            await _take_together(talk, parts)


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
        await _press(talk, chosen)
    elif command:
        await _obey(talk, command)
    elif number:
        await following.see_ticket(talk, number)
    elif text and rating.awaits_words(talk.state.rating):
        await rating.add_words(talk, text)
    elif not text or (not fold(text) and not talk.state.draft):
        _help(talk)
    else:
        reporting.add_words(talk, text)


def _chosen(offered: tuple[Button, ...], text: str) -> str | None:
    """Return the button that was meant by its number or by its label."""
    number = number_of(text)
    if number is not None:
        return offered[number - 1].id if 1 <= number <= len(offered) else None
    return next((button.id for button in offered if fold(button.label) == fold(text)), None)


async def _obey(talk: Talk, command: Command) -> None:
    match command:
        case Command.REPORT:
            reporting.begin(talk)
        case Command.MINE:
            await following.list_mine(talk)
        case Command.LANGUAGE:
            talk.say(talk.t("Which language?"), *(Button(f"locale:{at}", language_name(at)) for at in catalogues()))
        case Command.HELP:
            _help(talk)
        case Command.SEND:
            await sending.send(talk)
        case Command.CANCEL if talk.state.rating and not talk.state.draft:
            rating.cancel(talk)
        case Command.CANCEL:
            reporting.cancel(talk)


async def _press(talk: Talk, button: str) -> None:
    """Do what a button stands for: a command, or a choice `question:answer`."""
    question, has_answer, answer = button.partition(":")
    if not has_answer and question in set(Command):
        await _obey(talk, Command(question))
        return
    identity = _identity(answer)
    match question:
        case "here":
            reporting.add_presence(talk)
        case "mine":
            await following.list_mine(talk, answer)
        case "see" if identity:
            await following.see_report(talk, identity)
        case "rate" if identity:
            await rating.begin(talk, identity)
        case "leave":
            reporting.leave_out(talk, answer)
        case "locale" if answer in catalogues():
            talk.speak(answer)
            _help(talk)
        case _:
            await rating.answer(talk, question, answer)


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _help(talk: Talk) -> None:
    talk.say(
        talk.t("Tell me what is wrong in the city: write it, send photos and the place."),
        Button("report", talk.t("Report a problem")),
        Button("mine", talk.t("My reports")),
        Button("language", talk.t("Language")),
    )
