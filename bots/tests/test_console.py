"""The console before a real gateway: what a citizen types, and what the city has of it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from PIL import Image

from citizen_gateway.accounts.model import Staff
from citizen_gateway.accounts.store import save_staff
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.running import Process, Running, answers, free_port
from citizen_gateway.kernel.ids import StaffId, uuid7
from citizen_gateway.platform.actor import Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.settings import Environment
from citizen_gateway_sdk import Gateway, TicketState, errors, models

from .spots import next_spot

RUBBISH = "小区门口垃圾堆积好几天，一直无人清理"
_PATIENCE_S = 30.0


def console(url: str, subject: str, locale: str = "zh_CN") -> subprocess.Popen[str]:
    """Start the console as somebody's terminal would."""
    command = [sys.executable, "-m", "citizen_bots", "console", "--url", url, "--subject", subject, "--locale", locale]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")


def type_in(url: str, subject: str, *lines: str, locale: str = "zh_CN") -> tuple[int, str, str]:
    """Type these lines and leave; return the exit code, what was shown, and what was complained of."""
    with console(url, subject, locale) as process:
        shown, complained = process.communicate("".join(f"{line}\n" for line in lines), timeout=_PATIENCE_S)
    return process.returncode, shown, complained


@pytest.fixture
def subject() -> str:
    """Name somebody the city never met."""
    return uuid4().hex


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Take a photo no two of which are the same."""
    path = tmp_path / "rubbish.jpg"
    path.write_bytes(_picture())
    return path


def citizen(api: Gateway, subject: str) -> Gateway:
    """Act as the one who typed."""
    return api.with_options(token=api.sessions.sign_in_citizen(subject).token)


def handler(city: Running, api: Gateway, department: str) -> Gateway:
    """Act as somebody of a department."""
    login = uuid4().hex

    async def add(tx: Transaction) -> None:
        grants = (Grant(Role.HANDLER, department),)
        await save_staff(tx.conn, Staff(StaffId(uuid7(tx.now)), login, login, grants), tx.now)

    asyncio.run(in_transaction(city.engines.database_url, add))
    return api.with_options(token=api.sessions.sign_in_staff(login).token)


def test_from_the_first_word_to_the_rating(city: Running, subject: str, photo: Path) -> None:
    """A citizen reports, the department settles it, the citizen follows and rates it: all as the city has it."""
    lat, lon = next_spot()
    code, shown, complained = type_in(
        city.url, subject, f"/photo {photo}", RUBBISH, f"/place {lat} {lon} wgs84", "发送", "/quit"
    )
    assert code == 0, complained
    with Gateway(city.url) as api:
        me = citizen(api, subject)
        (listed,) = me.reports.list()
        report, ticket = me.reports.get(listed.id), me.tickets.get(listed.ticket_number)
        assert report.text == RUBBISH
        assert len(report.photo_ids) == 1
        assert report.position
        assert report.position.lat == pytest.approx(lat)
        assert ticket.department
        assert f"工单编号 {ticket.number}" in shown
        assert f"承办单位：{ticket.department.name}" in shown
        assert "办理期限：" in shown

        _settle(handler(city, api, ticket.department.code), ticket.number)
        _wait_for_invitation(me, listed.id)
        code, shown, complained = type_in(city.url, subject, "我的工单", "1", "1", "5", "1", "1", "很快，谢谢")
        assert code == 0, complained
        assert "答复：已清理干净" in shown
        assert "感谢您的评价" in shown
        assert [entry.type for entry in me.tickets.timeline(ticket.number)][-2:] == ["ticket.invited", "ticket.closed"]
        assert me.tickets.get(ticket.number).state is TicketState.CLOSED


def _settle(department: Gateway, number: str) -> None:
    department.tickets.accept(number)
    department.tickets.start(number)
    after = department.photos.upload(_picture())
    department.tickets.resolve(number, reply="已清理干净", photo_ids=[after.id])


def _picture() -> bytes:
    """Draw a small picture no two of which are the same."""
    file = BytesIO()
    Image.frombytes("RGB", (8, 8), uuid4().bytes * 12).save(file, "JPEG")
    return file.getvalue()


def _wait_for_invitation(me: Gateway, report: object) -> models.Invitation:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return me.ratings.invitation_of_report(str(report))
        except errors.NotYetInvited:
            assert time.monotonic() < deadline, "no invitation came"
            time.sleep(0.1)


def test_danger_in_english(city: Running, subject: str) -> None:
    """The numbers to call come first from the chat, and first in the city's receipt."""
    lat, lon = next_spot()
    code, shown, _ = type_in(city.url, subject, "居民楼着火了", f"/place {lat} {lon}", "send", locale="en")
    assert code == 0
    assert shown.index("If life is in danger now, call 119 first.") < shown.index("Your report: 居民楼着火了")
    assert shown.index("Please call 119 now") < shown.index("Your report has arrived.")


