"""What is wrong, foreign or unreadable gets an answer or a silence by design, never an error."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from citizen_bots.conversation import Button, Reply
from citizen_bots.host.channel import Outgoing
from citizen_bots.host.store import Store, open_store
from citizen_gateway.cli.running import Running

from .telegram_stand import SECRET, Person, Stand
from .test_wechat_report import RUBBISH
from .wechat_stand import wait_for

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start Telegram and the bots, called by a webhook."""
    made = Stand(city, tmp_path_factory.mktemp("bad"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def person(stand: Stand) -> Person:
    """Give somebody whom the bot never met."""
    return Person(stand)


@pytest.mark.parametrize("given", [None, "", "another", f"{SECRET}x"])
def test_only_telegram_knows_the_secret(stand: Stand, given: str | None) -> None:
    """A call without it is refused, whatever it brings."""
    headers = {} if given is None else {HEADER: given}
    assert stand.http.post(f"{stand.url}/telegram", json={"update_id": 1}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml/>",
        b"[]",
        b"null",
        b'{"update_id": "x"}',
        b'{"update_id": 1, "message": 7}',
        b"\xff\xfe",
        b"{" * 5000,
    ],
)
def test_what_is_no_update_is_passed_over(stand: Stand, body: bytes) -> None:
    """With 200, since Telegram would bring it again and again."""
    assert stand.http.post(f"{stand.url}/telegram", content=body, headers={HEADER: SECRET}).status_code == 200


@pytest.mark.parametrize(
    "update",
    [
        {"poll": {"id": "1"}},
        {"inline_query": {"id": "1"}},
        {"channel_post": {}},
        {},
        {"something_new": {"text": "a secret"}},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -7, "type": "channel"}, "text": "a secret"}},
        {"message": {"text": "a secret"}},
    ],
)
def test_unknown_updates_are_silence(stand: Stand, person: Person, update: dict[str, Any]) -> None:
    """And the next message is answered as ever; what was in them is in no log."""
    stand.order("update", **update)
    assert person.write("/help")
    assert "a secret" not in stand.bots.log.read_text("utf-8")


FILE = {"file_id": "f", "file_unique_id": "u"}
FILM = FILE | {"width": 1, "height": 1, "duration": 1}
CHAT = {"id": 7, "type": "private"}


@pytest.mark.parametrize(
    "shown",
    [
        {"voice": FILE | {"duration": 1}},
        {"audio": FILE | {"duration": 1}},
        {"video": FILM},
        {"video_note": FILE | {"duration": 1, "length": 1}},
        {"animation": FILM, "document": FILE | {"mime_type": "video/mp4"}},
        {"sticker": FILM | {"type": "regular", "is_animated": False, "is_video": False}},
        {"contact": {"phone_number": "1", "first_name": "Li"}},
        {"dice": {"emoji": "🎲", "value": 1}},
        {"story": {"id": 1, "chat": CHAT}},
        {"document": FILE},
        {"location": {"latitude": 91, "longitude": 0}},
    ],
    ids=lambda shown: next(iter(shown)),
)
def test_what_nobody_can_read_is_answered(person: Person, shown: dict[str, Any]) -> None:
    """So that its sender knows."""
    assert "看不懂" in person.ask(fields=shown)


