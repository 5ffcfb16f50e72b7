"""Points, what they buy, and what there is to help with."""

from citizen_bots.conversation import Press

from .chat import HERE, Chat, FakeGateway


class TestPoints:
    """What one has, and what it buys."""

    async def test_are_redeemed_for_a_code(self, chat: Chat, gateway: FakeGateway) -> None:
        """The code is shown, and what is left."""
        assert "You have 120 points." in await chat.write("积分")
        assert "[Soap, 100 points]" in await chat.press("What they buy")
        await chat.press("Soap, 100 points")
        assert "RC-77" in await chat.press("Redeem for 100 points")
        assert "You have 20 points." in await chat.write("points")
        assert "100 more stand behind codes" in chat.text
        assert gateway.has == 20

    async def test_too_few_are_told(self, chat: Chat, gateway: FakeGateway) -> None:
        """With the gateway's reason."""
        gateway.has = 5
        await chat.write("rewards")
        await chat.press("Soap, 100 points")
        assert "too few points" in await chat.press("Redeem for 100 points")

    async def test_a_piece_is_given_back(self, chat: Chat, gateway: FakeGateway) -> None:
        """And the points with it."""
        assert "You have no codes." in await chat.write("codes")
        await chat.send(Press(f"redeem:{gateway.soap.id}"))
        assert "RC-77" in await chat.write("兑换码")
        await chat.press("Give back: Soap")
        assert gateway.has == 120


class TestTasks:
    """Helping."""

    async def test_from_the_list_to_the_last_hour(self, chat: Chat, gateway: FakeGateway) -> None:
        """Who is new is asked for a name; presence is told by position, and goes into no report."""
        await chat.write("志愿")
        await chat.press(chat.state.offered[0].label)
        assert "nickname" in await chat.press("I will help")
        assert "You have a place" in await chat.write("Li")
        assert gateway.nickname == "Li"
        await chat.press("The task")
        await chat.press("I am here")
        assert "checked in" in await chat.send(HERE)
        await chat.press("The task")
        await chat.press("I am going")
        assert "hours are looked at" in await chat.send(HERE)
        assert gateway.checked == [(HERE, False), (HERE, True)]
        assert chat.state.draft is None