def test_bad_lines_are_answered(city: Running, subject: str, tmp_path: Path) -> None:
    """A file that is no photo, a place outside the city and a mistyped number each say what is wrong; no report."""
    fake = tmp_path / "text.jpg"
    fake.write_text("not a photo")
    code, shown, complained = type_in(
        city.url, subject, "/photo nowhere.jpg", f"/photo {fake}", "/dance", "ZZ-20261122-AAAAAA-A", RUBBISH,
        "/place 39.9 116.4", "发送",
    )  # fmt: skip
    assert "找不到文件 nowhere.jpg" in shown
    assert "这张照片无法使用" in shown
    assert "/photo 文件" in shown
    assert "诉求未被受理" in shown
    assert RUBBISH in complained
    assert code == 1
    with Gateway(city.url) as api:
        assert not list(citizen(api, subject).reports.list())


def test_nothing_is_lost_while_the_gateway_is_away(city: Running, subject: str) -> None:
    """What was typed is kept while nobody answers, and goes out once when somebody does."""
    (serve,) = (process for process in city.processes if process.name == "serve")
    with console(city.url, subject) as terminal:
        assert terminal.stdin
        assert terminal.stdout
        lines = iter(terminal.stdout.readline, "")
        _type(terminal, "帮助")
        _read_until(lines, "语言")
        serve.stop()
        lat, lon = next_spot()
        _type(terminal, RUBBISH, f"/place {lat} {lon}", "发送")
        _read_until(lines, "您的诉求已保存在这里")
        serve.start()
        deadline = time.monotonic() + _PATIENCE_S
        while not answers(f"{city.url}/ready"):
            assert time.monotonic() < deadline, "the gateway did not come back"
            time.sleep(0.1)
        _type(terminal, "发送")
        _read_until(lines, "工单编号")
        terminal.communicate(timeout=_PATIENCE_S)
    assert terminal.returncode == 0
    with Gateway(city.url) as api:
        assert [report.title for report in citizen(api, subject).reports.list()] == [RUBBISH]


def _type(terminal: subprocess.Popen[str], *lines: str) -> None:
    assert terminal.stdin
    for line in lines:
        terminal.stdin.write(f"{line}\n")
    terminal.stdin.flush()


def _read_until(lines: Iterator[str], text: str) -> None:
    assert any(text in line for line in lines), f"{text} was never shown"


def test_away_from_the_start_is_said(subject: str) -> None:
    """Without a gateway one may write; what was not sent is said at the end, with exit code 1."""
    code, shown, complained = type_in("http://127.0.0.1:9", subject, "路灯坏了", "发送", locale="en")
    assert code == 1
    assert "does not answer. You may write all the same" in shown
    assert "Your report is kept here" in shown
    assert "This was not sent: 路灯坏了" in complained


def test_a_gateway_for_real_citizens_is_said(city: Running, subject: str) -> None:
    """Where development logins are off, the console says so in one sentence and ends."""
    port = free_port("127.0.0.1", 0)
    settings = msgspec.structs.replace(city.settings, environment=Environment.PRODUCTION, port=port)
    production = Process("production", ["serve"], settings)
    production.start()
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not answers(f"http://127.0.0.1:{port}/ready"):
            assert time.monotonic() < deadline, production.log.read_text("utf-8")
            time.sleep(0.1)
        code, _, complained = type_in(f"http://127.0.0.1:{port}", subject, "路灯坏了", locale="en")
    finally:
        production.stop()
    assert code == 1
    assert "takes no development login" in complained
    assert "Traceback" not in complained


def test_a_refused_name_is_said(city: Running) -> None:
    """A name the gateway cannot take is told with the gateway's reason."""
    code, _, complained = type_in(city.url, "x" * 200, locale="en")
    assert code == 1
    assert "does not let you in" in complained


def test_an_address_that_is_none_is_said(subject: str) -> None:
    """A wrong address is a wrong option, not a gateway that is away."""
    code, _, complained = type_in("nowhere", subject)
    assert code == 2
    assert "--url" in complained
    assert "Traceback" not in complained
