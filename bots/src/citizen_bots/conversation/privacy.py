"""What is kept of a citizen: consent, a copy, being forgotten, and one account for several channels."""

from collections.abc import Mapping

import msgspec

from citizen_bots.conversation.naming import moment
from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.state import Awaited, State
from citizen_bots.conversation.talk import Talk
from citizen_bots.conversation.words import dictionary

POLICY = "privacy"
_SHOWN = 20


async def show(talk: Talk) -> None:
    """Say what is kept and why, whether the citizen agreed, and what they may do."""
    version = dictionary().policy
    said = next((one for one in await talk.gateway.consents() if one.policy == POLICY), None)
    agreed = bool(said and said.given and said.version == version)
    lines = [
        talk.t(
            "Your reports, photos and places are kept so that the city can act on them and answer you. Who handles "
            "them sees no name and no number without a reason that is written down."
        ),
        talk.t("Privacy policy, version {version}.", version=version),
    ]
    if agreed and said:
        lines.append(talk.t("You agreed on {moment}.", moment=moment(talk, said.at)))
        choice = Button("consent:no", talk.t("I agree no longer"))
    else:
        choice = Button("consent:yes", talk.t("I agree"))
    talk.say(
        "\n".join(lines),
        choice,
        Button("export:", talk.t("What is kept of me")),
        Button("erase:", talk.t("Forget me")),
        Button("link", talk.t("Link another channel")),
    )


async def consent(talk: Talk, answer: str) -> None:
    """Take consent, or its end."""
    given = answer == "yes"
    await talk.gateway.consent(dictionary().policy, f"{talk.turn}-consent", given=given)
    talk.say(talk.t("Noted: you agree.") if given else talk.t("Noted: you no longer agree."))


async def export(talk: Talk, _answer: str) -> None:
    """Show all that is kept."""
    kept = await talk.gateway.export()
    lines = [talk.t("This is kept of you, as of {moment}:", moment=moment(talk, kept.exported_at))]
    for name, value in kept.data.items():
        items = value if isinstance(value, list) else [value]
        lines.append(f"\n{name} ({len(items)})")
        lines += [f"· {_line(item)}" for item in items[:_SHOWN]]
        if len(items) > _SHOWN:
            lines.append(talk.t("… and {count} more; the app shows all of it.", count=len(items) - _SHOWN))
    talk.say("\n".join(lines))


async def erase(talk: Talk, answer: str) -> None:
    """Forget the citizen, when they are sure; nothing of the chat is kept either."""
    if answer != "yes":
        talk.say(
            talk.t("Shall you be forgotten? Your tickets go on without you, and there is no way back."),
            Button("erase:yes", talk.t("Yes, forget me")),
            Button("privacy", talk.t("No")),
        )
        return
    await talk.gateway.erase(f"{talk.turn}-erase")
    talk.state = State(locale=talk.state.locale)
    talk.say(talk.t("You are forgotten. If you write again, you are somebody new here."))


async def link(talk: Talk) -> None:
    """Say how accounts are joined."""
    talk.say(
        talk.t("Do you use another channel of the city's too? With a code both become one account."),
        Button("code:make", talk.t("Give me a code")),
        Button("code:have", talk.t("I have a code")),
    )


async def link_by(talk: Talk, answer: str) -> None:
    """Make a code, or ask for one."""
    if answer == "make":
        made = await talk.gateway.make_link_code(f"{talk.turn}-code")
        until = moment(talk, made.expires_at)
        talk.say(talk.t("Write this code in the other channel until {moment}:", moment=until) + f"\n{made.code}")
        return
    talk.await_next(Awaited("link", f"{talk.turn}-link"))
    talk.say(talk.t("Write the code."), Button("cancel", talk.t("Cancel")))


async def take_code(talk: Talk, awaited: Awaited, text: str) -> None:
    """Join the account whose code was written."""
    await talk.gateway.link(text, awaited.key)
    talk.await_next(None)
    talk.say(talk.t("Both channels are one account now."), Button("mine", talk.t("My reports")))


def _line(item: object) -> str:
    if isinstance(item, Mapping):
        return ", ".join(f"{name}: {_line(value)}" for name, value in item.items() if value not in (None, "", []))
    return item if isinstance(item, str) else msgspec.json.encode(item).decode()
