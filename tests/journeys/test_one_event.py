"""Many who report one event: one ticket, one answer, everybody asked to rate (stories 9 and 14 of the city)."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from citizen_gateway.accounts.model import Staff
from citizen_gateway.accounts.store import save_staff
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.running import Running, running
from citizen_gateway.kernel.ids import StaffId, uuid7
from citizen_gateway.platform.actor import Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.resources import resource
from citizen_gateway.platform.settings import Environment, Settings
from citizen_gateway_sdk import Gateway, errors, models

PIPES = models.Position(lat=34.7449, lon=113.6407, datum=models.Datum.WGS84)
HEATING = (
    "新华街社区暖气不热，家里只有十四度",
    "暖气片冰凉，新华街社区的老人都感冒了",
    "我们新华街社区暖气一直不热，交了暖气费的",
    "新华街社区整栋楼暖气都不热，管子是凉的",
    "新华街社区暖气不热，孩子写作业手都冷",
)
CHOIR = ("夜里合唱排练太吵，影响休息", "合唱团夜里排练，太吵了", "合唱排练夜里太吵，孩子睡不着")
ESTATE = "米村镇和盛嘉园"
_PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, thin_pack: Path) -> Iterator[Running]:
    """Start a gateway whose pack joins reports, as the city's own does."""
    folder = tmp_path_factory.mktemp("j")
    shutil.copytree(thin_pack, folder / "pack")
    shutil.copy(resource("cities") / "zhengzhou" / "joining.toml", folder / "pack")
    settings = Settings(
        environment=Environment.DEVELOPMENT,
        data=str(folder / "d"),
        port=0,
        log_level="error",
        pack=str(folder / "pack"),
    )
    with running(settings) as started:
        yield started


def employ(town: Running, api: Gateway, role: Role, department: str | None = None) -> Gateway:
    """Employ somebody and sign them in."""
    login = uuid4().hex

    async def add(tx: Transaction) -> None:
        person = Staff(StaffId(uuid7(tx.now)), login, login, (Grant(role, department),))
        await save_staff(tx.conn, person, tx.now)

    asyncio.run(in_transaction(town.engines.database_url, add))
    return api.with_options(token=api.sessions.sign_in_staff(login).token)


def invitation(citizen: Gateway, report: object) -> models.Invitation:
    """Wait until the worker has invited the reporter of a report."""
    return until(lambda: citizen.ratings.invitation_of_report(str(report)))


def until(ask: Callable[[], models.Invitation]) -> models.Invitation:
    """Ask again while there is nothing yet."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return ask()
        except errors.NotYetInvited:
            assert time.monotonic() < deadline, "the worker invited nobody"
            time.sleep(0.1)


def settle(town: Running, api: Gateway, number: str, reply: str) -> None:
    """Have a center dispatch the ticket where nobody did, and its department settle it."""
    center = employ(town, api, Role.CENTER)
    ticket = center.tickets.get(number)
    if ticket.department is None:
        assert ticket.dispatch is not None
        ticket = center.tickets.assign(number, department=ticket.dispatch.suggestions[0].department, reason="首接负责")
    assert ticket.department is not None
    handler = employ(town, api, Role.HANDLER, ticket.department.code)
    handler.tickets.accept(number)
    handler.tickets.resolve(number, reply=reply)


def rate(citizen: Gateway, receipts: Sequence[models.Receipt], number: int) -> str:
    """Rate one's report as solved and return the ticket's state."""
    given = citizen.ratings.rate_report(
        receipts[number].report_id, contacted=True, solved=models.Solved.SOLVED, satisfied=5
    )
    return str(given.ticket_state)


def test_cold_radiators_of_a_community(town: Running) -> None:
    """Story 14: many reports, one ticket, one repair; each is asked, and when all are content it is closed."""
    with Gateway(town.url) as api:
        people = [api.with_options(token=api.sessions.sign_in_citizen(uuid4().hex).token) for _ in HEATING]
        receipts = [one.reports.submit(text, position=PIPES) for one, text in zip(people, HEATING, strict=True)]
        assert [receipt.joined for receipt in receipts] == [False, True, True, True, True]
        numbers = {receipt.ticket.number for receipt in receipts}
        assert len(numbers) == 1
        number = numbers.pop()
        neighbour = api.with_options(token=api.sessions.sign_in_citizen(uuid4().hex).token)
        offered = neighbour.reports.similar("暖气不热", lat=PIPES.lat, lon=PIPES.lon)
        assert [(one.number, one.reporters) for one in offered] == [(number, 5)]
        following = neighbour.tickets.follow(number)
        settle(town, api, number, "已冲洗管网并排气，室温恢复。")
        assert api.tickets.get(number, secret=following.secret).state.value == "resolved"
        states = []
        for position, (one, receipt) in enumerate(zip(people, receipts, strict=True)):
            assert invitation(one, receipt.report_id).ticket_number == number
            states.append(rate(one, receipts, position))
        assert states == ["resolved"] * 4 + ["closed"]


def test_a_choir_that_rehearses_at_night(town: Running) -> None:
    """Story 9: neighbours name the estate in words; one is not content, it is done again, and all are asked anew."""
    with Gateway(town.url) as api:
        people = [api.with_options(token=api.sessions.sign_in_citizen(uuid4().hex).token) for _ in CHOIR]
        receipts = [
            one.reports.submit(text, place=ESTATE, category="801") for one, text in zip(people, CHOIR, strict=True)
        ]
        assert [receipt.joined for receipt in receipts] == [False, True, True]
        number = receipts[0].ticket.number
        settle(town, api, number, "已约定夜间不排练。")
        invitation(people[1], receipts[1].report_id)
        unhappy = people[1].ratings.rate_report(
            receipts[1].report_id, contacted=True, solved=models.Solved.NOT, satisfied=1, comment="昨晚又唱了"
        )
        assert unhappy.ticket_state == "assigned"
        with pytest.raises(errors.RatingSuperseded):
            people[2].ratings.rate_report(
                receipts[2].report_id, contacted=True, solved=models.Solved.SOLVED, satisfied=5
            )
        settle(town, api, number, "已签订公约，限定时间和音量。")
        assert states_after(people, receipts) == ["resolved", "resolved", "closed"]


def states_after(people: Sequence[Gateway], receipts: Sequence[models.Receipt]) -> list[str]:
    """Have all rate anew, each as soon as the worker has invited them anew; return the ticket's state after each."""
    states: list[str] = []
    deadline = time.monotonic() + _PATIENCE_S
    while len(states) < len(people):
        try:
            states.append(rate(people[len(states)], receipts, len(states)))
        except (errors.RatingSuperseded, errors.AlreadyRated):
            assert time.monotonic() < deadline, "the worker invited nobody anew"
            time.sleep(0.1)
    return states
