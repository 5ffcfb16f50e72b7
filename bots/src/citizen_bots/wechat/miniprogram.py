"""What a mini-program hands over: encrypted data, opened with the session's key; and signatures for web pages.

Source: developers.weixin.qq.com, open data (AES-128-CBC, PKCS #7, a watermark with the AppID) and JS-SDK.
"""

import base64
import binascii
from hashlib import sha1
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from citizen_bots.wechat.crypto import Unacceptable

Json = dict[str, Any]


def open_data(session_key: str, iv: str, encrypted: str, app_id: str) -> Json:
    """Return the data. Raises `Unacceptable` for what this session did not encrypt, and for another AppID's."""
    try:
        key, vector, raw = (base64.b64decode(part, validate=True) for part in (session_key, iv, encrypted))
        step = Cipher(AES(key), CBC(vector)).decryptor()
        padding = PKCS7(128).unpadder()
        plain = padding.update(step.update(raw) + step.finalize()) + padding.finalize()
        told = msgspec.json.decode(plain, type=Json)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise Unacceptable("data") from error
    watermark = told.get("watermark")
    if not isinstance(watermark, dict) or watermark.get("appid") != app_id:
        raise Unacceptable("app_id")
    return told


def js_signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Return the signature by which a page may use WeChat's JS-SDK; `url` is the page's, without its fragment."""
    told = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return sha1(told.encode(), usedforsecurity=False).hexdigest()
