"""What is answered."""

import msgspec


class Button(msgspec.Struct, frozen=True):
    """A choice; `id` comes back when it is taken."""

    id: str
    label: str


class Reply(msgspec.Struct, frozen=True):
    """One message to the citizen. The buttons of a turn's replies are counted through from 1."""

    text: str
    buttons: tuple[Button, ...] = ()
