"""Answering what a department asked: photos if they help, then words."""

import msgspec

from citizen_bots.conversation.port import Away
from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.reporting import PHOTOS, uploaded
from citizen_bots.conversation.state import Answering, Picture
from citizen_bots.conversation.talk import Talk

ANSWER_SIGNS = 2000


async def begin(talk: Talk, number: str) -> None:
    """Ask for the answer, with the question before the citizen's eyes."""
    ticket = await talk.gateway.ticket(number)
    if ticket.pause is None or "answer" not in ticket.actions:
        talk.say(talk.t("Nothing is asked about {number} at the moment.", number=number))
        return
    talk.keep_answering(Answering(number, key=f"{talk.turn}-answer"))
    talk.view(number)
    talk.say(
        talk.t("They ask you: {question}", question=ticket.pause.text)
        + "\n"
        + talk.t("Write your answer; you may send photos before it."),
        Button("cancel", talk.t("Cancel")),
    )


async def add_photo(talk: Talk, answering: Answering, ref: str) -> None:
    """Take a photo that belongs to the answer."""
    if len(answering.pictures) >= PHOTOS:
        talk.say(talk.t("An answer may have {limit} photos; this one was not added.", limit=PHOTOS))
        return
    try:
        picture = await uploaded(talk, Picture(ref, f"{talk.turn}-photo"))
    except Away:
        talk.say(talk.t("The city's gateway does not answer; please send the photo again later."))
        return
    if picture:
        talk.keep_answering(msgspec.structs.replace(answering, pictures=(*answering.pictures, picture)))
        talk.say(talk.t("Noted.") + " " + talk.t("Now write your answer."), Button("cancel", talk.t("Cancel")))


async def add_words(talk: Talk, answering: Answering, text: str) -> None:
    """Send the answer."""
    if len(text) > ANSWER_SIGNS:
        talk.say(talk.t("An answer may have {limit} characters; please say it in fewer.", limit=ANSWER_SIGNS))
        return
    ids = tuple(dict.fromkeys(picture.id for picture in answering.pictures if picture.id))
    await talk.gateway.answer(answering.number, text, ids, answering.key)
    talk.keep_answering(None)
    talk.say(
        talk.t("Thank you. Your answer was handed on: {number}.", number=answering.number),
        Button(f"ticket:{answering.number}", talk.t("How it stands")),
    )


def cancel(talk: Talk) -> None:
    """Forget the answer in the making."""
    talk.keep_answering(None)
    talk.say(talk.t("The answer was not sent and is forgotten."))
