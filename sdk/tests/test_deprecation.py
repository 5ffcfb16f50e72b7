"""What is to go away is told in the log, once for each answer."""

import logging

import pytest

from citizen_gateway_sdk import Gateway

from .examples import by_contract, example_of
from .stage import Answer, Stage


class TestDeprecation:
    """A call that the gateway will serve no more after a day it names."""

    def test_is_a_warning_with_the_day(self, stage: Stage, gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
        """The call itself is as it was; one that stays is no news."""
        going = {"Deprecation": "@1795305600", "Sunset": "Mon, 22 Nov 2027 00:00:00 GMT"}
        stage.play(Answer(body=example_of("GET", "/health"), headers=going), by_contract)
        with caplog.at_level(logging.WARNING, "citizen_gateway_sdk"):
            gateway.health.live()
            gateway.health.live()
        assert [record.getMessage() for record in caplog.records] == [
            "GET /health is deprecated and served until Mon, 22 Nov 2027 00:00:00 GMT"
        ]
