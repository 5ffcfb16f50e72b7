"""One complaint through its whole life, played over real HTTP through the SDK, step by step with the times it took."""

import asyncio
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
from PIL import Image, ImageDraw
from rich.console import Console

from citizen_gateway.accounts import store
from citizen_gateway.accounts.model import Staff
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.preparing import pack_folder
from citizen_gateway.cli.running import Running
from citizen_gateway.cli.stories import Story, read_stories
from citizen_gateway.kernel.ids import StaffId, uuid7
from citizen_gateway.platform.actor import Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.failures import StartupError
from citizen_gateway_sdk import APIError, Gateway, Position, models

_INVITATION_PATIENCE_S = 20.0


class Told(msgspec.Struct, frozen=True):
    """How the story went."""

    ticket: str
    category: str
    department: str
    states: list[str]
    rating: int
    receipt_ms: float


class Stage:
    """Where the story is told: each step with the time it took."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self.took_ms = 0.0

    @contextmanager
    def step(self, who: str, what: str) -> Iterator[None]:
        """Time one step, and tell it when it is done."""
        begun = time.perf_counter()
        yield
        self.took_ms = (time.perf_counter() - begun) * 1000
        self._screen.print(f"[dim]{self.took_ms:7.1f} ms[/]  [bold]{who:<10}[/] {what}")

    def tell(self, text: str) -> None:
        """Tell what came of it."""
        self._screen.print(f"{'':12}{text}", soft_wrap=True)


def play(gateway: Running, screen: Console, story: Story | None = None) -> Told:
    """Play a story, the pack's first where none is given. Raises `StartupError` where development logins are off."""
    if not gateway.settings.development:
        raise StartupError("A story signs in without proof: run it with --development.")
    story = story or read_stories(pack_folder(gateway.settings))[0]
    stage = Stage(screen)
    screen.print(f"\n[bold]“{story.text}”[/]\n")
    with Gateway(gateway.url) as api:
        citizen = _citizen(api)
        receipt, receipt_ms = _report(citizen, stage, story)
        states = [receipt.ticket.state.value]
        number = receipt.ticket.number
        if receipt.ticket.department is None:
            department = _triage(gateway, api, stage, number, receipt)
            states.append("assigned")
        else:
            department = receipt.ticket.department.code
        handler = _staff(gateway, api, Role.HANDLER, department)
        states += _handle(handler, stage, receipt, department, story.reply)
        rating = _rate(citizen, stage, receipt)
        ticket = citizen.tickets.get(number)
        states.append(ticket.state.value)
        _tell_timeline(citizen, stage, number)
    return Told(
        ticket=number,
        category=ticket.category.name if ticket.category else "",
        department=ticket.department.name if ticket.department else "",
        states=states,
        rating=rating,
        receipt_ms=round(receipt_ms, 1),
    )


def _citizen(api: Gateway) -> Gateway:
    session = api.sessions.sign_in_citizen("demo-citizen", channel=models.Channel.MINIPROGRAM)
    return api.with_options(token=session.token)


def _staff(gateway: Running, api: Gateway, role: Role, department: str | None) -> Gateway:
    login = f"demo-{role}-{department or 'city'}"

    async def add(tx: Transaction) -> None:
        await store.save_staff(tx.conn, Staff(StaffId(uuid7(tx.now)), login, login, (Grant(role, department),)), tx.now)

    asyncio.run(in_transaction(gateway.engines.database_url, add))
    return api.with_options(token=api.sessions.sign_in_staff(login).token)


def _report(citizen: Gateway, stage: Stage, story: Story) -> tuple[models.Receipt, float]:
    with stage.step("citizen", "uploads a photo"):
        photo = citizen.photos.upload(_picture(story.text, night=True))
    position = None
    if story.lat is not None and story.lon is not None:
        position = Position(lat=story.lat, lon=story.lon, datum=models.Datum.WGS84)
    with stage.step("citizen", "says what is wrong, and gets a receipt"):
        receipt = citizen.reports.submit(story.text, place=story.place, position=position, photo_ids=[photo.id])
    took = stage.took_ms
    ticket = receipt.ticket
    stage.tell(f"ticket      {ticket.number}, secret {receipt.secret}")
    stage.tell(f"keywords    {'、'.join(receipt.keywords)}")
    for guess in receipt.guesses:
        stage.tell(f"category    {guess.category.name} {guess.confidence:.0%} because of {'、'.join(guess.evidence)}")
    stage.tell(f"place       {' < '.join(f'{area.name}{_made_up(area)}' for area in ticket.areas)}")
    stage.tell(f"department  {ticket.department.name if ticket.department else '—'} ({ticket.reason})")
    stage.tell(f"due         accept by {ticket.accept_due}, resolve by {ticket.resolve_due}")
    if receipt.emergency:
        stage.tell(f"[bold red]{receipt.emergency.message}[/]")
    return receipt, took


