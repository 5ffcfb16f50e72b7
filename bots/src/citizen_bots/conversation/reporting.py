"""Making a report: photos, a place and words, in any order and in any number of messages."""

import msgspec

from citizen_bots.conversation.port import Away, PhotoGone, PhotoTooLarge, Refused
from citizen_bots.conversation.replies import Button, Reply
from citizen_bots.conversation.state import Draft, Picture
from citizen_bots.conversation.talk import Talk
from citizen_bots.conversation.turns import Content, Position, Several, Words
from citizen_bots.conversation.words import numbers_to_call
from citizen_bots.texts import Translator

TEXT_SIGNS = 5000
PLACE_SIGNS = 200
PHOTOS = 9


def begin(talk: Talk) -> None:
    """Ask what is wrong, or go on with the report that was begun."""
    if talk.state.draft:
        show(talk, talk.state.draft)
        return
    talk.say(talk.t("What is wrong? Write it in your own words, send photos and the place; any order will do."))


def add_words(talk: Talk, text: str) -> None:
    """Take words; the answer to the question where it is counts as the place too."""
    draft = _draft(talk)
    changed = msgspec.structs.replace(draft, words=(*draft.words, text))
    if len(changed.text) > TEXT_SIGNS:
        talk.say(talk.t("This would be longer than {limit} characters; it was not added.", limit=TEXT_SIGNS))
        show(talk, draft)
        return
    if draft.words and draft.asked_where and not draft.is_placed and len(text) <= PLACE_SIGNS:
        changed = msgspec.structs.replace(changed, presumed=text)
    show(talk, _warned(talk, changed, text))


def add_place(talk: Talk, text: str) -> None:
    """Take the place in words."""
    if len(text) > PLACE_SIGNS:
        talk.say(talk.t("A place may have {limit} characters; please say it in fewer.", limit=PLACE_SIGNS))
        return
    show(talk, msgspec.structs.replace(_draft(talk), place=text))


def add_position(talk: Talk, position: Position) -> None:
    """Take a point on the map."""
    show(talk, msgspec.structs.replace(_draft(talk), position=position))


def add_presence(talk: Talk) -> None:
    """Take the place where the citizen is, as they choose; without one, ask."""
    if talk.state.near:
        add_position(talk, talk.state.near)
    else:
        show(talk, _draft(talk))


async def add_photo(talk: Talk, ref: str) -> None:
    """Take a photo, and hand it to the gateway at once, so that a file that is none is known at once."""
    draft = _draft(talk)
    if len(draft.pictures) >= PHOTOS:
        talk.say(talk.t("A report may have {limit} photos; this one was not added.", limit=PHOTOS))
        show(talk, draft)
        return
    picture: Picture | None = Picture(ref, f"{talk.turn}-photo")
    try:
        picture = await uploaded(talk, picture) if picture else None
    except Away:
        talk.say(talk.t("The photo is kept, and goes out with the report."))
    if picture and picture.id not in {other.id for other in draft.pictures if other.id}:
        draft = msgspec.structs.replace(draft, pictures=(*draft.pictures, picture))
    show(talk, draft)


async def uploaded(talk: Talk, picture: Picture) -> Picture | None:
    """Hand a photo to the gateway; say so and return None where that is in vain. Raises `Away`."""
    if picture.id:
        return picture
    try:
        view = await talk.gateway.upload(picture.ref, picture.key)
    except Refused as refusal:
        talk.say(talk.t("This photo cannot be taken: {why}", why=refusal.why))
    except PhotoGone:
        talk.say(talk.t("A photo is no longer there; please send it again."))
    except PhotoTooLarge as refusal:
        talk.say(talk.t("A photo may have at most {limit} MB; please send a smaller one.", limit=refusal.most_mb))
    else:
        return msgspec.structs.replace(picture, id=view.id, located=view.position is not None)
    return None


def leave_out(talk: Talk, what: str) -> None:
    """Take the place or the photos out of the report again."""
    draft = _draft(talk)
    if what == "place":
        draft = msgspec.structs.replace(draft, position=None, place="", presumed="")
    else:
        draft = msgspec.structs.replace(draft, pictures=())
    show(talk, draft)


def cancel(talk: Talk) -> None:
    """Forget the report in the making."""
    if talk.state.draft is None:
        talk.say(talk.t("There is nothing to cancel."))
        return
    talk.keep_draft(None)
    talk.say(talk.t("The report was not sent and is forgotten."))


def show(talk: Talk, draft: Draft) -> None:
    """Keep the report, and ask for what it lacks, or show it before it is sent."""
    if talk.gathering:
        talk.keep_draft(draft)
        talk.gathered = draft
        return
    cancelling = Button("cancel", talk.t("Cancel"))
    if not draft.words:
        talk.keep_draft(draft)
        if draft.pictures or draft.is_placed:
            talk.say(talk.t("Noted.") + "\n" + summary(talk, draft) + "\n" + talk.t("What is wrong?"), cancelling)
        else:
            begin_anew(talk)
        return
    if not draft.is_placed:
        talk.keep_draft(msgspec.structs.replace(draft, asked_where=True))
        question = talk.t("Where is it? Send your position, or write the place.")
        here = (Button("here", talk.t("Where I am now")),) if talk.state.near else ()
        sending = Button("send", talk.t("Send without a place"))
        talk.say(summary(talk, draft) + "\n" + question, *here, sending, cancelling)
        return
    talk.keep_draft(draft)
    talk.say(
        summary(talk, draft) + "\n" + talk.t("Is there more? Otherwise send it."),
        Button("send", talk.t("Send")),
        cancelling,
    )


def begin_anew(talk: Talk) -> None:
    """Ask for a first word, when nothing is left of a report."""
    talk.keep_draft(None)
    begin(talk)


def summary(talk: Talk, draft: Draft) -> str:
    """Return what the report holds."""
    lines = []
    if draft.words:
        lines.append(talk.t("Your report: {text}", text=draft.text))
    if draft.position:
        at = draft.position
        point = f"{at.lat:.5f}, {at.lon:.5f} ({at.datum.value})"
        lines.append(talk.t("Position: {point}", point=point))
    if draft.where:
        lines.append(talk.t("Place: {place}", place=draft.where))
    elif not draft.position and draft.is_placed:
        lines.append(talk.t("Place: where the photo was taken"))
    if draft.pictures:
        lines.append(talk.t.plural("{count} photo", "{count} photos", len(draft.pictures)))
    return "\n".join(lines)


def danger_warning(content: Content, locale: str) -> Reply | None:
    """Return what is said at once to words of danger, also where nothing else can be said."""
    parts = content.parts if isinstance(content, Several) else (content,)
    numbers = numbers_to_call("\n".join(part.text for part in parts if isinstance(part, Words)))
    return Reply(warning_text(numbers, Translator(locale))) if numbers else None


def warning_text(numbers: tuple[str, ...], t: Translator) -> str:
    """Return which number to call before anything else."""
    return t("If life is in danger now, call {numbers} first.", numbers=" / ".join(numbers))


def _draft(talk: Talk) -> Draft:
    return talk.state.draft or Draft(key=f"{talk.turn}-report")


def _warned(talk: Talk, draft: Draft, text: str) -> Draft:
    """Say which number to call before anything else, once for each report."""
    numbers = numbers_to_call(text)
    if not numbers or draft.warned:
        return draft
    talk.say(warning_text(numbers, talk.t))
    return msgspec.structs.replace(draft, warned=True)
