"""Points, what they buy, and what there is to help with."""

from uuid import UUID

from citizen_bots.conversation.naming import moment
from citizen_bots.conversation.port import Refused
from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.state import Awaited
from citizen_bots.conversation.talk import Talk
from citizen_bots.conversation.turns import Position
from citizen_gateway_sdk import errors
from citizen_gateway_sdk.models import AttendanceState, RedemptionState

_MOST = 5
_MOST_CODES = 20


async def show_points(talk: Talk) -> None:
    """Say what the citizen has."""
    points = await talk.gateway.points()
    lines = [talk.t("You have {count} points.", count=points.available)]
    if points.reserved:
        lines.append(talk.t("{count} more stand behind codes.", count=points.reserved))
    if points.next_to_expire:
        soon = points.next_to_expire
        lines.append(talk.t("{count} of them expire on {moment}.", count=soon.amount, moment=moment(talk, soon.at)))
    talk.say("\n".join(lines), *_ways(talk))


def _ways(talk: Talk) -> tuple[Button, ...]:
    return (
        Button("rewards", talk.t("What they buy")),
        Button("codes", talk.t("My codes")),
        Button("tasks", talk.t("Where I can help")),
    )


async def list_rewards(talk: Talk) -> None:
    """Show what points buy."""
    found = await talk.gateway.rewards(_MOST)
    if not found:
        talk.say(talk.t("There is nothing to redeem at the moment."))
        return
    buttons = (
        Button(f"reward:{one.id}", talk.t("{title}, {price} points", title=one.title, price=one.price)) for one in found
    )
    talk.say(talk.t("This can be redeemed:"), *buttons)


async def show_reward(talk: Talk, reward: UUID) -> None:
    """Show one thing, with a way to redeem it."""
    one = await talk.gateway.reward(reward)
    lines = [
        one.title,
        one.description,
        talk.t("At {merchant}; {count} left.", merchant=one.merchant, count=one.remaining),
    ]
    talk.say(
        "\n".join(filter(None, lines)),
        Button(f"redeem:{one.id}", talk.t("Redeem for {price} points", price=one.price)),
        Button("rewards", talk.t("What they buy")),
    )


async def redeem(talk: Talk, reward: UUID) -> None:
    """Reserve a piece, and show its code."""
    redemption = await talk.gateway.redeem(reward, f"{talk.turn}-redeem")
    until = moment(talk, redemption.valid_until)
    text = talk.t(
        "{title}: show this code at {merchant} until {moment}.",
        title=redemption.title,
        merchant=redemption.merchant,
        moment=until,
    )
    talk.say(f"{text}\n{redemption.code or ''}", Button(f"return:{redemption.id}", talk.t("Give it back")))


async def list_codes(talk: Talk) -> None:
    """Show the codes that are still good."""
    found = [one for one in await talk.gateway.redemptions(_MOST_CODES) if one.state is RedemptionState.RESERVED]
    if not found:
        talk.say(talk.t("You have no codes."), *_ways(talk))
        return
    lines = [f"{one.title}, {one.merchant}, {moment(talk, one.valid_until)}\n{one.code or ''}" for one in found]
    buttons = (Button(f"return:{one.id}", talk.t("Give back: {title}", title=one.title)) for one in found)
    talk.say("\n".join(lines), *buttons)


async def give_back(talk: Talk, redemption: UUID) -> None:
    """Give a piece up."""
    await talk.gateway.give_back(redemption, f"{talk.turn}-return")
    talk.say(talk.t("It was given back, and your points are yours again."), *_ways(talk))


async def list_tasks(talk: Talk) -> None:
    """Show what there is to help with."""
    found = await talk.gateway.tasks(_MOST)
    if not found:
        talk.say(talk.t("There is nothing to help with at the moment."))
        return
    buttons = (Button(f"task:{one.id}", f"{one.title}, {moment(talk, one.starts_at)}") for one in found)
    talk.say(talk.t("Here you can help:"), *buttons)


async def show_task(talk: Talk, task: UUID) -> None:
    """Show one, with what the citizen may do about it now."""
    one = await talk.gateway.task(task)
    lines = [
        one.title,
        one.description,
        one.place,
        f"{moment(talk, one.starts_at)} – {moment(talk, one.ends_at)}",
        talk.t(
            "{count} points an hour; {taken} of {places} places are taken.",
            count=one.points_per_hour,
            taken=one.taken,
            places=one.capacity,
        ),
    ]
    buttons = {
        AttendanceState.SIGNED_UP: Button(f"arrive:{task}", talk.t("I am here")),
        AttendanceState.PRESENT: Button(f"depart:{task}", talk.t("I am going")),
    }
    joining = Button(f"join:{task}", talk.t("I will help"))
    button = buttons.get(one.mine.state, joining) if one.mine else joining
    talk.say("\n".join(filter(None, lines)), button, Button("tasks", talk.t("Where I can help")))


async def join(talk: Talk, task: UUID) -> None:
    """Take a place; who is no volunteer yet is asked for a name to be called by."""
    try:
        attendance = await talk.gateway.sign_up(task, f"{talk.turn}-join")
    except Refused as refusal:
        if refusal.code != errors.NotAVolunteer.code:
            raise
        talk.await_next(Awaited("nickname", f"{talk.turn}-enrol", str(task)))
        talk.say(talk.t("What shall we call you? Write a nickname."), Button("cancel", talk.t("Cancel")))
        return
    waits = attendance.state is AttendanceState.WAITING
    text = talk.t("All places are taken; you are in line.") if waits else talk.t("You have a place. Thank you!")
    talk.say(text, Button(f"task:{task}", talk.t("The task")))


async def take_nickname(talk: Talk, awaited: Awaited, text: str) -> None:
    """Make a volunteer, and take the place they wanted."""
    await talk.gateway.enrol(text, awaited.key)
    talk.await_next(None)
    await join(talk, UUID(awaited.about))


async def arrive(talk: Talk, task: UUID) -> None:
    """Ask where the citizen is, to check in."""
    _ask_position(talk, "arrive", task)


async def depart(talk: Talk, task: UUID) -> None:
    """Ask where the citizen is, to check out."""
    _ask_position(talk, "depart", task)


def _ask_position(talk: Talk, kind: str, task: UUID) -> None:
    talk.await_next(Awaited(kind, f"{talk.turn}-{kind}", str(task)))
    talk.say(talk.t("Send your position from the place of the task."), Button("cancel", talk.t("Cancel")))


async def take_position(talk: Talk, awaited: Awaited, position: Position) -> None:
    """Check in or out where the citizen is."""
    leaving = awaited.kind == "depart"
    await talk.gateway.check(UUID(awaited.about), position, awaited.key, leaving=leaving)
    talk.await_next(None)
    text = (
        talk.t("Thank you. Your hours are looked at, and then bring points.")
        if leaving
        else talk.t("You are checked in.")
    )
    talk.say(text, Button(f"task:{awaited.about}", talk.t("The task")))
