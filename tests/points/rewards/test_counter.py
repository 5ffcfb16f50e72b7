"""The counter's page, as a browser without any script sends it."""

import re
from base64 import b64encode
from urllib.parse import urlencode
from uuid import uuid4

import httpx2
import pytest

from citizen_gateway.points.codes import new_code
from tests.gateway import Gateway, Person
from tests.points.town import Shop, open_shop, redeem, volunteer


def basic(token: str | None) -> str:
    """Return what a browser sends once the cashier has given the key."""
    return "Basic " + b64encode(f"till:{token}".encode()).decode()


@pytest.fixture
async def shop(gateway: Gateway, center: Person) -> Shop:
    """Open a shop."""
    return await open_shop(gateway, center)


async def press(gateway: Gateway, shop: Shop, form: dict[str, str], **headers: str) -> httpx2.Response:
    """Send the form."""
    given = {
        "Authorization": basic(shop.cashier.token),
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept-Language": "en",
        "Origin": "http://gateway.test",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    return await gateway.http.post("/counter", content=urlencode(form), headers=given)


@pytest.fixture
async def code(gateway: Gateway, shop: Shop) -> str:
    """Return the code of somebody at the counter."""
    return str((await redeem(await volunteer(gateway, 20), await shop.offer(gateway, title="<b>茶</b>")))["code"])


class TestSignIn:
    """Who may see it."""

    @pytest.mark.parametrize("given", [None, "Bearer x", "Basic", "Basic !", basic("cgk_wrong"), "Basic bm9jb2xvbg=="])
    async def test_the_browser_asks_for_the_key(self, gateway: Gateway, given: str | None) -> None:
        """Without one, with another scheme's, with a wrong one, or one that cannot be read."""
        headers = {} if given is None else {"Authorization": given}
        for answer in (
            await gateway.http.get("/counter", headers=headers),
            await gateway.http.post("/counter", headers=headers),
        ):
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Basic ")

    async def test_the_form_has_a_key_of_its_own_each_time(self, gateway: Gateway, shop: Shop) -> None:
        """In the reader's language, without script, kept by nobody and framed by nobody."""
        headers = {"Authorization": basic(shop.cashier.token), "Accept-Language": "zh-CN"}
        pages = [await gateway.http.get("/counter", headers=headers) for _ in range(2)]
        keys = [re.findall(r"name='key' value='([0-9a-f-]{36})'", page.text) for page in pages]
        assert [len(found) for found in keys] == [1, 1]
        assert keys[0] != keys[1]
        assert "<h1>兑换柜台</h1>" in pages[0].text
        assert "<script" not in pages[0].text
        assert pages[0].headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in pages[0].headers["content-security-policy"]


class TestSettle:
    """Settling a code."""

    async def test_once_and_told_again(self, gateway: Gateway, shop: Shop, code: str) -> None:
        """The goods are named; the same form again, as after a broken line, is answered alike; another is refused."""
        form = {"code": code.lower().replace("-", " "), "key": str(uuid4())}
        first, again = await press(gateway, shop, form), await press(gateway, shop, form)
        for answer in (first, again):
            assert answer.status_code == 200
            assert "Hand out: &lt;b&gt;茶&lt;/b&gt;" in answer.text
        other = await press(gateway, shop, form | {"key": str(uuid4())})
        assert other.status_code == 409
        assert "Hand out nothing" in other.text

    async def test_what_is_refused_changes_nothing(
        self, gateway: Gateway, shop: Shop, center: Person, code: str
    ) -> None:
        """A code nobody has, a mistyped one, none, a form that is none, another shop's code, another site's form."""
        stranger = await open_shop(gateway, center)
        before = await gateway.census()
        answers = [
            await press(gateway, shop, {"code": new_code()}),
            await press(gateway, shop, {"code": code[:-1]}),
            await press(gateway, shop, {}),
            await press(gateway, shop, {str(number): "x" for number in range(11)}),
            await press(gateway, stranger, {"code": code}),
            await press(gateway, shop, {"code": code}, Origin="https://elsewhere.example"),
            await press(gateway, shop, {"code": code, "key": "x" * 300}),
        ]
        assert [answer.status_code for answer in answers] == [404, 422, 422, 422, 403, 403, 400]
        assert all("Hand out nothing" in answer.text for answer in answers)
        assert await gateway.census() == before
        assert (await press(gateway, shop, {"code": code})).status_code == 200
