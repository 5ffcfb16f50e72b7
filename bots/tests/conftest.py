"""A chat for each test of the engine, and one real gateway for all tests that need it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from citizen_gateway.cli.running import Running, running
from citizen_gateway.platform.resources import resource
from citizen_gateway.platform.settings import Environment, Settings

from . import telegram_stand, wechat_stand
from .chat import Chat, FakeGateway


@pytest.fixture
def gateway() -> FakeGateway:
    """Make a gateway in memory."""
    return FakeGateway()


@pytest.fixture
def chat(gateway: FakeGateway) -> Chat:
    """Begin a chat in English."""
    return Chat(gateway)


@pytest.fixture(scope="session")
def city() -> Iterator[Running]:
    """Start a real gateway that takes development logins, for a city with few grids; it ends with the session."""
    with TemporaryDirectory(prefix="b") as folder:
        settings = Settings(
            data=f"{folder}/d", pack=str(_small_city(Path(folder))), port=0, environment=Environment.DEVELOPMENT
        )
        with running(settings) as started:
            yield started


@pytest.fixture(scope="module")
def wechat(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[wechat_stand.Stand]:
    """Start WeChat and the bots."""
    made = wechat_stand.Stand(city, tmp_path_factory.mktemp("wechat"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def telegram(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[telegram_stand.Stand]:
    """Start Telegram and the bots."""
    made = telegram_stand.Stand(city, tmp_path_factory.mktemp("telegram"))
    made.start()
    yield made
    made.stop()


def _small_city(folder: Path) -> Path:
    """Copy the city's pack with the communities of one district and few grids."""
    pack = shutil.copytree(resource("cities") / "zhengzhou", folder / "pack")
    header, *lines = (pack / "communities.csv").read_text("utf-8").splitlines(keepends=True)
    (pack / "communities.csv").write_text("".join([header, *(line for line in lines if line[:6] == "410103")]), "utf-8")
    made_up = (pack / "synthesis.toml").read_text("utf-8").splitlines()
    few = {"grids": 400, "micro_grids": 600}
    lines = [f"{name} = {few[name]}" if (name := line.split(" ")[0]) in few else line for line in made_up]
    (pack / "synthesis.toml").write_text("\n".join(lines), "utf-8")
    return pack
