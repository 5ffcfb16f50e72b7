"""Nothing is lost and nothing done twice while processes die between any two messages, in any order."""

import base64
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citizen_gateway.cli.running import Running

from .spots import next_spot
from .telegram_stand import Person, Stand
from .test_wechat_report import RUBBISH, picture
from .wechat_stand import wait_for

_PARTS = ("words", "photo", "place")


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start Telegram and the bots, whose work is soon taken over when they die."""
    made = Stand(city, tmp_path_factory.mktemp("loss"), lease_s="1.5")
    made.start()
    yield made
    made.stop()


def sayings(person: Person) -> dict[str, Callable[[], list[int]]]:
    """Return the parts of a report as messages."""
    lat, lon = next_spot()
    photo = base64.b64encode(picture()).decode()
    return {
        "words": lambda: person.send(text=RUBBISH),
        "photo": lambda: person.send(photos=[photo]),
        "place": lambda: person.send(location={"latitude": lat, "longitude": lon}),
    }


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    order=st.permutations(_PARTS),
    kills=st.sets(st.integers(0, 2), max_size=2),
    twice=st.sets(st.sampled_from(_PARTS)),
    late=st.booleans(),
)
def test_any_order_makes_one_report(
    stand: Stand, *, order: list[str], kills: set[int], twice: set[str], late: bool
) -> None:
    """One report with everything in it, and one reply per message; a repetition may come behind other messages."""
    person = Person(stand)
    said = sayings(person)
    again: list[int] = []
    for number, part in enumerate(order):
        (update,) = said[part]()
        if part in twice:
            again.append(update)
        if number in kills:
            stand.bots.kill()
            stand.bots.start()
            stand.wait_until_ready()
        if not late:
            repeat(stand, again)
    repeat(stand, again)
    stand.wait_until_delivered()
    wait_for(lambda: len(set(person.texts)) == 3, f"not all was answered: {person.texts}")
    person.send(text="发送")
    person.wait_to_see("编号")
    report = person.report()
    assert report.ticket_number in person.texts[-1]
    assert report.text == RUBBISH
    assert len(report.photo_ids) == 1
    assert report.position is not None
    assert len(set(person.texts)) == 4, "a reply that was sent just before a kill may come twice, as it was"


def repeat(stand: Stand, updates: list[int]) -> None:
    """Have updates brought once more."""
    for update in updates:
        stand.order("again", update=update)
    updates.clear()
