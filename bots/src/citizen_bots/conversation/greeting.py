"""Greeting, languages, and where a person answers."""

from citizen_bots.conversation.rating import too_late
from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.talk import Talk
from citizen_bots.conversation.words import dictionary
from citizen_bots.texts import catalogues, language_name


def greet(talk: Talk) -> None:
    """Say what can be done here."""
    talk.say(
        talk.t("Tell me what is wrong in the city: write it, send photos and the place."),
        Button("report", talk.t("Report a problem")),
        Button("mine", talk.t("My reports")),
        Button("points", talk.t("Points")),
        Button("privacy", talk.t("My data")),
        Button("language", talk.t("Language")),
        Button("person", talk.t("Talk to a person")),
    )


def ask_language(talk: Talk) -> None:
    """Let a language be chosen."""
    talk.say(talk.t("Which language?"), *(Button(f"locale:{at}", language_name(at)) for at in catalogues()))


async def speak(talk: Talk, locale: str) -> None:
    """Go on in the chosen language."""
    if locale not in catalogues():
        too_late(talk)
        return
    talk.speak(locale)
    greet(talk)


def name_hotline(talk: Talk) -> None:
    """Say where a person answers."""
    talk.say(talk.t("A person answers you at {number}, day and night.", number=dictionary().hotline))
