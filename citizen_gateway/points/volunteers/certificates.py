"""Certificates of service: issued from approved hours, signed by the gateway's key, and verified by anybody."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import readable_secret
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points.errors import BadPeriod
from citizen_gateway.points.volunteers import service, store
from citizen_gateway.points.volunteers.errors import NothingToCertify
from citizen_gateway.points.volunteers.model import Certificate

_CANONICAL = msgspec.json.Encoder(order="sorted")


async def issue(tx: Transaction, city: City, first: date, last: date) -> Certificate:
    """Certify what the actor did from the first to the last day, as far as it is approved.

    Raises `NotAVolunteer`, `BadPeriod`, `NothingToCertify`.
    """
    mine = await service.me(tx)
    zone = ZoneInfo(city.timezone)
    try:
        since, until = datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
    except OverflowError as error:
        raise BadPeriod from error
    if last < first:
        raise BadPeriod
    services = await store.services(tx.conn, mine.holder, since, until, city.timezone)
    if not services:
        raise NothingToCertify
    certificate = Certificate(
        number=readable_secret(),
        city=city.name,
        code=mine.code,
        nickname=mine.nickname,
        first=first,
        last=last,
        minutes=sum(one.minutes for one in services),
        services=services,
        issued_at=tx.now,
    )
    document = msgspec.to_builtins(certificate)
    await store.keep_certificate(tx.conn, certificate.number, mine.holder, document, tx.now)
    return certificate


async def find(tx: Transaction, number: str) -> Certificate:
    """Return a certificate by its number, which only those know whom its holder showed it. Raises `NotFound`."""
    found = await store.certificate(tx.conn, "".join(number.split()).upper())
    if found is None:
        raise NotFound(what="certificate")
    return msgspec.convert(found, Certificate)


def sign(vault: Vault, certificate: Certificate) -> str:
    """Return the signature of a certificate: a keyed hash of its canonical JSON, in hexadecimal."""
    return vault.index(f"certificate:{_CANONICAL.encode(certificate).decode()}").hex()


def is_genuine(vault: Vault, certificate: Certificate, signature: str) -> bool:
    """Whether we signed exactly this."""
    return vault.same(sign(vault, certificate), signature.strip().lower())
