"""One turn of a conversation while it is being answered."""

import msgspec

from citizen_bots.conversation.port import Gateway
from citizen_bots.conversation.replies import Button, Reply
from citizen_bots.conversation.state import Answering, Awaited, Draft, Rating, State
from citizen_bots.conversation.turns import Position
from citizen_bots.texts import Translator


class Talk:
    """The state as it changes, and the replies as they are made; `turn` is the id of the citizen's message."""

    def __init__(self, state: State, turn: str, gateway: Gateway) -> None:
        self.state = state
        self.turn = turn
        self.gateway = gateway
        self.t = Translator(state.locale)
        self.replies: list[Reply] = []
        self.gathering = False
        self.gathered: Draft | None = None
        """While the parts of one message are taken, a report is kept and not shown; it is shown after the last."""

    def say(self, text: str, *buttons: Button) -> None:
        """Answer with a text and choices."""
        self.replies.append(Reply(text, buttons))

    def speak(self, locale: str) -> None:
        """Go on in another language."""
        self.state = msgspec.structs.replace(self.state, locale=locale)
        self.t = Translator(locale)

    def notice_place(self, position: Position) -> None:
        """Remember where the citizen is, to be offered when they are asked for a place."""
        self.state = msgspec.structs.replace(self.state, near=position)

    def keep_draft(self, draft: Draft | None) -> None:
        """Remember the report in the making, or forget it."""
        self.state = msgspec.structs.replace(self.state, draft=draft)

    def keep_outgoing(self, draft: Draft | None) -> None:
        """Remember the report that is to go out, or forget it."""
        self.state = msgspec.structs.replace(self.state, outgoing=draft)

    def await_next(self, awaited: Awaited | None) -> None:
        """Remember what the citizen was asked for, or that it came."""
        self.state = msgspec.structs.replace(self.state, awaited=awaited)

    def keep_answering(self, answering: Answering | None) -> None:
        """Remember the answer in the making, or forget it."""
        self.state = msgspec.structs.replace(self.state, answering=answering)

    def view(self, number: str) -> None:
        """Remember which ticket is before the citizen's eyes."""
        self.state = msgspec.structs.replace(self.state, viewing=number)

    def keep_rating(self, rating: Rating | None) -> None:
        """Remember the rating in the making, or forget it."""
        self.state = msgspec.structs.replace(self.state, rating=rating)
