"""Sending a report, and its receipt."""

from citizen_bots.conversation import Place, Press, Refused, Turn, converse
from citizen_gateway_sdk import models

from .chat import HERE, Chat, FakeGateway


async def _ready(chat: Chat) -> None:
    await chat.write("The street light is broken")
    await chat.send(Place("Gongsan Street"))


async def test_the_receipt_says_number_department_and_deadline(chat: Chat) -> None:
    """The citizen reads what the city promises, in the city's time."""
    await _ready(chat)
    answer = await chat.press("Send")
    assert "Its number is ZZ-20261122-7K3F00-9." in answer
    assert "About: Street light" in answer
    assert "Handled by: City management" in answer
    assert "To be settled by 2026-11-22 09:30" in answer


async def test_the_receipt_speaks_chinese(gateway: FakeGateway) -> None:
    """Names of the city come in the citizen's language."""
    chat = Chat(gateway, "zh_CN")
    await _ready(chat)
    answer = await chat.write("发送")
    assert "承办单位：城管局" in answer


async def test_a_report_nobody_is_sure_of_is_said_to_wait(chat: Chat, gateway: FakeGateway) -> None:
    """Without a department the citizen reads that a person decides, and why."""
    gateway.department = None
    await _ready(chat)
    assert "Nobody is sure whose it is." in await chat.press("Send")


async def test_an_emergency_begins_with_the_number_to_call(chat: Chat, gateway: FakeGateway) -> None:
    """What the gateway holds for an emergency is said before anything else."""
    gateway.emergency = models.EmergencyAdvice(call=["119"], message="Call 119 now.", words=["gas"])
    await _ready(chat)
    assert (await chat.press("Send")).startswith("Call 119 now.")


async def test_the_same_key_at_every_attempt(chat: Chat, gateway: FakeGateway) -> None:
    """A report whose answer was lost goes out again unchanged under its key, and exists once."""
    await _ready(chat)
    gateway.away, gateway.late = 2, True
    assert "kept here" in await chat.press("Send")
    assert "kept here" in await chat.press("Send again")
    assert "has arrived" in await chat.press("Send again")
    assert len(gateway.reports) == 1


async def test_a_message_that_comes_twice_acts_once(chat: Chat, gateway: FakeGateway) -> None:
    """When the bot dies before its state is kept, the same message in the same state does the same once more."""
    await _ready(chat)
    turn = Turn("m99", Press("send"))
    first = await converse(chat.state, turn, gateway)
    assert await converse(chat.state, turn, gateway) == first
    assert len(gateway.reports) == 1


async def test_words_after_a_lost_answer_are_another_report(chat: Chat, gateway: FakeGateway) -> None:
    """What may have arrived is not changed; what is written meanwhile waits behind it, and nothing is lost."""
    await _ready(chat)
    gateway.away = 1
    await chat.press("Send")
    await chat.write("There is rubbish too")
    await chat.send(HERE)
    answer = await chat.write("send")
    assert "has arrived" in answer
    assert "Your report: There is rubbish too" in answer
    await chat.press("Send")
    assert [report.text for report in gateway.reports.values()] == [
        "The street light is broken",
        "There is rubbish too",
    ]


async def test_a_photo_waits_for_the_gateway(chat: Chat, gateway: FakeGateway) -> None:
    """A photo that could not be uploaded goes out with the report."""
    gateway.away = 1
    assert "The photo is kept" in await chat.photo()
    await _ready(chat)
    await chat.press("Send")
    (report,) = gateway.reports.values()
    assert len(report.photo_ids) == 1


async def test_a_photo_that_is_gone_is_said(chat: Chat, gateway: FakeGateway) -> None:
    """A photo the channel lost does not hold the report back."""
    gateway.away = 1
    await chat.photo()
    gateway.bytes_of.clear()
    await _ready(chat)
    answer = await chat.press("Send")
    assert "A photo is no longer there" in answer
    assert "has arrived" in answer


async def test_a_refused_report_can_be_corrected(chat: Chat, gateway: FakeGateway) -> None:
    """A refusal is told with its reason; the report stays, may leave out what was wrong, and goes under a new key."""
    gateway.refusal = Refused("outside_city", "This place is not in the city.")
    await chat.write("The street light is broken")
    await chat.photo()
    await chat.send(HERE)
    key = chat.state.draft.key if chat.state.draft else ""
    answer = await chat.press("Send")
    assert "This place is not in the city." in answer
    assert "[Leave the photos out]" in answer
    await chat.press("Leave the place out")
    await chat.press("Send without a place")
    (report,) = gateway.reports.values()
    assert report.position is None
    assert key not in gateway.reports


async def test_a_report_the_gateway_failed_on_keeps_its_key(chat: Chat, gateway: FakeGateway) -> None:
    """After a failure inside the gateway the report can be corrected; unchanged, it goes out as the one it was."""
    gateway.refusal = Refused("internal_error", "Something went wrong.")
    await _ready(chat)
    key = chat.state.draft.key if chat.state.draft else ""
    assert "Something went wrong." in await chat.press("Send")
    await chat.press("Send again")
    assert list(gateway.reports) == [key]


async def test_photos_can_be_left_out(chat: Chat, gateway: FakeGateway) -> None:
    """Photos the gateway does not want need not hold a report back."""
    gateway.refusal = Refused("unknown_photo", "A photo is not yours.")
    await chat.photo()
    await _ready(chat)
    await chat.press("Send")
    await chat.press("Leave the photos out")
    await chat.press("Send")
    (report,) = gateway.reports.values()
    assert report.photo_ids == ()


async def test_a_refusal_after_a_lost_answer_keeps_what_was_said_meanwhile(chat: Chat, gateway: FakeGateway) -> None:
    """The refused report and the words that came after it are one report again."""
    await _ready(chat)
    gateway.away = 1
    await chat.press("Send")
    await chat.write("There is rubbish too")
    gateway.refusal = Refused("rate_limited", "Too many reports.")
    assert "Too many reports." in await chat.write("send")
    await chat.press("Send again")
    (report,) = gateway.reports.values()
    assert report.text == "The street light is broken\nThere is rubbish too"


async def test_sending_nothing_asks_what_is_wrong(chat: Chat) -> None:
    """There is no empty report."""
    assert "What is wrong?" in await chat.write("send")
    await chat.photo()
    assert "What is wrong?" in await chat.write("send")
    assert not chat.gateway.reports
