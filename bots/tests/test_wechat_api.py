"""The account's API and the mini-program's endpoints against the fake: tokens, limits, logins, checks."""

import asyncio
from collections.abc import Iterator

import httpx2
import pytest
import redis
import redis.asyncio as redis_async

from citizen_bots.wechat.client import ApiRefused, TooLong, WeChatApi
from citizen_gateway.accounts.model import Channel
from citizen_gateway.cli.running import Running

from .test_wechat_report import picture
from .wechat_stand import APP_ID, SECRET, Person, Stand, client_key, wait_for

CUSTOM = "/cgi-bin/message/custom/send"


@pytest.fixture(scope="module")
def stand(city: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Start WeChat and the bots, with a mini-program of the same AppID."""
    mini = {"miniprogram_app_id": APP_ID, "miniprogram_secret": SECRET}
    key = client_key(city, Channel.MINIPROGRAM)
    made = Stand(city, tmp_path_factory.mktemp("api"), miniprogram_gateway_key=key, **mini)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def person(stand: Stand) -> Person:
    """Give somebody whom the account never met."""
    return Person(stand)


def asked(stand: Stand, path: str) -> int:
    """Count the calls of a path so far."""
    return stand.calls().count(path)


class TestToken:
    """One for all."""

    def test_many_at_once_fetch_it_once(self, stand: Stand) -> None:
        """Under a lock."""
        before = asked(stand, "/cgi-bin/stable_token")

        async def fetch() -> set[str]:
            async with httpx2.AsyncClient() as http, redis_async.Redis.from_url(stand.redis_url) as valkey:
                await valkey.delete(f"{{bots}}:wechat:{APP_ID}:token")
                apis = [WeChatApi(http, stand.fake_url, (APP_ID, SECRET), valkey) for _ in range(8)]
                return set(await asyncio.gather(*(api.tokens.get() for api in apis)))

        assert len(asyncio.run(fetch())) == 1
        assert asked(stand, "/cgi-bin/stable_token") == before + 1

    def test_one_that_ended_before_its_time_is_fetched_anew(self, stand: Stand, person: Person) -> None:
        """40001 costs a photo nothing."""
        person.photograph(picture())
        stand.order("expire-token")
        assert "照片 2 张" in person.photograph(picture())

    def test_a_wrong_secret_is_a_refusal(self, stand: Stand) -> None:
        """With WeChat's code."""

        async def fetch() -> None:
            async with httpx2.AsyncClient() as http, redis_async.Redis.from_url(stand.redis_url) as valkey:
                await WeChatApi(http, stand.fake_url, ("wx-other", "wrong"), valkey).call("/cgi-bin/menu/get")

        with pytest.raises(ApiRefused) as refusal:
            asyncio.run(fetch())
        assert refusal.value.code == 40013


class TestMedia:
    """Files that people send."""

    def test_no_more_is_read_than_wanted(self, stand: Stand) -> None:
        """Whatever comes is left when it is too long."""

        async def fetch() -> None:
            async with httpx2.AsyncClient() as http, redis_async.Redis.from_url(stand.redis_url) as valkey:
                await WeChatApi(http, stand.fake_url, (APP_ID, SECRET), valkey).media("whatever", 10)

        with pytest.raises(TooLong):
            asyncio.run(fetch())

    def test_a_photo_that_is_none_is_told(self, person: Person) -> None:
        """With the gateway's reason."""
        assert "照片" in person.photograph(b"no picture at all")


class TestSending:
    """What WeChat forbids waits."""

    def test_limits_are_waited_for(self, stand: Stand, person: Person) -> None:
        """45009 is tried again, and the citizen has the message in the end."""
        person.write("帮助")
        with redis.Redis.from_url(stand.redis_url) as valkey:
            stand.order("fail", path=CUSTOM, codes=[45009])
            valkey.set(person.key("lease"), "another process", px=6000)
            person.send(text="我的工单")
            wait_for(lambda: valkey.get(person.key("why")), "nothing waited")
            assert b"limit" in (valkey.get(person.key("why")) or b"")
            person.write("帮助")
        person.wait_to_see("还没有上报")

    def test_who_unfollows_hears_nothing_more(self, stand: Stand, person: Person) -> None:
        """Until they write again."""
        person.write("帮助")
        person.send(fields={"Event": "unsubscribe"})
        with redis.Redis.from_url(stand.redis_url) as valkey:
            assert valkey.exists(person.key("blocked"))
            person.write("帮助")
            assert not valkey.exists(person.key("blocked"))


class TestMiniProgram:
    """Login, telephone number, checks."""

    def post(self, stand: Stand, path: str, token: str = "", **told: object) -> httpx2.Response:
        """Call as the mini-program does."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return stand.http.post(f"{stand.url}/wechat/{path}", json=told, headers=headers)

    def login(self, stand: Stand, person: Person) -> str:
        """Log in and return the session's token."""
        code = stand.order("code", **{"from": person.openid})["code"]
        return str(self.post(stand, "login", code=code).json()["token"])

    def test_a_code_is_a_session_once(self, stand: Stand, person: Person) -> None:
        """Of the gateway's, as the mini-program's citizen."""
        code = stand.order("code", **{"from": person.openid})["code"]
        token = self.post(stand, "login", code=code).json()["token"]
        me = stand.http.get(f"{stand.city.url}/v1/sessions/current", headers={"Authorization": f"Bearer {token}"})
        assert me.json()["kind"] == "citizen"
        again = self.post(stand, "login", code=code)
        assert (again.status_code, again.json()["wechat"]) == (400, 40029)

    def test_what_is_no_code_is_refused(self, stand: Stand) -> None:
        """In form or in substance."""
        assert self.post(stand, "login").status_code == 422
        assert self.post(stand, "login", code="x" * 300).status_code == 422
        assert self.post(stand, "phone", code="nonsense").status_code == 400
        assert self.post(stand, "check", text="x").status_code == 401

    def test_a_telephone_number(self, stand: Stand, person: Person) -> None:
        """Its owner let us know it."""
        code = stand.order("code", **{"from": person.openid})["code"]
        assert self.post(stand, "phone", code=code).json() == {"number": "13800138000", "country": "86"}

    def test_texts_are_checked_at_once(self, stand: Stand, person: Person) -> None:
        """The worst piece counts."""
        stand.order("risky", badword="risky", oddword="review")
        token = self.login(stand, person)
        found = [
            self.post(stand, "check", token, text=text).json()["verdict"]
            for text in ("fine", "oddword", f"{'fine ' * 1000}badword", "")
        ]
        assert found == ["pass", "review", "risky", "pass"]

    def test_images_are_pending_until_the_verdict_comes(self, stand: Stand, person: Person) -> None:
        """By an event of WeChat's."""
        stand.order("risky", **{"ugly.jpg": "risky"})
        token = self.login(stand, person)
        pending = self.post(stand, "check", token, image="https://x.example/ugly.jpg")
        assert (pending.status_code, pending.json()["verdict"]) == (202, "pending")

        def verdict(name: str) -> str:
            headers = {"Authorization": f"Bearer {token}"}
            answer = stand.http.get(f"{stand.url}/wechat/check", params={"id": name}, headers=headers)
            return str(answer.json()["verdict"])

        wait_for(lambda: verdict(pending.json()["id"]) == "risky", "the verdict never came")
        assert verdict("nonsense") == "unknown"
