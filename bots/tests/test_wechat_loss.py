"""Nothing is lost and nothing done twice: while processes die, while the gateway is away, while answers are late."""

import os
import time
from collections.abc import Iterator

import pytest

from citizen_bots.conversation import Words
from citizen_bots.host.channel import Incoming
from citizen_gateway.cli.running import Running, answers

from .test_wechat_report import RUBBISH, picture, reports_of
from .wechat_stand import Person, Stand, be_busy_with, keep, wait_for

OUTAGE_S = float(os.environ.get("CITIZEN_OUTAGE_S", "0"))
"""How long the gateway is away at least. `CITIZEN_BOTS_…` would be taken for a setting, and refused."""
EVERY_S = 15
"""Somebody else begins to report this often in a long outage."""
AWAY = "暂时没有响应"


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start WeChat and the bots."""
    made = Stand(city, tmp_path_factory.mktemp("loss"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def person(stand: Stand) -> Person:
    """Give somebody whom the account never met."""
    return Person(stand)


def test_a_killed_process_goes_on_where_it_was(stand: Stand, person: Person) -> None:
    """Killed between any two messages: one report with all of it, one answer to each message."""
    steps = (
        lambda: person.write(RUBBISH),
        lambda: person.photograph(picture()),
        person.point,
        lambda: person.write("发送"),
    )
    for step in steps:
        step()
        stand.bots.kill()
        stand.bots.start()
        stand.wait_until_ready()
    (listed,) = reports_of(stand, person)
    assert listed.ticket_number in person.texts[-1]
    assert len(person.texts) == 4


def test_a_message_kept_before_the_kill_is_worked_after_it(stand: Stand, person: Person) -> None:
    """What lies in the inbox when the process dies is worked by the next one, and answered by a customer message."""
    person.write(RUBBISH)
    person.point()
    stand.bots.kill()
    keep(stand, person, Incoming("wx-kept", Words("发送")))
    stand.bots.start()
    stand.wait_until_ready()
    person.wait_to_see("编号")
    assert len(reports_of(stand, person)) == 1


def test_while_the_gateway_is_away_citizens_are_told_once(stand: Stand, person: Person) -> None:
    """Messages are kept, danger is answered all the same, and everything goes through afterwards by itself."""
    (serve,) = (process for process in stand.city.processes if process.name == "serve")
    serve.stop()
    until = time.monotonic() + OUTAGE_S
    people = [person]
    try:
        report_in_vain(person)
        person.write("不好了，着火了")
        person.wait_to_see("119")
        while time.monotonic() < until:
            people.append(Person(stand))
            report_in_vain(people[-1])
            time.sleep(min(EVERY_S, max(0, until - time.monotonic())))
        for one in people:
            assert sum(AWAY in text for text in one.texts) == 1
    finally:
        serve.start()
        wait_for(lambda: answers(f"{stand.city.url}/ready"), "the gateway did not come back")
    for one in people:
        one.wait_to_see("编号")
        (listed,) = reports_of(stand, one)
        assert listed.title == RUBBISH
        assert listed.ticket_number in "".join(one.texts)
        assert sum(AWAY in text for text in one.texts) == 1


def report_in_vain(person: Person) -> None:
    """Send a whole report while the gateway is away."""
    assert person.write(RUBBISH)
    assert AWAY in person.photograph(picture())
    person.point()
    person.write("发送")


def test_an_answer_that_is_late_follows_as_a_customer_message(
    city: Running, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """WeChat hears an empty answer in time, and the same to every repetition; the citizen sees the answer once."""
    stand = Stand(city, tmp_path_factory.mktemp("late"), wechat_patience_s="0.2")
    stand.start()
    try:
        person = Person(stand)
        be_busy_with(stand, person, milliseconds=1500)
        first = person.send(text="路灯坏了")
        again = person.send(text="路灯坏了", again=first["id"])
        assert [sent["attempts"] for sent in (first, again)] == [[{"status": 200, "shown": ""}]] * 2
        person.wait_to_see("路灯坏了")
        assert [one["by"] for one in person.shown] == ["customer"]
    finally:
        stand.stop()
