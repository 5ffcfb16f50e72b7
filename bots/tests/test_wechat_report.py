"""WeChat end to end: fake platform, bots, SDK, gateway, PostgreSQL and Valkey, all over real HTTP."""

from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from citizen_gateway.accounts.model import Channel
from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import Gateway, models

from .wechat_stand import Person, Stand, client_key

RUBBISH = "小区门口垃圾堆积好几天，一直无人清理"


@pytest.fixture(scope="module", params=["secure mode", "plain mode"])
def stand(request: pytest.FixtureRequest, city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start WeChat and the bots, encrypted and not."""
    folder = tmp_path_factory.mktemp("wechat")
    made = Stand(city, folder) if request.param == "secure mode" else Stand(city, folder, aes_key="")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def person(stand: Stand) -> Person:
    """Give somebody whom the account never met."""
    return Person(stand)


def reports_of(stand: Stand, person: Person) -> list[models.ReportListing]:
    """Return what the city has of a person."""
    with Gateway(stand.city.url, token=client_key(stand.city, Channel.WECHAT)) as api:
        session = api.sessions.for_citizen(person.openid)
        return list(api.with_options(token=session.token).reports.list())


def picture() -> bytes:
    """Take a photo no two of which are the same."""
    file = BytesIO()
    Image.frombytes("RGB", (8, 8), uuid4().bytes * 12).save(file, "JPEG")
    return file.getvalue()


def test_a_photo_a_place_and_a_sentence_become_a_report(stand: Stand, person: Person) -> None:
    """Each message is answered at once; the city has the report with everything in it, and the channel."""
    assert "什么地方" in person.write(RUBBISH)
    assert "照片 1 张" in person.photograph(picture())
    answer = person.point("工三街")
    assert "工三街" in answer
    receipt = person.write("发送")
    assert "编号" in receipt
    (listed,) = reports_of(stand, person)
    assert listed.ticket_number in receipt
    assert [one["by"] for one in person.shown] == ["answer"] * 4


def test_a_repeated_delivery_is_answered_alike(stand: Stand, person: Person) -> None:
    """Three deliveries of one message get one answer's text, and there is one report."""
    person.write(RUBBISH)
    person.point()
    first = person.send(text="发送")
    again = [person.send(text="发送", again=first["id"]) for _ in range(2)]
    shown = [sent["attempts"][-1]["shown"] for sent in (first, *again)]
    assert len(set(shown)) == 1
    assert "编号" in shown[0]
    assert len(reports_of(stand, person)) == 1


def test_user_text_never_ends_an_answers_cdata(person: Person) -> None:
    """What looks like the end of it comes back as text."""
    text = "]]></Content><Content><![CDATA[别的内容]]>路灯坏了 & <b>"
    assert text in person.write(text)


def test_events_are_understood(person: Person) -> None:
    """Following greets, a menu's button does what it says, a place told unasked is offered, the rest is silence."""
    assert "随时" in person.send(fields={"Event": "subscribe"})["attempts"][-1]["shown"] or person.texts
    here = {"Event": "LOCATION", "Latitude": "34.72", "Longitude": "113.64", "Precision": "40"}
    assert person.send(fields=here)["attempts"] == [{"status": 200, "shown": ""}]
    assert person.send(fields={"Event": "CLICK", "EventKey": "report"})["attempts"][-1]["shown"]
    assert "我现在的位置" in person.write("路灯坏了，晚上很黑")
    assert "34.72000" in person.write("1")
    assert person.send(fields={"Event": "VIEW", "EventKey": "https://x.example"})["attempts"][0]["shown"] == ""
    assert "看不懂" in person.send(fields={"MsgType": "video", "MediaId": "m"})["attempts"][0]["shown"]


def test_a_voice_note_is_what_was_said(person: Person) -> None:
    """The recognised text begins a report."""
    assert "路灯坏了" in person.send(voice="路灯坏了")["attempts"][-1]["shown"]


def test_a_scanned_code_names_a_place(person: Person) -> None:
    """A code on a lamp post says where it is."""
    shown = person.send(fields={"Event": "SCAN", "EventKey": "place=工三街12号灯杆"})["attempts"][-1]["shown"]
    assert "工三街12号灯杆" in shown
