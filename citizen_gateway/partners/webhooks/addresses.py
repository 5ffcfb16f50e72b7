"""To which addresses events may be sent: public ones alone, so that nobody makes us call our own machines (SSRF)."""

import asyncio
import ipaddress
import re
import socket
from typing import TypeAlias

import httpx2

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_OTHERS = (ipaddress.ip_network("168.63.129.16/32"), ipaddress.ip_network("192.0.0.0/24"))
"""What looks public and is not: a cloud's own service, and protocol assignments that clouds use likewise."""
_WRAPPED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""IPv6 addresses that hold one of IPv4 in their last 32 bits."""

_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9a-fA-F:.]+|\[[0-9a-fA-F:.]+\]")


class ForbiddenAddressError(Exception):
    """A name that stands for no address to which events may be sent."""


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, also behind the ways in which IPv6 wraps IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and any(address in network for network in _WRAPPED):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (address.is_multicast or any(address in network for network in _OTHERS))


def why_not(url: str, *, development: bool) -> str | None:
    """Return what is wrong with an address by its looks, or None; names are looked up when events are sent."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        return "This is no address."
    if parsed.scheme != "https" and not (development and parsed.scheme == "http"):
        return "The address begins with https://."
    if not _HOST.fullmatch(parsed.raw_host.decode("ascii", "replace")) or parsed.userinfo or parsed.fragment:
        return "The address has a host, and neither user nor fragment."
    try:
        literal = ipaddress.ip_address(parsed.host)
    except ValueError:
        local = parsed.host == "localhost" or parsed.host.endswith((".localhost", ".local", ".internal"))
        return "The address is not a public one." if local and not development else None
    return None if _allowed(literal, development=development) else "The address is not a public one."


async def resolve(host: str, port: int, *, development: bool) -> str:
    """Look a name up once and return the address to connect to.

    Raises `ForbiddenAddressError` where any of its addresses is not public, `OSError` where it has none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    for address in addresses:
        if not _allowed(address, development=development):
            raise ForbiddenAddressError(f"{host} is at {address}, which is not public")
    return str(addresses[0])


def _allowed(address: Address, *, development: bool) -> bool:
    return is_public(address) or (development and address.is_loopback)
