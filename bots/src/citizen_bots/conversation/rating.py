"""Rating a result: how satisfied, whether solved, whether somebody got in touch, and words."""

from uuid import UUID

import msgspec

from citizen_bots.conversation.port import Away, Refused, Vote
from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.state import Rating
from citizen_bots.conversation.talk import Talk
from citizen_bots.texts import mark
from citizen_gateway_sdk import Solved

COMMENT_SIGNS = 1000

_STARS = {
    1: mark("1 very dissatisfied"),
    2: mark("2 dissatisfied"),
    3: mark("3 fairly satisfied"),
    4: mark("4 satisfied"),
    5: mark("5 very satisfied"),
}
_SOLVED = {
    Solved.SOLVED: mark("Solved"),
    Solved.PARTLY: mark("Partly solved"),
    Solved.NOT: mark("Not solved"),
}
_CONTACTED = {"yes": mark("Yes"), "no": mark("No")}


async def begin(talk: Talk, report: UUID) -> None:
    """Begin to rate the answer to a report."""
    await _go_on(talk, Rating(report, key=f"{talk.turn}-rating"))


async def answer(talk: Talk, question: str, choice: str) -> None:
    """Take a choice; one of a rating that is over is answered with that."""
    rating = talk.state.rating
    changed = _changed(rating, question, choice) if rating else None
    if changed is None:
        too_late(talk)
        return
    await _go_on(talk, changed)


def too_late(talk: Talk) -> None:
    """Say that a choice is over."""
    talk.say(talk.t("This choice is no longer open."))


def awaits_words(rating: Rating | None) -> bool:
    """Whether what the citizen writes now belongs to the rating."""
    return rating is not None and rating.contacted is not None and rating.comment is None


async def add_words(talk: Talk, text: str) -> None:
    """Take the citizen's own words."""
    if len(text) > COMMENT_SIGNS:
        talk.say(talk.t("A comment may have {limit} characters; please say it in fewer.", limit=COMMENT_SIGNS))
        return
    await answer(talk, "comment", text)


def cancel(talk: Talk) -> None:
    """Forget the rating in the making."""
    talk.keep_rating(None)
    talk.say(talk.t("The rating was not sent and is forgotten."))


def _changed(rating: Rating, question: str, choice: str) -> Rating | None:
    if question == "stars" and choice in {str(number) for number in _STARS}:
        return msgspec.structs.replace(rating, satisfied=int(choice))
    if question == "solved" and choice in set(_SOLVED):
        return msgspec.structs.replace(rating, solved=Solved(choice))
    if question == "contacted" and choice in _CONTACTED:
        return msgspec.structs.replace(rating, contacted=choice == "yes")
    if question == "comment" and awaits_words(rating):
        return msgspec.structs.replace(rating, comment=choice)
    return rating if question == "again" else None


async def _go_on(talk: Talk, rating: Rating) -> None:
    """Ask the next question, or send the rating when all are answered."""
    talk.keep_rating(rating)
    t = talk.t
    if rating.satisfied is None:
        stars = (Button(f"stars:{number}", t(label)) for number, label in _STARS.items())
        talk.say(t("How satisfied are you with the result?"), *stars)
    elif rating.solved is None:
        solved = (Button(f"solved:{word.value}", t(label)) for word, label in _SOLVED.items())
        talk.say(t("Is the matter solved?"), *solved)
    elif rating.contacted is None:
        contacted = (Button(f"contacted:{word}", t(label)) for word, label in _CONTACTED.items())
        talk.say(t("Did somebody get in touch with you?"), *contacted)
    elif rating.comment is None:
        talk.say(t("Is there anything you want to say about it?"), Button("comment:", t("No, that is all")))
    else:
        vote = Vote(rating.satisfied, rating.solved, rating.contacted, rating.comment)
        await _send(talk, rating, vote)


async def _send(talk: Talk, rating: Rating, vote: Vote) -> None:
    try:
        await talk.gateway.rate(rating.report, vote, rating.key)
    except Away:
        talk.say(
            talk.t("The city's gateway does not answer. Your rating is kept here; send it again later."),
            Button("again:", talk.t("Send the rating again")),
        )
    except Refused as refusal:
        talk.keep_rating(None)
        talk.say(talk.t("The rating was not accepted: {why}", why=refusal.why))
    else:
        talk.keep_rating(None)
        talk.say(talk.t("Thank you. Your rating was counted; those who handled it do not see who gave it."))
