"""`Idempotency-Key` over HTTP, on reports and on steps of a ticket."""

import asyncio
from uuid import uuid4

import pytest

from tests.gateway import RUBBISH, SPOT, Gateway, Person, photo

REPORTS = "/v1/reports"
BODY = {"text": RUBBISH, "position": SPOT}


class TestRepetition:
    """The same call again."""

    async def test_gets_the_same_bytes_and_changes_nothing(self, gateway: Gateway, citizen: Person) -> None:
        """Also the secret of the receipt; a header says that it is a repetition."""
        first = await citizen.post(REPORTS, BODY, key="k")
        before = await gateway.census()
        again = await citizen.post(REPORTS, BODY, key="k")
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in first.headers
        assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]
        assert await gateway.census() == before

    async def test_simultaneous_ones_have_one_effect(self, gateway: Gateway, citizen: Person) -> None:
        """Of twenty at once one is done; all twenty get its answer."""
        before = await gateway.census()
        answers = await asyncio.gather(*(citizen.post(REPORTS, BODY, key="k") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 19
        after = await gateway.census()
        grown = {name: after[name] - before[name] for name in ("report", "ticket", "event", "idempotency")}
        assert grown == {"report": 1, "ticket": 1, "event": 2, "idempotency": 1}

    async def test_of_a_step_that_cannot_be_taken_twice(self, citizen: Person, handler: Person) -> None:
        """Accepting again is illegal; accepting again under the key is the first answer, also later in the life."""
        number = (await citizen.report())["ticket"]["number"]
        first = await handler.act(number, "accept", key="a")
        await handler.act(number, "start")
        again = await handler.act(number, "accept", key="a")
        assert (again.status_code, again.content) == (200, first.content)
        assert (await handler.act(number, "accept", key="b")).json()["code"] == "illegal_action"

    async def test_of_an_upload(self, citizen: Person) -> None:
        """The form's boundary differs each time; the photo is what counts."""
        content = photo()
        answers = [
            await citizen.post("/v1/photos", files={"file": ("a.jpg", content, "image/jpeg")}, key="p")
            for _ in range(2)
        ]
        assert answers[0].content == answers[1].content
        assert answers[1].headers["Idempotent-Replayed"] == "true"
        other = await citizen.post("/v1/photos", files={"file": ("a.jpg", photo(), "image/jpeg")}, key="p")
        assert other.json()["code"] == "idempotency_key_reused"


class TestReuse:
    """One key for two things."""

    async def test_another_body_is_refused(self, citizen: Person) -> None:
        """Also one that differs in a blank alone: it is another request."""
        await citizen.post(REPORTS, BODY, key="k")
        for body in (BODY | {"text": "别的"}, BODY | {"text": f"{RUBBISH} "}):
            answer = await citizen.post(REPORTS, body, key="k")
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")

    async def test_another_address_is_refused(self, citizen: Person, handler: Person) -> None:
        """The same empty body to another ticket is another request."""
        one, other = [(await citizen.report())["ticket"]["number"] for _ in range(2)]
        assert (await handler.act(one, "accept", key="k")).status_code == 200
        answer = await handler.act(other, "accept", key="k")
        assert answer.json()["code"] == "idempotency_key_reused"
        assert (await handler.get(f"/v1/tickets/{other}")).json()["state"] == "assigned"

    async def test_another_callers_key_is_another_key(self, gateway: Gateway, citizen: Person) -> None:
        """Two who chose the same word do not meet."""
        neighbour = await gateway.citizen()
        first, second = [await one.post(REPORTS, BODY, key="k") for one in (citizen, neighbour)]
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["report_id"] != second.json()["report_id"]


class TestFailure:
    """A call that failed."""

    async def test_leaves_the_key_free(self, citizen: Person) -> None:
        """The call put right succeeds under the same key."""
        refused = await citizen.post(REPORTS, BODY | {"photo_ids": [str(uuid4())]}, key="k")
        assert refused.status_code == 422
        assert (await citizen.post(REPORTS, BODY, key="k")).status_code == 201

    async def test_is_not_kept(self, citizen: Person, handler: Person) -> None:
        """What could not be done yet can be done later under the same key."""
        number = (await citizen.report())["ticket"]["number"]
        assert (await handler.act(number, "start", key="k")).status_code == 409
        await handler.act(number, "accept")
        assert (await handler.act(number, "start", key="k")).json()["state"] == "in_progress"


class TestKeys:
    """What a key may be."""

    @pytest.mark.parametrize("key", ["k" * 255, "!", "~" * 3, "550e8400-e29b-41d4-a716-446655440000"])
    async def test_visible_signs_up_to_255(self, key: str, citizen: Person) -> None:
        """Are accepted."""
        assert (await citizen.post(REPORTS, BODY, key=key)).status_code == 201

    @pytest.mark.parametrize("key", ["", "k" * 256, "a b", "a\tb", b"\xff\xfe", "ключ".encode()])
    async def test_anything_else_is_refused(self, key: str, gateway: Gateway, citizen: Person) -> None:
        """And nothing is stored."""
        before = await gateway.census()
        answer = await citizen.post(REPORTS, BODY, headers={"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")
        assert await gateway.census() == before
