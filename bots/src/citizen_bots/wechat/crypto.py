"""WeChat's signatures, and its message encryption by wechatpy's AES: nothing comes out of it that was not checked.

Source: developers.weixin.qq.com, message push, secure mode. The ciphertext holds 16 random bytes, the length of the
text in four bytes, the text, and the AppID; it is padded to a multiple of 32. Check a signature before decrypting.
"""

import base64
import hmac
from collections.abc import Sequence
from hashlib import sha1

from wechatpy.crypto import PrpCrypto
from wechatpy.crypto.base import WeChatCipher
from wechatpy.exceptions import InvalidAppIdException


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
        except ValueError:
            self._key = b""
        if len(self._key) != 32:
            raise ValueError("an EncodingAESKey has 43 letters and digits")
        self._app_id = app_id
        self._known = _AnyOf((app_id, *others))

    def encrypt(self, text: str, random16: bytes) -> str:
        """Return the text, encrypted, in Base64."""
        encrypted: bytes = _Prp(self._key, random16).encrypt(text, self._app_id)
        return encrypted.decode()

    def decrypt(self, encrypted: str) -> str:
        """Return the text. Raises `Unacceptable` for what this account's key did not encrypt, and for another AppID."""
        try:
            base64.b64decode(encrypted, validate=True)  # wechatpy passes over what is no Base64
            return str(_Prp(self._key).decrypt(encrypted, self._known))
        except InvalidAppIdException as error:
            raise Unacceptable("app_id") from error
        except (ValueError, IndexError) as error:  # no Base64, no whole blocks, no bytes at all, no UTF-8
            raise Unacceptable("ciphertext") from error


class _Prp(PrpCrypto):  # type: ignore[misc] # wechatpy has no types
    """wechatpy's, with checks, and with random bytes that are given: its own come from `random`."""

    def __init__(self, key: bytes, random16: bytes = b"") -> None:
        super().__init__(key)
        self.cipher = _Checked(key)
        self.get_random_string = lambda: random16


class _Checked(WeChatCipher):  # type: ignore[misc] # likewise
    """wechatpy's, for what it goes by without a look: the padding, and the length that the text says it has."""

    def decrypt(self, ciphertext: bytes) -> bytes:
        """Return what was encrypted, with its padding. Raises `Unacceptable`."""
        plain: bytes = super().decrypt(ciphertext)
        padding = plain[-1]
        if not 1 <= padding <= 32 or not plain.endswith(bytes([padding]) * padding):
            raise Unacceptable("padding")
        if len(plain) - padding < 20 + int.from_bytes(plain[16:20], "big"):
            raise Unacceptable("length")
        return plain


class _AnyOf(tuple[str, ...]):
    """AppIDs, for wechatpy to find one by its `!=`, in a time that does not tell how near another comes."""

    __slots__ = ()

    def __ne__(self, other: object) -> bool:
        given = str(other).encode()
        return not any(hmac.compare_digest(given, known.encode()) for known in self)
