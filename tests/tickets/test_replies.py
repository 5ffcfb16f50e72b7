"""Words that are ready."""

from tests.gateway import Gateway, Person


class TestTexts:
    """`GET /v1/tickets/{number}/texts`."""

    async def test_are_filled_with_what_the_ticket_says(self, citizen: Person, handler: Person) -> None:
        """Those for its category first; they can be sent as they are."""
        receipt = await citizen.report()
        number = receipt["ticket"]["number"]
        answer = await handler.get(f"/v1/tickets/{number}/texts")
        assert answer.status_code == 200, answer.text
        first = answer.json()["items"][0]
        assert first["template"] == "resolve-cleaned"
        assert number in first["text"]
        assert receipt["ticket"]["department"]["name"] in first["text"]
        assert "{" not in first["text"]
        await handler.done(number, "accept")
        assert (await handler.done(number, "resolve", {"reply": first["text"]}))["reply"] == first["text"]

    async def test_by_action(self, citizen: Person, handler: Person) -> None:
        """What closes has no words; asking has."""
        number = (await citizen.report())["ticket"]["number"]
        asked = await handler.get(f"/v1/tickets/{number}/texts", params={"action": "ask"})
        assert [text["template"] for text in asked.json()["items"]] == ["ask-place"]
        closing = await handler.get(f"/v1/tickets/{number}/texts", params={"action": "close"})
        assert closing.json()["items"] == []

    async def test_are_for_staff(self, citizen: Person, gateway: Gateway) -> None:
        """The reporter is told so; to others the ticket does not exist."""
        number = (await citizen.report())["ticket"]["number"]
        assert (await citizen.get(f"/v1/tickets/{number}/texts")).json()["code"] == "role_missing"
        assert (await (await gateway.citizen()).get(f"/v1/tickets/{number}/texts")).json()["code"] == "not_found"
