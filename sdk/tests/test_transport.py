"""Attempts, pauses and answers, over real connections."""

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from uuid import UUID

import pytest

from citizen_gateway_sdk import AsyncGateway, ConnectionFailed, Gateway, TimedOut, errors

from .stage import Answer, Stage, problem


class TestRetries:
    """What is tried again, how often, and after how long."""

    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_passing_failures_are_tried_again(self, stage: Stage, gateway: Gateway, status: int) -> None:
        """A status that says "not now" is retried, and the caller only sees the success."""
        stage.play(Answer(status), Answer(status), Answer(body=b"picture"))
        assert gateway.photos.content("p") == b"picture"
        assert len(stage.seen) == 3

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422, 500, 501])
    def test_lasting_failures_are_not(self, stage: Stage, gateway: Gateway, status: int) -> None:
        """What would fail again is asked once."""
        stage.play(Answer(status))
        with pytest.raises(errors.APIError) as caught:
            gateway.photos.content("p")
        assert caught.value.status == status
        assert len(stage.seen) == 1

    def test_retries_end(self, stage: Stage, gateway: Gateway) -> None:
        """After `max_retries` further attempts the last failure is raised."""
        stage.play(Answer(503))
        with pytest.raises(errors.APIError):
            gateway.photos.content("p", max_retries=3)
        assert len(stage.seen) == 4

    def test_retries_can_be_turned_off(self, stage: Stage, gateway: Gateway) -> None:
        """`max_retries=0` is one attempt, per client too."""
        stage.play(Answer(503))
        with pytest.raises(errors.APIError):
            gateway.with_options(max_retries=0).photos.content("p")
        assert len(stage.seen) == 1

    def test_retry_after_in_seconds_is_obeyed(self, stage: Stage, gateway: Gateway) -> None:
        """The next attempt comes no sooner than asked."""
        stage.play(Answer(429, headers={"Retry-After": "1"}), Answer(body=b"picture"))
        began = time.monotonic()
        gateway.photos.content("p")
        assert time.monotonic() - began >= 1

    def test_retry_after_as_a_date_is_obeyed(self, stage: Stage, gateway: Gateway) -> None:
        """A moment in time counts from the answer's own date, whatever the clock here says."""
        then = 1_000_000_000
        dates = {"Date": formatdate(then, usegmt=True), "Retry-After": formatdate(then + 1, usegmt=True)}
        stage.play(Answer(503, headers=dates), Answer(body=b"picture"))
        began = time.monotonic()
        gateway.photos.content("p")
        assert 1 <= time.monotonic() - began < 2

    def test_a_long_retry_after_is_told_instead_of_slept(self, stage: Stage, gateway: Gateway) -> None:
        """Where the gateway asks for more than a caller would wait, the error says how long, at once."""
        stage.play(Answer(429, headers={"Retry-After": "3600"}))
        with pytest.raises(errors.APIError) as caught:
            gateway.photos.content("p")
        assert caught.value.retry_after == 3600
        assert len(stage.seen) == 1

    def test_an_answer_cut_in_the_middle_is_asked_again(self, stage: Stage, gateway: Gateway) -> None:
        """Half an answer is no answer."""
        stage.play(Answer(body=b"half a picture", cut=True), Answer(body=b"picture"))
        assert gateway.photos.content("p") == b"picture"

    def test_always_cut_answers_fail_as_a_connection(self, stage: Stage, gateway: Gateway) -> None:
        """The error says what was asked and carries the id under which it was sent."""
        stage.play(Answer(body=b"half a picture", cut=True))
        with pytest.raises(ConnectionFailed, match="GET /v1/photos") as caught:
            gateway.photos.content("p")
        assert len(stage.seen) == 3
        assert {seen.headers["x-request-id"] for seen in stage.seen} == {caught.value.request_id}

    def test_nobody_listening(self) -> None:
        """A gateway that is not there is one clear error."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{taken.getsockname()[1]}"
            with (
                Gateway(address, max_retries=0) as gateway,
                pytest.raises(ConnectionFailed, match="did not get through"),
            ):
                gateway.health.live()

    def test_a_slow_answer_times_out_and_is_asked_again(self, stage: Stage, gateway: Gateway) -> None:
        """The timeout of a call counts for each attempt."""
        stage.play(Answer(body=b"late", delay=0.5), Answer(body=b"picture"))
        assert gateway.photos.content("p", timeout=0.2) == b"picture"

    def test_always_slow_answers_time_out(self, stage: Stage, gateway: Gateway) -> None:
        """A timeout is told apart from a broken connection."""
        stage.play(Answer(body=b"late", delay=0.4))
        with pytest.raises(TimedOut, match="timed out"):
            gateway.with_options(timeout=0.1, max_retries=1).photos.content("p")
        assert len(stage.seen) == 2


class TestIdempotencyKeys:
    """One key for one wish."""

    def test_one_key_over_all_attempts(self, stage: Stage, gateway: Gateway) -> None:
        """A repeated write carries the key of its first attempt: a UUID, made here."""
        stage.play(Answer(503), Answer(429), Answer(204))
        gateway.sessions.sign_out()
        keys = [seen.headers["idempotency-key"] for seen in stage.seen]
        assert len(keys) == 3
        assert len(set(keys)) == 1
        assert UUID(keys[0]).version == 4

    def test_a_fresh_key_for_each_call(self, stage: Stage, gateway: Gateway) -> None:
        """Two calls are two wishes, be they alike."""
        stage.play(Answer(204))
        gateway.sessions.sign_out()
        gateway.sessions.sign_out()
        assert len({seen.headers["idempotency-key"] for seen in stage.seen}) == 2

    def test_the_callers_own_key(self, stage: Stage, gateway: Gateway) -> None:
        """A caller who has an id of the wish gives it, and may repeat the call after a restart."""
        stage.play(Answer(503), Answer(204))
        gateway.sessions.sign_out(idempotency_key="call-4711")
        assert [seen.headers["idempotency-key"] for seen in stage.seen] == ["call-4711", "call-4711"]

    def test_reading_needs_none(self, stage: Stage, gateway: Gateway) -> None:
        """What changes nothing carries no key."""
        stage.play(Answer(body=b"picture"))
        gateway.photos.content("p")
        assert "idempotency-key" not in stage.seen[0].headers


class TestHeaders:
    """What each request says besides."""

    def test_who_asks_in_which_language(self, stage: Stage, gateway: Gateway) -> None:
        """Credential, language and the SDK's name and version go with each request."""
        stage.play(Answer(body=b"picture"))
        gateway.with_options(locale="zh-CN").photos.content("p", headers={"X-Desk": "12"})
        headers = stage.seen[0].headers
        assert headers["authorization"] == "Bearer cgk_test"
        assert headers["accept-language"] == "zh-CN"
        assert headers["user-agent"].startswith("citizen-gateway-sdk/0.")
        assert headers["x-desk"] == "12"

    def test_no_credential_where_none_is_given(self, stage: Stage, gateway: Gateway) -> None:
        """An anonymous client sends no empty credential."""
        stage.play(Answer(body=b"picture"))
        gateway.with_options(token=None).photos.content("p")
        assert "authorization" not in stage.seen[0].headers

    def test_cookies_are_not_kept(self, stage: Stage, gateway: Gateway) -> None:
        """Clients of different people share connections, so nothing of one sticks to them."""
        stage.play(Answer(body=b"picture", headers={"Set-Cookie": "session=alice; Path=/"}))
        gateway.photos.content("p")
        gateway.with_options(token="bob").photos.content("p")
        assert "cookie" not in stage.seen[1].headers

    def test_redirects_are_not_followed(self, stage: Stage, gateway: Gateway) -> None:
        """A credential goes nowhere but where it was given for."""
        stage.play(Answer(302, headers={"Location": f"{stage.url}/elsewhere"}))
        with pytest.raises(errors.APIError, match="302"):
            gateway.photos.content("p")
        assert len(stage.seen) == 1

    def test_parts_of_a_path_stay_parts(self, stage: Stage, gateway: Gateway) -> None:
        """A number that contains signs of an address cannot lead to another operation."""
        stage.play(Answer(404))
        with pytest.raises(errors.APIError):
            gateway.tickets.get("../sessions/current?x=1#y")
        assert stage.seen[0].path == "/v1/tickets/..%2Fsessions%2Fcurrent%3Fx%3D1%23y"

    @pytest.mark.parametrize("number", ["", " ", ".", ".."])
    def test_parts_of_a_path_name_something(self, gateway: Gateway, number: str) -> None:
        """An empty number would ask for the list instead, and dots for what lies above."""
        with pytest.raises(ValueError, match="names nothing"):
            gateway.tickets.get(number)


