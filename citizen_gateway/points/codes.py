"""Codes people show, type and scan: ten signs, of which the last finds mistakes."""

import secrets

from citizen_gateway.kernel.ids import ALPHABET, check_sign

_RANDOM_SIGNS = 9


def new_code(entropy: int | None = None) -> str:
    """Make a code such as `7K3F9-QMX2M`: 45 random bits and a check sign.

    Takes the next value where the check sign would not be one of `ALPHABET`.
    """
    value = secrets.randbits(5 * _RANDOM_SIGNS) if entropy is None else entropy
    while True:
        body = "".join(ALPHABET[value >> 5 * i & 31] for i in range(_RANDOM_SIGNS))
        sign = check_sign(body)
        if sign in ALPHABET:
            return f"{body[:5]}-{body[5:]}{sign}"
        value += 1


def read_code(text: str) -> str | None:
    """Return the canonical code somebody typed or scanned, or None where its check sign is wrong."""
    signs = "".join(sign for sign in text.upper() if not sign.isspace() and sign != "-")
    if len(signs) != _RANDOM_SIGNS + 1 or set(signs) - set(ALPHABET) or check_sign(signs[:-1]) != signs[-1]:
        return None
    return f"{signs[:5]}-{signs[5:]}"
