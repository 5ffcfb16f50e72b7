"""From where a client may call."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from citizen_gateway.accounts.admission import caller_address, unreadable, within


def call(here: str, forwarded: str = "") -> Any:  # noqa: ANN401 - stands for a request
    """Return a request from there, by way of these."""
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return cast("Any", SimpleNamespace(client=SimpleNamespace(host=here), headers=headers))


class TestCallerAddress:
    """Whom a call is from."""

    @pytest.mark.parametrize(
        ("here", "forwarded", "trusted", "found"),
        [
            ("198.51.100.1", "203.0.113.7", (), "198.51.100.1"),
            ("198.51.100.1", "203.0.113.7", ("10.0.0.0/8",), "198.51.100.1"),
            ("10.0.0.1", "203.0.113.7", ("10.0.0.0/8",), "203.0.113.7"),
            ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", ("10.0.0.0/8",), "203.0.113.7"),
            ("10.0.0.1", "", ("10.0.0.0/8",), "10.0.0.1"),
            ("10.0.0.1", "10.0.0.3", ("10.0.0.0/8",), "10.0.0.3"),
        ],
    )
    def test_a_header_is_believed_of_trusted_proxies_alone(
        self, *, here: str, forwarded: str, trusted: tuple[str, ...], found: str
    ) -> None:
        """The nearest that is not a proxy counts; what stands before it anybody may have written."""
        assert caller_address(call(here, forwarded), trusted) == found


class TestWithin:
    """Networks."""

    @pytest.mark.parametrize("address", ["203.0.113.7", "::ffff:203.0.113.7", "2001:db8::5"])
    def test_inside(self, address: str) -> None:
        """Also where IPv6 wraps IPv4."""
        assert within(address, ["203.0.113.0/24", "2001:db8::/32"])

    @pytest.mark.parametrize("address", ["203.0.114.7", "2001:db9::5", "", "unknown", "203.0.113.7, 1.1.1.1"])
    def test_outside(self, address: str) -> None:
        """And what is no address at all."""
        assert not within(address, ["203.0.113.0/24", "2001:db8::/32"])

    def test_what_is_no_network_is_named(self) -> None:
        """The first of them."""
        assert unreadable(["10.0.0.1", "10.0.0.0/8", "::1"]) is None
        assert unreadable(["10.0.0.1", "ten", "eleven"]) == "ten"
