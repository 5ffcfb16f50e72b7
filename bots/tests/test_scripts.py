"""Each conversation once, as a script, held in every channel: real engine, SDK, gateway, PostgreSQL and Valkey."""

from uuid import uuid4

import pytest

from citizen_gateway.cli.running import Running

from . import telegram_stand, wechat_stand
from .holding import HERE, Step, in_telegram, in_wechat, on_the_console

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


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_wechat(name: str, wechat: wechat_stand.Stand) -> None:
    """Each message is answered at once."""
    in_wechat(wechat_stand.Person(wechat), SCRIPTS[name])


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_telegram(name: str, telegram: telegram_stand.Stand) -> None:
    """Each message is answered, and each button that a step names is there to be pressed."""
    in_telegram(telegram_stand.Person(telegram), SCRIPTS[name])


@pytest.mark.parametrize("name", SCRIPTS)
def test_on_the_console(name: str, city: Running) -> None:
    """The same answers come in the same order."""
    on_the_console(city, uuid4().hex, SCRIPTS[name])
