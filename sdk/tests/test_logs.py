"""What is written to logs, and what never is."""

import logging

import httpx2
import pytest

from citizen_gateway_sdk import AsyncGateway, Gateway, errors, models

from .stage import Answer, Stage, problem

SECRETS = ("cgk_test", "inv-secret", "34.757", "113.665", "tk-secret", "井盖")


class TestSecrets:
    """Nothing that opens or places anything is logged, by anybody, at any level."""

    def test_no_secret_in_any_log(self, stage: Stage, gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
        """Tokens, values of the query, headers and bodies stay out, also those that the HTTP library would log."""
        caplog.set_level(logging.DEBUG)
        stage.play(Answer(503), Answer(200, b"half", cut=True), problem("not_found", 404))
        with pytest.raises(errors.NotFound):
            gateway.ratings.invitation("inv-secret")
        with pytest.raises(errors.NotFound):
            gateway.areas.at(lat=34.757, lon=113.665, datum=models.Datum.WGS84)
        with pytest.raises(errors.NotFound):
            gateway.tickets.get("ZZ-1", secret="tk-secret")
        with pytest.raises(errors.NotFound):
            gateway.reports.submit("井盖破损")
        assert "GET /v1/invitations/{token}: 503" in caplog.text
        assert [secret for secret in SECRETS if secret in caplog.text] == []

    async def test_nor_by_the_asynchronous_client(
        self, stage: Stage, async_gateway: AsyncGateway, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The same holds there."""
        caplog.set_level(logging.DEBUG)
        stage.play(problem("not_found", 404))
        with pytest.raises(errors.NotFound):
            await async_gateway.ratings.invitation("inv-secret")
        assert "inv-secret" not in caplog.text

    def test_attempts_can_be_followed(self, stage: Stage, gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
        """At debug level one sees each attempt with its status, its time and its request id."""
        caplog.set_level(logging.DEBUG, logger="citizen_gateway_sdk")
        stage.play(Answer(503), Answer(body=b"picture"))
        gateway.photos.content("p")
        assert "(attempt 1), request req-1" in caplog.text
        assert "(attempt 2), request req-1" in caplog.text

    def test_other_users_of_the_http_library_keep_their_logs(
        self, stage: Stage, gateway: Gateway, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Only calls of the SDK are kept quiet."""
        caplog.set_level(logging.INFO)
        stage.play(Answer(body=b"picture"))
        gateway.photos.content("p")
        httpx2.get(f"{stage.url}/theirs")
        lines = [record.getMessage() for record in caplog.records if record.name == "httpx2"]
        assert len(lines) == 1
        assert "/theirs" in lines[0]
