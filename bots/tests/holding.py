"""Holds a conversation that is written as a script: in WeChat, in Telegram, and on the console.

Each asserts that every answer says what the script has, and returns all that was shown.
"""

from functools import partial
from typing import NamedTuple

from citizen_gateway.cli.running import Running

from . import telegram_stand, wechat_stand
from .spots import next_spot
from .test_console import type_in


class Step(NamedTuple):
    """What a citizen sends, and what the answer says; `HERE` stands for a place where nobody was before.

    The label of a choice, or its number, is typed where a channel has no buttons, and pressed where it has.
    """

    sent: str
    answered: str


HERE = "(place)"


def in_wechat(person: wechat_stand.Person, script: list[Step]) -> str:
    """Hold it where each message is answered at once."""
    every = []
    for step in script:
        shown = person.point() if step.sent == HERE else person.write(step.sent)
        assert step.answered in shown, (step, shown)
        every.append(shown)
    return "\n".join(every)


def in_telegram(person: telegram_stand.Person, script: list[Step]) -> str:
    """Hold it where choices are buttons, each step after the answer to the one before."""
    for step in script:
        before = len(person.texts)
        _send(person, step.sent)
        wechat_stand.wait_for(
            partial(_shows, person, before, step.answered), f"no {step.answered} after {step.sent}: {person.texts}"
        )
    return "\n".join(person.texts)


def on_the_console(city: Running, subject: str, script: list[Step]) -> str:
    """Hold it where all is typed at once: the answers come in their order."""
    lat, lon = next_spot()
    lines = [f"/place {lat} {lon} wgs84" if step.sent == HERE else step.sent for step in script]
    _, shown, complained = type_in(city.url, subject, *lines)
    rest = shown
    for step in script:
        _, found, rest = rest.partition(step.answered)
        assert found, (step, shown, complained)
    return shown


def _shows(person: telegram_stand.Person, before: int, text: str) -> bool:
    """Whether a message or a button behind the first ones says something."""
    return any(text in shown for shown in person.screen[before:])


def _send(person: telegram_stand.Person, sent: str) -> None:
    """Send a place, press the button of that label or number, or write."""
    labels = person.labels if person.texts else []
    if sent == HERE:
        person.point()
    elif sent.isdigit():
        person.press(labels[int(sent) - 1])
    elif sent in labels:
        person.press(sent)
    else:
        person.write(sent)
