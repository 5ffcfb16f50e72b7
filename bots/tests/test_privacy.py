"""What citizens may do with what is kept of them."""

from .chat import Chat, FakeGateway


class TestConsent:
    """Agreeing to the privacy policy."""

    async def test_is_given_and_ended_by_version(self, chat: Chat, gateway: FakeGateway) -> None:
        """The version is that of the words shown."""
        assert "version 2026-11" in await chat.write("隐私")
        await chat.press("I agree")
        assert gateway.agreed == {"2026-11": True}
        assert "You agreed on" in await chat.write("privacy")
        await chat.press("I agree no longer")
        assert gateway.agreed == {"2026-11": False}


class TestCopy:
    """What is kept."""

    async def test_is_shown(self, chat: Chat) -> None:
        """As much as a chat can hold, and how much more there is."""
        await chat.write("privacy")
        shown = await chat.press("What is kept of me")
        assert "reports (25)" in shown
        assert "· title: Report 19, rated: true" in shown
        assert "… and 5 more" in shown


class TestForgetting:
    """Erasure."""

    async def test_is_asked_twice_and_forgets_the_chat_too(self, chat: Chat, gateway: FakeGateway) -> None:
        """Only who is sure is forgotten; a report in the making goes with them."""
        await chat.write("The light is broken", "privacy")
        await chat.press("Forget me")
        assert not gateway.erased
        assert "You are forgotten" in await chat.press("Yes, forget me")
        assert gateway.erased
        assert chat.state.draft is None


class TestLinking:
    """One account for several channels."""

    async def test_a_code_is_made_here(self, chat: Chat) -> None:
        """To be written elsewhere."""
        await chat.write("link")
        assert "7K3F-Q29X" in await chat.press("Give me a code")

    async def test_a_code_from_elsewhere_joins(self, chat: Chat, gateway: FakeGateway) -> None:
        """A wrong one is refused, and may be written again."""
        await chat.write("绑定")
        await chat.press("I have a code")
        assert "does not work" in await chat.write("nonsense")
        assert "one account now" in await chat.write("7K3F-Q29X")
        assert gateway.linked == ["7K3F-Q29X"]

    async def test_may_be_left(self, chat: Chat, gateway: FakeGateway) -> None:
        """Then words are a report's again."""
        await chat.write("link")
        await chat.press("I have a code")
        await chat.write("cancel", "The light is broken")
        assert chat.state.draft
        assert not gateway.linked
