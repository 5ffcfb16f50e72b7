"""WeChat on a stand: the fake platform and the bots as processes of their own, before a real gateway."""

import asyncio
import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import redis

from citizen_bots.host.channel import Incoming, Who
from citizen_bots.host.store import Store, open_store
from citizen_gateway.accounts.model import ApiClient, Channel, IssuedCredential
from citizen_gateway.accounts.service import add_client
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.running import Running, answers, answers_at, free_port
from citizen_gateway.kernel.ids import ClientId, uuid7
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import Transaction

from .spots import next_spot

TOKEN, AES_KEY = "a-token-of-ours", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID, SECRET = "wx0123456789abcdef", "a secret of the account"
PATIENCE_S = 40.0

Json = dict[str, Any]


class Child:
    """A process of the bots' commands."""

    def __init__(self, log: Path, *arguments: str, **environment: str) -> None:
        self.log = log
        self._command = [sys.executable, "-m", "citizen_bots", *arguments]
        self._environment = os.environ | environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it as the leader of a group, so that all of it can be killed."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env=self._environment, start_new_session=True
            )

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End all of it, by default without a chance to tidy up."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, number)
            self._process.wait()


def wait_for(what: Callable[[], object], why: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, why
        time.sleep(0.05)


def client_key(city: Running, channel: Channel) -> str:
    """Make an API key with which a channel acts for its citizens."""

    async def add(tx: Transaction) -> IssuedCredential:
        scopes = frozenset({Scope.CITIZENS_ACT, Scope.REPORTS_READ})
        return await add_client(tx, ApiClient(ClientId(uuid7(tx.now)), uuid4().hex, channel, scopes))

    return asyncio.run(in_transaction(city.engines.database_url, add)).secret


def keep(stand: "Stand", person: "Person", message: Incoming) -> None:
    """Put a message into a citizen's inbox, as a process does that dies thereafter."""

    async def put() -> None:
        store = await open_store(stand.redis_url)
        await store.take(person.who, message)
        await store.valkey.aclose()

    asyncio.run(put())


_databases = cycle(range(1, 16))  # what Valkey has beside the gateway's, unless told otherwise


def own_database(city: Running) -> str:
    """Return the address of an empty database of Valkey's; a stand fifteen stands ago worked in it."""
    url = city.engines.redis_url
    own = f"{url}{'&' if '?' in url else '?'}db={next(_databases)}"
    with redis.Redis.from_url(own) as valkey:
        valkey.flushdb()
    return own


def be_busy_with(stand: "Stand", person: "Person", milliseconds: int) -> None:
    """Hold the lease of a citizen's work for a while, as a process does that waits for a slow gateway."""
    with redis.Redis.from_url(stand.redis_url) as valkey:
        valkey.set(person.key("lease"), "another process", px=milliseconds)


class Stand:
    """The processes, and people who write."""

    def __init__(self, city: Running, folder: Path, *, aes_key: str = AES_KEY, **settings: str) -> None:
        self.city = city
        self.redis_url = own_database(city)
        bots, fake = free_port("127.0.0.1", 0), free_port("127.0.0.1", 0)
        self.url, self.fake_url = f"http://127.0.0.1:{bots}", f"http://127.0.0.1:{fake}"
        account = ("--token", TOKEN, "--app-id", APP_ID, "--secret", SECRET, "--aes-key", aes_key)
        self.fake = Child(
            folder / "fake.log", "fake-wechat", "--port", str(fake), "--callback", f"{self.url}/wechat", *account
        )
        given = {
            "redis_url": self.redis_url,
            "gateway_url": city.url,
            "gateway_key": client_key(city, Channel.WECHAT),
            "wechat_token": TOKEN,
            "wechat_app_id": APP_ID,
            "wechat_secret": SECRET,
            "wechat_aes_key": aes_key,
            "wechat_api_url": self.fake_url,
        } | settings
        environment = {f"CITIZEN_BOTS_{name.upper()}": value for name, value in given.items() if value}
        self.bots = Child(folder / "bots.log", "serve", "--port", str(bots), **environment)
        self.http = httpx2.Client(timeout=PATIENCE_S)

    def start(self) -> None:
        """Start both."""
        self.fake.start()
        self.bots.start()
        wait_for(lambda: answers_at("127.0.0.1", int(self.fake_url.rpartition(":")[2])), "the fake did not start")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait for the bots."""
        wait_for(lambda: answers(f"{self.url}/ready"), f"the bots did not start: {self.bots.log}")

    def stop(self) -> None:
        """End both."""
        self.http.close()
        self.bots.kill(signal.SIGTERM)
        self.fake.kill()

    def order(self, command: str, /, **told: object) -> Json:
        """Tell the fake something."""
        answer = self.http.post(f"{self.fake_url}/fake/{command}", json=told)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def calls(self) -> list[str]:
        """Return the API's paths that were called."""
        return list(self.http.get(f"{self.fake_url}/fake/calls").json())


class Person:
    """A citizen who follows the account."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.openid = f"o{uuid4().hex[:27]}"

    def send(self, **said: object) -> Json:
        """Do something in the chat and return how its delivery went."""
        return self.stand.order("say", **{"from": self.openid}, **said)

    def write(self, *texts: str) -> str:
        """Write messages, and return what the last was answered at once."""
        shown = ""
        for text in texts:
            shown = self.send(text=text)["attempts"][-1]["shown"]
        return shown

    def point(self, label: str = "") -> str:
        """Send a place where nobody was before, and return what is answered at once."""
        lat, lon = next_spot()
        told = self.send(location={"lat": lat, "lon": lon, "label": label})
        return str(told["attempts"][-1]["shown"])

    def photograph(self, content: bytes) -> str:
        """Send a photo and return what is answered at once."""
        return str(self.send(image=base64.b64encode(content).decode())["attempts"][-1]["shown"])

    @property
    def shown(self) -> list[Json]:
        """All that the citizen saw, with the way it came."""
        return list(
            self.stand.http.get(f"{self.stand.fake_url}/fake/chat", params={"from": self.openid}).json()["shown"]
        )

    @property
    def texts(self) -> list[str]:
        """The texts of it."""
        return [one["text"] for one in self.shown]

    def wait_to_see(self, text: str) -> None:
        """Wait until the chat shows something."""
        wait_for(lambda: any(text in shown for shown in self.texts), f"{text} was never shown: {self.texts}")

    @property
    def who(self) -> Who:
        """The citizen as the host knows them."""
        return Who("wechat", self.openid)

    def key(self, name: str) -> str:
        """Return the name of a key of the citizen's."""
        return Store.key(self.who, name)
