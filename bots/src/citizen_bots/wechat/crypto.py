"""WeChat's signatures and its message encryption (EncodingAESKey): AES-256-CBC, checked at every step.

Source: developers.weixin.qq.com, message push, secure mode. The ciphertext holds 16 random bytes, the length of the
text in four bytes, the text, and the AppID; it is padded to a multiple of 32.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_BLOCK = 32
_HEAD = 20


class Unacceptable(Exception):  # noqa: N818 - named by what happened
    """A call that is not taken; `reason` is one word for the log, never anything of the call itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def signature(*parts: str) -> str:
    """Return WeChat's signature of these parts: SHA-1 over them, sorted and joined."""
    joined = "".join(sorted(parts)).encode("utf-8", "surrogateescape")
    return sha1(joined, usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    """Whether the signature is that of these parts, compared in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), signature(*parts).encode())


class Cipher:
    """Encrypts and decrypts for one account; `others` are AppIDs whose messages come in under the same key.

    Raises `ValueError` for a key that is none.
    """

    def __init__(self, encoding_aes_key: str, app_id: str, others: Sequence[str] = ()) -> None:
        try:
            self._key = base64.b64decode(f"{encoding_aes_key}=", validate=True)
        except binascii.Error as error:
            raise ValueError("an EncodingAESKey has 43 letters and digits") from error
        if len(self._key) != 32:
            raise ValueError("an EncodingAESKey has 43 letters and digits")
        self._app_id = app_id.encode()
        self._known = [name.encode() for name in (app_id, *others)]

    def encrypt(self, text: str, random16: bytes) -> str:
        """Return the text, encrypted, in Base64."""
        content = text.encode()
        plain = random16 + len(content).to_bytes(4, "big") + content + self._app_id
        padding = _BLOCK - len(plain) % _BLOCK
        step = self._cipher().encryptor()
        return base64.b64encode(step.update(plain + bytes([padding]) * padding) + step.finalize()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Return the text. Raises `Unacceptable` for what this account's key did not encrypt, and for another AppID."""
        plain = self._decrypted(encrypted)
        padding = plain[-1]
        if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise Unacceptable("padding")
        content = plain[:-padding]
        length = int.from_bytes(content[16:_HEAD], "big")
        if len(content) < _HEAD + length:
            raise Unacceptable("length")
        named = content[_HEAD + length :]
        if not any(hmac.compare_digest(named, known) for known in self._known):
            raise Unacceptable("app_id")
        try:
            return content[_HEAD : _HEAD + length].decode()
        except UnicodeDecodeError as error:
            raise Unacceptable("encoding") from error

    def _decrypted(self, encrypted: str) -> bytes:
        try:
            raw = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Unacceptable("base64") from error
        if not raw or len(raw) % 16:
            raise Unacceptable("truncated")
        step = self._cipher().decryptor()
        return step.update(raw) + step.finalize()

    def _cipher(self) -> BlockCipher[CBC]:
        return BlockCipher(AES(self._key), CBC(self._key[:16]))
