"""What commands and buttons do, each named once."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from citizen_bots.conversation import (
    answering,
    checking,
    following,
    greeting,
    privacy,
    rating,
    reporting,
    sending,
    volunteering,
)
from citizen_bots.conversation.talk import Talk
from citizen_bots.conversation.words import Command, ticket_number_of

Obeyed = Callable[[Talk], Awaitable[None]]
Pressed = Callable[[Talk, str], Awaitable[None]]


async def obey(talk: Talk, command: Command) -> None:
    """Do what is asked for."""
    await _COMMANDS[command](talk)


async def press(talk: Talk, button: str) -> None:
    """Do what a button stands for: a command, or a choice `question:answer`; one that is over is answered with that."""
    question, has_answer, answer = button.partition(":")
    if not has_answer and question in set(Command):
        await obey(talk, Command(question))
    elif question in _BUTTONS:
        await _BUTTONS[question](talk, answer)
    else:
        await rating.answer(talk, question, answer)


async def _cancel(talk: Talk) -> None:
    if talk.state.awaited:
        talk.await_next(None)
        talk.say(talk.t("Never mind."))
    elif talk.state.answering:
        answering.cancel(talk)
    elif talk.state.rating and not talk.state.draft:
        rating.cancel(talk)
    else:
        reporting.cancel(talk)


def _at_once(do: Callable[[Talk], None]) -> Obeyed:
    async def obeyed(talk: Talk) -> None:
        do(talk)

    return obeyed


def _of_thing(do: Callable[[Talk, UUID], Awaitable[None]]) -> Pressed:
    """Let a button name something by its id; another text is no longer open to anybody."""

    async def pressed(talk: Talk, answer: str) -> None:
        try:
            identity = UUID(answer)
        except ValueError:
            rating.too_late(talk)
        else:
            await do(talk, identity)

    return pressed


def _of_ticket(do: Pressed) -> Pressed:
    """Let a button name a ticket by its number."""

    async def pressed(talk: Talk, answer: str) -> None:
        number = ticket_number_of(answer)
        if number:
            await do(talk, number)
        else:
            rating.too_late(talk)

    return pressed


async def _urge(talk: Talk) -> None:
    await following.urge(talk, talk.state.viewing)


async def _withdraw(talk: Talk) -> None:
    await following.withdraw(talk, talk.state.viewing)


async def _here(talk: Talk, _answer: str) -> None:
    reporting.add_presence(talk)


async def _leave(talk: Talk, what: str) -> None:
    reporting.leave_out(talk, what)


_COMMANDS: Mapping[Command, Obeyed] = {
    Command.REPORT: _at_once(reporting.begin),
    Command.MINE: following.list_mine,
    Command.LANGUAGE: _at_once(greeting.ask_language),
    Command.HELP: _at_once(greeting.greet),
    Command.SEND: sending.send,
    Command.CANCEL: _cancel,
    Command.URGE: _urge,
    Command.WITHDRAW: _withdraw,
    Command.PERSON: _at_once(greeting.name_hotline),
    Command.PRIVACY: privacy.show,
    Command.LINK: privacy.link,
    Command.POINTS: volunteering.show_points,
    Command.REWARDS: volunteering.list_rewards,
    Command.CODES: volunteering.list_codes,
    Command.TASKS: volunteering.list_tasks,
}

_BUTTONS: Mapping[str, Pressed] = {
    "mine": following.list_mine,
    "see": _of_thing(following.see_report),
    "ticket": _of_ticket(following.see_ticket),
    "rate": _of_thing(rating.begin),
    "urge": _of_ticket(following.urge),
    "withdraw": _of_ticket(following.withdraw),
    "withdrawn": _of_ticket(following.withdraw_surely),
    "answer": _of_ticket(answering.begin),
    "here": _here,
    "leave": _leave,
    "locale": greeting.speak,
    "follow": _of_ticket(checking.follow),
    "kind": sending.choose,
    "consent": privacy.consent,
    "export": privacy.export,
    "erase": privacy.erase,
    "code": privacy.link_by,
    "reward": _of_thing(volunteering.show_reward),
    "redeem": _of_thing(volunteering.redeem),
    "return": _of_thing(volunteering.give_back),
    "task": _of_thing(volunteering.show_task),
    "join": _of_thing(volunteering.join),
    "arrive": _of_thing(volunteering.arrive),
    "depart": _of_thing(volunteering.depart),
}
