"""What a button carries: its id and a signature for one person, in Telegram's 64 bytes."""

import base64
import hmac
from hashlib import sha256

MOST_BYTES = 64
_SIGNATURE_BYTES = 8


class Signer:
    """Signs the ids of buttons, each for one person; whose bot has another token has another key."""

    def __init__(self, token: str) -> None:
        self._key = hmac.digest(b"citizen-bots buttons", token.encode(), sha256)

    def sign(self, button: str, subject: str) -> str | None:
        """Return what a button carries, or None where its id is too long for one."""
        data = f"{self._signature(button, subject)}{button}"
        return data if len(data.encode()) <= MOST_BYTES else None

    def open(self, data: str, subject: str) -> str | None:
        """Return the id of a button, or None where it was not made for this person."""
        length = len(self._signature("", ""))
        given, button = data[:length], data[length:]
        right = hmac.compare_digest(given.encode("utf-8", "replace"), self._signature(button, subject).encode())
        return button if right and button else None

    def _signature(self, button: str, subject: str) -> str:
        told = f"{subject}\0{button}".encode("utf-8", "replace")
        return base64.urlsafe_b64encode(hmac.digest(self._key, told, sha256)[:_SIGNATURE_BYTES]).decode().rstrip("=")
