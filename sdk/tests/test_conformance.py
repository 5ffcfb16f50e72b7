"""The conformance kit: it finds what it is for."""

import json
from collections.abc import Callable

import httpx2
import pytest

from citizen_gateway_sdk import webhooks
from citizen_gateway_sdk.conformance import Result, deliver, play
from citizen_gateway_sdk.conformance.__main__ import main
from citizen_gateway_sdk.testing import FakeGateway

from .stage import Answer, Seen, Stage

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUA=="

Spoil = Callable[[httpx2.Request, httpx2.Response], httpx2.Response]


class Spoiling(httpx2.BaseTransport):
    """A gateway that does one thing wrong."""

    def __init__(self, inner: httpx2.BaseTransport, spoil: Spoil) -> None:
        self._inner, self._spoil = inner, spoil

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request, then spoil the answer."""
        return self._spoil(request, self._inner.handle_request(request))


def without_ids(_request: httpx2.Request, answer: httpx2.Response) -> httpx2.Response:
    """Leave the request's id out."""
    del answer.headers["x-request-id"]
    return answer


def plain_refusals(_request: httpx2.Request, answer: httpx2.Response) -> httpx2.Response:
    """Refuse without a problem document."""
    return httpx2.Response(answer.status_code, text="no") if answer.status_code >= 400 else answer


def unmarked_repetitions(_request: httpx2.Request, answer: httpx2.Response) -> httpx2.Response:
    """Do not say that an answer was given before."""
    answer.headers.pop("idempotent-replayed", None)
    return answer


def forgetting(request: httpx2.Request, answer: httpx2.Response) -> httpx2.Response:
    """Lose every event."""
    if request.url.path != "/v1/events" or answer.status_code != 200:
        return answer
    return httpx2.Response(200, json=answer.json() | {"items": []}, headers={"X-Request-Id": "x"})


class TestGateways:
    """What a gateway does wrong is found."""

    @pytest.mark.parametrize(
        ("spoil", "check"),
        [
            (without_ids, "every answer has an id"),
            (plain_refusals, "refusals are problems"),
            (unmarked_repetitions, "a repeated call happens once"),
            (forgetting, "events are told"),
        ],
    )
    def test_finds_what_is_wrong(self, spoil: Spoil, check: str) -> None:
        """The check of that name fails, and says what it saw."""
        fake = FakeGateway()
        transport = Spoiling(fake.transport, spoil)
        outcomes = play(
            "http://gateway.fake", fake.partner(departments=["lights"]), here=fake.here, transport=transport
        )
        failed = {outcome.check: outcome.detail for outcome in outcomes if outcome.result is Result.FAILED}
        assert check in failed
        assert failed[check]

    def test_what_a_key_may_not_is_skipped(self) -> None:
        """With the reason, so that nobody takes it for done."""
        fake = FakeGateway()
        key = fake.partner(scopes=["reports:write", "reports:read"])
        outcomes = play("http://gateway.fake", key, here=fake.here, transport=fake.transport)
        skipped = {outcome.check: outcome.detail for outcome in outcomes if outcome.result is Result.SKIPPED}
        assert "tickets:handle" in skipped["a ticket goes its way"]
        assert not [outcome for outcome in outcomes if outcome.result is Result.FAILED]


def honest(seen: Seen) -> Answer:
    """Receive as a partner should."""
    try:
        webhooks.verify(seen.body, seen.headers, [SECRET])
    except webhooks.WebhookError:
        return Answer(400)
    return Answer(204)


def trusting(_seen: Seen) -> Answer:
    """Receive anything."""
    return Answer(204)


def once_only(ids: set[str]) -> Callable[[Seen], Answer]:
    """Refuse what came before, which makes a gateway send it for days."""

    def receive(seen: Seen) -> Answer:
        identity = seen.headers["webhook-id"]
        answer = Answer(409) if identity in ids else honest(seen)
        ids.add(identity)
        return answer

    return receive


class TestReceivers:
    """What a receiver of webhooks does wrong is found."""

    def test_an_honest_one_passes(self, stage: Stage) -> None:
        """All messages are taken or refused as they should be."""
        stage.play(honest)
        assert {outcome.result for outcome in deliver(stage.url, SECRET)} == {Result.PASSED}

    def test_a_trusting_one_does_not(self, stage: Stage) -> None:
        """Forged, changed and old messages were taken."""
        stage.play(trusting)
        failed = {outcome.check for outcome in deliver(stage.url, SECRET) if outcome.result is Result.FAILED}
        assert failed == {"a wrong signature is refused", "a changed body is refused", "an old message is refused"}

    def test_nor_one_that_refuses_repetitions(self, stage: Stage) -> None:
        """They must be taken, and nothing done."""
        stage.play(once_only(set()))
        failed = {outcome.check for outcome in deliver(stage.url, SECRET) if outcome.result is Result.FAILED}
        assert failed == {"a message twice is taken twice"}

    def test_nobody_there(self) -> None:
        """It is said for each check."""
        assert {outcome.result for outcome in deliver("http://127.0.0.1:9/hook", SECRET)} == {Result.FAILED}


class TestCommand:
    """`python -m citizen_gateway_sdk.conformance`."""

    def test_receiver(self, stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
        """Prints JSON; the exit code says whether all held."""
        stage.play(honest)
        assert main(["receiver", stage.url, "--secret", SECRET, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["counts"] == {"passed": 8}
        stage.play(trusting)
        assert main(["receiver", stage.url, "--secret", SECRET]) == 1
        assert "FAIL a wrong signature is refused" in capsys.readouterr().out

    def test_a_gateway_needs_a_key(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """One sentence, and the usage."""
        monkeypatch.delenv("CITIZEN_GATEWAY_TOKEN", raising=False)
        with pytest.raises(SystemExit):
            main(["http://127.0.0.1:9"])
        assert "give a key" in capsys.readouterr().err
