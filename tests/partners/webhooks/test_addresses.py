"""Nobody makes us call our own machines."""

import ipaddress
import socket
from typing import Any

import pytest

from citizen_gateway.partners.webhooks import addresses
from citizen_gateway.partners.webhooks.addresses import ForbiddenAddressError, is_public, resolve, why_not

NOT_PUBLIC = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - nothing listens there, it is refused
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:db8::1",
]


class TestIsPublic:
    """Which addresses are of the public internet."""

    @pytest.mark.parametrize("address", NOT_PUBLIC)
    def test_ours_are_not(self, address: str) -> None:
        """Loopback, private, shared, link-local, metadata, multicast; also wrapped in IPv6."""
        assert not is_public(ipaddress.ip_address(address))

    @pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
    def test_others_are(self, address: str) -> None:
        """Where partners are."""
        assert is_public(ipaddress.ip_address(address))


class TestLooks:
    """What an address may look like."""

    @pytest.mark.parametrize(
        "url",
        [
            "http://partner.example/hook",
            "ftp://partner.example/",
            "https://user:word@partner.example/",
            "https:///hook",
            "https://partner.example/#part",
            "https://localhost/",
            "https://db.internal/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data",
            "not an address",
            "https://exa mple/",
        ],
    )
    def test_refused_in_production(self, url: str) -> None:
        """With a sentence."""
        assert why_not(url, development=False)

    def test_development_has_loopback(self) -> None:
        """And nothing else that is not public."""
        assert why_not("http://127.0.0.1:9000/hook", development=True) is None
        assert why_not("http://localhost:9000/hook", development=True) is None
        assert why_not("http://10.0.0.1/hook", development=True)
        assert why_not("https://partner.example/hook?a=b", development=False) is None


class TestResolve:
    """A name is looked up once, and what it stands for is where we connect to."""

    async def test_a_name_for_a_private_address(self) -> None:
        """Refused, however public it looks; `localhost` is one that every machine has."""
        with pytest.raises(ForbiddenAddressError):
            await resolve("localhost", 443, development=False)
        assert await resolve("localhost", 80, development=True) in {"127.0.0.1", "::1"}

    async def test_one_bad_address_among_good_ones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Refused too: which one would be taken is not the name's to choose."""

        class Loop:
            async def getaddrinfo(self, *_args: object, **_more: object) -> list[tuple[Any, ...]]:
                return [(socket.AF_INET, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]

        monkeypatch.setattr(addresses.asyncio, "get_running_loop", Loop)
        with pytest.raises(ForbiddenAddressError):
            await resolve("both.example", 443, development=False)
