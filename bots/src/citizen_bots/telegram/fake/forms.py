"""A call's parameters out of its request: JSON, a query, a form, or a form with files."""

import secrets
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from citizen_bots.telegram.fake.methods import TEXTS
from citizen_bots.telegram.fake.platform import Json, Refusal
from citizen_bots.web import Request


def parameters(request: Request, files: dict[str, bytes]) -> Json:
    """Return a call's parameters; what it uploads is put among the files, and its id where the file was named."""
    kind = request.headers.get("content-type", "")
    if not request.body:
        return _typed(dict(request.query))
    try:
        if kind.startswith("multipart/form-data"):
            return _typed(_texts_of(request.body, kind, files))
        if kind.startswith("application/x-www-form-urlencoded"):
            return _typed(dict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)))
        return msgspec.json.decode(request.body, type=Json)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise Refusal(400, "Bad Request: can't parse the request") from error


def _typed(texts: dict[str, str]) -> Json:
    """Return a form's fields as what they are: what is no text is JSON."""
    return {name: value if name in TEXTS else _json(value) for name, value in texts.items()}


def _json(value: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError as error:
        raise Refusal(400, "Bad Request: can't parse JSON") from error


def _texts_of(body: bytes, kind: str, files: dict[str, bytes]) -> dict[str, str]:
    texts: dict[str, str] = {}
    uploaded: dict[str, str] = {}
    whole = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    for part in whole.iter_parts():
        name, content = str(part.get_param("name", header="content-disposition")), part.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise Refusal(400, "Bad Request: a part holds parts")
        if part.get_filename() is None:
            texts[name] = content.decode()
        else:
            uploaded[name] = secrets.token_hex(16)
            files[uploaded[name]] = content
            texts.setdefault(name, f"attach://{name}")
    for name, file_id in uploaded.items():
        texts = {key: value.replace(f"attach://{name}", file_id) for key, value in texts.items()}
    return {name: value for name, value in texts.items() if name not in uploaded or name in TEXTS}
