"""Settings, options, doctor and menu."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from citizen_bots.cli import main
from citizen_bots.serving.app import keys_of
from citizen_bots.settings import Settings, WrongSettings, as_environment, load_settings
from citizen_bots.wechat.menu import menu
from citizen_gateway.accounts.model import Channel
from citizen_gateway.cli.running import Running

from .wechat_stand import APP_ID, SECRET, Stand, client_key

KEY_NEEDED = "has no API key"


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start WeChat, and bots that are not in the way."""
    made = Stand(city, tmp_path_factory.mktemp("doctor"))
    made.start()
    yield made
    made.stop()


class TestSettings:
    """Defaults, then a file, then the environment, then the command line."""

    def test_later_ones_win(self, tmp_path: Path) -> None:
        """Each is read from wherever it stands."""
        file = tmp_path / "bots.toml"
        file.write_text('port = 1\nwechat_token = "of the file"\nhost = "h"', "utf-8")
        environ = {"CITIZEN_BOTS_CONFIG": str(file), "CITIZEN_BOTS_PORT": "2", "REDIS_URL": "redis://x"}
        found = load_settings(environ, wechat_token="of the line")
        assert (found.host, found.port, found.wechat_token, found.redis_url) == ("h", 2, "of the line", "redis://x")

    def test_come_back_from_the_environment(self) -> None:
        """As a serving process reads them."""
        settings = Settings(port=7, wechat_accept_plain=True, wechat_token="t", quiet_from=0)
        assert load_settings(as_environment(settings)) == settings

    @pytest.mark.parametrize("given", [{"port": "x"}, {"port": "70000"}, {"nonsense": "1"}, {"gateway_url": "ftp://x"}])
    def test_a_wrong_one_is_named(self, given: dict[str, str]) -> None:
        """And its value is not repeated."""
        with pytest.raises(WrongSettings, match="wrong"):
            load_settings({}, **given)

    def test_a_file_that_cannot_be_read_is_said(self, tmp_path: Path) -> None:
        """Missing, or no TOML."""
        (tmp_path / "bad.toml").write_text("= =", "utf-8")
        for name in ("bad.toml", "none.toml"):
            with pytest.raises(WrongSettings, match="cannot be read"):
                load_settings({}, tmp_path / name)

    def test_each_channel_has_its_key(self) -> None:
        """Its own, or the common one, or it is said."""
        both = Settings(wechat_token="t", telegram_token="t", wechat_gateway_key="w", gateway_key="g")
        assert keys_of(both) == {"wechat": "w", "telegram": "g"}
        with pytest.raises(WrongSettings, match=KEY_NEEDED):
            keys_of(Settings(wechat_token="t"))


class TestServe:
    """What keeps a server from starting is said in a sentence."""

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([], "No channel"),
            (["--wechat-token", "t"], KEY_NEEDED),
            (["--wechat-token", "t", "--gateway-key", "k"], "--redis-url"),
            (["--port", "x"], "setting is wrong"),
        ],
    )
    def test_what_is_missing(self, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a traceback."""
        monkeypatch.delenv("REDIS_URL", raising=False)
        result = CliRunner().invoke(main, ["serve", *arguments])
        assert result.exit_code == 1
        assert said in result.output


class TestDoctor:
    """A configuration, part by part."""

    def arguments(self, stand: Stand, **changed: str) -> list[str]:
        """Return a configuration in which all is right but what is changed."""
        given = {
            "redis-url": stand.redis_url,
            "gateway-url": stand.city.url,
            "gateway-key": client_key(stand.city, Channel.WECHAT),
            "wechat-token": "t",
            "wechat-aes-key": "a" * 43,
            "wechat-app-id": APP_ID,
            "wechat-secret": SECRET,
            "wechat-api-url": stand.fake_url,
        } | changed
        return [part for name, value in given.items() for part in (f"--{name}", value)]

    def test_all_is_right(self, stand: Stand) -> None:
        """Exit code 0."""
        result = CliRunner().invoke(main, ["doctor", *self.arguments(stand)])
        assert result.exit_code == 0, result.output
        assert "secure mode; AppID and AppSecret are right" in result.output

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"wechat-app-id": "wxffffffffffffffff"}, "the AppID is wrong"),
            ({"wechat-aes-key": "short"}, "43 letters"),
            ({"gateway-key": "cgk_nonsense"}, "refused: malformed_key"),
            ({"gateway-url": "http://127.0.0.1:9"}, "no answer"),
            ({"redis-url": "redis://127.0.0.1:9"}, "Valkey cannot be reached"),
        ],
    )
    def test_what_is_wrong_is_said(self, stand: Stand, changed: dict[str, str], said: str) -> None:
        """With exit code 1, and the rest is looked at all the same."""
        result = CliRunner().invoke(main, ["doctor", *self.arguments(stand, **changed)])
        assert result.exit_code == 1
        assert said in result.output
        assert "languages" in result.output

    def test_a_key_of_another_channel_is_wrong(self, stand: Stand) -> None:
        """It would act for other people."""
        key = client_key(stand.city, Channel.TELEGRAM)
        result = CliRunner().invoke(main, ["doctor", *self.arguments(stand, **{"gateway-key": key})])
        assert "speaks for telegram, not for wechat" in result.output

    def test_the_menu_is_put(self, stand: Stand) -> None:
        """As WeChat allows it."""
        result = CliRunner().invoke(main, ["wechat-menu", *self.arguments(stand)])
        assert result.exit_code == 0, result.output
        assert "/cgi-bin/menu/create" in stand.calls()


@pytest.mark.parametrize("locale", ["zh_CN", "zh_Hant", "en"])
def test_a_menu_is_as_large_as_wechat_allows(locale: str) -> None:
    """Three groups, five buttons each, names of 16 and 60 bytes."""
    groups = menu(locale)["button"]
    assert len(groups) <= 3
    for group in groups:
        assert len(group["name"].encode()) <= 16
        assert 1 <= len(group["sub_button"]) <= 5
        assert all(len(button["name"].encode()) <= 60 for button in group["sub_button"])