def test_what_only_changes_the_chat_is_silence(person: Person) -> None:
    """A pinned message, a timer for deleting."""
    person.send(fields={"pinned_message": {"message_id": 1, "date": 0, "chat": CHAT}})
    person.send(fields={"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}})
    assert person.write("/help")
    assert len(person.texts) == 1


@pytest.mark.parametrize("content", [b"no photo at all", b"\xff\xd8\xff" + bytes(21 << 20)])
def test_a_file_that_is_no_photo_is_answered(person: Person, content: bytes) -> None:
    """And one of more than 20 MB; the report goes on without it."""
    person.write(RUBBISH)
    assert person.photograph(content)
    person.point()
    assert "编号" in person.press("发送")


def test_an_album_of_what_nobody_can_read_is_answered_once(stand: Stand, person: Person) -> None:
    """Forwarded films: each says so, in one turn."""
    for _ in range(2):
        person.send(fields={"video": FILM, "media_group_id": f"g{person.id}"})
    person.wait_to_see("看不懂")
    stand.wait_until_delivered()


class TestButtons:
    """Signed for one person."""

    def test_another_persons_button_does_nothing(self, stand: Stand, person: Person) -> None:
        """Whoever presses it is told."""
        person.write(RUBBISH)
        person.point()
        data = stand.order("press", **{"from": person.id}, label="取消")["data"]
        other = Person(stand)
        stand.order("press", **{"from": other.id}, data=data)
        wait_for(lambda: other.chat["alerts"], "nothing was said")
        assert "不属于您" in other.chat["alerts"][0]
        assert other.texts == []

    @pytest.mark.parametrize(
        "data", ["x", "send", "AAAAAAAAAAAsend", "\udfff".encode("utf-8", "replace").decode(), "鎖" * 20]
    )
    def test_made_up_data_does_nothing(self, stand: Stand, person: Person, data: str) -> None:
        """And is answered."""
        stand.order("press", **{"from": person.id}, data=data)
        wait_for(lambda: person.chat["alerts"], "nothing was said")
        assert person.texts == []

    def test_an_ancient_button_is_answered(self, stand: Stand, person: Person) -> None:
        """Its question is over: that is said, and nothing is done."""
        person.write(RUBBISH)
        person.point()
        data = stand.order("press", **{"from": person.id}, label="取消")["data"]
        wait_for(lambda: len(person.texts) == 3, "no answer")
        stand.order("press", **{"from": person.id}, data=data)
        wait_for(lambda: len(person.texts) == 4, "no answer to the old button")
        assert person.reports() == []


class TestGroups:
    """Nothing is said in them but that."""

    def test_a_group_is_declined_once(self, stand: Stand, person: Person) -> None:
        """In the language of whoever wrote first."""
        group = Person(stand)
        group.id = -group.id
        for text in (RUBBISH, "/report"):
            person.send(text=text, chat=group.id)
        group.wait_to_see("不在群里对话")
        assert person.write("/help")
        assert len(group.texts) == 1
        assert len(person.texts) == 1


class TestEdited:
    """What was noted stays."""

    def test_a_changed_message_is_answered_and_not_noted(self, person: Person) -> None:
        """So that nobody believes it was."""
        person.write(RUBBISH)
        assert "没有记录" in person.ask(text="别的内容", edited=True)
        person.point()
        person.press("发送")
        (listed,) = person.reports()
        assert "别的内容" not in listed.title

    def test_a_live_position_is_where_one_is(self, stand: Stand, person: Person) -> None:
        """Silently; it is offered when a place is needed."""
        person.send(location={"latitude": 34.7, "longitude": 113.6}, edited=True)
        stand.wait_until_delivered()
        person.write(RUBBISH)
        assert "我现在的位置" in person.labels


class TestSending:
    """What Telegram says to a message."""

    def test_a_limit_is_waited_for(self, stand: Stand, person: Person) -> None:
        """The message goes out when Telegram allows it, once."""
        stand.order("limit", **{"from": person.id}, waits=[1, 1])
        assert person.write("/help")
        assert len(person.texts) == 1
        assert len([call for call in stand.calls("sendMessage") if call["chat_id"] == person.id]) == 3

    def test_a_long_text_goes_on_where_it_was(self, stand: Stand, person: Person) -> None:
        """In parts, of which none comes twice although the second was refused at first."""
        stand.order("limit", **{"from": person.id}, waits=[0, 1])
        text = "路灯坏了\n" * 1000

        async def post() -> None:
            store = await open_store(stand.redis_url)
            await store.post(person.who, Outgoing("long", Reply(text, (Button("help", "帮助"),))))
            await store.valkey.aclose()

        asyncio.run(post())
        wait_for(lambda: len(person.texts) == 2, f"{len(person.texts)} parts came")
        assert "".join(person.texts) == text
        assert person.labels == ["帮助"]

    def test_who_blocks_the_bot_is_left_alone(self, stand: Stand, person: Person) -> None:
        """Until they write again."""
        stand.order("block", **{"from": person.id}, blocked=True)
        stand.wait_until_delivered()
        with redis.Redis.from_url(stand.redis_url) as valkey:
            assert valkey.exists(Store.key(person.who, "blocked"))
        stand.order("block", **{"from": person.id}, blocked=False)
        assert person.write("/help")
        assert len(person.texts) == 1

    def test_a_refusal_says_that_one_is_blocked(self, stand: Stand, person: Person) -> None:
        """Where Telegram did not tell so before."""
        stand.order("block", **{"from": person.id}, blocked=True, silently=True)
        person.send(text="/help")
        with redis.Redis.from_url(stand.redis_url) as valkey:
            wait_for(lambda: valkey.exists(Store.key(person.who, "blocked")), "the refusal was not noted")
        stand.order("block", **{"from": person.id}, blocked=False, silently=True)
        assert person.write("/help")
        assert len(person.texts) == 1
