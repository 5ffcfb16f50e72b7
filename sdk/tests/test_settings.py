"""Options of a client: where they come from, and what is refused before anything is sent."""

import httpx2
import pytest

from citizen_gateway_sdk import AsyncGateway, Gateway
from citizen_gateway_sdk._settings import settings_of

from .stage import Answer, Stage


class TestWhereOptionsComeFrom:
    """Arguments first, then the environment."""

    def test_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Address and token may be left to the environment."""
        monkeypatch.setenv("CITIZEN_GATEWAY_URL", "https://gateway.example/")
        monkeypatch.setenv("CITIZEN_GATEWAY_TOKEN", "cgk_env")
        settings = settings_of(None, {})
        assert (settings.base_url, settings.token) == ("https://gateway.example", "cgk_env")

    def test_arguments_win(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is given in words counts, also where it is nothing."""
        monkeypatch.setenv("CITIZEN_GATEWAY_TOKEN", "cgk_env")
        assert settings_of("https://gateway.example", {"token": None}).token is None

    def test_a_path_before_the_api(self, stage: Stage) -> None:
        """A gateway may live below a path of its host."""
        stage.play(Answer(body=b"picture"))
        with Gateway(f"{stage.url}/city/") as gateway:
            gateway.photos.content("p")
        assert stage.seen[0].path == "/city/v1/photos/p/content"


class TestRefused:
    """Mistakes that are told when the client is made."""

    @pytest.mark.parametrize(
        "address",
        ["", "gateway.example", "ftp://gateway.example", "https://", "https://u:pw@gateway.example", "https://g.example?a=1",
         "https://g.example:port"],
    )  # fmt: skip
    def test_addresses(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """An address that is none is refused, without repeating a password in it."""
        monkeypatch.delenv("CITIZEN_GATEWAY_URL", raising=False)
        with pytest.raises(ValueError, match=r"gateway|address") as caught:
            Gateway(address)
        assert "pw" not in str(caught.value)

    @pytest.mark.parametrize("token", ["", "cgk_1\r\nX-Evil: 1", "密钥", "cgk_1\n"])
    def test_tokens(self, token: str) -> None:
        """A token that no header can carry is refused and not repeated."""
        with pytest.raises(ValueError, match="printable ASCII") as caught:
            Gateway("https://gateway.example", token=token)
        assert "cgk" not in str(caught.value)

    def test_changed_options_too(self, gateway: Gateway) -> None:
        """`with_options` is as careful."""
        with pytest.raises(ValueError, match="locale"):
            gateway.with_options(locale="中文")
        with pytest.raises(ValueError, match="max_retries"):
            gateway.with_options(max_retries=-1)

    def test_keys_and_secrets(self, gateway: Gateway) -> None:
        """So are the headers of one call."""
        for key in ("", "a b", "键", "k" * 256):
            with pytest.raises(ValueError, match="idempotency_key"):
                gateway.sessions.sign_out(idempotency_key=key)
        with pytest.raises(ValueError, match="Ticket-Secret"):
            gateway.tickets.get("ZZ-1", secret="秘密")

    def test_two_ways_at_once(self) -> None:
        """A transport and a client of one's own contradict each other."""
        with httpx2.Client() as own, httpx2.HTTPTransport() as transport, pytest.raises(ValueError, match="not both"):
            Gateway("https://gateway.example", transport=transport, http_client=own)


class TestSharing:
    """One pool, many clients."""

    def test_derived_clients_differ_only_as_told(self, stage: Stage, gateway: Gateway) -> None:
        """A derived client has its own options, the first keeps its own, and both use the same connections."""
        stage.play(Answer(body=b"picture"))
        derived = gateway.with_options(token="other")
        derived.photos.content("p")
        gateway.photos.content("p")
        assert [seen.headers["authorization"] for seen in stage.seen] == ["Bearer other", "Bearer cgk_test"]

    def test_closing_a_derived_client_leaves_the_pool(self, stage: Stage, gateway: Gateway) -> None:
        """Connections belong to the client that made them."""
        stage.play(Answer(body=b"picture"))
        with gateway.with_options(token="other") as derived:
            derived.photos.content("p")
        assert gateway.photos.content("p") == b"picture"

    def test_the_callers_own_http_client(self, stage: Stage) -> None:
        """An injected client is used as it is, and left open."""
        stage.play(Answer(body=b"picture"))
        with httpx2.Client(headers={"X-Proxy": "ours"}) as own:
            with Gateway(stage.url, http_client=own) as gateway:
                gateway.photos.content("p")
            assert not own.is_closed
        assert stage.seen[0].headers["x-proxy"] == "ours"

    async def test_the_callers_own_transport(self, stage: Stage) -> None:
        """A transport changes how requests travel."""
        stage.play(Answer(body=b"picture"))

        class Counting(httpx2.AsyncHTTPTransport):
            calls = 0

            async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
                Counting.calls += 1
                return await super().handle_async_request(request)

        async with AsyncGateway(stage.url, transport=Counting()) as gateway:
            await gateway.photos.content("p")
        assert Counting.calls == 1

    def test_a_client_shows_no_token(self, gateway: Gateway) -> None:
        """Neither the client nor its settings say the token when printed."""
        assert "cgk" not in repr(gateway) + repr(gateway._transport)
