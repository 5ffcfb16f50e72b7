"""Access tokens of OAuth 2: asked for, shared, renewed, by themselves."""

import base64
from collections.abc import Callable

import pytest

from citizen_gateway_sdk import APIError, AsyncGateway, Gateway, errors
from citizen_gateway_sdk._tokens import TokenAnswer, Tokens

from .examples import by_contract
from .stage import Answer, Seen, Stage, problem


def city(refused: set[str] | None = None, life: float = 900) -> Callable[[Seen], Answer]:
    """Return a gateway that gives tokens, each another, and answers who brings one that is not refused."""
    given = iter(range(1, 100))

    def answer(seen: Seen) -> Answer:
        if seen.path == "/oauth2/token":
            return Answer(body={"access_token": f"cgt_{next(given)}", "token_type": "Bearer", "expires_in": life})
        if seen.headers["authorization"].removeprefix("Bearer ") in (refused or set()):
            return problem("key_expired", 401)
        return by_contract(seen)

    return answer


def called(stage: Stage) -> list[str]:
    """Return what was asked for, in order: a token, or a call with the token it brought."""
    return ["ask" if seen.path == "/oauth2/token" else seen.headers["authorization"][-5:] for seen in stage.seen]


class TestTokens:
    """A client with an id and a secret."""

    def test_one_token_serves_many_calls(self, stage: Stage) -> None:
        """Also those of clients that share its connections; the secret is in the header of the one question."""
        stage.play(city())
        with Gateway(stage.url, client_id="the id", client_secret="cgk_s") as gateway:
            gateway.health.live()
            gateway.with_options(locale="en").health.live()
            assert "cgk_s" not in repr(gateway._transport)
        assert called(stage) == ["ask", "cgt_1", "cgt_1"]
        pair = stage.seen[0].headers["authorization"].removeprefix("Basic ")
        assert base64.b64decode(pair) == b"the+id:cgk_s"
        assert stage.seen[0].body == b"grant_type=client_credentials"

    def test_one_that_was_refused_is_replaced_once(self, stage: Stage) -> None:
        """Revoked or ended before its time: asked for anew, the call sent again; a second refusal is the caller's."""
        stage.play(city({"cgt_1"}))
        with Gateway(stage.url, client_id="i", client_secret="s") as gateway:
            gateway.health.live()
            assert called(stage) == ["ask", "cgt_1", "ask", "cgt_2"]
        stage.play(city({"cgt_1", "cgt_2"}))
        with (
            Gateway(stage.url, client_id="i", client_secret="s") as gateway,
            pytest.raises(errors.KeyExpired),
        ):
            gateway.health.live()

    def test_a_wrong_secret(self, stage: Stage) -> None:
        """Is raised as what OAuth 2 calls it."""
        stage.play(Answer(401, {"error": "invalid_client", "error_description": "no such client"}))
        with Gateway(stage.url, client_id="i", client_secret="s") as gateway, pytest.raises(APIError) as caught:
            gateway.health.live()
        assert (caught.value.code, caught.value.status) == ("invalid_client", 401)
        assert "no such client" in str(caught.value)

    def test_a_person_s_token_goes_before(self, stage: Stage) -> None:
        """`with_options(token=…)` acts as somebody else."""
        stage.play(city())
        with Gateway(stage.url, client_id="i", client_secret="s") as gateway:
            gateway.with_options(token="cgc_9").health.live()
        assert called(stage) == ["cgc_9"]

    def test_from_the_environment(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where no credential is given; a token there goes before."""
        stage.play(city())
        monkeypatch.setenv("CITIZEN_GATEWAY_CLIENT_ID", "i")
        monkeypatch.setenv("CITIZEN_GATEWAY_CLIENT_SECRET", "s")
        with Gateway(stage.url) as gateway:
            gateway.health.live()
        monkeypatch.setenv("CITIZEN_GATEWAY_TOKEN", "cgk_7")
        with Gateway(stage.url) as gateway:
            gateway.health.live()
        assert called(stage) == ["ask", "cgt_1", "cgk_7"]

    @pytest.mark.parametrize("half", [{"client_id": "i"}, {"client_secret": "s"}])
    def test_half_a_credential(self, half: dict[str, str]) -> None:
        """Is the program's mistake."""
        with pytest.raises(ValueError, match="go together"):
            Gateway("http://gateway.example", **half)

    async def test_asynchronously(self, stage: Stage) -> None:
        """The same."""
        stage.play(city({"cgt_1"}))
        async with AsyncGateway(stage.url, client_id="i", client_secret="s") as gateway:
            await gateway.health.live()
        assert called(stage) == ["ask", "cgt_1", "ask", "cgt_2"]


class TestLife:
    """How long a token is used."""

    def test_replaced_before_it_ends(self) -> None:
        """A minute before, or after half of a short life."""
        tokens = Tokens()
        tokens.keep(TokenAnswer("a", 900), now=100)
        assert (tokens.current(939), tokens.current(940)) == ("a", None)
        tokens.keep(TokenAnswer("b", 60), now=100)
        assert (tokens.current(129), tokens.current(130)) == ("b", None)
        tokens.keep(TokenAnswer("c"), now=100)
        assert tokens.current(100) is None
