"""Each conversation once, as a script, held in every channel: real engine, SDK, gateway, PostgreSQL and Valkey."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple
from uuid import uuid4

import pytest

from citizen_gateway.cli.running import Running

from . import telegram_stand
from .spots import next_spot
from .test_console import type_in
from .wechat_stand import Person, Stand, wait_for


class Step(NamedTuple):
    """What a citizen sends, and what the answer says; `HERE` stands for a place where nobody was before.

    The label of a choice, or its number, is typed where a channel has no buttons, and pressed where it has.
    """

    sent: str
    answered: str


HERE = "(place)"
RUBBISH = "小区门口垃圾堆积好几天，一直无人清理"

SCRIPTS = {
    "report, look, hurry, take back": [
        Step(RUBBISH, "什么地方"),
        Step(HERE, "还有要补充的吗"),
        Step("发送", "编号"),
        Step("我的工单", RUBBISH[:8]),
        Step("1", "承办单位"),
        Step("催办", "已催促办理单位"),
        Step("撤回", "确定撤回"),
        Step("1", "诉求已撤回"),
        Step("我的工单", "已撤回"),
    ],
    "danger comes first": [Step("居民楼着火了，有人被困", "119")],
    "consent, a copy, being forgotten": [
        Step("隐私", "2026-11"),
        Step("我同意", "您同意"),
        Step("隐私", "您已于"),
        Step("查看我的信息", "我们保存的您的信息"),
        Step("隐私", "撤回同意"),
        Step("注销并删除", "确定注销吗"),
        Step("确定注销", "信息已删除"),
    ],
    "one account for several channels": [
        Step("绑定", "验证码"),
        Step("给我一个验证码", "在另一渠道输入"),
        Step("绑定", "验证码"),
        Step("我已有验证码", "请输入验证码"),
        Step("胡写的", "无法办理"),
        Step("取消", "已取消"),
    ],
    "points, and where one can help": [
        Step("积分", "您有 0 积分"),
        Step("积分兑换", "没有可兑换"),
        Step("兑换码", "没有可用的兑换码"),
        Step("志愿", "没有可参加"),
    ],
    "languages, and a person": [
        Step("语言", "中文 (繁體)"),
        Step("中文 (繁體)", "我要"),
        Step("人工", "12345"),
        Step("English", "請選擇語言"),
    ],
}


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start WeChat and the bots."""
    made = Stand(city, tmp_path_factory.mktemp("scripts"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def telegram(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[telegram_stand.Stand]:
    """Start Telegram and the bots."""
    made = telegram_stand.Stand(city, tmp_path_factory.mktemp("scripts"))
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_wechat(name: str, stand: Stand) -> None:
    """Each message is answered at once."""
    person = Person(stand)
    for step in SCRIPTS[name]:
        shown = person.point() if step.sent == HERE else person.write(step.sent)
        assert step.answered in shown, (step, shown)


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_telegram(name: str, telegram: telegram_stand.Stand) -> None:
    """Each message is answered, and each button that a step names is there to be pressed."""
    hold_in_telegram(telegram_stand.Person(telegram), SCRIPTS[name])


def hold_in_telegram(person: telegram_stand.Person, script: list[Step]) -> None:
    """Hold a script, each step after the answer to the one before."""
    for step in script:
        before = len(person.texts)
        send(person, step.sent)
        wait_for(partial(shows, person, before, step.answered), f"no {step.answered} after {step.sent}")


def shows(person: telegram_stand.Person, before: int, text: str) -> bool:
    """Whether a message or a button behind the first ones says something."""
    return any(text in shown for shown in person.screen[before:])


def send(person: telegram_stand.Person, sent: str) -> None:
    """Send a place, press the button of that label or number, or write."""
    labels = person.labels if person.texts else []
    if sent == HERE:
        person.point()
    elif sent.isdigit():
        person.press(labels[int(sent) - 1])
    elif sent in labels:
        person.press(sent)
    else:
        person.write(sent)


@pytest.mark.parametrize("name", SCRIPTS)
def test_on_the_console(name: str, city: Running) -> None:
    """The same answers come in the same order."""
    lat, lon = next_spot()
    lines = [f"/place {lat} {lon} wgs84" if step.sent == HERE else step.sent for step in SCRIPTS[name]]
    _, shown, complained = type_in(city.url, uuid4().hex, *lines)
    rest = shown
    for step in SCRIPTS[name]:
        _, found, rest = rest.partition(step.answered)
        assert found, (step, shown, complained)