def _made_up(area: models.Area) -> str:
    return " (synthetic boundary)" if area.synthetic else ""


def _triage(gateway: Running, api: Gateway, stage: Stage, number: str, receipt: models.Receipt) -> str:
    center = _staff(gateway, api, Role.CENTER, None)
    ticket = center.tickets.get(number)
    suggestions = ticket.dispatch.suggestions if ticket.dispatch else []
    if not suggestions:
        raise StartupError(f"Nobody could be suggested for ticket {number}: {receipt.ticket.reason}")
    department = suggestions[0].department
    with stage.step("center", f"looks, and gives it to {department}"):
        center.tickets.assign(number, department=department, reason=suggestions[0].reason or "suggested")
    return department


def _handle(handler: Gateway, stage: Stage, receipt: models.Receipt, department: str, reply: str) -> list[str]:
    number, states = receipt.ticket.number, []
    with stage.step("handler", "finds it in the department's queue"):
        waiting = {
            ticket.number for ticket in handler.tickets.list(department=department, state=models.TicketState.ASSIGNED)
        }
    if number not in waiting:
        raise StartupError(f"Ticket {number} is not in the queue of {department}.")
    with stage.step("handler", "signs for it"):
        states.append(handler.tickets.accept(number).state.value)
    with stage.step("handler", "begins work"):
        states.append(handler.tickets.start(number).state.value)
    with stage.step("handler", "uploads a photo of the result"):
        photo = handler.photos.upload(_picture(reply, night=False))
    with stage.step("handler", f"settles it: {reply}"):
        states.append(handler.tickets.resolve(number, reply=reply, photo_ids=[photo.id]).state.value)
    return states


def _rate(citizen: Gateway, stage: Stage, receipt: models.Receipt) -> int:
    deadline = time.monotonic() + _INVITATION_PATIENCE_S
    with stage.step("citizen", "is invited to rate"):
        while True:
            try:
                citizen.ratings.invitation_of_report(receipt.report_id)
                break
            except APIError as refusal:
                if refusal.code != "not_yet_invited":
                    raise
                if time.monotonic() > deadline:
                    raise StartupError("No invitation came; does the worker run?") from refusal
                time.sleep(0.05)
    with stage.step("citizen", "rates it solved, five of five"):
        solved = models.Solved.SOLVED
        rating = citizen.ratings.rate_report(receipt.report_id, contacted=True, solved=solved, satisfied=5)
    return rating.satisfied


def _tell_timeline(citizen: Gateway, stage: Stage, number: str) -> None:
    stage.tell("")
    for entry in citizen.tickets.timeline(number):
        stage.tell(f"{entry.at:%H:%M:%S.%f}  {entry.type:<18} by {entry.by.value}")


def _picture(text: str, *, night: bool) -> bytes:
    """Draw a street by night or by day, so that the story needs no photo of anybody's."""
    sky, lamp = ((18, 22, 38), (60, 60, 66)) if night else ((150, 190, 220), (255, 236, 150))
    image = Image.new("RGB", (1280, 960), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 700, 1280, 960), fill=(52, 52, 56) if night else (120, 120, 124))
    draw.rectangle((630, 260, 650, 720), fill=(90, 90, 96))
    draw.ellipse((600, 220, 680, 280), fill=lamp)
    draw.point([(sum(text.encode()) % 1280, 10)], fill=lamp)
    exif = Image.Exif()
    exif[0x9003] = datetime.now(UTC).strftime("%Y:%m:%d %H:%M:%S")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88, exif=exif)
    return buffer.getvalue()
