"""A partner with a key, and calls as Open311 clients make them."""

from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree import ElementTree as ET

import httpx2
import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.platform.actor import Scope
from tests.gateway import Gateway, Person

LAMP = {"service_code": "501", "lat": "34.72", "long": "113.64", "description": "路灯不亮，电话13800138000"}

Send = Callable[..., Awaitable[httpx2.Response]]


@pytest.fixture
async def partner(gateway: Gateway) -> Person:
    """Give a partner who may file and read reports."""
    return await gateway.partner(Scope.REPORTS_WRITE, Scope.REPORTS_READ, channel=Channel.PARTNER)


@pytest.fixture
def ask(gateway: Gateway) -> Send:
    """Return what reads an address below `/open311`."""

    async def read(path: str, **parameters: object) -> httpx2.Response:
        return await gateway.http.get(f"/open311{path}", params=parameters, headers={"Accept-Language": "en"})

    return read


@pytest.fixture
def file(gateway: Gateway, partner: Person) -> Send:
    """Return what files a request about a lamp as the partner, or about what it is told."""

    async def post(path: str = "/v2/requests.json", files: object = None, **form: object) -> httpx2.Response:
        data = {"api_key": partner.token} | form
        return await gateway.http.post(f"/open311{path}", data=data, files=files, headers={"Accept-Language": "en"})

    return post


def tree(answer: httpx2.Response) -> ET.Element:
    """Read an answer in XML, having checked that it says what it is."""
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ET.fromstring(answer.content)  # noqa: S314 - our own answer


def refused(answer: httpx2.Response, code: int) -> str:
    """Check a refusal's form and return its words."""
    assert answer.status_code == code, answer.text
    errors: list[dict[str, Any]] = answer.json()
    assert [error["code"] for error in errors] == [code]
    return str(errors[0]["description"])
