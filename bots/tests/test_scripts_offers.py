"""The scripts for which there must be something on offer: a task to join, and a reward that points buy."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import Gateway
from citizen_gateway_sdk.models import AttendanceState

from . import telegram_stand, wechat_stand
from .holding import HERE, Step, in_telegram, in_wechat, on_the_console
from .offers import TEA, WHERE, Offers
from .test_console import citizen
from .wechat_stand import client_key

HELPING = [
    Step("志愿", "可参加的志愿任务"),
    Step("1", WHERE),
    Step("1", "怎么称呼您"),
    Step("阿黎", "报名成功"),
    Step("1", WHERE),
    Step("1", "请在任务地点发送您的位置"),
    Step(HERE, "签到成功"),
    Step("1", WHERE),
    Step("1", "请在任务地点发送您的位置"),
    Step(HERE, "时长审核通过后发放积分"),
    Step("积分", "您有 0 积分"),
]
"""Of somebody who helps for the first time."""

SPENDING = [
    Step("积分", "您有 50 积分"),
    Step("积分兑换", TEA),
    Step("1", "，剩余 5 份"),
    Step("1", "出示此码"),
    Step("积分", "您有 40 积分"),
    Step("兑换码", TEA),
    Step("1", "积分已返还"),
    Step("兑换码", "没有可用的兑换码"),
    Step("积分兑换", TEA),
    Step("1", "，剩余 5 份"),
    Step("1", "出示此码"),
    Step("兑换码", TEA),
]
"""Of a volunteer with 50 points; the shop takes the code that is shown last."""

_CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")


@pytest.fixture
def offers(city: Running) -> Iterator[Offers]:
    """Offer something for as long as a test takes."""
    with Gateway(city.url) as api:
        made = Offers(city, api)
        yield made
        made.close()


def was_there(offers: Offers) -> None:
    """Assert that the organizer sees one who came and went."""
    (helper,) = offers.helpers()
    assert (helper.nickname, helper.attendance.state) == ("阿黎", AttendanceState.LEFT)


def code_is_good(offers: Offers, shown: str) -> None:
    """Assert that each piece had a code, shown again when asked for, and that the shop takes the one that is left."""
    first, first_again, second, second_again = _CODE.findall(shown)
    assert (first, second) == (first_again, second_again)
    assert first != second
    assert offers.till.redemptions.confirm(second).title == TEA


def test_helping_in_wechat(wechat: wechat_stand.Stand, offers: Offers) -> None:
    """From the list to the last hour."""
    in_wechat(wechat_stand.Person(wechat), HELPING)
    was_there(offers)


def test_spending_in_wechat(wechat: wechat_stand.Stand, offers: Offers) -> None:
    """Points become a code, points again, and another code."""
    person = wechat_stand.Person(wechat)
    with Gateway(wechat.city.url, token=client_key(wechat.city, Channel.WECHAT)) as api:
        session = api.sessions.for_citizen(person.openid)
        offers.award(api.with_options(token=session.token), 50)
    code_is_good(offers, in_wechat(person, SPENDING))


def test_helping_in_telegram(telegram: telegram_stand.Stand, offers: Offers) -> None:
    """The same, by buttons."""
    in_telegram(telegram_stand.Person(telegram), HELPING)
    was_there(offers)


def test_spending_in_telegram(telegram: telegram_stand.Stand, offers: Offers) -> None:
    """The same, by buttons."""
    person = telegram_stand.Person(telegram)
    with Gateway(telegram.city.url, token=client_key(telegram.city, Channel.TELEGRAM)) as api:
        session = api.sessions.for_citizen(str(person.id))
        offers.award(api.with_options(token=session.token), 50)
    code_is_good(offers, in_telegram(person, SPENDING))


def test_helping_on_the_console(city: Running, offers: Offers) -> None:
    """The same."""
    on_the_console(city, uuid4().hex, HELPING)
    was_there(offers)


def test_spending_on_the_console(city: Running, offers: Offers) -> None:
    """The same."""
    subject = uuid4().hex
    with Gateway(city.url) as api:
        offers.award(citizen(api, subject), 50)
    code_is_good(offers, on_the_console(city, subject, SPENDING))
