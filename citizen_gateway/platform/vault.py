"""Personal data at rest: sealed by AES-256-GCM, found again by a keyed hash; both keys come from one root secret."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Settings

_NONCE = 12
_LEAST_SIGNS = 32


class Vault:
    """Seals and opens short texts, and names them without revealing them."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(_derive(secret, b"seal"))
        self._index_key = _derive(secret, b"index")

    def seal(self, text: str) -> bytes:
        """Return the text encrypted and authenticated, behind its nonce."""
        return self.seal_bytes(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return the text. Raises `ValueError` where it was sealed by another key or changed."""
        return self.open_bytes(sealed).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """Return the bytes encrypted and authenticated, behind their nonce."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Return the bytes. Raises `ValueError` where they were sealed by another key or changed."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except InvalidTag as error:
            raise ValueError("sealed by another key, or changed since") from error

    def index(self, text: str) -> bytes:
        """Return the keyed hash under which a sealed text is found again."""
        return hmac.digest(self._index_key, text.encode(), hashlib.sha256)

    @staticmethod
    def same(ours: str, theirs: str) -> bool:
        """Compare two texts in a time that does not tell where they differ."""
        return hmac.compare_digest(ours.encode(), theirs.encode())


def open_vault(settings: Settings) -> Vault:
    """Open the vault by the configured secret, or by one made once below the data folder.

    Raises `StartupError` for a secret too short to protect anybody.
    """
    secret = settings.secret_key or _kept_secret(settings.data_dir / "secret.key")
    if len(secret) < _LEAST_SIGNS:
        raise StartupError(f"The secret key needs at least {_LEAST_SIGNS} signs.")
    return Vault(secret)


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text("ascii").strip()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"citizen-gateway/" + purpose).derive(secret.encode())
