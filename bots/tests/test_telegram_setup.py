"""Doctor, setup and the web app's sign-in, over real HTTP."""

import hmac
import time
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import urlencode

import msgspec
import pytest
from click.testing import CliRunner

from citizen_bots.cli import main
from citizen_bots.telegram.miniapp import NotTelegrams, user_of
from citizen_gateway.accounts.model import Channel
from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import Gateway

from .telegram_stand import SECRET, TOKEN, Person, Stand
from .wechat_stand import client_key


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start Telegram and the bots."""
    made = Stand(city, tmp_path_factory.mktemp("setup"))
    made.start()
    yield made
    made.stop()


def arguments(stand: Stand, **changed: str) -> list[str]:
    """Return a configuration in which all is right but what is changed."""
    given = {
        "redis-url": stand.redis_url,
        "gateway-url": stand.city.url,
        "gateway-key": client_key(stand.city, Channel.TELEGRAM),
        "telegram-token": TOKEN,
        "telegram-secret": SECRET,
        "telegram-api-url": stand.fake_url,
    } | changed
    return [part for name, value in given.items() for part in (f"--{name}", value)]


def init_data(token: str = TOKEN, **fields: str) -> str:
    """Sign fields as Telegram does."""
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    return urlencode(fields | {"hash": hmac.new(key, lines.encode(), sha256).hexdigest()})


LI = '{"id": 1, "first_name": "Li"}'


class TestSetup:
    """Webhook, commands and button."""

    def test_all_is_set(self, stand: Stand) -> None:
        """And the doctor finds it in order."""
        url = f"{stand.url}/telegram"
        given = arguments(stand)
        made = CliRunner().invoke(main, ["telegram-setup", *given, "--url", url, "--h5-url", "https://h5.example"])
        assert made.exit_code == 0, made.output
        assert stand.call("getWebhookInfo")["result"]["url"] == url
        assert [told.get("language_code") for told in stand.calls("setMyCommands")] == [None, "zh"]
        assert stand.calls("setChatMenuButton")[0]["menu_button"]["web_app"] == {"url": "https://h5.example"}
        found = CliRunner().invoke(main, ["doctor", *given])
        assert found.exit_code == 0, found.output
        assert "the bot is @city_bot" in found.output

    def test_a_webhook_needs_its_address(self, stand: Stand) -> None:
        """Which ends in the path that is served."""
        result = CliRunner().invoke(main, ["telegram-setup", *arguments(stand)])
        assert result.exit_code == 1
        assert "/telegram" in result.output

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"telegram-token": "8:another"}, "refused with 401"),
            ({"telegram-token": "no-token"}, "a number, a colon and a secret"),
            ({"telegram-api-url": "http://127.0.0.1:9"}, "does not answer"),
        ],
    )
    def test_what_is_wrong_is_said(self, stand: Stand, changed: dict[str, str], said: str) -> None:
        """Without the token."""
        given = arguments(stand, **changed)
        result = CliRunner().invoke(main, ["telegram-setup", *given, "--url", f"{stand.url}/telegram"])
        assert result.exit_code == 1
        assert said in result.output
        assert given[given.index("--telegram-token") + 1] not in result.output


class TestDoctor:
    """What is wrong is said."""

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"telegram-token": "8:another"}, "refused the token with 401"),
            ({"telegram-token": "no token"}, "a number, a colon and a secret"),
            ({"telegram-api-url": "http://127.0.0.1:9"}, "does not answer"),
            ({"telegram-secret": "with space"}, "1 to 256"),
        ],
    )
    def test_in_words(self, stand: Stand, changed: dict[str, str], said: str) -> None:
        """With exit code 1."""
        result = CliRunner().invoke(main, ["doctor", *arguments(stand, **changed)])
        assert result.exit_code == 1
        assert said in result.output


class TestMiniApp:
    """The web app inside Telegram."""

    def test_opens_a_session_of_whoever_opened_it(self, stand: Stand) -> None:
        """The same citizen as in the chat."""
        person = Person(stand)
        user = msgspec.json.encode({"id": person.id, "first_name": "李", "language_code": "zh-hans"}).decode()
        data = init_data(user=user, auth_date=str(int(time.time())), query_id="q", signature="s")
        answer = stand.http.post(f"{stand.url}/telegram/session", content=data)
        assert answer.status_code == 200, answer.text
        with Gateway(stand.city.url, token=answer.json()["token"]) as api:
            citizen = api.sessions.current()
        with Gateway(stand.city.url, token=client_key(stand.city, Channel.TELEGRAM)) as api:
            session = api.sessions.for_citizen(str(person.id))
            assert api.with_options(token=session.token).sessions.current() == citizen

    @pytest.mark.parametrize("data", ["", "hash=x", "a=1&a=2&hash=x", "%", "user=%7B%7D", "hash=%C3%A9&a=1"])
    def test_refuses_what_telegram_did_not_sign(self, stand: Stand, data: str) -> None:
        """With 403, and no session."""
        assert stand.http.post(f"{stand.url}/telegram/session", content=data).status_code == 403

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (init_data("8:another", user=LI, auth_date="1000"), "hash"),
            (init_data(user=LI, auth_date="1000") + "0", "hash"),
            (init_data(user=LI, auth_date="399"), "auth_date"),
            (init_data(user=LI, auth_date="1200"), "auth_date"),
            (init_data(user=LI), "auth_date"),
            (init_data(user="{}", auth_date="1000"), "user"),
        ],
    )
    def test_says_what_is_wrong(self, data: str, why: str) -> None:
        """At second 1000, with data of ten minutes at most."""
        assert user_of(init_data(user=LI, auth_date="400"), TOKEN, 1000, 600).id == 1
        with pytest.raises(NotTelegrams, match=why):
            user_of(data, TOKEN, 1000, 600)
