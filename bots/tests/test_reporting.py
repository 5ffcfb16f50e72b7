"""Making a report out of messages."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_bots.conversation import Photo, Place, Position, Press, Words

from .chat import HERE, Chat, FakeGateway

MESSAGES = (
    Words("The street light is broken"),
    Words("A man nearly fell on his way home"),
    Photo("lamp"),
    Photo("pole"),
    HERE,
    Place("Gongsan Street"),
)


@given(
    messages=st.permutations(MESSAGES),
    away=st.lists(st.integers(0, 2), min_size=len(MESSAGES), max_size=len(MESSAGES)),
    lost=st.integers(0, 3),
    late=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_one_report_with_everything_in_it(
    messages: list[Words | Photo | Place | Position], away: list[int], lost: int, late: bool
) -> None:
    """Photos, words and place in any order, with answers lost on the way, make one report with all of it."""
    gateway = FakeGateway()
    gateway.bytes_of = {"lamp": b"lamp", "pole": b"pole"}
    chat = Chat(gateway)

    async def play() -> None:
        for message, failures in zip(messages, away, strict=True):
            gateway.away = failures
            await chat.send(message)
        gateway.away, gateway.late = lost, late
        for _ in range(lost + 1):
            await chat.send(Press("send"))

    asyncio.run(play())
    (report,) = gateway.reports.values()
    assert set(report.text.splitlines()) == {m.text for m in MESSAGES if isinstance(m, Words)}
    assert len(report.photo_ids) == 2
    assert report.position == HERE
    assert report.place == "Gongsan Street"
    assert "has arrived" in chat.text
    assert chat.state.draft is None
    assert chat.state.outgoing is None


async def test_the_answer_to_where_is_the_place(chat: Chat) -> None:
    """What is written when the place was asked for is the place, and stays among the words."""
    await chat.write("The street light is broken")
    assert "Place: Gongsan Street" in await chat.write("Gongsan Street")
    await chat.press("Send")
    (report,) = chat.gateway.reports.values()
    assert report.place == "Gongsan Street"
    assert report.text == "The street light is broken\nGongsan Street"


async def test_a_position_replaces_a_presumed_place(chat: Chat) -> None:
    """Further words that were taken for the place are words again when the place comes."""
    await chat.write("The street light is broken", "Since three days")
    await chat.send(HERE)
    await chat.press("Send")
    (report,) = chat.gateway.reports.values()
    assert report.place == ""
    assert report.text == "The street light is broken\nSince three days"


async def test_a_photo_may_tell_the_place(chat: Chat) -> None:
    """Nobody is asked where it is when the photo says where it was taken."""
    await chat.photo(located=True)
    answer = await chat.write("The street light is broken")
    assert "where the photo was taken" in answer
    assert "[Send]" in answer


async def test_a_photo_alone_is_asked_about(chat: Chat) -> None:
    """A photo without words is noted, and the words are asked for."""
    answer = await chat.photo()
    assert "1 photo" in answer
    assert "What is wrong?" in answer


async def test_a_report_may_go_without_a_place(chat: Chat) -> None:
    """Who cannot say where it is may report all the same."""
    await chat.write("The street light is broken")
    assert "has arrived" in await chat.press("Send without a place")


async def test_a_file_that_is_no_photo_is_said_at_once(chat: Chat) -> None:
    """A refused photo is told with its reason, and the rest of the report stays."""
    await chat.write("The street light is broken")
    assert "It is no picture." in await chat.photo(b"")
    assert chat.state.draft
    assert not chat.state.draft.pictures


async def test_the_same_photo_twice_is_one(chat: Chat) -> None:
    """A photo that is sent again is not added again."""
    await chat.photo(b"lamp")
    assert "1 photo" in await chat.photo(b"lamp")


async def test_a_report_has_limits(chat: Chat) -> None:
    """What the gateway could not take is refused before it is added, and nothing else is lost."""
    assert "not added" in await chat.write("x" * 5001)
    for _ in range(9):
        await chat.photo()
    assert "not added" in await chat.photo()
    assert "please say it in fewer" in await chat.send(Place("x" * 201))
    await chat.write("y" * 4000)
    assert "not added" in await chat.write("z" * 1000)
    assert chat.state.draft
    assert chat.state.draft.text == "y" * 4000


async def test_a_long_answer_to_where_is_no_place(chat: Chat) -> None:
    """What is too long for a place is more of the report."""
    await chat.write("The street light is broken", "y" * 300)
    assert chat.state.draft
    assert not chat.state.draft.is_placed


async def test_danger_to_life_is_answered_first(chat: Chat) -> None:
    """The number to call comes before any question, once."""
    await chat.write("小区里有煤气味")
    assert chat.replies[0].text == "If life is in danger now, call 119 first."
    await chat.write("真的有煤气味")
    assert "119" not in chat.text


async def test_a_report_is_begun_again_by_its_command(chat: Chat) -> None:
    """Asking to report shows the report that is in the making."""
    assert "What is wrong?" in await chat.write("我要上报")
    await chat.write("The street light is broken")
    assert "Your report: The street light is broken" in await chat.write("report")
