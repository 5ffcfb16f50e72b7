"""One attempt, as far as addresses are concerned."""

from citizen_gateway.partners.webhooks.sending import Sender
from tests.partners.webhooks.receiver import Receiver, answering


class TestSender:
    """Where an attempt goes."""

    async def test_never_to_our_own_machines_in_production(self, receiver: Receiver) -> None:
        """Looked up at each attempt, so a name that moves to a private address later is refused then."""
        sender = Sender(development=False)
        for host in ("localhost", "127.0.0.1", "[::ffff:127.0.0.1]"):
            outcome = await sender.send(f"http://{host}:{receiver.port}/", {}, b"{}")
            assert (outcome.forbidden, outcome.good) == (True, False)
        assert receiver.asked == []
        await sender.aclose()

    async def test_the_receiver_sees_the_name_it_is_called_by(self, receiver: Receiver) -> None:
        """The connection goes to the address, the Host header says the name."""
        sender = Sender(development=True)
        outcome = await sender.send(receiver.url.replace("127.0.0.1", "localhost"), {"webhook-id": "m"}, b"{}")
        assert outcome.good
        assert receiver.asked[0][0]["host"] == f"localhost:{receiver.port}"
        await sender.aclose()

    async def test_a_name_that_nobody_has(self) -> None:
        """Is a failed attempt with its reason."""
        sender = Sender(development=True)
        outcome = await sender.send("http://nobody.invalid/", {}, b"{}")
        assert (outcome.status, outcome.good, bool(outcome.error)) == (None, False, True)
        await sender.aclose()

    async def test_retry_after(self, receiver: Receiver) -> None:
        """Seconds or a date; anything else counts as nothing."""
        sender = Sender(development=True)
        found = []
        for value in ("120", "Sun, 22 Nov 1970 09:00:00 GMT", "soon", "-5"):
            receiver.behaviour = answering(f"503 Later\r\nRetry-After: {value}")
            found.append((await sender.send(receiver.url, {}, b"{}")).retry_after)
        assert found == [120.0, 0.0, None, None]
        await sender.aclose()
