"""What the conversations are promised: kept alike by the gateway in memory and by a real one over the SDK."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from citizen_bots.console.channel import photo_file
from citizen_bots.console.signing_in import DevelopmentDoor
from citizen_bots.conversation import Away, Gateway, PhotoGone, Refused, Submission
from citizen_bots.conversation.port import Vote
from citizen_bots.gateway import SdkGateway
from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import AsyncGateway, Solved

from .chat import HERE, FakeGateway

REPORT = Submission("小区门口垃圾堆积好几天", "", HERE, ())


class Stand:
    """A gateway and a folder of photos."""

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        self.gateway = gateway
        self._folder = folder

    def photo(self, content: bytes) -> str:
        """Make a photo and return how the channel knows it."""
        path = self._folder / uuid4().hex
        path.write_bytes(content)
        if isinstance(self.gateway, FakeGateway):
            self.gateway.bytes_of[str(path)] = content
        return str(path)


@pytest.fixture(params=["in memory", "real"])
def where(request: pytest.FixtureRequest) -> Running | None:
    """Choose either gateway; a real one is started outside any event loop."""
    return None if request.param == "in memory" else request.getfixturevalue("city")


@pytest.fixture
async def stand(where: Running | None, tmp_path: Path) -> AsyncIterator[Stand]:
    """Give either gateway, to a citizen it never met."""
    if where is None:
        yield Stand(FakeGateway(), tmp_path)
        return
    city = where
    async with AsyncGateway(city.url) as sdk:
        yield Stand(SdkGateway(_door(sdk), photo_file), tmp_path)


def _door(sdk: AsyncGateway) -> DevelopmentDoor:
    door = DevelopmentDoor(sdk, uuid4().hex)
    door.locale = "en"
    return door


async def test_a_key_files_one_report(stand: Stand) -> None:
    """A report that is sent twice under its key is there once, with one ticket."""
    first = await stand.gateway.submit(REPORT, "k")
    again = await stand.gateway.submit(REPORT, "k")
    assert again.report_id == first.report_id
    listed = await stand.gateway.mine(None, 5)
    assert [item.ticket_number for item in listed.items] == [first.ticket.number]
    assert listed.next_cursor is None


async def test_a_report_leads_to_its_ticket(stand: Stand) -> None:
    """What a receipt names can be seen."""
    receipt = await stand.gateway.submit(REPORT, "k")
    report = await stand.gateway.report(receipt.report_id)
    assert report.ticket_number == receipt.ticket.number
    assert (await stand.gateway.ticket(receipt.ticket.number)).number == receipt.ticket.number
    assert (await stand.gateway.timeline(receipt.ticket.number))[0].type == "ticket.opened"


async def test_photos_go_with_the_report(stand: Stand) -> None:
    """A photo has the same id however often it is uploaded."""
    ref = stand.photo(_picture())
    photo = await stand.gateway.upload(ref, "p")
    assert (await stand.gateway.upload(ref, "p")).id == photo.id
    assert photo.position is None
    await stand.gateway.submit(Submission("路灯坏了", "工三街", None, (photo.id,)), "k")


async def test_a_file_that_is_no_photo_is_refused(stand: Stand) -> None:
    """The refusal says why."""
    with pytest.raises(Refused) as refusal:
        await stand.gateway.upload(stand.photo(b""), "p")
    assert refusal.value.why


async def test_a_photo_that_is_not_there_is_gone(stand: Stand) -> None:
    """Nothing is uploaded of a photo the channel no longer has."""
    with pytest.raises(PhotoGone):
        await stand.gateway.upload("/nowhere.jpg", "p")


async def test_nobody_is_invited_before_the_matter_is_settled(stand: Stand) -> None:
    """There is nothing to rate yet."""
    receipt = await stand.gateway.submit(REPORT, "k")
    assert await stand.gateway.invitation(receipt.report_id) is None


async def test_what_is_not_there_is_refused(stand: Stand) -> None:
    """Another's ticket, or none, is not shown."""
    with pytest.raises(Refused):
        await stand.gateway.report(uuid4())
    with pytest.raises(Refused):
        await stand.gateway.ticket("ZZ-20261122-7K3FQ2-9")


async def test_a_gateway_that_does_not_answer_is_away(tmp_path: Path) -> None:
    """Whatever is asked of a gateway that cannot be reached is `Away`, signing in included."""
    async with AsyncGateway("http://127.0.0.1:9", max_retries=0) as sdk:
        gateway = SdkGateway(_door(sdk), photo_file)
        for ask in (
            gateway.submit(REPORT, "k"),
            gateway.mine(None, 5),
            gateway.invitation(uuid4()),
            gateway.rate(uuid4(), Vote(5, Solved.SOLVED, contacted=True, comment=""), "r"),
            gateway.upload(str(tmp_path / "x"), "p"),
        ):
            with pytest.raises(Away):
                await ask


async def test_a_session_that_ended_is_opened_again(city: Running) -> None:
    """A citizen is not asked to do anything about sessions."""
    async with AsyncGateway(city.url) as sdk:
        door = _door(sdk)
        gateway = SdkGateway(door, photo_file)
        receipt = await gateway.submit(REPORT, "k")
        await (await door.open()).sessions.sign_out()
        assert (await gateway.mine(None, 5)).items[0].id == receipt.report_id


def _picture() -> bytes:
    file = BytesIO()
    Image.frombytes("RGB", (8, 8), uuid4().bytes * 12).save(file, "JPEG")
    return file.getvalue()