class TestManyAtOnce:
    """One client, shared."""

    def test_by_threads(self, stage: Stage, gateway: Gateway) -> None:
        """Calls of many threads do not mix, and each write has its own key."""
        stage.play(lambda seen: Answer(body=seen.path.encode()))
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(gateway.photos.content, map(str, range(100))))
        assert answers == [f"/v1/photos/{number}/content".encode() for number in range(100)]

    async def test_by_tasks(self, stage: Stage, async_gateway: AsyncGateway) -> None:
        """Calls of many tasks do not mix, also where each acts for somebody else."""
        stage.play(lambda seen: Answer(body=seen.headers["authorization"].encode()))
        clients = [async_gateway.with_options(token=f"citizen-{number}") for number in range(100)]
        answers = await asyncio.gather(*(client.photos.content("p") for client in clients))
        assert answers == [f"Bearer citizen-{number}".encode() for number in range(100)]

    async def test_a_call_can_be_given_up(self, stage: Stage, async_gateway: AsyncGateway) -> None:
        """A cancelled call ends at once, and the client goes on."""
        stage.play(Answer(body=b"late", delay=5), Answer(body=b"picture"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await async_gateway.photos.content("p")
        assert await async_gateway.photos.content("p") == b"picture"


class TestAsync:
    """The same over the asynchronous client, which is the source of the other."""

    async def test_retries_and_keys(self, stage: Stage, async_gateway: AsyncGateway) -> None:
        """A write survives a refusal, a cut answer and a timeout under one key."""
        stage.play(Answer(503), Answer(200, b"xx", cut=True), Answer(204, delay=0.4), Answer(204))
        await async_gateway.sessions.sign_out(max_retries=3, timeout=0.2)
        assert len(stage.seen) == 4
        assert len({seen.headers["idempotency-key"] for seen in stage.seen}) == 1

    async def test_failures(self, stage: Stage, async_gateway: AsyncGateway) -> None:
        """A refusal is raised as its class."""
        stage.play(problem("not_found", 404))
        with pytest.raises(errors.NotFound):
            await async_gateway.photos.content("p")
