"""Telegram on a stand: the fake Bot API and the bots as processes of their own, before a real gateway."""

import base64
import signal
from itertools import count
from pathlib import Path
from typing import Any

import httpx2

from citizen_bots.host.channel import Who
from citizen_gateway.accounts.model import Channel
from citizen_gateway.cli.running import Running, answers, answers_at, free_port
from citizen_gateway_sdk import Gateway, models

from .spots import next_spot
from .wechat_stand import PATIENCE_S, Child, client_key, own_database, wait_for

TOKEN, SECRET = "7:a-token-of-ours", "a_secret_of_ours"

Json = dict[str, Any]

_people = count(1001)


class Stand:
    """The processes, and people who write."""

    def __init__(self, city: Running, folder: Path, *, secret: str = SECRET, **settings: str) -> None:
        self.city = city
        self.redis_url = own_database(city)
        self.secret = secret
        bots, fake = free_port("127.0.0.1", 0), free_port("127.0.0.1", 0)
        self.url, self.fake_url = f"http://127.0.0.1:{bots}", f"http://127.0.0.1:{fake}"
        self.fake = Child(folder / "fake.log", "fake-telegram", "--port", str(fake), "--token", TOKEN)
        given = {
            "redis_url": self.redis_url,
            "gateway_url": city.url,
            "gateway_key": client_key(city, Channel.TELEGRAM),
            "telegram_token": TOKEN,
            "telegram_secret": secret,
            "telegram_api_url": self.fake_url,
        } | settings
        environment = {f"CITIZEN_BOTS_{name.upper()}": value for name, value in given.items() if value}
        self.bots = Child(folder / "bots.log", "serve", "--port", str(bots), **environment)
        self.http = httpx2.Client(timeout=PATIENCE_S)

    def start(self) -> None:
        """Start both, and have the fake call the bots where they are not polling."""
        self.fake.start()
        self.bots.start()
        wait_for(lambda: answers_at("127.0.0.1", int(self.fake_url.rpartition(":")[2])), "the fake did not start")
        self.wait_until_ready()
        if self.secret:
            self.call("setWebhook", url=f"{self.url}/telegram", secret_token=self.secret)

    def wait_until_ready(self) -> None:
        """Wait for the bots."""
        wait_for(lambda: answers(f"{self.url}/ready"), f"the bots did not start: {self.bots.log}")

    def stop(self) -> None:
        """End both."""
        self.http.close()
        self.bots.kill(signal.SIGTERM)
        self.fake.kill()

    def call(self, method: str, **parameters: object) -> Json:
        """Call the Bot API as a bot does."""
        return dict(self.http.post(f"{self.fake_url}/bot{TOKEN}/{method}", json=parameters).json())

    def order(self, path: str, **told: object) -> Json:
        """Tell the fake something."""
        answer = self.http.post(f"{self.fake_url}/fake/{path}", json=told)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def calls(self, method: str) -> list[Json]:
        """Return the parameters of the calls of a method."""
        calls = self.http.get(f"{self.fake_url}/fake/calls").json()
        return [call["parameters"] for call in calls if call["method"] == method]

    def wait_until_delivered(self) -> None:
        """Wait until the bots took all that happened."""
        url = f"{self.fake_url}/fake/waiting"
        wait_for(lambda: self.http.get(url).json()["updates"] == 0, "updates are still waiting")


class Person:
    """Somebody who has the bot in their list."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.id = next(_people)

    def send(self, **said: object) -> list[int]:
        """Do something in the chat; return the updates."""
        return list(self.stand.order("say", **{"from": self.id}, **said)["updates"])

    def ask(self, **said: object) -> str:
        """Do something, and return what is shown next."""
        before = len(self.texts)
        self.send(**said)
        wait_for(lambda: len(self.texts) > before, f"no answer to {said}")
        return self.texts[-1]

    def write(self, *texts: str) -> str:
        """Write messages, each after the answer to the one before; return the last answer."""
        return [self.ask(text=text) for text in texts][-1]

    def photograph(self, *contents: bytes, caption: str = "") -> str:
        """Send a photo, or an album, and return the answer."""
        return self.ask(photos=[base64.b64encode(content).decode() for content in contents], caption=caption)

    def point(self) -> str:
        """Send a place where nobody was before, and return the answer."""
        lat, lon = next_spot()
        return self.ask(location={"latitude": lat, "longitude": lon})

    def press(self, label: str) -> str:
        """Press the newest button with a label, and return the answer."""
        before = len(self.texts)
        self.stand.order("press", **{"from": self.id}, label=label)
        wait_for(lambda: len(self.texts) > before, f"no answer to {label}")
        return self.texts[-1]

    @property
    def chat(self) -> Json:
        """The chat as Telegram has it."""
        return dict(self.stand.http.get(f"{self.stand.fake_url}/fake/chat", params={"from": self.id}).json())

    @property
    def texts(self) -> list[str]:
        """What was shown."""
        return [one["text"] for one in self.chat["shown"]]

    def wait_to_see(self, text: str) -> None:
        """Wait until the chat shows something."""
        wait_for(lambda: any(text in shown for shown in self.texts), f"{text} was never shown: {self.texts}")

    @property
    def labels(self) -> list[str]:
        """The labels of the newest message's buttons."""
        return _labels(self.chat["shown"][-1])

    @property
    def screen(self) -> list[str]:
        """What was shown, each text with its buttons below it."""
        return ["\n".join([one["text"], *_labels(one)]) for one in self.chat["shown"]]

    @property
    def who(self) -> Who:
        """The citizen as the host knows them."""
        return Who("telegram", str(self.id))

    def reports(self) -> list[models.ReportListing]:
        """Return what the city has of them."""
        with Gateway(self.stand.city.url, token=client_key(self.stand.city, Channel.TELEGRAM)) as api:
            session = api.sessions.for_citizen(str(self.id))
            return list(api.with_options(token=session.token).reports.list())

    def report(self) -> models.Report:
        """Return the one report the city has of them."""
        (listed,) = self.reports()
        with Gateway(self.stand.city.url, token=client_key(self.stand.city, Channel.TELEGRAM)) as api:
            session = api.sessions.for_citizen(str(self.id))
            return api.with_options(token=session.token).reports.get(listed.id)


def _labels(message: Json) -> list[str]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]
