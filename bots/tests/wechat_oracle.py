"""WeChat's side written once more, from its documentation and on nothing of ours or of wechatpy's: a judge of both."""

import base64
import hashlib
import secrets
from xml.etree import ElementTree as ET

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC


def signed(*parts: str) -> str:
    """Return the signature of these parts."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def sealed(plain: bytes, key: str) -> str:
    """Encrypt bytes as they are: whoever calls has padded them, or not."""
    step = _cipher(key).encryptor()
    return base64.b64encode(step.update(plain) + step.finalize()).decode()


def padded(content: bytes) -> bytes:
    """Fill bytes up to a multiple of 32."""
    missing = 32 - len(content) % 32
    return content + bytes([missing]) * missing


def packed(text: str, app_id: str, random16: bytes | None = None) -> bytes:
    """Return a text as it is before it is padded and encrypted."""
    content = text.encode()
    return (random16 or secrets.token_bytes(16)) + len(content).to_bytes(4, "big") + content + app_id.encode()


def encrypted(text: str, key: str, app_id: str, random16: bytes | None = None) -> str:
    """Encrypt a text."""
    return sealed(padded(packed(text, app_id, random16)), key)


def opened(ciphertext: str, key: str) -> tuple[str, str]:
    """Return the text of a ciphertext and the AppID in it, both found to be in the form that WeChat describes."""
    step = _cipher(key).decryptor()
    plain = step.update(base64.b64decode(ciphertext, validate=True)) + step.finalize()
    assert len(plain) % 32 == 0
    assert 1 <= plain[-1] <= 32
    content = plain[: -plain[-1]]
    assert padded(content) == plain
    end = 20 + int.from_bytes(content[16:20], "big")
    assert end <= len(content)
    return content[20:end].decode(), content[end:].decode()


def elements(xml: str) -> dict[str, str]:
    """Return the texts of a document's elements, as the standard library reads them."""
    root = ET.fromstring(xml)  # noqa: S314 - of our own making
    assert root.tag == "xml"
    return {element.tag: element.text or "" for element in root}


def _cipher(key: str) -> Cipher[CBC]:
    raw = base64.b64decode(f"{key}=")
    return Cipher(AES(raw), CBC(raw[:16]))
