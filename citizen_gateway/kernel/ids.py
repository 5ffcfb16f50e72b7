"""Identifiers: time-ordered keys for machines, ticket numbers for people, secrets for the one who asks."""

import hashlib
import secrets
from datetime import UTC, date, datetime
from typing import NewType
from uuid import UUID

CitizenId = NewType("CitizenId", UUID)
StaffId = NewType("StaffId", UUID)
ClientId = NewType("ClientId", UUID)
ReportId = NewType("ReportId", UUID)
TicketId = NewType("TicketId", UUID)
PhotoId = NewType("PhotoId", UUID)
EventId = NewType("EventId", UUID)
InvitationId = NewType("InvitationId", UUID)
FollowUpId = NewType("FollowUpId", UUID)
TicketNumber = NewType("TicketNumber", str)

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs that cannot be mistaken for each other when read aloud or copied by hand (no 0, 1, I, O)."""

_COUNTED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NUMBER_SIGNS = 6


def uuid7(now: datetime, entropy: bytes | None = None) -> UUID:
    """Make a UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits (10 bytes of `entropy`)."""
    random = int.from_bytes(secrets.token_bytes(10) if entropy is None else entropy)
    milliseconds = int(now.timestamp() * 1000)
    high = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    return UUID(int=high | 0b10 << 62 | random & (2**62 - 1))


def floor_uuid7(moment: datetime) -> UUID:
    """Return the smallest UUID version 7 of that millisecond: the bound of a time range over ids."""
    return uuid7(moment, bytes(10))


def moment_of(identity: UUID) -> datetime:
    """Return the moment, to the millisecond, that a UUID version 7 tells."""
    return datetime.fromtimestamp((identity.int >> 80) / 1000, UTC)


def check_sign(text: str) -> str:
    """Return the check sign of `text` (Luhn modulo 36 over letters and digits; other signs do not count).

    Finds every single wrong sign and every swap of neighbours but one pair (0 and Z).
    """
    factor, total = 2, 0
    for sign in reversed([s for s in text if s in _COUNTED]):
        addend = factor * _COUNTED.index(sign)
        total += addend // 36 + addend % 36
        factor = 3 - factor
    return _COUNTED[-total % 36]


def ticket_number(prefix: str, day: date, entropy: int | None = None) -> TicketNumber:
    """Make a number people read, such as `ZZ-20261122-7K3F9Q-M`: city, day, 30 random bits, check sign.

    Takes the next value where the check sign would not be one of `ALPHABET`.
    """
    value = secrets.randbits(5 * _NUMBER_SIGNS) if entropy is None else entropy
    while True:
        body = "".join(ALPHABET[value >> (5 * i) & 31] for i in range(_NUMBER_SIGNS))
        stem = f"{prefix}-{day:%Y%m%d}-{body}"
        sign = check_sign(stem)
        if sign in ALPHABET:
            return TicketNumber(f"{stem}-{sign}")
        value += 1


def read_ticket_number(text: str) -> TicketNumber | None:
    """Return the canonical number a person typed (any case, stray blanks), or None where its check sign is wrong."""
    number = "".join(text.split()).upper()
    stem, _, sign = number.rpartition("-")
    return TicketNumber(number) if stem and stem.isprintable() and sign == check_sign(stem) else None


def new_secret(prefix: str) -> str:
    """Make a bearer secret of 192 random bits behind a prefix that says what it opens."""
    return f"{prefix}{secrets.token_urlsafe(24)}"


def readable_secret(entropy: bytes | None = None) -> str:
    """Make a secret of 80 random bits that a person can copy by hand, such as `7K3F-9QMX-…` (10 bytes of `entropy`)."""
    bits = int.from_bytes(secrets.token_bytes(10) if entropy is None else entropy)
    signs = "".join(ALPHABET[bits >> 5 * i & 31] for i in range(16))
    return "-".join(signs[i : i + 4] for i in range(0, 16, 4))


def secret_hash(secret: str) -> bytes:
    """Return the SHA-256 under which a random secret is stored; a secret of 192 bits needs no salt or stretching."""
    return hashlib.sha256(secret.encode()).digest()
