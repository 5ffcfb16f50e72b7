"""What citizens' words mean, as far as the chat itself must understand them; the words are in `words.toml`."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

_TICKET_NUMBER = re.compile(r"[A-Z]{1,8}-\d{8}-[0-9A-Z]{4,8}-[0-9A-Z]")


class Command(StrEnum):
    """What may be asked for at any time."""

    REPORT = "report"
    MINE = "mine"
    LANGUAGE = "language"
    HELP = "help"
    SEND = "send"
    CANCEL = "cancel"
    URGE = "urge"
    WITHDRAW = "withdraw"
    PERSON = "person"
    PRIVACY = "privacy"
    LINK = "link"
    POINTS = "points"
    REWARDS = "rewards"
    CODES = "codes"
    TASKS = "tasks"


class Dictionary(msgspec.Struct, frozen=True):
    """The words, folded."""

    commands: Mapping[str, Command]
    digits: Mapping[str, int]
    danger: Mapping[str, tuple[str, ...]]
    hotline: str
    policy: str


def command_of(text: str) -> Command | None:
    """Return what is asked for, if the text is nothing else."""
    return dictionary().commands.get(fold(text))


def number_of(text: str) -> int | None:
    """Return the number the text is, if it is one a person would choose a button by."""
    folded = fold(text)
    if folded.isascii() and folded.isdigit() and len(folded) <= 2:
        return int(folded)
    return dictionary().digits.get(folded)


def ticket_number_of(text: str) -> str | None:
    """Return the ticket's number the text is, in its proper form."""
    found = _TICKET_NUMBER.fullmatch("".join(unicodedata.normalize("NFKC", text).split()).upper())
    return found.group() if found else None


def numbers_to_call(text: str) -> tuple[str, ...]:
    """Return the emergency numbers for the dangers the text names."""
    folded = fold(text)
    return tuple(number for number, words in dictionary().danger.items() if any(word in folded for word in words))


def fold(text: str) -> str:
    """Return the text without what makes no difference: case, width, spaces, punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


@cache
def dictionary() -> Dictionary:
    """Read the words, in simplified and in traditional signs."""
    read, traditional = _read("words.toml"), _read("words_hant.toml")
    commands = [
        (word, name) for file in (read, traditional) for name, words in file["commands"].items() for word in words
    ]
    danger = {number: (*words, *traditional["danger"][number]) for number, words in read["danger"].items()}
    return Dictionary(
        commands={fold(word): Command(name) for word, name in commands},
        digits=read["digits"],
        danger={number: tuple(dict.fromkeys(fold(word) for word in words)) for number, words in danger.items()},
        hotline=read["hotline"],
        policy=read["policy"],
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("citizen_bots.conversation") / name).read_text("utf-8"))
