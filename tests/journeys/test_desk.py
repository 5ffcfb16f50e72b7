"""What staff and citizens do with tickets and with data about people, through the SDK, over real HTTP."""

import asyncio
import time
from uuid import uuid4

import pytest

from citizen_gateway.accounts import store
from citizen_gateway.accounts.model import Staff
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.running import Running
from citizen_gateway.kernel.ids import StaffId, uuid7
from citizen_gateway.platform.actor import Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway_sdk import Gateway, Position, errors, models

SPOT = Position(lat=34.72, lon=113.64, datum=models.Datum.WGS84)
PATIENCE_S = 20.0


def employed(live: Running, api: Gateway, grant: Grant) -> Gateway:
    """Employ somebody and return their client."""
    login = f"desk-{uuid4().hex}"

    async def add(tx: Transaction) -> None:
        await store.save_staff(tx.conn, Staff(StaffId(uuid7(tx.now)), login, login, (grant,)), tx.now)

    asyncio.run(in_transaction(live.engines.database_url, add))
    return api.with_options(token=api.sessions.sign_in_staff(login).token)


def found(desk: Gateway, words: str) -> list[str]:
    """Search until something is found: words are indexed by the worker, a moment later."""
    deadline = time.monotonic() + PATIENCE_S
    while not (numbers := [ticket.number for ticket in desk.desk.search(words)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return numbers


def test_an_operator_finds_a_ticket_and_looks_at_who_reported_it(live: Running, api: Gateway) -> None:
    """Queue, search, masked words, a look for a purpose, and the line that an auditor reads."""
    citizen = api.with_options(token=api.sessions.sign_in_citizen(uuid4().hex).token)
    said = "松鼠桥下垃圾堆积好几天，我叫王小明，电话13812345678"
    number = citizen.reports.submit(said, position=SPOT).ticket.number
    desk = employed(live, api, Grant(Role.CENTER, area="410103"))
    assert found(desk, "松鼠桥下") == [number]
    assert number in [ticket.number for ticket in desk.desk.queue(models.Queue.OPEN, area="410103")]
    assert any(count.count for count in desk.desk.counts().items)
    (masked,) = desk.desk.reports(number)
    assert masked.masked
    assert "13812345678" not in masked.text
    with pytest.raises(errors.PurposeMissing):
        desk.desk.reveal(number, purpose=" ")
    (shown,) = desk.desk.reveal(number, purpose="回访")
    assert shown.text == said
    auditor = employed(live, api, Grant(Role.AUDITOR))
    (line,) = auditor.desk.audit(by=desk.sessions.current().id)
    assert (line.what, line.purpose) == ("personal_data.revealed", "回访")
    elsewhere = employed(live, api, Grant(Role.CENTER, area="410105"))
    assert [ticket.number for ticket in elsewhere.desk.search("松鼠桥下")] == []
    with pytest.raises(errors.NotFound):
        elsewhere.desk.reports(number)


def test_a_citizen_of_two_channels_becomes_one_and_then_is_forgotten(api: Gateway) -> None:
    """A code made in one channel, typed in the other; a copy of everything; and no way back."""
    names = uuid4().hex, uuid4().hex
    first = api.with_options(token=api.sessions.sign_in_citizen(names[0]).token)
    second = api.with_options(token=api.sessions.sign_in_citizen(names[1], channel=models.Channel.TELEGRAM).token)
    number = second.reports.submit("长颈鹿路的路灯不亮", position=SPOT).ticket.number
    second.me.consent("privacy", "1")
    linked = second.me.link(first.me.make_link_code().code)
    assert linked.citizen_id == first.sessions.current().id
    assert [listing.ticket_number for listing in first.reports.list()] == [number]
    kept = first.me.export()
    assert {"reports", "photos", "ratings", "consents", "identities", "follows"} <= kept.data.keys()
    first.me.erase()
    with pytest.raises(errors.Unauthenticated):
        first.me.consents()
    again = api.with_options(token=api.sessions.sign_in_citizen(names[0]).token)
    assert list(again.reports.list()) == []


def test_an_administrator_employs_somebody_who_signs_in_by_password(live: Running, api: Gateway) -> None:
    """And a wrong password opens nothing."""
    admin = employed(live, api, Grant(Role.ADMINISTRATOR))
    login = f"staff-{uuid4().hex}"
    grants = [models.GiveGrant(role=models.Role.CENTER, area="410103")]
    one = admin.staff.add(login, "王", grants=grants)
    admin.staff.set_password(one.id, "correct horse battery")
    with pytest.raises(errors.SignInRefused):
        api.sessions.sign_in_staff(login, "wrong horse battery")
    worker = api.with_options(token=api.sessions.sign_in_staff(login, "correct horse battery").token)
    assert worker.sessions.current().grants[0].area == "410103"
    admin.staff.revoke(one.id, models.Role.CENTER, area="410103")
    assert admin.staff.grant(one.id, models.Role.OBSERVER, department="410103-cgj").grants[0].role == "observer"
    assert not admin.staff.deactivate(one.id).active
    assert one.login in [member.login for member in admin.staff.list()]
