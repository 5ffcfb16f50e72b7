"""What a partner's client is held to at each call: from where it may call, and how often."""

import ipaddress
from collections.abc import Sequence

from citizen_gateway.accounts.errors import AddressNotAllowed
from citizen_gateway.platform.actor import Actor, Terms
from citizen_gateway.platform.http import AnyRequest, UnitOfWork
from citizen_gateway.platform.limits import Limit, Limiter, RateLimited
from citizen_gateway.platform.settings import Settings


async def admit(work: UnitOfWork, actor: Actor) -> None:
    """Hold a client to its terms, and note what is left of its limit for the answer's headers.

    Raises `AddressNotAllowed`, `RateLimited`.
    """
    settings, terms = work.part(Settings), actor.terms or Terms()
    if terms.addresses and not within(caller_address(work.request, settings.proxies), terms.addresses):
        raise AddressNotAllowed
    limit = Limit("calls", terms.burst or settings.client_burst, terms.per_hour or settings.client_per_hour)
    count = await work.part(Limiter).count(limit, actor.key)
    work.request.scope["limit"] = count  # type: ignore[typeddict-unknown-key]
    if not count.allowed:
        raise RateLimited(retry_after=count.wait_s)


def caller_address(request: AnyRequest, trusted: Sequence[str]) -> str:
    """Return from where a call comes: who connected, or behind proxies that are trusted whom the last of them names."""
    here = request.client.host if request.client else ""
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    while forwarded and trusted and within(here, trusted):
        here = forwarded.pop()
    return here


def within(address: str, networks: Sequence[str]) -> bool:
    """Whether an address is in one of these networks; what is no address is in none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    plain = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped else found
    return any(plain in ipaddress.ip_network(network, strict=False) for network in networks)


def unreadable(networks: Sequence[str]) -> str | None:
    """Return the first of these that is no network, or None."""
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            return network
    return None
