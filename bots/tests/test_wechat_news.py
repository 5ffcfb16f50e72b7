"""News in WeChat: what becomes of a report reaches its citizen once, by a way that WeChat's rules leave open."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import redis

from citizen_bots.conversation.naming import CHINA
from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import Gateway, TicketState

from .test_console import handler
from .test_wechat_report import RUBBISH, reports_of
from .wechat_stand import Person, Stand, wait_for

TEMPLATE = "template-of-news"


def begin(city: Running, folder: object, **settings: str) -> Stand:
    """Start WeChat and bots that tell news at once."""
    given = {"quiet_from": "0", "quiet_to": "0", "notice_gather_s": "0.5"} | settings
    made = Stand(city, folder, **given)
    made.start()
    return made


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start WeChat and the bots, with a template to subscribe to."""
    made = begin(city, tmp_path_factory.mktemp("news"), wechat_subscription_template=TEMPLATE)
    yield made
    made.stop()


@pytest.fixture
def person(stand: Stand) -> Person:
    """Give somebody whom the account never met."""
    return Person(stand)


def report(person: Person) -> str:
    """File a report and return its ticket's number."""
    person.write(RUBBISH)
    person.point()
    person.write("发送")
    (listed,) = reports_of(person.stand, person)
    return listed.ticket_number


def settle(stand: Stand, number: str) -> None:
    """Have the department sign, work and settle."""
    with Gateway(stand.city.url) as api:
        center = handler(stand.city, api, "410103-cgj")
        center.tickets.accept(number)
        center.tickets.start(number)
        center.tickets.resolve(number, reply="已清运完毕")


def close_window(person: Person) -> None:
    """Let the citizen's 48 hours be over, for us and for WeChat."""
    with redis.Redis.from_url(person.stand.redis_url) as valkey:
        valkey.hset(f"{{bots}}:wechat:window:{person.openid}", "until", 0)


def why(person: Person) -> str:
    """Return why the citizen's outbox waits."""
    with redis.Redis.from_url(person.stand.redis_url) as valkey:
        return (valkey.get(person.key("why")) or b"").decode()


def test_what_happened_is_one_message_and_the_result_is_rated(stand: Stand, person: Person) -> None:
    """From the report to the rating, in the chat alone."""
    number = report(person)
    settle(stand, number)
    person.wait_to_see("已清运完毕")
    told = [text for text in person.texts if "有新进展" in text]
    assert len([text for text in told if "已清运完毕" in text]) == 1
    wait_for_invitation(person, number)
    person.write("1")
    person.write("5")
    person.write("1")
    person.write("1")
    assert "感谢" in person.write("1")
    with Gateway(stand.city.url) as api:
        center = handler(stand.city, api, "410103-cgj")
        wait_for(lambda: center.tickets.get(number).state is TicketState.CLOSED, "the rating did not close it")


def wait_for_invitation(person: Person, number: str) -> None:
    """Look at the ticket until its first choice is to rate it."""
    wait_for(lambda: "1) 评价" in person.write(number), "nobody was invited to rate")


def test_after_48_hours_news_waits_until_the_citizen_writes(stand: Stand, person: Person) -> None:
    """And the ledger shows why."""
    number = report(person)
    close_window(person)
    settle(stand, number)
    wait_for(lambda: "48 hours" in why(person), "nothing waited")
    assert not any("已清运完毕" in text for text in person.texts)
    person.write("帮助")
    person.wait_to_see("已清运完毕")
    assert sum("已清运完毕" in text for text in person.texts) == 1


def test_a_subscription_carries_news_when_nothing_else_may(stand: Stand, person: Person) -> None:
    """Once for each time the citizen allowed it."""
    number = report(person)
    stand.order("subscribe", **{"from": person.openid}, template=TEMPLATE)
    told = {"Event": "subscribe_msg_popup_event"}
    person.send(fields=told, items=[{"TemplateId": TEMPLATE, "SubscribeStatusString": "accept"}])
    close_window(person)
    settle(stand, number)
    wait_for(lambda: any(one["by"].startswith("subscription") for one in person.shown), "the subscription was not used")
    (sent,) = (one for one in person.shown if one["by"].startswith("subscription"))
    assert number in sent["text"]


def test_the_night_is_quiet(city: Running, tmp_path_factory: pytest.TempPathFactory) -> None:
    """News is kept for the end of the quiet hours."""
    now = datetime.now(CHINA)
    quiet = {"quiet_from": str((now - timedelta(hours=1)).hour), "quiet_to": str((now + timedelta(hours=2)).hour)}
    stand = begin(city, tmp_path_factory.mktemp("quiet"), **quiet)
    try:
        person = Person(stand)
        settle(stand, report(person))
        with redis.Redis.from_url(stand.redis_url) as valkey:
            wait_for(lambda: valkey.llen(person.key("news")), "no news was kept")
            due = valkey.zscore("{bots}:notices", person.who.key)
        assert due is not None
        assert datetime.fromtimestamp(due / 1000, CHINA).hour == (now + timedelta(hours=2)).hour
        assert not any("有新进展" in text for text in person.texts)
    finally:
        stand.stop()
