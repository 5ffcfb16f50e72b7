"""What is asked before a report goes out: is it one of those nearby, and what is it about."""

import msgspec

from citizen_bots.conversation.naming import name_of, state_name
from citizen_bots.conversation.port import Away, Refused, Submission
from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.state import Draft
from citizen_bots.conversation.talk import Talk
from citizen_gateway_sdk import models

_LIKE, ALL = 1, 2
"""After the first question one has been asked; after the second, all."""
_MOST = 3


async def asks(talk: Talk, draft: Draft) -> bool:
    """Ask what is still open about a report; return whether anything was asked.

    A gateway that cannot tell now, or that refuses, is asked nothing: sending says what is wrong.
    """
    if draft.checks >= ALL:
        return False
    try:
        preview = await talk.gateway.preview(Submission(draft.text, draft.where, draft.position, ()))
    except (Away, Refused):
        return False
    if draft.checks < _LIKE and preview.similar:
        _ask_like(talk, draft, preview.similar[:_MOST])
        return True
    if not preview.sure and len(preview.guesses) > 1:
        _ask_category(talk, draft, preview.guesses[:_MOST])
        return True
    return False


def _ask_like(talk: Talk, draft: Draft, similar: list[models.SimilarTicket]) -> None:
    talk.keep_draft(msgspec.structs.replace(draft, checks=_LIKE))
    buttons = [
        Button(f"follow:{one.number}", f"{one.title} ({state_name(talk, one.state)})") for one in similar if one.title
    ]
    text = talk.t("Somebody reported something like it nearby. Is it the same? Then you can follow that one instead.")
    talk.say(text, *buttons, Button("send", talk.t("No, send mine")), Button("cancel", talk.t("Cancel")))


def _ask_category(talk: Talk, draft: Draft, guesses: list[models.Guess]) -> None:
    talk.keep_draft(msgspec.structs.replace(draft, checks=ALL))
    buttons = [Button(f"kind:{guess.category.code}", name_of(talk, guess.category)) for guess in guesses]
    talk.say(talk.t("What is it about?"), *buttons, Button("kind:", talk.t("None of these")))


async def follow(talk: Talk, number: str) -> None:
    """Follow another's ticket instead of sending one's own."""
    await talk.gateway.follow(number, f"{talk.turn}-follow")
    talk.keep_draft(None)
    talk.view(number)
    talk.say(
        talk.t("You follow {number} now and hear what becomes of it; yours was not sent.", number=number),
        Button(f"ticket:{number}", talk.t("How it stands")),
    )
