"""Passwords of staff, as Argon2id (RFC 9106) keeps them; each takes a tenth of a second and 64 MiB to try."""

import asyncio
import os

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

LEAST_SIGNS = 12
MOST_SIGNS = 256

_MEMORY_KIB = 64 * 1024
_ROUNDS = 2


async def hashed(password: str) -> str:
    """Return what is kept of a password: salt, cost and hash in PHC form."""
    return await asyncio.to_thread(_hash, password)


async def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password that was kept; where none was, it takes as long to say no."""
    return await asyncio.to_thread(_matches, password, kept)


def _hash(password: str) -> str:
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=_ROUNDS, lanes=1, memory_cost=_MEMORY_KIB)
    return kdf.derive_phc_encoded(password.encode())


def _matches(password: str, kept: str | None) -> bool:
    if kept is None:
        _hash(password)
        return False
    try:
        Argon2id.verify_phc_encoded(password.encode(), kept)
    except InvalidKey:
        return False
    return True
