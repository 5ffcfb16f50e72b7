"""Telegram end to end: fake Bot API, bots, SDK, gateway, PostgreSQL and Valkey, all over real HTTP."""

from collections.abc import Iterator

import pytest

from citizen_gateway.cli.running import Running

from .telegram_stand import SECRET, Person, Stand
from .test_wechat_report import RUBBISH, picture


@pytest.fixture(scope="module", params=["webhook", "polling"])
def stand(request: pytest.FixtureRequest, city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start Telegram and the bots, called and polling."""
    made = Stand(city, tmp_path_factory.mktemp("telegram"), secret=SECRET if request.param == "webhook" else "")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def person(stand: Stand) -> Person:
    """Give somebody whom the bot never met."""
    return Person(stand)


def test_a_photo_a_place_and_a_sentence_become_a_report(person: Person) -> None:
    """Each message is answered once; the city has the report with everything in it; a button sends it."""
    assert "什么地方" in person.write(RUBBISH)
    assert "照片 1 张" in person.photograph(picture())
    assert person.point()
    receipt = person.press("发送")
    assert "编号" in receipt
    report = person.report()
    assert report.ticket_number in receipt
    assert len(person.texts) == 4


def test_an_album_is_one_message(person: Person) -> None:
    """Three photos and the words below them are answered once, and all three are there."""
    answer = person.photograph(picture(), picture(), picture(), caption=RUBBISH)
    assert "照片 3 张" in answer
    person.point()
    assert "编号" in person.press("发送")
    assert len(person.report().photo_ids) == 3
    assert len(person.texts) == 3


def test_an_update_is_never_worked_twice(person: Person, stand: Stand) -> None:
    """Telegram brings it again: there is one answer and one report."""
    person.write(RUBBISH)
    person.point()
    before = len(person.texts)
    (update,) = person.send(text="发送")
    person.wait_to_see("编号")
    for _ in range(2):
        stand.order("again", update=update)
    stand.wait_until_delivered()
    assert person.write("/help")
    assert len(person.texts) == before + 2
    assert len(person.reports()) == 1


def test_what_is_no_update_hides_no_other(person: Person, stand: Stand) -> None:
    """They come at once, and nothing of them is in the log."""
    for wrong in ({"message": {"text": "a secret"}}, {"something_new": {"text": "a secret"}}, {"poll": {"id": "1"}}):
        stand.order("update", **wrong)
    assert person.write("/help")
    stand.wait_until_delivered()
    assert "a secret" not in stand.bots.log.read_text("utf-8")


def test_a_venue_says_where(person: Person) -> None:
    """Its address and name are the place's words."""
    person.write(RUBBISH)
    at = {"latitude": 34.7001, "longitude": 113.6001}
    venue = {"venue": {"location": at, "title": "电影院", "address": "工三街1号"}, "location": at}
    assert "工三街1号 电影院" in person.ask(fields=venue)


def test_the_language_is_the_persons(person: Person) -> None:
    """Telegram tells it; English is for all that are not ours."""
    assert "Tell me what is wrong" in person.ask(text="/start", language="fr")
