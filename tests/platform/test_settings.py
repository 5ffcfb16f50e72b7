"""Settings from defaults, a file, the environment and the command line."""

from pathlib import Path

import pytest

from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Environment, Settings, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a settings file that chooses port, pack and pool."""
    path = tmp_path / "gateway.toml"
    path.write_text('port = 9001\npack = "pingshan"\npool_size = 7\n', "utf-8")
    return path


class TestPrecedence:
    """Later places win over earlier ones, setting by setting."""

    def test_defaults(self) -> None:
        """Nothing chosen gives a gateway for production on this machine alone."""
        settings = load_settings({})
        assert settings == Settings()
        assert (settings.environment, settings.host, settings.development) == (
            Environment.PRODUCTION,
            "127.0.0.1",
            False,
        )

    def test_file_then_environment_then_arguments(self, file: Path) -> None:
        """The file wins over defaults, the environment over the file, an argument over all."""
        environ = {"CITIZEN_GATEWAY_PORT": "9002", "CITIZEN_GATEWAY_POOL_SIZE": "8", "HOME": "/nowhere"}
        settings = load_settings(environ, file, port=9003, pack=None)
        assert (settings.port, settings.pool_size, settings.pack) == (9003, 8, "pingshan")

    def test_the_environment_names_the_file(self, file: Path) -> None:
        """CITIZEN_GATEWAY_CONFIG says where the file is, and is no setting itself."""
        assert load_settings({"CITIZEN_GATEWAY_CONFIG": str(file)}).port == 9001

    def test_well_known_names_need_no_prefix(self) -> None:
        """DATABASE_URL and REDIS_URL are read as everybody sets them; empty they count as absent."""
        settings = load_settings({"DATABASE_URL": "postgresql://db", "REDIS_URL": ""})
        assert (settings.database_url, settings.redis_url) == ("postgresql://db", None)

    def test_words_become_values(self) -> None:
        """The environment has only texts; numbers, switches and names are read from them."""
        settings = load_settings(
            {
                "CITIZEN_GATEWAY_LOG_JSON": "false",
                "CITIZEN_GATEWAY_ENVIRONMENT": "development",
                "CITIZEN_GATEWAY_PROCESSES": "4",
            }
        )
        assert (settings.log_json, settings.development, settings.processes) == (False, True, 4)

    def test_the_data_folder_is_absolute(self) -> None:
        """A home or a relative folder is resolved, since children run elsewhere."""
        assert Settings(data="~/gateway").data_dir == Path.home() / "gateway"
        assert Settings(data="var").data_dir == Path.cwd() / "var"


class TestErrors:
    """A wrong setting is one sentence that names it."""

    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [
            ("PORT", "http", "port"),
            ("PORT", "70000", "port"),
            ("POOL_SIZE", "1", "pool_size"),
            ("LOG_LEVEL", "loud", "log_level"),
            ("ENVIRONMENT", "staging", "environment"),
            ("COLOUR", "blue", "colour"),
        ],
    )
    def test_in_the_environment(self, name: str, value: str, told: str) -> None:
        """A value of the wrong form, out of range, or under an unknown name."""
        with pytest.raises(StartupError, match=told) as refused:
            load_settings({f"CITIZEN_GATEWAY_{name}": value})
        assert str(refused.value).startswith("A setting is wrong: ")
        assert "\n" not in str(refused.value)

    @pytest.mark.parametrize("content", [b"port = ", b"port = 'x", b"\xff\xfe", b"port = [1]", b"unknown = 1"])
    def test_in_the_file(self, tmp_path: Path, content: bytes) -> None:
        """A file that is no TOML, no text, or says something else."""
        path = tmp_path / "gateway.toml"
        path.write_bytes(content)
        with pytest.raises(StartupError):
            load_settings({}, path)

    def test_no_such_file(self, tmp_path: Path) -> None:
        """A file that was named must be there."""
        with pytest.raises(StartupError, match=r"absent\.toml"):
            load_settings({}, tmp_path / "absent.toml")


class TestProxies:
    """Whose word on where a call is from is believed."""

    def test_networks_with_commas_between(self) -> None:
        """None unless told."""
        assert Settings().proxies == ()
        assert Settings(trusted_proxies="10.0.0.0/8, ::1").proxies == ("10.0.0.0/8", "::1")

    def test_what_is_no_network_stops_the_start(self) -> None:
        """Not at the first call."""
        with pytest.raises(StartupError, match="trusted"):
            load_settings({"CITIZEN_GATEWAY_TRUSTED_PROXIES": "ten"})
