"""A chat in a terminal: a prompt, lines in, replies out."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import click

from citizen_bots.console.reading import USAGE, NotUnderstood, read_line
from citizen_bots.console.signing_in import DevelopmentDoor
from citizen_bots.conversation import Reply, State, Turn, converse
from citizen_bots.gateway import SdkGateway
from citizen_bots.texts import Translator, mark
from citizen_gateway_sdk import APIError, AsyncGateway, Backoff, GatewayError, errors

_QUIT = "/quit"
_AWAY = mark("The city's gateway does not answer. You may write all the same; nothing is lost.")
_TIMEOUT_S = 30.0
_HASTE = Backoff(first=0.2, longest=1.0, obeyed=3.0)
"""Somebody is waiting at the prompt: what does not go at once is kept, and sent again when they say so."""


class Console:
    """One citizen at one terminal."""

    def __init__(self, sdk: AsyncGateway, subject: str, locale: str, runner: asyncio.Runner) -> None:
        self._door = DevelopmentDoor(sdk, subject)
        self._gateway = SdkGateway(self._door, photo_file)
        self._runner = runner
        self.state = State(locale=locale)

    def sign_in(self) -> None:
        """Sign in, or say why not; without a gateway one may write all the same.

        Raises `click.ClickException` where the gateway does not want to let them in.
        """
        t = Translator(self.state.locale)
        self._door.locale = self.state.locale
        try:
            self._runner.run(self._door.open())
        except errors.DevelopmentLoginOff as error:
            raise click.ClickException(
                t("This gateway serves real citizens and takes no development login; the console cannot sign in.")
            ) from error
        except APIError as error:
            if error.problem is None or error.status >= 500:
                click.echo(t(_AWAY))
            else:
                raise click.ClickException(
                    t("The gateway does not let you in: {why}", why=error.problem.detail)
                ) from error
        except GatewayError:
            click.echo(t(_AWAY))

    def take(self, line: str) -> None:
        """Answer one line."""
        try:
            turn = Turn(str(uuid4()), read_line(line))
        except NotUnderstood as reason:
            click.echo(Translator(self.state.locale)(reason.text, **reason.fields))
            return
        self._door.locale = self.state.locale
        self.state, replies = self._runner.run(converse(self.state, turn, self._gateway))
        for text in render(replies):
            click.echo(text)


async def photo_file(ref: str) -> Path:
    """Return where a photo is: its reference is its path."""
    return Path(ref)


def render(replies: list[Reply]) -> Iterator[str]:
    """Return the replies as lines, their buttons numbered through."""
    number = 0
    for reply in replies:
        yield reply.text
        for button in reply.buttons:
            number += 1
            yield f"  {number}) {button.label}"


def client(url: str) -> AsyncGateway:
    """Return a client for somebody who waits. Raises `ValueError` for an address that is none."""
    return AsyncGateway(url, timeout=_TIMEOUT_S, max_retries=1, backoff=_HASTE)


def talk(sdk: AsyncGateway, subject: str, locale: str) -> bool:
    """Hold the conversation until the input ends; return whether nothing is left unsent."""
    with asyncio.Runner() as runner:
        console = Console(sdk, subject, locale, runner)
        try:
            console.sign_in()
            click.echo(Translator(locale)(USAGE))
            console.take("")
            with suppress(KeyboardInterrupt):
                for line in _lines(_reader()):
                    console.take(line)
        finally:
            runner.run(sdk.aclose())
    t = Translator(console.state.locale)
    unsent = console.state.outgoing or console.state.draft
    if unsent:
        click.echo(t("This was not sent: {text}", text=unsent.text), err=True)
    return unsent is None


def _lines(read: Callable[[], str]) -> Iterator[str]:
    while True:
        try:
            line = read()
        except EOFError:
            return
        if line.strip() == _QUIT:
            return
        yield line


def _reader() -> Callable[[], str]:
    if sys.stdin.isatty():
        return lambda: input("> ")
    return _next_line


def _next_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
